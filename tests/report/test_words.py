"""Programs in words: whole tokens, whole sizes, and nothing that goes without saying."""

import pytest
from rich.console import Console
from ringfence.report.text import frames_shown, headline, headlines
from ringfence.report.units import fixed
from ringfence.report.words import phrase, result
from ringfence.types.actions import Action
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Claim,
    Close,
    Deposit,
    Liquidate,
    Open,
    Pause,
    SetOperator,
    SetPrice,
)
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD

from tests.report.samples import finding, shown_finding

TOKENS = 10**6
FILL = (4 * SIZE, -1_500_000, 1_500_000, 0, 0)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 6, "0"),
        (1, 6, "0.000001"),
        (-1_234_567_890, 6, "-1,234.56789"),
        (10**30, 18, "1,000,000,000,000"),
        (42, 0, "42"),
        (-5, 1, "-0.5"),
    ],
)
def test_fixed__any_integer__is_exact(value: int, decimals: int, expected: str) -> None:
    assert fixed(value, decimals) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Open("a", -10 * SIZE, 2_000 * TOKENS, 0, INFINITE), "open short 10, margin 2,000"),
        (Open("a", SIZE, TOKENS, 9 * SIZE, 60), "open long 1, margin 1, limit price 9, deadline 60"),
        (Close("a", 3, INFINITE, INFINITE), "close position 3"),
        (AddMargin("a", 1, 1_500_000, "b"), "add margin position 1, 1.5, owner b"),
        (SetPrice("owner", 1_840 * 10**8, 0), "set price 1,840"),
        (SetPrice("owner", 1, -5), "set price 0.00000001, age -5"),
        (Deposit("a", 7 * TOKENS, "b"), "deposit 7, receiver b"),
        (SetOperator("a", "operator", 5, 60), "set operator operator, permissions 5, expiry 60"),
        (Claim("a", ""), "claim to nobody"),
        (Pause("owner"), "pause"),
    ],
)
def test_phrase__an_action__is_what_a_person_would_say(action: Action, expected: str) -> None:
    """Limits and deadlines that keep nobody from anything are left out."""
    assert phrase(action, STANDARD) == expected


@pytest.mark.parametrize(
    ("action", "outcome", "expected"),
    [
        (Pause("owner"), Done(None, ()), "done"),
        (Open("a", SIZE, 1, 0, 0), Done(12, ()), "done: position 12"),
        (Claim("a", "a"), Done(1_500_000, ()), "done: 1.5 assets"),
        (Deposit("a", 1, "a"), Done(10**12, ()), "done: 1 shares"),
        (
            Liquidate("a", 1),
            Done((FILL, 9 * TOKENS, 4 * TOKENS, 5 * TOKENS, 0, 0, 0, 0), ()),
            "done: size closed 4, realised -1.5, paid 1.5, fee 9, reward from margin 4, to insurance 5",
        ),
        (
            Liquidate("a", 1),
            Refused("NotLiquidatable", (2 * TOKENS, TOKENS)),
            "refused: NotLiquidatable, equity 2, maintenanceMargin 1",
        ),
        (Pause("a"), Refused("NotGuardian", ("a",)), "refused: NotGuardian, caller a"),
        (Pause("a"), Refused("Panic", (17,)), "panicked 17"),
        (Pause("a"), Refused("Empty", ()), "reverted without a reason"),
        (Pause("a"), Refused("Unknown", (b"\xab",)), "reverted with 0xab"),
        (Pause("a"), Refused("NeverDeclared", (5,)), "refused: NeverDeclared 5"),
    ],
)
def test_result__an_outcome__names_its_numbers(action: Action, outcome: Outcome, expected: str) -> None:
    """Returned parts that are zero are left out; a refusal's numbers have the names of the ABI."""
    assert result(action, outcome, STANDARD) == expected


def test_headlines__of_a_finding__say_what_where_and_by_what() -> None:
    assert headlines(finding()) == [
        "positions[1].margin: the vault is not where its model is.",
        "At step 2 of 2 in market standard: positions[1].margin is 2,089.999999, not 2,090.",
        f"Found by ringfence {finding().versions.ringfence} on revm, solc 0.8.30, seed 7.",
    ]


def test_frames_shown__on_a_terminal__show_model_beside_chain() -> None:
    console = Console(width=140, no_color=True, force_terminal=False)
    with console.capture() as captured:
        console.print(headline(finding()), frames_shown(shown_finding().frames, finding().market))
    lines = [" ".join(line.split()) for line in captured.get().splitlines()]
    assert "1 +1 s trader_1 open long 10, margin 2,000 done: position 1 the same" in lines
    assert "2 +60 s trader_1 add margin position 1, 100, owner trader_1 done the same" in lines
    assert "positions[1].margin 2,090 2,089.999999 -0.000001" in lines
