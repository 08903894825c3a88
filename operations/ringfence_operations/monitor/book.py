"""The whole book at a block, as the monitor shows it and machines read it."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from isolated_margin.carry import funding_rate_wad
from isolated_margin.fixed import PPM
from isolated_margin.margin import Status, notional
from isolated_margin.views import settlement

from ringfence_operations.follow.snapshot import Snapshot
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.monitor.positions import FAR, Row, price_of, rows_of

SCHEMA: Final = "ringfence-book/3"
STATUSES: Final = tuple(status.name.lower().replace("_", " ") for status in Status)


@dataclass(frozen=True, slots=True)
class Pool:
    """The traders' counterparty, in assets. ``worth``: of all shares together; ``unreserved``: what may be
    withdrawn; ``net_trader_pnl``: what it would owe if everyone closed.

    ``adl_level_ppm``: what it is worth as a share of the larger side's notional, ``FAR`` without one; below
    ``adl_trigger_ppm`` the side is deleveraged. ``long_due``, ``short_due``: the side may be deleveraged.
    """

    assets: int
    owed: int
    free: int
    unreserved: int
    worth: int
    shares: int
    net_trader_pnl: int
    adl_level_ppm: int
    adl_trigger_ppm: int
    long_due: bool
    short_due: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A market at a block. Sizes have 18 decimals, money is in assets, prices and rates per second are WAD.

    ``feed_refusal``: why the price is not the feed's, empty when it is. ``dead_since``: since when the feed
    is reported dead, and ``settles_at``: from when on the market may be settled; both timestamps, 0 while no
    clock runs. ``skew_ppm``: longs less shorts, of the skew at which funding is full. ``funding_rate_wad``:
    what longs pay shorts. ``differing``: the totals that the events don't explain. ``surplus``: what the
    vault holds beyond its obligations. ``rows``: the positions, those in most danger first.
    """

    schema: str
    chain_id: int
    vault: str
    block: int
    block_hash: str
    timestamp: int
    collateral_decimals: int
    price_wad: int
    feed_refusal: str
    dead_since: int
    settles_at: int
    settled: bool
    paused: bool
    long_size: int
    short_size: int
    long_notional: int
    short_notional: int
    skew_ppm: int
    funding_rate_wad: int
    borrow_rate_wad: int
    insurance: int
    pool: Pool
    surplus: int
    differing: tuple[str, ...]
    healthy: int
    margin_calls: int
    liquidatable: int
    bankrupt: int
    rows: tuple[Row, ...]


def book_of(manifest: Manifest, snapshot: Snapshot) -> Book:
    """Return the book of a market as it was seen."""
    vault = snapshot.market.vault
    terms, sums = vault.parameters, vault.book
    price_wad, refusal = price_of(snapshot.market)
    dead_since, settled, settles_at = settlement(vault)
    rows = rows_of(snapshot.market)
    counts = Counter(row.status for row in rows)
    bankrupt, liquidatable, margin_calls, healthy = (counts[status] for status in STATUSES)
    return Book(
        schema=SCHEMA,
        chain_id=manifest.chain_id,
        vault=manifest.vault.address,
        block=snapshot.block.number,
        block_hash=snapshot.block.hash,
        timestamp=snapshot.block.timestamp,
        collateral_decimals=manifest.collateral.decimals,
        price_wad=price_wad,
        feed_refusal=refusal,
        dead_since=dead_since,
        settles_at=settles_at,
        settled=settled,
        paused=vault.paused,
        long_size=sums.long.size,
        short_size=sums.short.size,
        long_notional=notional(sums.long.size, price_wad, vault.scale),
        short_notional=notional(sums.short.size, price_wad, vault.scale),
        skew_ppm=(sums.long.size - sums.short.size) * PPM // terms.skew_scale,
        funding_rate_wad=funding_rate_wad(sums.long.size, sums.short.size, terms),
        borrow_rate_wad=terms.borrow_rate_wad,
        insurance=vault.insurance,
        pool=_pool(snapshot),
        surplus=snapshot.vault_tokens - snapshot.obligations,
        differing=snapshot.mismatches,
        healthy=healthy,
        margin_calls=margin_calls,
        liquidatable=liquidatable,
        bankrupt=bankrupt,
        rows=tuple(rows),
    )


def _pool(snapshot: Snapshot) -> Pool:
    vault = snapshot.market.vault
    exposure, assets, free = vault.exposure(), vault.pool.balance(), vault.free()
    price_wad, _ = price_of(snapshot.market)
    longs, shorts = vault.sides(price_wad)
    larger = notional(max(vault.book.long.size, vault.book.short.size), price_wad, vault.scale)
    return Pool(
        assets=assets,
        owed=vault.total_owed,
        free=free,
        unreserved=exposure.unreserved,
        worth=exposure.nav,
        shares=snapshot.pool_shares,
        net_trader_pnl=longs.pnl + shorts.pnl,
        adl_level_ppm=exposure.nav * PPM // larger if larger else FAR,
        adl_trigger_ppm=vault.parameters.adl_trigger_ppm,
        long_due=longs.due,
        short_due=shorts.due,
    )
