"""A finding that every chain shows, and a search that came across it: what reports are tested with."""

from functools import cache
from typing import Final

from ringfence.engine.canary import Canaries
from ringfence.engine.findings import finding_of
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.properties import PROPERTIES
from ringfence.report.summary import PropertyResult, PropertyStatus, Shown, Summary, shown
from ringfence.types.actions import Step
from ringfence.types.finding import Finding
from ringfence.types.roles import LIQUIDATORS, OWNER, TRADERS
from ringfence.vaults.isolated_margin.actions import AddMargin, Liquidate, Open, SetPrice
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD

FORGETFUL: Final = "tests.report.broken:Forgetful"
SOUND: Final = "isolated-margin"
TOKENS: Final = 10**6
SEQUENCE: Final = (
    Step(Open(TRADERS[0], 10 * SIZE, 2_000 * TOKENS, INFINITE, INFINITE), 1),
    Step(AddMargin(TRADERS[0], 1, 100 * TOKENS, TRADERS[0]), 60),
    Step(SetPrice(OWNER, 1_840 * 10**8, 0), 60),
    Step(Liquidate(LIQUIDATORS[0], 1), 1),
)


def system(adapter: str) -> System:
    """Start a vault in the standard market."""
    return Target.named(adapter).system(STANDARD)


@cache
def finding() -> Finding:
    """Return what the sequence finds in the forgetful vault: it ends where margin is added."""
    found = finding_of(system(FORGETFUL), FORGETFUL, 7, SEQUENCE, MODEL)
    assert found is not None
    return found


@cache
def shown_finding() -> Shown:
    """Return the same, with its frames."""
    return shown(finding(), system(FORGETFUL))


def summary(*found: Shown, missing: tuple[str, ...] = (), fault: str = "") -> Summary:
    """Return a search with some findings; every property was put to the test, the first most often."""
    return Summary(
        vault=FORGETFUL,
        versions={"ringfence": "0.1.0", "python": "3.11.7"},
        seed=7,
        markets=("standard", "tight"),
        seconds=12.5,
        runs=40,
        steps=4_000,
        outcomes={
            ("Open", "done"): 1_000,
            ("Open", "PriceLimit"): 9,
            ("Open", "Expired"): 30,
            ("Close", "done"): 800,
            ("Close", "<b>Unheard</b>"): 2,
            ("Liquidate", "NotLiquidatable"): 90,
        },
        findings=found,
        properties=tuple(
            PropertyResult(each.id, each.sentence, 3 * (len(PROPERTIES) - index), PropertyStatus.HELD, "")
            for index, each in enumerate(PROPERTIES)
        ),
        events={"partial liquidation": 12, "full liquidation": 1_200, "owed profit": 3},
        missing=missing,
        fault=fault,
        canaries=Canaries(violation=True, comparison=None),
    )
