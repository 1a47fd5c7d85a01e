"""The files that a plan reads, checked before they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from btsclip.errors import OutputError, PlanError
from btsclip.geometry import WHOLE
from btsclip.intervals import common
from btsclip.media import (
    Footage,
    OneChannel,
    SoundChoice,
    check_sound,
    join_chapters,
    play,
    probe,
    recorded_fingerprint,
    track_fault,
)
from btsclip.plan import Clip, CutPlan, Source, Span
from btsclip.wording import clock, no_pictures

# Seconds that a span may end after its source: many files do not count the last frame's length.
MAX_AFTER_END = 0.25
# Seconds that a span may start before the first picture: cameras begin with some frames of sound.
MAX_BEFORE_START = 0.25
# Seconds without a picture that nobody notices.
MAX_LOST = 0.1


def files_read(plan: CutPlan) -> Iterator[Path]:
    """All files that the plan reads."""
    for source in plan.sources:
        yield from map(Path, source.files)
    yield from (Path(lane.path) for clip in plan.clips for lane in clip.lanes)


def check_not_overwriting(files: Iterable[Path], keep: Iterable[Path]) -> None:
    """Check that no path of `files` is also in `keep`, as it may be after an edit of a clip's id.

    Raises OutputError for the first that is.
    """
    kept = {path.resolve() for path in keep}
    for path in files:
        if path.resolve() in kept:
            raise OutputError(
                path, "is read and would be replaced", "name another folder with -o, or edit the id"
            )


def read_source(source: Source, copies: Mapping[str, Path] | None = None) -> list[Footage]:
    """The source's files with the plan's settings, read from their copy if they are in `copies`.

    A file that only grew since the plan was made still holds all that was planned. Raises
    FootageError for a file that can't be read, and PlanError when the source has changed.
    """
    parts = [probe((copies or {}).get(file, file)) for file in source.files]
    size = join_chapters(parts).size
    if size != source.size and not _only_grew(source, parts):
        raise PlanError(
            parts[0].path,
            f"has changed since the plan was made ({size:,} bytes, not {source.size:,})",
            "make the plan again",
        )
    return [_with_settings(part, source) for part in parts]


def _only_grew(source: Source, parts: Sequence[Footage]) -> bool:
    if len(parts) > 1 or parts[0].size < source.size or not source.fingerprints:
        return False
    try:
        return recorded_fingerprint(parts[0].path, source.size) == source.fingerprints[0]
    except OSError:
        return False


def source_warnings(
    clip: Clip, sources: Mapping[str, Source], footage: Mapping[str, Footage]
) -> list[str]:
    """Warnings about the sources of `clip`: files that have grown since they were planned, and
    parts without pictures that an edited span shows. Both mappings are by the source's path."""
    warnings = []
    for path in dict.fromkeys(span.source for span in clip.spans):
        source, name = sources[path], footage[path].path.name
        if footage[path].size != source.size:
            seconds = clock(source.duration)
            warnings.append(
                f"{name} has grown since it was planned: only its first {seconds} were looked at"
            )
        spans = [(span.start, span.end) for span in clip.spans if span.source == path]
        shown = [common(span, part) for span in spans for part in source.lost]
        if lost := [part for part in shown if part[1] - part[0] > MAX_LOST]:
            warnings.append(f"{name} {no_pictures(lost)}: the clip shows a still picture there")
    return warnings


def _with_settings(footage: Footage, source: Source) -> Footage:
    """`footage` with the source's picture area, audio tracks and channel. Raises PlanError for a
    track or a channel that does not exist."""
    footage = with_tracks(replace(footage, picture=source.picture or WHOLE), source)
    if source.channel is None:
        return footage
    if source.channel >= (footage.audio_channels or 0):
        raise PlanError(
            footage.path,
            f"has no sound channel {source.channel} (they are counted from 0)",
            "correct the `channel` of this source in the plan, or take it out",
        )
    return replace(footage, channel=OneChannel(source.channel, source.channel_why))


def with_tracks(footage: Footage, source: Source) -> Footage:
    """`footage` with the source's audio tracks. Raises PlanError for a track that does not exist or
    can't be decoded."""
    if not source.audio_tracks and not source.audio_why:
        return footage
    if fault := track_fault(footage, source.audio_tracks):
        raise PlanError(
            footage.path, fault, "correct the `audio_tracks` of this source in the plan"
        )
    return play(footage, SoundChoice(tuple(source.audio_tracks), source.audio_why))


def check_spans(clip: Clip, footage: Mapping[str, Footage]) -> None:
    """Check that each span of `clip` has pictures at its start and its end. Raises PlanError."""
    for span in clip.spans:
        source = footage[span.source]
        if span.start < source.first_picture - MAX_BEFORE_START:
            raise PlanError(
                f"clip {clip.id}",
                f"starts at {span.start:.2f} s, but the first picture of {source.path.name} is at "
                f"{source.first_picture:.2f} s",
                "correct its start in the plan",
            )
        check_end(clip, span, source.duration)


def check_end(clip: Clip, span: Span, duration: float) -> None:
    """Check that a span of `clip` ends within its source of `duration` seconds. Raises
    PlanError."""
    if span.end > duration + MAX_AFTER_END:
        raise PlanError(
            f"clip {clip.id}",
            f"ends at {span.end:.2f} s, but {PurePath(span.source).name} at {duration:.2f} s",
            "correct its end in the plan",
        )


def check_lanes(clip: Clip) -> None:
    """Check that the file of each lane of `clip` has sound. Raises FootageError."""
    for lane in clip.lanes:
        check_sound(Path(lane.path))
