"""Every view of vault, pool and lens, asked beside what the model answers."""

from collections.abc import Iterator
from dataclasses import astuple, is_dataclass
from typing import Any, Final, TypeAlias

from isolated_margin import views
from isolated_margin.errors import Refusal
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.market import Market

from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Refused
from ringfence.types.roles import ACCOUNTS, POOL, PROVIDERS, TOKEN, TRADERS, VAULT
from ringfence.types.spelling import snake
from ringfence.vaults.isolated_margin.contracts import LENS

Asked: TypeAlias = tuple[str, tuple[Any, ...]]  # a view's name and its arguments

OF_A_POSITION: Final = (
    "equity pnl status notional maintenanceMargin initialMargin liquidationPrice maxRemovable "
    "previewLiquidation previewDeleverage"
)
OF_AN_AMOUNT: Final = (
    "convertToShares convertToAssets previewDeposit previewMint previewWithdraw previewRedeem"
)
OF_A_PROVIDER: Final = ("maxDeposit", "maxMint", "maxWithdraw", "maxRedeem", "minted")
OF_AN_ACCOUNT: Final = ("claimable", "owed", "nonces")
OF_THE_VAULT: Final = ("ledger", "owner", "pendingOwner", "guardian")
AMOUNTS: Final = (0, 1, 10**6, 10**18 + 1, 2**127, 2**255)
LEVERAGES: Final = (1, 3, 40)
SIZE: Final = 10**18  # a whole base asset
RICH: Final = 2**126  # assets: more margin than a price can take
NO_POSITION: Final = 0


class Questions:
    """Asks a deployed market and the model the same."""

    def __init__(self, workspace: Workspace) -> None:
        """Take a market; what its lens is asked takes a lens that was deployed before it."""
        self._ask = workspace.ask

    def differences(self, market: Market) -> Iterator[str]:
        """Yield a line for every question that the two answer differently, in the state that both are in."""
        for name, args in _of_the_lens(market):
            yield from self._unlike(LENS, name, (VAULT, *args), _model(views, name, market.vault, *args))
        for name, args in _of_the_pool():
            yield from self._unlike(POOL, name, args, _model(market.pool, name, *args))
        yield from self.stored_differences(market)

    def stored_differences(self, market: Market) -> Iterator[str]:
        """Yield the same for what vault, pool and token store."""
        for name, args in _of_the_vault():
            yield from self._unlike(VAULT, name, args, _model(market.vault, name, *args))
        for position, held in market.vault.positions.items():
            yield from self._unlike(VAULT, "position", (position,), astuple(held))
        for contract, part in ((POOL, market.pool), (TOKEN, market.token)):
            yield from self._unlike(contract, "totalSupply", (), part.total_supply)
            for holder in (*ACCOUNTS, VAULT, POOL):
                yield from self._unlike(contract, "balanceOf", (holder,), part.balance_of(holder))

    def _unlike(self, contract: str, name: str, args: tuple[Any, ...], model: object) -> Iterator[str]:
        vault = self._ask(contract, name, *args)
        if model != vault:
            yield f"{name}{args}: model {model!r}, vault {vault!r}"


def _of_the_vault() -> Iterator[Asked]:
    yield from ((name, ()) for name in OF_THE_VAULT)
    yield from (("rounds", (is_long,)) for is_long in (True, False))
    yield from ((name, (account,)) for name in OF_AN_ACCOUNT for account in ACCOUNTS)
    yield from (("operators", (owner, operator)) for owner in TRADERS for operator in ACCOUNTS)


def _of_the_lens(market: Market) -> Iterator[Asked]:
    positions = market.vault.positions
    yield from (
        (name, (position,)) for position in (NO_POSITION, *positions) for name in OF_A_POSITION.split()
    )
    for held in positions.values():
        yield from (("previewOpen", (size, held.margin)) for size in (held.size, -held.size))
    yield from (("previewOpen", opening) for opening in _openings(market))
    yield "fairValue", ()
    yield "sides", ()
    yield "settlement", ()


def _of_the_pool() -> Iterator[Asked]:
    yield "totalAssets", ()
    yield from ((name, (amount,)) for name in OF_AN_AMOUNT.split() for amount in AMOUNTS)
    yield from ((name, (account,)) for name in OF_A_PROVIDER for account in PROVIDERS)


def _openings(market: Market) -> Iterator[tuple[int, int]]:
    """Yield sizes and margins: tiny, ordinary, whole, absurd, on both sides, by more and less margin."""
    price_wad, scale = max(1, market.vault.ledger().last_price), market.vault.scale
    unit = max(1, market.vault.parameters.min_notional * scale // price_wad)
    for size in (0, 1, unit, -unit, 3 * unit + 1, -50 * unit, SIZE, 3 * SIZE // 2):
        worth = abs(size) * price_wad // scale + 1
        yield from ((size, min(RICH, worth // leverage)) for leverage in LEVERAGES)
    yield 1, MAX_ASSETS + 1
    yield from ((size, RICH) for size in (7 * SIZE, -unit, -3 * unit - 1, 2**254, -(2**255)))


def _model(part: Any, name: str, *args: Any) -> object:
    """Return what the model says: an attribute, or what a method returns or is refused with."""
    view = getattr(part, snake(name))
    try:
        answer = view(*args) if callable(view) else view
    except Refusal as refusal:
        return Refused(refusal.name, refusal.args)
    return tuple(map(_plain, answer)) if isinstance(answer, tuple) else _plain(answer)


def _plain(answer: object) -> object:
    """Return what the ABI returns: a struct as a tuple."""
    return astuple(answer) if is_dataclass(answer) and not isinstance(answer, type) else answer
