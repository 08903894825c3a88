"""Laws looking at our own vault, as a campaign has them do."""

import pytest
from ringfence import patrol as patrols
from ringfence.chains.base import Chain
from ringfence.contest import Contest
from ringfence.markets import MARKETS, STANDARD, MarketSetup
from ringfence.patrol import patrol
from ringfence.specimens import specimens
from ringfence.specimens.vaults import starting


def test_patrol__of_our_vault__finds_nothing_and_says_what_it_did_not_ask() -> None:
    """A few steps put some laws to the test; the others are named."""
    done = patrol(MARKETS, seed=1, steps=60)
    assert done.caught is None
    assert done.tested["CUS-2"] > 0
    assert "LIQ-4 applies and was never put to the test" in done.complaints()


def test_patrol__of_a_broken_vault__names_law_and_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What breaks a law ends the patrol."""
    broken = next(specimen for specimen in specimens() if specimen.law == "CUS-2")
    begin = starting(broken.sources())

    def market(_chain: Chain, setup: MarketSetup) -> Contest:
        return begin(setup)

    monkeypatch.setattr(patrols, "market", market)
    done = patrol([STANDARD], seed=1, steps=2_000)
    assert done.caught is not None
    assert (done.caught.law, len(done.caught.program)) == ("CUS-2", 1)


def test_patrol__that_did_nothing__says_that_it_is_blind() -> None:
    """A search without a step has not seen its canary, and could not have found anything."""
    done = patrols.Patrol(steps=0, tested={}, untested=(), is_blind=True, caught=None)
    assert done.complaints() == ["a canary was not seen: this search would have found nothing"]
