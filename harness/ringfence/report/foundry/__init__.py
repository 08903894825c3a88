"""A finding as a Foundry test."""

from ringfence.report.foundry.assertions import NotExportable
from ringfence.report.foundry.export import foundry_test

__all__ = ["NotExportable", "foundry_test"]
