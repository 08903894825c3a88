"""Campaigns by many workers: processes of this machine, or of a Ray cluster.

``concurrent.futures`` and Ray start them, hand them their turns and notice when one dies; what is done about
it is here.
"""

from ringfence.workers.crew import CrewFailed
from ringfence.workers.job import Job
from ringfence.workers.joint import Joint, search

__all__ = ["CrewFailed", "Job", "Joint", "search"]
