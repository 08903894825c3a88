"""How far keeper and monitor reach, on a real node with 2,000 positions, 10,000 events and blocks of 2 s."""

import json
import os
import resource
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

import pytest
from ringfence.types.roles import VAULT

from tests.operating.crowd import SIZE, TOKENS, Crowd, deployed
from tests.operating.nodes import Anvil
from tests.operating.scripts import run, start
from tests.operating.site import keystore, make_site

pytestmark = pytest.mark.slow

POSITIONS: Final = 2_000
IN_DANGER: Final = 200
EVENTS: Final = 10_000
BLOCK_SECONDS: Final = 2
MOST_BLOCKS: Final = 3
MOST_SECONDS: Final = 20
ETHER: Final = 10**18


def populated(folder: Path, anvil: Anvil) -> Crowd:
    """Return a market with all those positions, the first of which a price of 1,939 makes liquidatable."""
    site = make_site(folder, anvil.connect())
    site.edit("max_open_interest: 2_000 base", "max_open_interest: 200_000 base")
    crowd = deployed(site)
    crowd.fund(liquidity=10_000_000, insurance=100_000)
    orders = []
    for number in range(POSITIONS):
        in_danger = number < IN_DANGER
        margin = (110 if in_danger else 310) * TOKENS
        owner = crowd.accounts[number % len(crowd.accounts)]
        orders.append((owner, SIZE if in_danger or number % 2 else -SIZE, margin))
    crowd.open(orders)
    safe = range(IN_DANGER + 1, POSITIONS + 1)
    payers = [(number, crowd.accounts[(number - 1) % len(crowd.accounts)]) for number in safe]  # the owners
    chosen = [payers[n % len(payers)] for n in range(EVENTS - POSITIONS)]
    crowd.send([crowd.order(payer, VAULT, "addMargin", number, TOKENS, payer) for number, payer in chosen])
    return crowd


def test_reach__of_keeper_and_monitor__is_enough_for_a_large_book(
    anvil: Anvil, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """200 of 2,000 positions, due in one block, are liquidated within 3; 10,000 events are followed in 20 s.

    Each is liquidated once; no transaction fails; the load of the machine is reported beside the figures.
    """
    crowd = populated(tmp_path, anvil)
    common = ("--manifest", str(crowd.site.files.manifest), "--network", anvil.url)
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"

    begun, before = monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = run("monitor", *common, "--once", "--json")
    seconds, after = monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    book = json.loads(shown.stdout)
    assert (len(book["rows"]), book["differing"]) == (POSITIONS, [])
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    key, options = keystore(tmp_path, "keeper", 4242)
    crowd.node.ask("anvil_setBalance", key.address, hex(1_000 * ETHER))
    crowd.node.ask("evm_setIntervalMining", BLOCK_SECONDS)
    keeper = start("keeper", *common, *options, "--max-gas-price", "50", "--every", "0.25")
    keeper.wait_for("is keeper of")
    crowd.price(1_939)
    fell_in = next(
        number
        for number in range(crowd.node.block().number, 0, -1)
        if price_in(crowd, number) != price_in(crowd, number - 1)
    )
    for _ in range(IN_DANGER):
        keeper.wait_for("done in block")
    assert keeper.stop() == 0

    sent = crowd.transactions_of(key.address)
    blocks = Counter(int(tx["blockNumber"], 16) - fell_in for tx in sent)
    reported = ", ".join(f"{count} in block +{block}" for block, count in sorted(blocks.items()))
    record_property(
        "table:reach",
        f"{load}\nliquidations after the price's block: {reported}\n"
        f"monitor --once on {EVENTS:,} events and {POSITIONS:,} positions: {seconds:.1f} s,"
        f" {work:.1f} s of CPU",
    )
    assert [tx["ok"] for tx in sent] == [True] * IN_DANGER
    assert len({tx["input"] for tx in sent}) == IN_DANGER
    assert max(blocks) <= MOST_BLOCKS
    assert work < MOST_SECONDS


def price_in(crowd: Crowd, block: int) -> object:
    """Return what the feed answered in a block."""
    feed = crowd.manifest.feed.address
    latest = crowd.decoder.interfaces["feed"]["latestRoundData"]
    answer = latest.result(crowd.node.call(feed, latest.call(), block=block))
    return answer[1]
