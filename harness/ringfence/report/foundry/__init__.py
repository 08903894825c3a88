"""A finding as a Foundry test."""

from ringfence.report.foundry.export import NotExportable, foundry_test

__all__ = ["NotExportable", "foundry_test"]
