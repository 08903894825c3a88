"""The law that a vault breaks which was found to differ from its model."""

from typing import Final

from ringfence.engine.contest import MODEL
from ringfence.engine.disagreement import Disagreement
from ringfence.engine.hunt import Catch, Hunt
from ringfence.engine.subject import Subject
from ringfence.vaults.isolated_margin.markets import MarketSetup

SECONDS: Final = 5.0  # of this process


def named(subject: Subject, setup: MarketSetup, found: Disagreement, seed: int) -> Catch | None:
    """Return a short program that breaks a law: made from the one that was found, or hunted for a while.

    That vault and model differ may be seen before any law is broken. None when no law turns out to be.
    """
    hunt = Hunt(subject.contest, [setup], seed)
    laws = [law for law in hunt.broken_by(found.market, found.program) if law != MODEL]
    if laws:
        return hunt.shortened(laws[0], found.market, found.program, 0.0)
    return next(hunt.catches(None, SECONDS, but=frozenset({MODEL})), None)
