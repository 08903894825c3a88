"""Why a command stops before its work is done."""


class RingfenceError(Exception):
    """A command can't go on. The message is one sentence: what, where, and what to do."""


class AdapterFault(RingfenceError):
    """An adapter does not follow its protocol. The message is one sentence."""
