"""The explorer: the machines' rules without Hypothesis' engine, on the bare EVM, guided by what is new."""

from ringfence.explore.corpus import BadCorpus
from ringfence.explore.explorer import Explorer
from ringfence.explore.result import Explored
from ringfence.explore.subject import Subject

__all__ = ["BadCorpus", "Explored", "Explorer", "Subject"]
