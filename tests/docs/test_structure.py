"""How output on a page is compared with what is printed: wording may differ, nothing else."""

import pytest

from tests.structure import missing

PRINTED = """\
ISO-1  844
ISO-2  not applicable (without a valuation)
ISO-1: A transaction changes no field of any position but the one it names.
At step 2 of 2 in market plain: of position 1, margin is 19, not 20.
1  same block  trader_3  open long 10,000, margin 2,000  done: position 1
2  same block  owner     set price 3,000                 done
ISO-1: of position 1, margin is 19, not 20
Written to findings/finding.json: `ringfence explain findings/finding.json` goes on from there.
  buffer_ppm            200000
"""


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("changes no field of", "leaves alone"),
        ("without a valuation", "needs a valuation"),
        ("goes on from there", "explains it"),
        ("ISO-1  844", "ISO-1  900"),
        ("findings/finding.json: ", "elsewhere/finding.json: "),
    ],
)
def test_missing__other_wording_or_count__is_nothing(printed: str, shown: str) -> None:
    """Sentences, folders and how often a search did something may differ."""
    assert missing(PRINTED.replace(printed, shown), PRINTED) == []


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("ISO-1  844", "ISO-3  844"),
        ("ISO-2  not applicable", "ISO-2  5"),
        ("ISO-1: A transaction", "ISO-3: A transaction"),
        ("step 2 of 2", "step 2 of 3"),
        ("margin is 19, not 20\nWritten", "margin is 18, not 20\nWritten"),
        ("2  same block  owner     set price 3,000                 done\n", ""),
        ("trader_3  open", "trader_2  open"),
        ("trader_3  open long 10,000", "trader_3  open long 10,001"),
        ("set price", "break feed"),
        ("`ringfence explain", "`ringfence replay"),
        ("findings/finding.json: ", "findings/found.json: "),
        ("200000", "200001"),
    ],
)
def test_missing__other_structure__is_told(printed: str, shown: str) -> None:
    assert printed in PRINTED
    assert missing(PRINTED.replace(printed, shown), PRINTED) != []
