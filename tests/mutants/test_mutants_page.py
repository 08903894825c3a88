"""The page of a run gives its counts, and a reason for every property that no mutant needed."""

import yaml
from ringfence.measure.mutation.page import FILES, REASONS, UNREASONED, markdown
from ringfence.properties import BY_ID
from ringfence.vaults.isolated_margin.adapter import our_vault
from ringfence.vaults.isolated_margin.measurements import OurMeasurements

from tests.mutants.test_mutants_section import results


def test_page__of_a_run__shows_scores_survivors_and_why_properties_stay() -> None:
    """Every property that never noticed a mutant alone has its reason, every survivor an argument or none."""
    text = markdown(results())
    assert "Score 33.3 %: 1 of 3 that count were noticed" in text
    assert "Nobody <ever> reads it again." in text
    assert "**Not explained.**" in text
    assert UNREASONED not in text


def test_reasons__to_keep_properties__are_about_properties_that_there_are() -> None:
    """The list follows the properties."""
    assert set(yaml.safe_load((FILES / REASONS).read_text())) == set(BY_ID)


def test_edges__in_the_list__are_sequences_of_known_markets() -> None:
    """The file can be read, and says where each sequence runs."""
    edges = OurMeasurements().corpus()
    assert {market for market, _ in edges} <= set(our_vault().markets)
    assert all(sequence for _, sequence in edges)
