"""Rendering a cut plan: check everything first, then make and publish one clip after another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from btsclip.captions import Overlay, Title, ass_for, fonts_folder, format_subtitles
from btsclip.errors import RenderError
from btsclip.media import (
    Footage,
    disk_full,
    output_error,
    publish,
    refuse_existing,
    staging,
    write_script,
)
from btsclip.plan import Clip, CutPlan, Source
from btsclip.presets import Output, Preset
from btsclip.render import (
    blur,
    cards,
    compose,
    encoders,
    face_check,
    graph,
    loudness,
    mix,
    process,
    verify,
)
from btsclip.render.check import check_plan, cover_title, overlays_of
from btsclip.render.sidecar import sidecar
from btsclip.render.sources import check_not_overwriting, files_read, source_warnings
from btsclip.render.timeline import end_card_frames, frame_count

SUBTITLES: tuple[Literal["srt"], Literal["vtt"]] = ("srt", "vtt")

Progress = Callable[[Clip, float], None]

# Bytes a second of sound, as PCM and AAC.
SOUND_BYTES = 48_000 * 8 + 30_000
# Bytes of still and cover.
STILL_BYTES = 8_000_000


@dataclass(frozen=True)
class RenderedClip:
    """The files of one finished clip and its entry in the plan, with warnings about its sound;
    `subtitles` are its captions as SRT and VTT, empty for a clip without any."""

    path: Path
    sidecar: Path
    cover: Path
    subtitles: tuple[Path, ...]
    clip: Clip

    @property
    def files(self) -> tuple[Path, ...]:
        """All files; the clip is last, so that a clip that exists is complete."""
        return (self.cover, self.sidecar, *self.subtitles, self.path)


@dataclass(frozen=True)
class _Job:
    """One clip to render, and everything needed for it."""

    clip: Clip
    sources: Mapping[str, Source]
    footage: Mapping[str, Footage]
    preset: Preset
    look: tuple[str, str]
    encoder: str
    threads: int
    result: RenderedClip
    home: Path
    title: Title | None


def render(
    plan: CutPlan,
    preset: Preset,
    out: Path,
    *,
    force: bool = False,
    encoder: str = "libx264",
    threads: int = 0,
    home: Path | None = None,
    keep: Sequence[Path] = (),
    copies: Mapping[str, Path] | None = None,
    progress: Progress | None = None,
) -> list[RenderedClip]:
    """Render every enabled clip of `plan` into the folder `out`, in order.

    Each clip becomes ID.mp4, ID.json, ID.jpg and, with captions, ID.srt and ID.vtt. They appear
    complete or not at all.

    Raises, before any work: OutputError for results that already exist (without `force`), a folder
    that can't be written to or a disk that is too full; ToolError for an encoder that does not
    work; FootageError, PlanError and CaptionError as check_plan does. While working: RenderError
    and OutputError; clips finished before that stay.

    Args:
        force: Replace results that exist, but never sources or files in `keep`.
        threads: Threads of one ffmpeg; 0 leaves the number to ffmpeg.
        home: The final folder of the results, from which sidecars name files. Default: `out`.
        keep: Files that must not be replaced.
        copies: Copies to read instead, by the path of the source.
        progress: Gets each clip and the share of it that is done, 0..1.
    """
    out = Path(out)
    clips = [clip for clip in plan.clips if clip.enabled]
    results = [files_of(out, clip) for clip in clips]
    files = [path for result in results for path in result.files]
    check_not_overwriting(files, [*keep, *files_read(plan)])
    if not force:
        refuse_existing(files)
    usable_encoder = encoders.choose_encoder(encoder)
    footage = check_plan(plan, preset, copies)
    sources = {source.path: source for source in plan.sources}
    jobs = [
        _Job(
            clip, sources, footage, preset,
            (plan.preset, plan.brand), usable_encoder, threads, result, home or out,
            cover_title(clip, preset),
        )
        for clip, result in zip(clips, results, strict=True)
    ]  # fmt: skip
    finished = []
    for job in jobs:
        with staging(out) as folder:
            _check_space(folder, job)
            warnings = _make_clip(job, folder, progress)
            publish(_moves(folder, job.result), force)
        finished.append(_with_warnings(job.result, warnings))
        if progress:
            progress(job.clip, 1.0)
    return finished


def files_of(out: Path, clip: Clip) -> RenderedClip:
    """The files that rendering `clip` into the folder `out` makes."""
    # The id may have a dot, at which with_suffix would cut it.
    path, record, cover = (out / f"{clip.id}.{kind}" for kind in ("mp4", "json", "jpg"))
    texts = tuple(out / f"{clip.id}.{form}" for form in SUBTITLES) if _has_texts(clip) else ()
    return RenderedClip(path, record, cover, texts, clip)


def _check_space(folder: Path, job: _Job) -> None:
    """Check that the disk has room for the clip at its maximum bit rate. Raises OutputError."""
    if shutil.disk_usage(folder).free < max_clip_bytes(job.clip.seconds_in_all, job.preset.output):
        raise disk_full(folder.parent)


def max_clip_bytes(seconds: float, output: Output) -> float:
    """The maximum number of bytes needed to render a clip of `seconds`."""
    return seconds * (_bytes_per_second(output) + SOUND_BYTES) + STILL_BYTES


def _bytes_per_second(output: Output) -> float:
    return int(output.maxrate[:-1]) * {"k": 1e3, "M": 1e6}[output.maxrate[-1]] / 8


def _with_warnings(result: RenderedClip, warnings: list[str]) -> RenderedClip:
    clip = result.clip
    return replace(result, clip=clip.model_copy(update={"warnings": [*clip.warnings, *warnings]}))


def _make_clip(job: _Job, folder: Path, progress: Progress | None) -> list[str]:
    """Make and check the clip's files in the temp folder. Returns warnings about its source
    and its sound."""
    clip, output = job.clip, job.preset.output
    frames = frame_count(clip, output)
    seconds = frames / output.fps
    for span in clip.spans:
        write_script(job.footage[span.source], folder)
    fonts = _write_captions(job, folder)
    overlays = _write_pictures(job, folder, seconds)
    silent = end_card_frames(clip, output) / output.fps
    sound = mix.make_sound(job.footage, clip, job.preset, folder, seconds, silent)

    def on_time(done: float) -> None:
        # The rest is for the check that follows.
        if progress:
            progress(clip, min(0.95, 0.95 * done / seconds))

    clip = _render_picture(job, folder, fonts, overlays, on_time)
    expected = verify.ExpectedOutput(output, job.preset.sound, frames, level_set=sound.reached)
    sound = replace(sound, after=verify.verify(folder / graph.VIDEO, expected))
    source = job.sources[clip.spans[0].source]
    record = sidecar(clip, source, job.preset, job.look, sound, seconds, job.encoder, job.home)
    try:
        cards.make_cover(folder / graph.STILL, job.title, folder / "cover.jpg")
        (folder / "clip.json").write_text(record.model_dump_json(indent=2) + "\n", "utf-8")
        for form in SUBTITLES:
            (folder / f"clip.{form}").write_text(format_subtitles(clip.captions, form), "utf-8")
    except OSError as error:
        raise output_error(job.result.path.parent, error) from error
    warnings = source_warnings(clip, job.sources, job.footage)
    return [*warnings, *loudness.warnings_of(sound, job.preset.sound)]


def _render_picture(
    job: _Job,
    folder: Path,
    fonts: Path | None,
    overlays: Sequence[Overlay],
    on_time: Callable[[float], None],
) -> Clip:
    """Render VIDEO, again with more blur while it shows a face that must not be seen. Returns the
    clip as it was finally rendered."""
    clip = job.clip
    for _ in range(face_check.MAX_TRIES):
        blur.write_masks(clip.spans, job.footage, job.preset.output.fps, folder)
        cards.write_cards(job.footage, clip, job.preset, folder)
        arguments = graph.clip_arguments(
            job.footage, clip, job.preset, job.encoder, fonts, overlays, job.threads
        )
        feeding = graph.feeding_arguments(job.footage, clip, job.preset, job.threads)
        process.run_ffmpeg(arguments, folder, on_time, feeding)
        uncovered = face_check.find_uncovered_faces(
            folder / graph.VIDEO, clip, job.footage, job.preset, overlays
        )
        if not uncovered:
            return clip
        clip = face_check.add_blur(clip, uncovered)
    raise RenderError(
        f"clip {clip.id}", "shows a face that could not be blurred",
        "add it to its span's `blur` in the plan, or take the clip out",
    )  # fmt: skip


def _write_captions(job: _Job, folder: Path) -> Path | None:
    """Write the clip's ASS file. Returns the folder of its fonts, or None without text."""
    text = ass_for(job.clip, job.preset)
    if text is None:
        return None
    try:
        (folder / graph.CAPTIONS).write_text(text, "utf-8")
        return fonts_folder(folder)
    except OSError as error:
        raise output_error(job.result.path.parent, error) from error


def _write_pictures(job: _Job, folder: Path, seconds: float) -> list[Overlay]:
    """Write the overlays of the clip of `seconds`, and the picture of its end card."""
    overlays = overlays_of(job.clip, job.preset, seconds)
    cards.write_end_card(job.clip, job.preset, folder)
    try:
        compose.write_overlays(overlays, folder)
    except OSError as error:
        raise output_error(job.result.path.parent, error) from error
    return overlays


def _has_texts(clip: Clip) -> bool:
    """Whether the clip has captions with text; stickers have none."""
    return any(caption.role != "sticker" for caption in clip.captions)


def _moves(folder: Path, result: RenderedClip) -> list[tuple[Path, Path]]:
    """Temporary and final paths, in the order of publishing."""
    names = ("cover.jpg", "clip.json", *(f"clip{path.suffix}" for path in result.subtitles))
    return [
        (folder / name, path)
        for name, path in zip((*names, graph.VIDEO), result.files, strict=True)
    ]
