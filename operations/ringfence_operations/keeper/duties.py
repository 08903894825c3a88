"""What a keeper has to do at a block by the model, best first."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from isolated_margin import views
from isolated_margin.analysis import deleverageable
from isolated_margin.errors import DeleverageNotNeeded, InvalidPrice, PoolEmpty, StalePrice
from isolated_margin.events import Liquidation
from isolated_margin.liquidation_index import LiquidationIndex
from isolated_margin.margin import Position, Status
from isolated_margin.market import Market


class Duty(StrEnum):
    """What may be done by anybody, by the vault's function of that name: to a position, or to the market."""

    LIQUIDATE = "liquidate"
    DELEVERAGE = "deleverage"
    SETTLE = "settleMarket"


@dataclass(frozen=True, slots=True)
class Job:
    """A call that is due. ``position``: 0 for the market; ``reward``: the assets that its caller gets."""

    duty: Duty
    position: int
    reward: int

    @property
    def task(self) -> str:
        """Return what a transaction for it is for."""
        return f"{self.duty.value} position {self.position}" if self.position else self.duty.value


Left: TypeAlias = tuple[Job, str]  # what is due and not sent, and why


def worth_it(jobs: Iterable[Job], least: int) -> tuple[list[Job], list[Left]]:
    """Return the jobs whose reward is at least N assets, and the rest, each with why it is left."""
    worthy: list[Job] = []
    left: list[Left] = []
    for job in jobs:
        if job.reward < least and job.duty is not Duty.SETTLE:
            left.append((job, "less than --min-reward"))
        else:
            worthy.append(job)
    return worthy, left


def position_of(task: str) -> int:
    """Return the position of a job's task; 0 for the market's."""
    number = task.rpartition(" ")[2]
    return int(number) if number.isdigit() else 0


class Duties:
    """Finds what is due, by an index of positions that it updates from block to block."""

    def __init__(self) -> None:
        """Know of no market yet."""
        self._index: LiquidationIndex | None = None
        self._indexed: dict[int, Position] = {}

    def due(self, market: Market, keeper: str) -> list[Job]:
        """Return the calls that are due, none while there is no price.

        First, where the clock of a dead feed runs and the feed lives, what stops it: two outages must not add
        up. In a settled market every position is liquidated.

        Liquidations come first, since they bring the pool its losses back and may end the need for
        deleveraging: of bankrupt positions first, whose losses only grow, then of the others; of both by
        their reward to ``keeper``, the largest first. Then, on what they leave of the market, every
        profitable position of a side that is due, as far as it has not been called.
        """
        try:
            price_wad = market.vault.price_wad()
        except (InvalidPrice, StalePrice):
            return []
        draft, reports = market.copy(), list[Job]()
        if draft.vault.dead_since:
            draft.vault.settle_market(keeper)
            reports.append(Job(Duty.SETTLE, 0, 0))
        return [
            *reports,
            *_liquidations(draft, self._liquidatable(market, price_wad), keeper),
            *_deleveragings(draft, keeper),
        ]

    def _liquidatable(self, market: Market, price_wad: int) -> tuple[int, ...]:
        """Return the positions below their maintenance margin, worst first; of a settled market all."""
        if market.vault.is_settled:
            return tuple(market.vault.positions)
        carry = market.vault.accrued(price_wad)
        index = self._updated(market)
        return index.liquidatable(price_wad, carry.carry_long, carry.carry_short)

    def _updated(self, market: Market) -> LiquidationIndex:
        """Return the index of the market's positions. Whatever changed is put anew: blocks may be undone."""
        positions = market.vault.positions
        if self._index is None:
            self._index = LiquidationIndex(market.parameters, market.vault.scale, positions)
        else:
            for number in self._indexed.keys() - positions.keys():
                self._index.drop(number)
            for number, held in positions.items():
                if self._indexed.get(number) != held:
                    self._index.put(number, held)
        self._indexed = dict(positions)
        return self._index


def _liquidations(draft: Market, numbers: Iterable[int], keeper: str) -> list[Job]:
    """Return the liquidations, bankrupt positions first. Carry them out: each reward is what those before
    it leave of insurance.
    """
    vault = draft.vault
    ranks = {
        number: (
            views.status(vault, number) != Status.BANKRUPT,
            -_reward(views.preview_liquidation(vault, number)),
        )
        for number in numbers
    }
    return [
        Job(Duty.LIQUIDATE, number, _reward(vault.liquidate(keeper, number)))
        for number in sorted(ranks, key=lambda number: ranks[number])
    ]


def _reward(moved: Liquidation) -> int:
    return moved.reward_from_margin + moved.reward_from_insurance


def _deleveragings(draft: Market, keeper: str) -> list[Job]:
    jobs: list[Job] = []
    if draft.vault.is_settled:
        return jobs
    for number in deleverageable(draft):
        try:
            moved = draft.vault.deleverage(keeper, number)
        except (DeleverageNotNeeded, PoolEmpty):  # those before it were enough, or all that could be paid
            continue
        jobs.append(Job(Duty.DELEVERAGE, number, moved.reward))
    return jobs
