"""Laws looking at our own vault, as a campaign has them do."""

import pytest
from ringfence.engine import patrol as patrols
from ringfence.engine.canary import Canaries
from ringfence.engine.contest import Contest
from ringfence.engine.patrol import patrol
from ringfence.evm.chains.base import Chain
from ringfence.properties import Checker
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.markets import MARKETS, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import specimens
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import starting


def test_patrol__of_our_vault__finds_nothing_and_says_what_it_did_not_ask() -> None:
    """A few steps put some laws to the test; the others are named."""
    done = patrol(MARKETS, seed=1, steps=60)
    assert done.caught is None
    assert done.tested["CUS-2"] > 0
    assert "LIQ-4 applies and was never put to the test" in done.complaints()


@pytest.mark.property("CUS-2")
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


def test_patrol__that_looks_at_a_step__sees_both_canaries() -> None:
    """Each is what must fail, and nothing is complained of."""
    assert patrol([STANDARD], seed=1, steps=10).canaries == Canaries(law=True, comparison=True)


def test_patrol__whose_explorer_compares_nothing__says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast comparison has a canary of its own."""
    monkeypatch.setattr(DirectMarket, "_compare_state", lambda _: None)
    assert patrol([STANDARD], seed=1, steps=10).canaries == Canaries(law=True, comparison=False)


def test_patrol__that_sees_no_violation__says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that looks away is told from one that finds nothing."""
    monkeypatch.setattr(Checker, "check_step", lambda *_: [])
    done = patrol([STANDARD], seed=1, steps=60)
    assert done.canaries == Canaries(law=False, comparison=True)
    sentence = "a canary was not seen, a law that every step breaks: this search would have found nothing"
    assert sentence in done.complaints()
