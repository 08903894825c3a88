"""What the fuzz tests of all vaults have: accounts, time, transactions, and amounts to draw."""

from collections.abc import Callable
from typing import Any, ClassVar

from wake.development.globals import random
from wake.testing import Panic, RevertError, UnknownRevertError, chain
from wake.testing.fuzzing import FuzzTest, random_bool, random_int
from wake_rs import Account, Contract

PPM = 10**6
ANY = 2**256 - 1
GENESIS_TIME = 2_000_000_000  # later than this machine's clock, at which Wake's chain starts
TRADERS, ACCOUNTS = 3, 6  # three traders, two providers, a stranger


class VaultTest(FuzzTest):
    """A vault under Wake. ``counted`` is called before every flow, and ends the search."""

    types: ClassVar[dict[str, type[Contract]]]
    counted: ClassVar[Callable[[], None]]

    def pre_sequence(self) -> None:
        """Start a sequence: the accounts and the clock, then the vault of the subclass."""
        self.now = GENESIS_TIME
        self.owner, *self.everyone = chain.accounts[: ACCOUNTS + 1]
        self.traders, self.providers = self.everyone[:TRADERS], self.everyone[TRADERS : TRADERS + 2]
        self.set_up()

    def set_up(self) -> None:
        """Deploy the vault, fund the accounts, and begin the mirror."""
        raise NotImplementedError

    def pre_flow(self, flow: Callable[..., None]) -> None:
        """Count a flow."""
        type(self).counted()

    # Transactions

    def deploy(self, name: str, *args: Any) -> Any:
        """Deploy a contract from the owner's account."""
        return self.types[name].deploy(chain, self.owner, *args)

    def at(self, name: str, address: Any) -> Any:
        """Return a contract that another one has deployed."""
        return self.types[name](address, chain)

    def send(self, sender: Account, method: Callable[..., Any], *args: Any) -> bool:
        """Send a transaction; return whether it went through."""
        chain.set_next_block_timestamp(self.now)
        refusal = None
        try:
            method(*args, from_=sender)
        except RevertError as error:
            refusal = error
        assert is_named(refusal), f"DOM-1 {refusal!r}"
        return refusal is None

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds
        chain.mine(lambda _: self.now)

    # Draws

    def anyone(self) -> Account:
        """Draw an account."""
        return random.choice(self.everyone)

    def mostly(self, account: Account) -> Account:
        """Return the account, or seldom somebody else."""
        return self.anyone() if one_in(6) else account


def is_named(refusal: RevertError | None) -> bool:
    """DOM-1: a refusal says why, and no arithmetic fails."""
    if isinstance(refusal, UnknownRevertError):  # what Wake has no type for, a panic too
        return len(refusal.data) >= 4 and refusal.data[:4] != Panic.selector
    return not isinstance(refusal, Panic)


def one_in(count: int) -> bool:
    """Draw whether something happens that does so once in ``count`` times."""
    return random_bool(true_prob=1 / count)


def pick(*values: Any) -> Any:
    """Draw one of the values."""
    return random.choice(values)


def off_by_one(limit: int) -> int:
    """Draw a limit, or one unit to either side."""
    return max(0, limit + pick(-1, 0, 1))


def between(least: int, most: int) -> int:
    """Draw an amount between two, with both ends likely, and small ones."""
    if most <= least + 1:
        return least
    drawn = random_int(least, most, min_prob=1 / 8, max_prob=1 / 8)
    return least + (drawn - least) // 100 if least < drawn < most and random_bool() else drawn


def amount(limit: int) -> int:
    """Draw an amount of which some is refused: nothing, one, a limit and around it, a part."""
    drawn = random_int(0, 9)
    if drawn < 2:
        return drawn
    return off_by_one(limit) if drawn < 5 else between(1, limit)


def margin_for(least: int) -> int:
    """Draw a margin: about the least, up to twice as much, or far more."""
    drawn = random_int(0, 5)
    return least * 5 if drawn == 5 else off_by_one(least) if drawn < 2 else between(least, least * 2)


def moved(price: int, usual: int) -> int:
    """Draw a price: a little or far from the last, its half or double, or the usual one."""
    drawn = random_int(0, 11)
    if drawn < 2:
        return price * 2 if drawn else price // 2
    if drawn < 4:
        return usual
    most = 30_000 if drawn < 8 else 300_000  # ppm
    return price * (PPM + random_int(-most, most)) // PPM


def within(number: int, least: int, most: int) -> int:
    """Return the number, or the end that it is beyond."""
    return max(least, min(number, most))


def up(number: int, divisor: int) -> int:
    """Divide, rounded up."""
    return -(-number // divisor)
