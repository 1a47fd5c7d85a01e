"""The contents of a results folder for people to look at: clips, takes, parts left out.

Everything is read from files of the folder: `plan.json`, the sidecar of each clip, and
`report.json` after a batch. So the page can be made again later, or on another computer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from btsclip.errors import PlanError
from btsclip.media import json_record
from btsclip.plan import Clip, CutPlan, Source, io
from btsclip.render import files_of
from btsclip.wording import listed

PLAN_NAME = "plan.json"
BATCH_REPORT_NAME = "report.json"


@dataclass(frozen=True)
class TimelineBand:
    """A part of a take, in seconds: a span of a clip, or a part left out (`clip` is None)."""

    start: float
    end: float
    kind: str
    why: str
    clip: str | None = None
    enabled: bool = True


@dataclass(frozen=True)
class TakeView:
    """A take, with `bands` for its used and its left out parts, in order of time."""

    path: str
    name: str
    duration: float
    created: str | None
    bands: tuple[TimelineBand, ...]

    @property
    def used(self) -> float:
        """The seconds of the take that clips show, each counted once."""
        seconds, end = 0.0, 0.0
        for band in self.bands:
            if band.clip and band.enabled:
                seconds += max(0.0, band.end - max(band.start, end))
                end = max(end, band.end)
        return seconds


@dataclass(frozen=True)
class ClipView:
    """A planned clip and its file names, None for missing files.

    `output` has the facts of the rendered file from the clip's sidecar.
    """

    clip: Clip
    state: Literal["made", "left out", "missing"]
    video: str | None
    cover: str | None
    subtitles: tuple[str, ...]
    output: Mapping[str, Any]


@dataclass(frozen=True)
class Results:
    """The contents of a folder. `failures` of a batch have a file, stage, subject, cause and
    cure."""

    folder: Path
    plan: CutPlan
    clips: tuple[ClipView, ...]
    takes: tuple[TakeView, ...]
    failures: tuple[Mapping[str, str], ...]

    @property
    def title(self) -> str:
        """The name of the take, or the names of the folders of several takes."""
        paths = [PurePosixPath(take.path.replace("\\", "/")) for take in self.takes]
        if len(paths) == 1:
            return paths[0].name
        folders = {path.parent for path in paths}
        return listed(sorted(path.name for path in folders if path.name)) or f"{len(paths)} takes"

    @property
    def made(self) -> tuple[ClipView, ...]:
        """The clips with a rendered file."""
        return tuple(clip for clip in self.clips if clip.state == "made")


def read_results(path: Path) -> Results:
    """Read the results in a folder, or the results of the plan at `path`.

    Raises PlanError if there are none or the plan is invalid.
    """
    plan_path = path if path.suffix == ".json" else path / PLAN_NAME
    folder = plan_path.parent
    if not folder.is_dir():
        raise PlanError(path, "is not a folder", "name the folder with the clips")
    if not plan_path.is_file():
        raise PlanError(folder, f"holds no {plan_path.name}", "name the folder with the clips")
    plan = io.read_plan(plan_path)
    clips = tuple(_clip_view(folder, clip) for clip in plan.clips)
    takes = tuple(_take_view(source, plan) for source in plan.sources)
    failures = _failures(folder) if plan_path.name == PLAN_NAME else ()
    return Results(folder, plan, clips, takes, failures)


def _clip_view(folder: Path, clip: Clip) -> ClipView:
    files = files_of(folder, clip)
    is_made = files.path.is_file()
    return ClipView(
        clip,
        "made" if is_made else "missing" if clip.enabled else "left out",
        files.path.name if is_made else None,
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
        TimelineBand(skipped.start, skipped.end, "idle", skipped.why)
        for skipped in plan.skipped
        if skipped.source == source.path
    ]
    bands.sort(key=lambda band: (band.start, band.end))
    name = Path(source.path).name
    return TakeView(source.path, name, source.duration, source.created, tuple(bands))


def _failures(folder: Path) -> tuple[Mapping[str, str], ...]:
    failures: Sequence[Any] = json_record(folder / BATCH_REPORT_NAME).get("failures", [])
    keys = ("file", "stage", "subject", "cause", "cure")
    return tuple({key: str(failure.get(key, "")) for key in keys} for failure in failures)
