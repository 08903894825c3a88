"""The factory: markets at predictable addresses, of the pinned code alone, each once, all listed."""

from dataclasses import replace
from typing import Final

import pytest
from eth_abi import encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, PPM
from isolated_margin.parameters import RiskParameters, Tier
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Call
from ringfence.types.outcome import Done, Outcome, Refused, Value
from ringfence.types.roles import FEED, GUARDIAN, OWNER, STRANGER, TOKEN
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import STANDARD, abi_tuple

from tests.open_market import OpenMarket, place_factory

SALT: Final = bytes(32)
VAULT_CODE: Final = load("IsolatedMarginVault").bytecode
POOL_CODE: Final = load("LiquidityPool").bytecode
CONFIG: Final = market_config(TOKEN, FEED, STANDARD)

EIGHT_TIERS: Final = RiskParameters(
    tiers=tuple(Tier(step * (MAX_ASSETS // 7), PPM - 7 + step, PPM - 8 + step) for step in range(8)),
    trading_fee_ppm=PPM - 9,
    insurance_share_ppm=PPM,
    liquidation_fee_ppm=PPM - 9,
    liquidator_share_ppm=PPM,
    buffer_ppm=PPM,
    min_notional=MAX_ASSETS,
    max_open_interest=MAX_SIZE,
    reserve_ppm=10**8,
    oi_scale_ppm=1_000_000,
    skew_scale=MAX_SIZE,
    max_funding_rate_wad=10**14,
    borrow_rate_wad=10**14,
    adl_trigger_ppm=9_999,
    adl_target_ppm=10_000,
    liquidity_fee_ppm=50_000,
    max_price_age=604_800,
    settle_after=1_209_600,
)


@pytest.fixture
def market() -> OpenMarket:
    """Return a chain with a token and a feed."""
    return OpenMarket()


@pytest.fixture
def factory(market: OpenMarket) -> str:
    """Return a factory's address."""
    return place_factory(market)


def create(
    market: OpenMarket, factory: str, config: Value = CONFIG, salt: bytes = SALT, account: str = OWNER
) -> Outcome:
    """Create a market with the pinned codes."""
    return market.send(account, factory, "createMarket", config, salt, VAULT_CODE, POOL_CODE)


def vault_of(outcome: Outcome) -> str:
    """Return the address of the vault that was created."""
    assert isinstance(outcome, Done), outcome
    return str(outcome.value[0])


def test_create_market__puts_the_vault_where_it_was_predicted(market: OpenMarket, factory: str) -> None:
    """The address follows from factory, salt, code and configuration alone (EIP-1014)."""
    predicted = market.ask(factory, "predictVault", CONFIG, SALT, VAULT_CODE, POOL_CODE)
    assert vault_of(create(market, factory, account=STRANGER)) == predicted
    assert market.ask(factory, "predictVault", CONFIG, SALT, VAULT_CODE, POOL_CODE) == predicted
    create_entry = next(entry for entry in load("VaultFactory").abi if entry.get("name") == "createMarket")
    addressed = [market.book.text(role) for role in (TOKEN, FEED, OWNER, GUARDIAN)]
    arguments = encode(
        [collapse_if_tuple(create_entry["inputs"][0]), "bytes"], [(*addressed, *CONFIG[4:]), POOL_CODE]
    )
    where = b"\xff" + bytes.fromhex(factory[2:]) + SALT + keccak(VAULT_CODE + arguments)
    assert predicted == "0x" + keccak(where)[12:].hex()


def test_create_market__another_salt_or_config__is_another_market(market: OpenMarket, factory: str) -> None:
    others = [
        (*CONFIG[:place], other, *CONFIG[place + 1 :]) for place, other in ((2, STRANGER), (4, "P"), (5, "p"))
    ]
    vaults = [vault_of(create(market, factory, config)) for config in (CONFIG, *others)]
    vaults.append(vault_of(create(market, factory, salt=b"\1" * 32)))
    assert len(set(vaults)) == 5


def test_create_market__twice__is_refused_by_the_vaults_address(market: OpenMarket, factory: str) -> None:
    vault = vault_of(create(market, factory))
    assert create(market, factory) == Refused("MarketExists", (vault,))
    assert create(market, factory, account=STRANGER) == Refused("MarketExists", (vault,))
    assert market.ask(factory, "vaultCount") == 1


@pytest.mark.parametrize("wrong", ["vault", "pool"])
def test_create_market__with_code_that_is_not_pinned__is_refused_by_its_hash(
    market: OpenMarket, factory: str, wrong: str
) -> None:
    codes = (VAULT_CODE + b"\0", POOL_CODE) if wrong == "vault" else (VAULT_CODE, POOL_CODE[:-1])
    refusal = Refused("WrongCode", (keccak(codes[wrong == "pool"]),))
    assert market.send(OWNER, factory, "createMarket", CONFIG, SALT, *codes) == refusal
    assert market.ask(factory, "predictVault", CONFIG, SALT, *codes) == refusal
    assert market.ask(factory, "vaultCount") == 0


def test_create_market__logs_one_event_with_all_addresses(market: OpenMarket, factory: str) -> None:
    call = market.calldata(factory, "createMarket", CONFIG, SALT, VAULT_CODE, POOL_CODE)
    receipt = market.chain.send(Call(market.book.text(OWNER), factory, call), 1)
    assert receipt.ok
    vault, pool = (receipt.output[word + 12 : word + 32] for word in (0, 32))
    collateral, feed = (bytes.fromhex(market.book.text(role)[2:]) for role in (TOKEN, FEED))
    (log,) = [log for log in receipt.logs if log.address.lower() == factory.lower()]
    topic = keccak(text="MarketCreated(address,address,address,address)")
    assert log.topics == (topic, *(address.rjust(32, b"\0") for address in (vault, pool, collateral)))
    assert log.data == feed.rjust(32, b"\0")


def test_registry__lists_what_was_created_in_its_order(market: OpenMarket, factory: str) -> None:
    assert market.ask(factory, "vaultAt", 0) == Refused("NoSuchMarket", (0,))
    vaults = [vault_of(create(market, factory, salt=bytes([index]) * 32)) for index in range(3)]
    assert market.ask(factory, "vaultCount") == 3
    assert [market.ask(factory, "vaultAt", index) for index in range(3)] == vaults
    assert market.ask(factory, "vaultAt", 3) == Refused("NoSuchMarket", (3,))
    assert market.ask(factory, "vaultAt", 2**256 - 1) == Refused("NoSuchMarket", (2**256 - 1,))
    assert all(market.ask(factory, "isVault", vault) for vault in vaults)
    assert market.ask(factory, "isVault", "vault") is False


def test_registry__after_a_refused_creation__is_as_before(market: OpenMarket, factory: str) -> None:
    refused = create(market, factory, (TOKEN, STRANGER, *CONFIG[2:]))
    assert refused == Refused("InvalidParameter", ("feed",))
    assert market.ask(factory, "vaultCount") == 0
    assert isinstance(create(market, factory), Done)


@pytest.mark.parametrize(
    "parameters",
    [STANDARD.parameters, *(replace(EIGHT_TIERS, tiers=EIGHT_TIERS.tiers[:count]) for count in range(1, 9))],
    ids=["standard", *(f"{count} tiers at the limits" for count in range(1, 9))],
)
def test_market__has_exactly_what_it_was_created_with(
    market: OpenMarket, factory: str, parameters: RiskParameters
) -> None:
    outcome = create(market, factory, (*CONFIG[:6], abi_tuple(parameters)))
    vault = vault_of(outcome)
    assert isinstance(outcome, Done)
    pool = str(outcome.value[1])
    market.know(vault, load("IsolatedMarginVault"), vault)
    market.know(pool, load("LiquidityPool"), pool)

    assert market.ask(vault, "riskParameters") == abi_tuple(parameters)
    getters = ("collateral", "feed", "owner", "guardian", "pool")
    assert [market.ask(vault, getter) for getter in getters] == [TOKEN, FEED, OWNER, GUARDIAN, pool]
    named = [market.ask(pool, getter) for getter in ("name", "symbol", "asset", "vault")]
    assert named == [STANDARD.pool_name, STANDARD.pool_symbol, TOKEN, vault]
