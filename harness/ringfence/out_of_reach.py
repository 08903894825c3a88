"""Errors in the contracts' ABIs that no action can end in, and why. The tally checks this list both ways."""

from collections.abc import Mapping
from typing import Final

OUT_OF_REACH: Final[Mapping[tuple[str, str], str]] = {}
