"""A market with a mirror that does all its actions: the market must refuse what it does, and only that."""

from typing import Any

from wake_rs import Account

from bench.wake.play import VaultTest


class Refused(Exception):
    """The market must refuse."""


def require(truth: bool) -> None:
    """Go on if something is true; raises Refused."""
    if not truth:
        raise Refused


class MirroredTest(VaultTest):
    """A market and its mirror, with a method for each of its functions; one may raise Refused half-way."""

    market: Any
    mirror: Any

    def act(self, sender: Account, name: str, *args: Any) -> None:
        """Send what the mirror does too: both change, or both refuse."""
        then, self.now = self.mirror.copy(), self.mirror.now
        try:
            getattr(then, name)(sender, *args)
        except Refused:
            then = None
        sent = self.send(sender, getattr(self.market, name), *args)
        assert sent == (then is not None), f"{name} is accepted when it is due, and only then"
        self.mirror = then or self.mirror
