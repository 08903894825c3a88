"""What a keeper has to do at a block, best first, as the model says it."""

from dataclasses import dataclass
from enum import StrEnum

from isolated_margin import margin, views
from isolated_margin.errors import DeleverageNotNeeded, InvalidPrice, StalePrice
from isolated_margin.margin import Status
from isolated_margin.market import Market


class Duty(StrEnum):
    """What may be done to a position against its owner's will, by the vault's function of that name."""

    LIQUIDATE = "liquidate"
    DELEVERAGE = "deleverage"


@dataclass(frozen=True, slots=True)
class Job:
    """A call that is due. ``reward``: the assets that its caller gets."""

    duty: Duty
    position: int
    reward: int


def due(market: Market, keeper: str) -> list[Job]:
    """Return the calls that are due, none while there is no live price.

    Liquidations come first, since they bring the pool its losses back and may end the need for deleveraging:
    by their reward, the largest first. Then, on what they leave of the market, as many deleveragings as the
    pool needs, by ``adlScore``, the highest first.
    """
    try:
        market.vault.price_wad()
    except (InvalidPrice, StalePrice):
        return []
    draft = market.copy()
    return [*_liquidations(draft, keeper), *_deleveragings(draft, keeper)]


def _liquidations(draft: Market, keeper: str) -> list[Job]:
    found = []
    for number in liquidatable(draft):
        moved = views.preview_liquidation(draft.vault, number)
        found.append(Job(Duty.LIQUIDATE, number, moved.reward_from_margin + moved.reward_from_insurance))
    found.sort(key=lambda job: (-job.reward, job.position))
    for job in found:
        draft.vault.liquidate(keeper, job.position)
    return found


def _deleveragings(draft: Market, keeper: str) -> list[Job]:
    jobs: list[Job] = []
    if not draft.vault.exposure().deleveraging:
        return jobs
    scores = {number: views.adl_score(draft.vault, number) for number in draft.vault.positions}
    for number in sorted(scores, key=lambda number: (-scores[number], number)):
        if not scores[number] or not draft.vault.exposure().deleveraging:
            break
        try:
            draft.vault.deleverage(keeper, number)
        except DeleverageNotNeeded:  # settling the position was enough, by a unit of rounding
            break
        jobs.append(Job(Duty.DELEVERAGE, number, 0))
    return jobs


def liquidatable(market: Market) -> list[int]:
    """Return the positions below their maintenance margin at the live price; raises as ``price_wad``."""
    vault = market.vault
    price_wad = vault.price_wad()
    carry, scale = vault.accrued(price_wad), vault.scale
    found = []
    for number, held in vault.positions.items():
        its_equity = margin.equity(held, price_wad, carry.index_of(held.size), scale)
        its_notional = margin.notional(held.size, price_wad, scale)
        if margin.status(its_equity, its_notional, vault.parameters) <= Status.LIQUIDATABLE:
            found.append(number)
    return found
