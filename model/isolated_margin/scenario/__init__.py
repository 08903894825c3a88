"""What a keeper and a pool live through when a book of positions meets a path of prices."""

from isolated_margin.scenario.flash_crash import flash_crash
from isolated_margin.scenario.orders import Order, Start, seeded_book, usual_parameters
from isolated_margin.scenario.prices import Bar, PriceFileError, read_prices
from isolated_margin.scenario.result import BarResult, ScenarioResult, Totals
from isolated_margin.scenario.run import Scenario, run_scenario
from isolated_margin.scenario.venue import ModelVenue, Venue

__all__ = [
    "Bar",
    "BarResult",
    "ModelVenue",
    "Order",
    "PriceFileError",
    "Scenario",
    "ScenarioResult",
    "Start",
    "Totals",
    "Venue",
    "flash_crash",
    "read_prices",
    "run_scenario",
    "seeded_book",
    "usual_parameters",
]
