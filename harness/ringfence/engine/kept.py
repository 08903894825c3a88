"""What a search found, as a finding that can be written, explained and replayed."""

from typing import Any

from ringfence.engine.exhibit import Exhibit
from ringfence.engine.findings import Origin, make
from ringfence.engine.search import MODEL, Caught, Search
from ringfence.engine.start import setup_of
from ringfence.types.errors import AdapterFault
from ringfence.types.finding import Finding


def finding_of(search: Search, name: str, adapter: Any) -> Finding:
    """Return the finding of a search that has found something; ``name`` is the adapter's."""
    caught = search.done.caught
    assert caught is not None, "nothing was found"
    return finding_on(search.shown, caught, search.done.seed, name, adapter)


def finding_on(shown: Exhibit, caught: Caught, seed: int, name: str, adapter: Any) -> Finding:
    """Return as a finding what was caught anywhere, done again on ``shown``; raises AdapterFault."""
    origin = Origin(f"{__package__}.start:market({name})", setup_of(adapter), seed, "revm")
    law = None if caught.law == MODEL else caught.law
    found = make(shown, origin, caught.program, law)
    if found is None:
        raise AdapterFault(f"{name} does not do the same when a program is done again.")
    return found
