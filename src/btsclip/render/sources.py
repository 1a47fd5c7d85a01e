"""What a plan reads, checked before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from btsclip.errors import OutputError, PlanError
from btsclip.geometry import WHOLE
from btsclip.media.channels import OneChannel
from btsclip.media.chapters import join_chapters
from btsclip.media.footage import Footage, probe
from btsclip.media.sound import check_sound
from btsclip.plan.model import Clip, CutPlan, Source, Span

# Seconds that a clip may reach beyond its source: the last frame's length is often not counted.
BEYOND_END = 0.25
# Seconds that it may reach before the first picture: cameras begin with some frames of sound.
BEFORE_START = 0.25


def files_read(plan: CutPlan) -> Iterator[Path]:
    """All files that the plan reads."""
    for source in plan.sources:
        yield from map(Path, source.files)
    yield from (Path(lane.path) for clip in plan.clips for lane in clip.lanes)


def check_not_overwriting(files: Iterable[Path], keep: Iterable[Path]) -> None:
    """Raises OutputError for one of `files` that is also one of `keep`: ids are edited by hand."""
    kept = {path.resolve() for path in keep}
    for path in files:
        if path.resolve() in kept:
            raise OutputError(
                path, "is read and would be replaced", "name another folder with -o, or edit the id"
            )


def read_source(source: Source, copies: Mapping[str, Path] | None = None) -> list[Footage]:
    """The files of the source as planned, read where `copies` name another place for them.

    Raises FootageError for one that can't be read, PlanError when they are no longer what the plan
    was made from.
    """
    parts = [probe((copies or {}).get(file, file)) for file in source.files]
    size = join_chapters(parts).size
    if size != source.size:
        raise PlanError(
            parts[0].path,
            f"has changed since the plan was made ({size:,} bytes, not {source.size:,})",
            "make the plan again",
        )
    return [_as_planned(part, source) for part in parts]


def _as_planned(footage: Footage, source: Source) -> Footage:
    """`footage` with what the plan says of it. Raises PlanError for a channel that it lacks."""
    footage = replace(footage, picture=source.picture or WHOLE)
    if source.channel is None:
        return footage
    if source.channel >= (footage.audio_channels or 0):
        raise PlanError(
            footage.path,
            f"has no sound channel {source.channel} (they are counted from 0)",
            "correct the `channel` of this source in the plan, or take it out",
        )
    return replace(footage, channel=OneChannel(source.channel, source.channel_why))


def check_spans(clip: Clip, footage: Mapping[str, Footage]) -> None:
    """Raises PlanError for a span of `clip` that has no picture at its start or its end."""
    for span in clip.spans:
        source = footage[span.source]
        if span.start < source.first_picture - BEFORE_START:
            raise PlanError(
                f"clip {clip.id}",
                f"starts at {span.start:.2f} s, but the first picture of {source.path.name} is at "
                f"{source.first_picture:.2f} s",
                "correct its start in the plan",
            )
        check_end(clip, span, source.duration)


def check_end(clip: Clip, span: Span, duration: float) -> None:
    """Raises PlanError when a span of `clip` ends after its source of `duration` seconds."""
    if span.end > duration + BEYOND_END:
        raise PlanError(
            f"clip {clip.id}",
            f"ends at {span.end:.2f} s, but {PurePath(span.source).name} at {duration:.2f} s",
            "correct its end in the plan",
        )


def check_lanes(clip: Clip) -> None:
    """Raises FootageError for a lane of `clip` whose file holds no sound."""
    for lane in clip.lanes:
        check_sound(Path(lane.path))
