"""For tests of one's own: a program that a vault must get right, step by step."""

from rich.console import Console

from ringfence.engine.exhibit import exhibit
from ringfence.engine.replay import Frame, replay
from ringfence.evm.chains import connect
from ringfence.report.text import told_frames
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.markets import MarketSetup


def assert_holds(
    adapter: str, market: MarketSetup, program: CallSequence, *, law: str | None = None, chain: str = "revm"
) -> None:
    """Run a program on a vault: its model must agree after every step, and the law must hold if one is named.

    Raises:
        AssertionError: they don't or it doesn't; the message is the program, step by step.
        CannotStart: there is no such adapter.
        ChainUnavailable: there is no such chain.
    """
    with connect(chain) as connected:
        frames = list(replay(exhibit(adapter, connected, market), program, law))
    if any(frame.fails for frame in frames):
        raise AssertionError(told(frames, market))


def told(frames: list[Frame], market: MarketSetup) -> str:
    """Return frames as plain text."""
    console = Console(width=160, no_color=True)
    with console.capture() as captured:
        console.print()
        console.print(told_frames(frames, market))
    return captured.get()
