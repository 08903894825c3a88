"""Campaigns by many workers: processes of this machine, or of a Ray cluster.

``concurrent.futures`` and Ray start them, hand them their turns and notice when one dies; what is done about
it is here.
"""

from ringfence.engine.workers.crew import CrewFailed
from ringfence.engine.workers.job import Job
from ringfence.engine.workers.joint import Joint, search

__all__ = ["CrewFailed", "Job", "Joint", "search"]
