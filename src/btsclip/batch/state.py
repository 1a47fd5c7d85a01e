"""What a run over a shoot is asked for, holds and returns."""

from __future__ import annotations

from dataclasses import dataclass, field

from btsclip.batch.scheduler import Failure
from btsclip.moments import Cut, Refusal
from btsclip.plan import Clip, CutPlan
from btsclip.render import RenderedClip
from btsclip.takes import Take


@dataclass(frozen=True)
class BatchOptions:
    """Options of a batch.

    `top` is the number of clips of the whole shoot; with None, each take gets as many as the preset
    says. `threads` is for one ffmpeg. `fail_fast` stops at the first failure.
    """

    top: int | None = None
    encoder: str = "libx264"
    threads: int = 0
    fail_fast: bool = False
    resume: bool = True


@dataclass
class TakeOutcome:
    """The results of one take so far."""

    take: Take
    cuts: list[Cut] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    # Digests of the take's files at the time of its analysis.
    digests: list[str] = field(default_factory=list)
    # Whether the clips are planned, or there is nothing to plan.
    is_planned: bool = False


@dataclass(frozen=True)
class BatchResult:
    """The plan of all takes, the finished clips, how many of them an earlier run made (`kept`), and
    the failures."""

    plan: CutPlan
    clips: tuple[RenderedClip, ...]
    kept: int
    failures: tuple[Failure, ...]
