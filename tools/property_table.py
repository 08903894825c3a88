"""Write docs/properties.md: every property, and the seeded bugs that it is proven to catch.

`--check` writes nothing, and fails when the committed table is not what would be written.
"""

import sys
from pathlib import Path

from ringfence.properties import BY_ID, Property
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bugs

TABLE = Path(__file__).resolve().parents[1] / "docs/properties.md"
HEAD = """\
# Properties

What a vault must never break, by id. Each property is a predicate that looks at what the chain shows and
at the reference model alike, and each is proven: the tests seed one bug after the other in our own vault, and
require that a search finds it, reports this property, and shows it with a short call sequence. What a vault
lacks (abilities, kinds of actions) makes a property *not applicable*, and reports say so; a property that was
never put to the test makes a search fail. So does a canary that is not seen: one property is violated by
every step, and one vault that is compared is one token off. A vault of cross margin (`examples/cross-margin`)
violates ISO-1, ISO-3 and ISO-4.
Written by `python tools/property_table.py` from the properties and the seeded bugs.

| id | property | seeded bugs that it is proven to catch |
|---|---|---|
"""


def main() -> None:
    """Write the table, or compare it."""
    table = HEAD + "".join(row(BY_ID[each]) + "\n" for each in sorted(BY_ID))
    if "--check" not in sys.argv:
        TABLE.write_text(table)
    elif not TABLE.exists() or TABLE.read_text() != table:
        sys.exit("docs/properties.md is out of date: run `python tools/property_table.py`")


def row(each: Property) -> str:
    """Return one row of the table."""
    bugs = [" ".join(seeded.bug.split()) for seeded in seeded_bugs() if seeded.property_id == each.id]
    cells = [f'<a id="{each.id.lower()}"></a>{each.id}', each.sentence, "<br>".join(bugs)]
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    main()
