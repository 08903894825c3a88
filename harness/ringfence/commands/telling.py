"""Refusals of the surroundings, told by every command in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


class CannotTell(click.ClickException):
    """A command could not do its work; its answer is neither yes nor no."""

    exit_code = 2


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the command with the message of whatever can't be had: a file, a vault, a chain, a contract."""
    from ringfence.any_vault.fault import AdapterFault
    from ringfence.artifacts import ArtifactMissing
    from ringfence.chains.base import ChainUnavailable
    from ringfence.damage.files import BadDamage
    from ringfence.damage.subject import CannotDamage
    from ringfence.explore.confirming import Unconfirmed
    from ringfence.explore.corpus import BadCorpus
    from ringfence.operating.errors import OperatingError
    from ringfence.report.exhibit import CannotStart
    from ringfence.report.files import BadFinding
    from ringfence.report.foundry import NotExportable
    from ringfence.report.replay import BadStep
    from ringfence.specimens.compiler import DoesNotCompile
    from ringfence.workers import CrewFailed

    try:
        yield
    except (
        AdapterFault,
        ArtifactMissing,
        BadCorpus,
        BadDamage,
        BadFinding,
        BadStep,
        CannotDamage,
        ChainUnavailable,
        CrewFailed,
        DoesNotCompile,
        CannotStart,
        NotExportable,
        OperatingError,
        Unconfirmed,
    ) as refusal:
        raise CannotTell(str(refusal)) from None
    except OSError as failure:  # a file, or the connection to a chain
        place = f"{failure.filename}: " if failure.filename else ""
        raise CannotTell(f"{place}{failure.strerror or failure}") from None
