"""Why an operating command stops."""


class OperatingError(Exception):
    """The command can't go on. The message is one sentence: what, where, and what to do."""
