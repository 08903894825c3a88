"""A property that every action violates. A search that does not see that sees nothing."""

from typing import Final

from ringfence.properties.claims import Claims, that
from ringfence.properties.transition import Transition

CANARY: Final = "CANARY"


def nothing_is_ever_done(t: Transition) -> Claims:
    """Nothing is ever done."""
    if t.done:
        yield that(False, f"{type(t.action).__name__} was done")
