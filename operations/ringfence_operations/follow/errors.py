"""Why an operating command stops."""

from ringfence.types.errors import RingfenceError


class OperatingError(RingfenceError):
    """The command can't go on. The message is one sentence: what, where, and what to do."""
