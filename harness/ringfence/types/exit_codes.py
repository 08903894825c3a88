"""What a command's exit code says; docs/findings.md has the same table."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended. A member's docstring is its meaning."""

    _value_: int

    CLEAN = 0, "Everything asked for was done, and nothing is wrong."
    FAILED = 1, "Something is wrong: a violation, a mismatch, a failed check, or something never tested."
    CANNOT_TELL = 2, "No verdict: a wrong argument, or an adapter, file, vault or chain that does not work."
    INTERRUPTED = 130, "Ctrl-C; what was done until then was printed and written."

    def __new__(cls, value: int, meaning: str) -> "ExitCode":
        """Make a member of its number and meaning."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.__doc__ = meaning
        return member
