"""Refusals of the surroundings, said by every command in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ringfence.types.errors import RingfenceError
from ringfence.types.exit_codes import ExitCode


class CannotTell(click.ClickException):
    """A command could not do its work; its answer is neither yes nor no."""

    exit_code = ExitCode.CANNOT_TELL


class Failed(click.ClickException):
    """Something is wrong, said in one sentence."""

    exit_code = ExitCode.FAILED


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the command with the message of whatever can't be had: a file, a vault, a chain, a contract."""
    try:
        yield
    except RingfenceError as refusal:
        raise CannotTell(str(refusal)) from None
    except OSError as failure:  # a file, or the connection to a chain
        place = f"{failure.filename}: " if failure.filename else ""
        raise CannotTell(f"{place}{failure.strerror or failure}") from None
