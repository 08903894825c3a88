"""What can be changed in a source: every operator by name, those of the domain before the generic ones.

Where two make the same change it is the first one's: what has a meaning in this domain is called by that.
"""

from typing import Final

from ringfence.measure.mutation.operators import amounts, generic, order, places
from ringfence.measure.mutation.operators.registry import OPERATORS, Change, Operator

__all__ = ["BY_NAME", "EVERY_OPERATOR", "Change", "Operator"]

assert {module.__name__ for module in (amounts, places, order, generic)} == {
    operator.apply.__module__ for operator in OPERATORS
}
EVERY_OPERATOR: Final = tuple(sorted(OPERATORS, key=lambda operator: not operator.is_domain))
BY_NAME: Final = {operator.name: operator for operator in EVERY_OPERATOR}
