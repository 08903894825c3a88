"""Every view of lens and pool, and of accounts, asked beside what the model answers."""

from collections.abc import Callable, Iterator
from dataclasses import astuple, is_dataclass
from typing import Any, Final

from isolated_margin import views
from isolated_margin.errors import Refusal
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.market import Market

from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Refused
from ringfence.types.roles import POOL, PROVIDERS, TRADERS, VAULT
from ringfence.vaults.isolated_margin.contracts import LENS

Method = Callable[..., object]

OF_A_POSITION: Final[dict[str, Method]] = {
    "equity": views.equity,
    "pnl": views.pnl,
    "status": views.status,
    "notional": views.notional,
    "maintenanceMargin": views.maintenance_margin,
    "initialMargin": views.initial_margin,
    "liquidationPrice": views.liquidation_price,
    "maxRemovable": views.max_removable,
    "adlScore": views.adl_score,
    "previewLiquidation": views.preview_liquidation,
}
OF_AN_AMOUNT: Final = {
    "convertToShares": "convert_to_shares",
    "convertToAssets": "convert_to_assets",
    "previewDeposit": "preview_deposit",
    "previewMint": "preview_mint",
    "previewWithdraw": "preview_withdraw",
    "previewRedeem": "preview_redeem",
}
OF_AN_ACCOUNT: Final = {
    "maxDeposit": "max_deposit",
    "maxMint": "max_mint",
    "maxWithdraw": "max_withdraw",
    "maxRedeem": "max_redeem",
    "lockedShares": "locked_shares",
}
OF_THE_VAULT: Final = ("claimable", "owed", "nonces")
AMOUNTS: Final = (0, 1, 10**6, 10**18 + 1, 2**127, 2**255)
LEVERAGES: Final = (1, 3, 40)
SIZE: Final = 10**18  # a whole base asset
RICH: Final = 2**126  # assets: more margin than a price can take
NO_POSITION: Final = 0


class Questions:
    """Asks a deployed market and the model the same."""

    def __init__(self, workspace: Workspace) -> None:
        """Take a market whose lens was deployed before it: a deployment takes time."""
        self._ask = workspace.ask

    def differences(self, market: Market) -> Iterator[str]:
        """Yield a line for every question that the two answer differently, in the state that both are in."""
        for name, method, args in self._of_the_lens(market):
            mine = self._ask(LENS, name, VAULT, *args)
            yield from _unlike(name, args, _model(method, market.vault, *args), mine)
        for name, method, args in self._of_the_pool(market):
            mine = self._ask(POOL, name, *args)
            yield from _unlike(name, args, _model(method, *args), mine)
        for name, method, args in self._of_the_vault(market):
            mine = self._ask(VAULT, name, *args)
            yield from _unlike(name, args, _model(method, *args), mine)

    def _of_the_vault(self, market: Market) -> Iterator[tuple[str, Method, tuple[Any, ...]]]:
        vault = market.vault
        yield "ledger", vault.ledger, ()
        yield from (("position", vault.positions.__getitem__, (position,)) for position in vault.positions)
        for name in OF_THE_VAULT:
            yield from ((name, getattr(vault, name), (account,)) for account in TRADERS)

    def _of_the_lens(self, market: Market) -> Iterator[tuple[str, Method, tuple[Any, ...]]]:
        positions = market.vault.positions
        for position in (NO_POSITION, *positions):
            yield from ((name, method, (position,)) for name, method in OF_A_POSITION.items())
        for held in positions.values():
            for size in (held.size, -held.size):
                yield "previewOpen", views.preview_open, (size, held.margin)
        for opening in _openings(market):
            yield "previewOpen", views.preview_open, opening
        yield "netTraderPnl", views.net_trader_pnl, ()

    def _of_the_pool(self, market: Market) -> Iterator[tuple[str, Method, tuple[Any, ...]]]:
        pool = market.pool
        yield "totalAssets", pool.total_assets, ()
        for name, method in OF_AN_AMOUNT.items():
            yield from ((name, getattr(pool, method), (amount,)) for amount in AMOUNTS)
        for name, method in OF_AN_ACCOUNT.items():
            yield from ((name, getattr(pool, method), (account,)) for account in PROVIDERS)


def _openings(market: Market) -> Iterator[tuple[int, int]]:
    """Yield sizes and margins: tiny, ordinary, whole, absurd, on both sides, by more and less margin."""
    price_wad, scale = max(1, market.vault.ledger().last_price), market.vault.scale
    unit = max(1, market.vault.parameters.min_notional * scale // price_wad)
    for size in (0, 1, unit, -unit, 3 * unit + 1, -50 * unit, SIZE, 3 * SIZE // 2):
        worth = abs(size) * price_wad // scale + 1
        yield from ((size, min(RICH, worth // leverage)) for leverage in LEVERAGES)
    yield 1, MAX_ASSETS + 1
    yield from ((size, RICH) for size in (7 * SIZE, -unit, -3 * unit - 1, 2**254, -(2**255)))


def _model(method: Method, *args: Any) -> object:
    try:
        answer = method(*args)
    except Refusal as refusal:
        return Refused(refusal.name, refusal.args)
    return astuple(answer) if is_dataclass(answer) and not isinstance(answer, type) else answer


def _unlike(name: str, args: tuple[Any, ...], model: object, vault: object) -> Iterator[str]:
    if model != vault:
        yield f"{name}{args}: model {model}, vault {vault}"
