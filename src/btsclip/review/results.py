"""What lies in a folder of results, gathered for people to look at: clips, takes, what was refused.

All of it comes from the files of the folder alone: `plan.json`, each clip's sidecar, and after a
batch `report.json`. So a page can be made again later and on another computer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from btsclip.errors import PlanError
from btsclip.media.documents import json_record
from btsclip.plan import io
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.render.run import files_of
from btsclip.wording import listed

PLAN, REPORT = "plan.json", "report.json"


@dataclass(frozen=True)
class TimelineBand:
    """A stretch of a take, in seconds: a span of a clip, or what was left out and why."""

    start: float
    end: float
    kind: str
    why: str
    clip: str | None = None
    enabled: bool = True


@dataclass(frozen=True)
class TakeView:
    """A take and what became of its time; `bands` in the order of time."""

    path: str
    name: str
    duration: float
    created: str | None
    bands: tuple[TimelineBand, ...]

    @property
    def used(self) -> float:
        """Seconds of the take that clips show, none counted twice."""
        seconds, end = 0.0, 0.0
        for band in self.bands:
            if band.clip and band.enabled:
                seconds += max(0.0, band.end - max(band.start, end))
                end = max(end, band.end)
        return seconds


@dataclass(frozen=True)
class ClipView:
    """A planned clip with its files' names, None where they are not there, and what its sidecar
    says of the finished file."""

    clip: Clip
    state: Literal["made", "left out", "missing"]
    video: str | None
    cover: str | None
    subtitles: tuple[str, ...]
    output: Mapping[str, Any]


@dataclass(frozen=True)
class Results:
    """All that a folder holds. `failures` are those of a batch: file, stage, cause, cure."""

    folder: Path
    plan: CutPlan
    clips: tuple[ClipView, ...]
    takes: tuple[TakeView, ...]
    failures: tuple[Mapping[str, str], ...]

    @property
    def title(self) -> str:
        """What the results are of: the take, or the folder of all takes."""
        names = [PurePosixPath(take.path.replace("\\", "/")) for take in self.takes]
        folders = {path.parent for path in names}
        if len(names) == 1:
            return names[0].name
        told = sorted(folder.name for folder in folders if folder.name)
        return listed(told) or f"{len(names)} takes"

    @property
    def made(self) -> tuple[ClipView, ...]:
        """The clips that are there to be seen."""
        return tuple(clip for clip in self.clips if clip.state == "made")


def read_results(place: Path) -> Results:
    """Reads the results in the folder `place`, or those of the plan at it.

    Raises PlanError when there are none or the plan is broken.
    """
    path = place if place.suffix == ".json" else place / PLAN
    if not path.parent.is_dir():
        raise PlanError(place, "is no folder", "name the folder that holds the clips")
    if not path.is_file():
        raise PlanError(path.parent, f"holds no {path.name}", "name the folder of the clips")
    plan, folder = io.read_plan(path), path.parent
    clips = tuple(_clip_view(folder, clip) for clip in plan.clips)
    takes = tuple(_take_view(source, plan) for source in plan.sources)
    failures = _failures(folder) if path.name == PLAN else ()
    return Results(folder, plan, clips, takes, failures)


def _clip_view(folder: Path, clip: Clip) -> ClipView:
    files = files_of(folder, clip)
    there = files.path.is_file()
    return ClipView(
        clip,
        "made" if there else "missing" if clip.enabled else "left out",
        files.path.name if there else None,
        files.cover.name if files.cover.is_file() else None,
        tuple(path.name for path in files.subtitles if path.is_file()),
        json_record(files.sidecar).get("output", {}),
    )


def _take_view(source: Source, plan: CutPlan) -> TakeView:
    bands = [
        TimelineBand(
            span.start, span.end, clip.kind, span.reason or clip.why, clip.id, clip.enabled
        )
        for clip in plan.clips
        for span in clip.spans
        if span.source == source.path
    ]
    bands += [
        TimelineBand(each.start, each.end, "idle", each.why)
        for each in plan.skipped
        if each.source == source.path
    ]
    bands.sort(key=lambda band: (band.start, band.end))
    name = Path(source.path).name
    return TakeView(source.path, name, source.duration, source.created, tuple(bands))


def _failures(folder: Path) -> tuple[Mapping[str, str], ...]:
    found: Sequence[Any] = json_record(folder / REPORT).get("failures", [])
    keys = ("file", "stage", "subject", "cause", "cure")
    return tuple({key: str(each.get(key, "")) for key in keys} for each in found)
