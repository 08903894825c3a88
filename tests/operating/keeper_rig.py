"""A keeper on a node in this process, which can be stopped anywhere and started again."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from ringfence.types.roles import LIQUIDATORS, keys
from ringfence_operations.follow.follower import Follower
from ringfence_operations.follow.snapshot import Snapshot, take_snapshot
from ringfence_operations.keeper.keeper import Keeper, Limits, Round
from ringfence_operations.keeper.modes import journal_of
from ringfence_operations.sending.outbox import Outbox

from tests.operating.live_market import LiveMarket

GWEI: Final = 10**9
CONFIRMATIONS: Final = 4
LIMITS: Final = Limits(gas_limit=500_000, max_gas_price=50 * GWEI, confirmations=CONFIRMATIONS)


class KeeperRig:
    """A market and one keeper, which can be stopped anywhere and started again."""

    def __init__(self, market: LiveMarket, path: Path, limits: Limits = LIMITS) -> None:
        """Make the keeper; its journal is in a file."""
        self.market, self.path, self.limits = market, path, limits
        self.signer: LocalAccount = keys()[LIQUIDATORS[0]]
        self.follower = Follower(market.node, market.manifest)
        self.start()

    def start(self) -> None:
        """Start a keeper that knows the journal and nothing else."""
        self.journal = journal_of(self.path, self.signer.address, self.market.manifest)
        self.outbox = Outbox(self.market.node, self.signer, self.journal)
        self.keeper = Keeper(self.market.node, self.follower.decoder, self.outbox, self.limits)

    def restart(self) -> None:
        """Stop the keeper without a word, and start another."""
        self.journal.__exit__(None, None, None)
        self.start()

    def see(self) -> Snapshot:
        """Return the market at the latest block."""
        return take_snapshot(self.market.node, self.market.manifest, self.follower, self.follower.advance())

    def turn(self) -> Round:
        """Take one turn."""
        return self.keeper.run(self.see())

    def round(self) -> Round:
        """Take a turn, and mine what it sent."""
        turn = self.turn()
        self.market.chain.mine()
        return turn

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """Return the journal's lines of a kind."""
        lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [line for line in lines if line["kind"] == kind]

    def mined(self) -> Counter[tuple[str, bool]]:
        """Return how often each of the keeper's transactions is in a block, and whether it succeeded."""
        receipts = [item for block in self.market.chain.blocks for item in block.receipts.items()]
        return Counter((number, receipt["status"] == "0x1") for number, receipt in receipts)


def in_danger(market: LiveMarket) -> LiveMarket:
    """Return the market with positions 1 to 4 of 6 below their maintenance margin."""
    for size, margin in ((1, 150), (2, 300), (3, 450), (4, 600), (1, 900), (-2, 900)):
        market.open(size, margin)
    market.price(1_880)
    return market
