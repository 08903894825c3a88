"""How machines draw: evenly.

Hypothesis's own distribution favours small numbers and constants found in whatever modules are loaded,
switches rules off at random, and spends five runs of six on copies of earlier steps. From lists of named
points, repeated as often as they should come up, an even draw reaches more, and by the seed alone.
"""

from typing import Final

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

BACKEND: Final = "ringfence-even"


class EvenDraws(HypothesisProvider):
    """A Hypothesis backend; shrinking is Hypothesis's own."""

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """Return an integer of a bounded range, each as likely as any other."""
        assert self._random is not None
        assert min_value is not None
        assert max_value is not None
        return self._random.randint(min_value, max_value)

    def draw_boolean(self, p: float = 0.5) -> bool:
        """Return False: no rule is switched off, no run is cut short. Points are drawn from lists."""
        return False


AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.{EvenDraws.__qualname__}"
