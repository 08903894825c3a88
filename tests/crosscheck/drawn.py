"""Programs for every chain: drawn from the machine's rules by a seed, on revm, where that is quick."""

from functools import cache
from random import Random

from ringfence.engine.arena import Arena
from ringfence.engine.draws import drawing
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, CallSequence
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.markets import market_named
from ringfence.vaults.isolated_margin.rules import MovingPriceMachine


class Ticking(MovingPriceMachine):
    """Lets at least a second pass before every action, for chains that mine each transaction alone."""

    def step(self, action: Action) -> None:
        """Act in a block of its own."""
        if not self._seconds:
            self.wait(1)
        super().step(action)


@cache
def drawn(market: str, seed: int, steps: int, *, shares_blocks: bool) -> CallSequence:
    """Return a program of at least so many steps, from a market's opening on; the same for the same seed."""
    setup, random = market_named(market), Random(seed)
    arena = Arena(lambda each: start(RevmChain(), each), [setup])
    machine = type("Machine", (MovingPriceMachine if shares_blocks else Ticking,), {"arena": arena})()
    machine.enter(market)
    opening = len(machine.pair.steps)
    rules = [
        (rule.function, {name: drawing(argument) for name, argument in rule.arguments.items()})
        for rule in machine.rules
    ]
    while len(machine.pair.steps) < opening + steps:
        rule, draws = random.choice(rules)
        rule(machine, **{name: draw(random) for name, draw in draws.items()})
    return tuple(machine.pair.steps[opening:])
