"""Run a vault's fuzz test in this process, and print what it came to as JSON."""

import argparse
import importlib
import json
from pathlib import Path
from time import process_time

from wake.development.globals import random
from wake.testing import chain

from bench.wake.contracts import contract_types
from bench.wake.play import VaultTest

ENDLESS = 10**9  # sequences


class Ended(BaseException):
    """The flows or the seconds are spent. No exception that a flow or Wake expects."""


class Clock:
    """Counts flows and the seconds of this process since the first; ends the search."""

    def __init__(self, limit: float) -> None:
        self.limit, self.flows, self.begun = limit, 0, 0.0

    def tick(self) -> None:
        """Count a flow; raises Ended."""
        self.begun = self.begun or process_time()
        if self.seconds() >= self.limit:
            raise Ended
        self.flows += 1

    def seconds(self) -> float:
        """Return the seconds since the first flow."""
        return process_time() - self.begun if self.begun else 0.0


def fuzz(test: type[VaultTest], depth: int, clock: Clock) -> str:
    """Run sequences until an assertion fails or the seconds are spent; return what failed."""
    test.counted = clock.tick
    try:
        test.run(ENDLESS, depth)
    except AssertionError as failed:
        return str(failed) or "an invariant"
    except Ended:
        return ""
    raise RuntimeError("Wake ended before its time was over.")


def fuzz_test(vault: str) -> type[VaultTest]:
    """Return the fuzz test of a vault's file."""
    module = importlib.import_module(f"bench.wake.{vault}")
    (test,) = (each for name, each in vars(module).items() if name == f"{vault.title().replace('_', '')}Test")
    return test


def main() -> None:
    """Parse the options, search, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("vault")
    options.add_argument("given", type=Path, help="ABIs and creation codes by contract, as JSON")
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--limit", type=float, required=True, help="seconds of this process")
    options.add_argument("--depth", type=int, required=True, help="flows of a sequence")
    asked = options.parse_args()
    test, clock = fuzz_test(asked.vault), Clock(asked.limit)
    test.types = contract_types(json.loads(asked.given.read_text()))
    random.seed(asked.seed)
    with chain.connect(accounts=10):
        failed = fuzz(test, asked.depth, clock)
        print(json.dumps({"flows": clock.flows, "seconds": clock.seconds(), "failed": failed}))


if __name__ == "__main__":
    main()
