"""Write docs/properties.md: every law, and the broken vaults that it is proven to catch.

`--check` writes nothing, and fails when the committed table is not what would be written.
"""

import sys
from pathlib import Path

from ringfence.properties import PROPERTIES, Property
from ringfence.vaults.isolated_margin.seeded_bugs import specimens

TABLE = Path(__file__).resolve().parents[1] / "docs/properties.md"
HEAD = """\
# Properties

What a vault must never break, by id. Each law is a predicate that looks at what the chain shows and at the
model alike, and each is proven: the tests take our own vault, plant one bug after the other, and demand that
a search finds it, names this law, and shows it with a short program. What a vault can't do (its *abilities*)
makes a law *not applicable*, and reports say so; a law that was never put to the test makes a search fail.
So does a canary that is not seen: among the laws is one that every step breaks, and among what is compared
a vault that is one token off. A vault of cross margin (`examples/cross-margin`) breaks ISO-1, ISO-3 and
ISO-4.
Written by `python tools/property_table.py` from the registry and the specimens.

| id | law | bugs that it is proven to catch |
|---|---|---|
"""


def main() -> None:
    """Write the table, or compare it."""
    table = HEAD + "".join(row(PROPERTIES[law]) + "\n" for law in sorted(PROPERTIES))
    if "--check" not in sys.argv:
        TABLE.write_text(table)
    elif not TABLE.exists() or TABLE.read_text() != table:
        sys.exit("docs/properties.md is out of date: run `python tools/property_table.py`")


def row(law: Property) -> str:
    """Return one row of the table."""
    bugs = [" ".join(specimen.bug.split()) for specimen in specimens() if specimen.law == law.id]
    cells = [law.id, law.sentence, "<br>".join(bugs)]
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    main()
