"""What a search found, as a finding that can be written, explained and replayed."""

from typing import Any

from ringfence.any_vault.fault import AdapterFault
from ringfence.any_vault.search import MODEL, Search
from ringfence.any_vault.start import setup_of
from ringfence.report.finding import Finding
from ringfence.report.make import Origin, make


def finding_of(search: Search, name: str, adapter: Any) -> Finding:
    """Return the finding of a search that has found something; ``name`` is the adapter's."""
    caught = search.done.caught
    assert caught is not None, "nothing was found"
    origin = Origin(f"{__package__}.start:market({name})", setup_of(adapter), search.done.seed, "revm")
    law = None if caught.law == MODEL else caught.law
    found = make(search.shown, origin, caught.program, law)
    if found is None:
        raise AdapterFault(f"{name} does not do the same when a program is done again.")
    return found
