"""What the market with funding by skew should be: positions, funding, pool and insurance, to the unit."""

from dataclasses import dataclass, field, replace

from wake_rs import Account

from bench.wake.mirror import require
from bench.wake.play import PPM, up

USD = 10**6
MAX_AGE = 3_600
WAD, VALUE_SCALE, INDEX_SCALE = 10**18, 10**20, 10**30
RATE = 12 * 10**11  # of the price for each second, WAD
INITIAL, MAINTENANCE, INSURED, PENALTY = 100_000, 50_000, 200_000, 10_000  # ppm
DISCOUNT_VOLUME, INSURANCE_TARGET, LEAST_REWARD = 1_500_000 * USD, 8_000 * USD, USD
MIN_COST, MAX_COST, MAX_SIZE = 10 * USD, 200_000 * USD, 10**24


@dataclass(frozen=True)
class Held:
    """A position of the mirror."""

    owner: Account
    size: int
    margin: int
    cost: int
    entry: int


@dataclass
class Mirror:
    """Everything that the market has; its methods change it, or raise Refused and leave it half changed."""

    balances: dict[Account, int]
    backer: Account
    positions: dict[int, Held] = field(default_factory=dict)
    volume: dict[Account, int] = field(default_factory=dict)
    next_id: int = 1
    gone: int = 1  # the position that was closed last
    long_index: int = 0
    short_index: int = 0
    accrued_at: int = 0
    long_size: int = 0
    short_size: int = 0
    locked_price: int = 0
    locked_at: int = 0
    liquidity: int = 0
    reserved: int = 0
    insurance: int = 0
    price: int = 0
    pushed_at: int = 0
    now: int = 0

    def copy(self) -> "Mirror":
        """Return another that can be changed alone."""
        parts = (dict(self.balances), dict(self.positions), dict(self.volume))
        return replace(self, balances=parts[0], positions=parts[1], volume=parts[2])

    # Actions

    def open(self, sender: Account, is_long: bool, size: int, margin: int) -> None:
        """Open a position."""
        require(margin > 0)
        self.sync()
        fresh = Held(sender, 0, margin, 0, 0)
        self.add(self.next_id, fresh, size if is_long else -size)
        self.next_id += 1
        self.take(sender, margin)

    def increase(self, sender: Account, wanted: int, size: int) -> None:
        """Add to a position."""
        held = self.owned(sender, wanted)
        self.sync()
        require(self.gain(held) < held.cost)
        self.add(wanted, held, size if held.size > 0 else -size)

    def decrease(self, sender: Account, wanted: int, size: int) -> None:
        """Take something off a position."""
        held = self.owned(sender, wanted)
        require(0 < size < abs(held.size))
        self.sync()
        part = part_of(held, size)
        gain, fee = self.gain(part), self.fee(held.owner, self.value(part.size))
        rest = (
            held.size - part.size,
            held.margin + gain - fee,
            held.cost - part.cost,
            held.entry - part.entry,
        )
        require(rest[1] >= 0 and rest[2] >= MIN_COST)
        self.positions[wanted] = Held(held.owner, *rest)
        self.resize(-part.size, held.size > 0)
        self.settle(-gain, part.cost)
        self.charge(fee)
        self.require_margin(self.positions[wanted], MAINTENANCE)

    def close(self, sender: Account, wanted: int) -> None:
        """Close a position that is worth no less than nothing."""
        held = self.owned(sender, wanted)
        self.sync()
        equity = self.equity(held)
        require(equity >= 0)
        fee = min(equity, self.fee(held.owner, self.value(held.size)))
        self.remove(wanted, equity)
        self.charge(fee)
        self.balances[held.owner] += equity - fee

    def add_margin(self, sender: Account, wanted: int, assets: int) -> None:
        """Add margin to anyone's position."""
        require(assets > 0 and wanted in self.positions)
        held = self.positions[wanted]
        self.positions[wanted] = replace(held, margin=held.margin + assets)
        self.take(sender, assets)

    def remove_margin(self, sender: Account, wanted: int, assets: int) -> None:
        """Take margin above what is needed."""
        held = self.owned(sender, wanted)
        require(0 < assets <= held.margin)
        self.positions[wanted] = replace(held, margin=held.margin - assets)
        self.sync()
        self.require_margin(self.positions[wanted], INITIAL)
        self.balances[sender] += assets

    def liquidate(self, sender: Account, wanted: int) -> None:
        """Close a position below maintenance: insurance pays reward, then loss."""
        require(wanted in self.positions)
        held = self.positions[wanted]
        self.sync()
        equity = self.equity(held)
        require(equity < share(self.value(held.size), MAINTENANCE))
        left = max(0, equity)
        penalty = min(left, share(held.cost, PENALTY))
        reward = penalty // 2
        self.remove(wanted, left)
        self.insure(penalty - reward)
        reward += self.draw(max(0, LEAST_REWARD - reward))
        self.settle(self.draw(max(0, -equity)), 0)
        self.balances[sender] += reward
        self.balances[held.owner] += left - penalty

    def provide(self, sender: Account, assets: int) -> None:
        """Add liquidity."""
        require(assets > 0)
        self.liquidity += assets
        self.take(sender, assets)

    def withdraw(self, sender: Account, assets: int) -> None:
        """Take liquidity that is free, as the backer."""
        require(sender == self.backer and assets <= self.liquidity - self.reserved)
        self.liquidity -= assets
        self.balances[sender] += assets

    # Parts

    def sync(self) -> None:
        """LOC-1, FUN-2: the price of this block, and funding up to it."""
        if self.locked_at != self.now:
            require(self.now <= self.pushed_at + MAX_AGE)
            self.locked_price, self.locked_at = self.price, self.now
        elapsed, self.accrued_at = self.now - self.accrued_at, self.now
        total = self.long_size + self.short_size
        if total > 0:
            paid = self.locked_price * 10**10 * RATE * elapsed * (self.long_size - self.short_size)
            self.long_index += up(paid, WAD * total)
            self.short_index += up(-paid, WAD * total)

    def add(self, wanted: int, held: Held, size: int) -> None:
        """Add a size to a position. FEE-1, FEE-2, FUN-1, MAR-1."""
        cost = self.value(size, is_up=size > 0)
        require(MIN_COST <= cost <= MAX_COST and abs(size) <= MAX_SIZE)
        fee = self.fee(held.owner, cost)
        require(held.margin >= fee)
        rest = (held.size + size, held.margin - fee, held.cost + cost, held.entry + self.product(size))
        self.positions[wanted] = Held(held.owner, *rest)
        self.volume[held.owner] = self.volume.get(held.owner, 0) + cost
        self.resize(size, size > 0)
        self.charge(fee)
        require(cost <= self.liquidity - self.reserved)
        self.reserved += cost
        self.require_margin(self.positions[wanted], INITIAL)

    def remove(self, wanted: int, left: int) -> None:
        """Forget a position: what its margin has more than is left is the pool's."""
        held, self.gone = self.positions.pop(wanted), wanted
        self.resize(-held.size, held.size > 0)
        self.settle(held.margin - left, held.cost)

    def resize(self, size: int, is_long: bool) -> None:
        """Add a size to the open interest of a side; a short's is negative."""
        if is_long:
            self.long_size += size
        else:
            self.short_size -= size

    def settle(self, lost: int, freed: int) -> None:
        """Book to the pool what a position has lost."""
        self.reserved -= freed
        self.liquidity += lost

    def charge(self, fee: int) -> None:
        """Give a fee to insurance and pool."""
        insured = fee * INSURED // PPM
        self.insure(insured)
        self.liquidity += fee - insured

    def insure(self, assets: int) -> None:
        """INS-2: what the insurance has beyond its target is the pool's."""
        insured = min(assets, INSURANCE_TARGET - self.insurance)
        self.insurance += insured
        self.liquidity += assets - insured

    def draw(self, wanted: int) -> int:
        """Take what is wanted out of the insurance, or what there is."""
        drawn = min(wanted, self.insurance)
        self.insurance -= drawn
        return drawn

    def take(self, sender: Account, assets: int) -> None:
        """Have an account pay."""
        require(assets <= self.balances[sender])
        self.balances[sender] -= assets

    # Values

    def owned(self, sender: Account, wanted: int) -> Held:
        """ACC-1: return a position of its owner; raises Refused."""
        require(wanted in self.positions and self.positions[wanted].owner == sender)
        return self.positions[wanted]

    def require_margin(self, held: Held, ppm: int) -> None:
        """Go on if a position has its margin; raises Refused."""
        require(self.equity(held) >= share(self.value(held.size), ppm))

    def fee(self, account: Account, worth: int) -> int:
        """Return what a trade costs, half for an account that has opened enough."""
        return share(worth, 1_000 if self.volume.get(account, 0) < DISCOUNT_VOLUME else 500)

    def value(self, size: int, *, is_up: bool = True) -> int:
        """Return what a size is worth at the price of the block."""
        worth = abs(size) * self.locked_price
        return up(worth, VALUE_SCALE) if is_up else worth // VALUE_SCALE

    def product(self, size: int) -> int:
        """Return a size times the index of its side."""
        return size * self.long_index if size > 0 else -size * self.short_index

    def gain(self, held: Held) -> int:
        """Return what is earned less the funding owed, at most the cost."""
        value = self.value(held.size, is_up=held.size < 0)
        earned = value - held.cost if held.size > 0 else held.cost - value
        return min(earned - up(self.product(held.size) - held.entry, INDEX_SCALE), held.cost)

    def equity(self, held: Held) -> int:
        """Return margin and gain."""
        return held.margin + self.gain(held)


def share(assets: int, ppm: int) -> int:
    """Return a share, rounded up."""
    return up(assets * ppm, PPM)


def part_of(held: Held, size: int) -> Held:
    """Return what a part of a position has cost, without margin; a long's part rounded up."""
    whole, is_long = abs(held.size), held.size > 0
    cost = up(held.cost * size, whole) if is_long else held.cost * size // whole
    return Held(held.owner, size if is_long else -size, 0, cost, held.entry * size // whole)
