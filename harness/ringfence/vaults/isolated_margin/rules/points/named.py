"""Choices by name."""

from enum import StrEnum


class Named(StrEnum):
    """A choice that prints as it is written in a program, ``Pick.WORST``. Its value is what it means."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"
