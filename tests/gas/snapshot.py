"""What was measured when someone last looked: kept in git, so that every change of it shows in review."""

import json
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("snapshot.json")


class Snapshot:
    """The file's sections, numbers by name; when it is being updated, what is measured takes their place."""

    def __init__(self, *, update: bool) -> None:
        """Take what is in the file."""
        self._update = update
        self._sections: dict[str, dict[str, int]] = json.loads(FILE.read_text()) if FILE.exists() else {}

    def agrees(self, section: str, measured: dict[str, int]) -> None:
        """Compare a section with what was measured, or write it; raises AssertionError."""
        if self._update:
            self._sections[section] = measured
            FILE.write_text(json.dumps(self._sections, indent=2) + "\n")
        assert measured == self._sections.get(section), "if this is meant: make gas-update"
