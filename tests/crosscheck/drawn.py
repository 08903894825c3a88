"""Programs for every chain: drawn from the rules of our vault by a seed, on revm, where that is quick."""

from functools import cache
from random import Random

from ringfence.engine.generators.rules import listed, rules_of
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, CallSequence
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rules import MovingPriceRules


class Ticking(MovingPriceRules):
    """Lets at least a second pass before every action, for chains that mine each transaction alone."""

    def step(self, action: Action) -> None:
        """Act in a block of its own."""
        if not self._seconds:
            self.wait(1)
        super().step(action)


@cache
def drawn(setup: MarketSetup, seed: int, steps: int, *, shares_blocks: bool) -> CallSequence:
    """Return a program of at least so many steps, from a market's opening on; the same for the same seed."""
    random = Random(seed)
    pair = start(RevmChain(), setup)
    rules = MovingPriceRules() if shares_blocks else Ticking()
    rules.start(setup, pair.reference, lambda step, _: pair.do(step))
    while len(pair.transitions) < steps:
        random.choice(listed(rules_of(MovingPriceRules))).play(rules, random)
    return pair.sequence
