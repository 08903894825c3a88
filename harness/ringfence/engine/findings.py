"""From a program that fails to a finding: what breaks, and where, shown beside the model."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from ringfence.engine.exhibit import Exhibit
from ringfence.engine.inspection import Inspection
from ringfence.engine.recorder import Recorder
from ringfence.engine.replay import Frame
from ringfence.engine.replay import replay as frames_of
from ringfence.types.actions import CallSequence
from ringfence.types.finding import Cause, Finding, Law, VaultId, Versions
from ringfence.vaults.isolated_margin.markets import MarketSetup


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a program was found: by which adapter, in which market, from which seed, on which chain."""

    adapter: str
    market: MarketSetup
    seed: int | None
    chain: str


def make(shown: Exhibit, origin: Origin, program: CallSequence, law: str | None) -> Finding | None:
    """Return the finding that a program makes, ended where it fails; None if it does not.

    When nothing differs from the model but what the law's probes tried, their steps become the program's.
    """
    frames = list(frames_of(shown, program, law))
    complaint = frames[-1].violations[0].message if frames[-1].violations else None
    if complaint is None and not frames[-1].differences:
        return None
    if shown.model and not frames[-1].differences:
        frames = _with_probes(shown, program, law) or frames
    broken = (
        Law(law, shown.inspection.checker.properties[law].sentence, complaint) if law and complaint else None
    )
    return _finding(shown, origin, frames, broken)


def _finding(shown: Exhibit, origin: Origin, frames: Sequence[Frame], law: Law | None) -> Finding:
    return Finding(
        versions=Versions(version("ringfence"), platform.python_version(), origin.chain, shown.compiler),
        seed=origin.seed,
        market=origin.market,
        vault=VaultId(origin.adapter, shown.code),
        program=tuple(frame.step for frame in frames if frame.step),
        step=frames[-1].number,
        cause=Cause(law, frames[-1].differences),
    )


def _with_probes(shown: Exhibit, program: CallSequence, law: str | None) -> list[Frame] | None:
    """Return the frames of the shortest course that the law's probes took and the model doesn't follow."""
    shown.restart()
    watched = shown.inspection
    recorder = Recorder(watched.subject.vault)
    recorded = Inspection(replace(watched.subject, vault=recorder), watched.checker)
    recorded.probe_origin()
    for step in program:
        recorded.apply(step)
    recorded.probe(), recorded.relive()
    for course in sorted(recorder.courses, key=len):
        frames = list(frames_of(shown, course, None))
        if frames[-1].differences:
            return frames
    return None
