"""Rendering a cut plan: everything is checked first, then clip after clip is made and published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from btsclip import captions
from btsclip.captions.overlays import Overlay
from btsclip.captions.title import Title
from btsclip.errors import RenderError
from btsclip.media.chapters import write_script
from btsclip.media.footage import Footage
from btsclip.media.output import disk_full, output_error, publish, refuse_existing, staging
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.presets.schema import Output, Preset
from btsclip.render import (
    blur,
    cards,
    compose,
    encoders,
    graph,
    mix,
    process,
    unseen,
    verify,
)
from btsclip.render.check import check_plan, cover_title, overlays_of
from btsclip.render.sidecar import sidecar
from btsclip.render.sources import check_not_overwriting, files_read
from btsclip.render.timeline import end_card_frames

SUBTITLES: tuple[Literal["srt"], Literal["vtt"]] = ("srt", "vtt")

Progress = Callable[[Clip, float], None]

# Bytes a second beside the picture: sound as PCM and AAC, still, cover.
SOUND_BYTES = 48_000 * 8 + 30_000
STILL_BYTES = 8_000_000


@dataclass(frozen=True)
class RenderedClip:
    """The files of one finished clip and the plan's entry they were made from; `subtitles` are its
    captions as SRT and VTT, none where it has none."""

    path: Path
    sidecar: Path
    cover: Path
    subtitles: tuple[Path, ...]
    clip: Clip

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them; the clip comes last, so that one that is there is complete."""
        return (self.cover, self.sidecar, *self.subtitles, self.path)


@dataclass(frozen=True)
class _Job:
    """A clip together with all that its making needs."""

    clip: Clip
    source: Source
    footage: Mapping[str, Footage]
    preset: Preset
    preset_name: str
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
    """Renders every enabled clip of `plan` into the folder `out`, in order.

    Each clip becomes ID.mp4, ID.json, ID.jpg and, with captions, ID.srt and ID.vtt, which appear
    whole or not at all. Sources that `copies` names are read there instead. Sidecars name files as
    seen from `home`, where the results are to lie in the end (default: `out`). `threads` are those
    of one ffmpeg, 0 for as many as are useful. Sources and the files in `keep` are never replaced,
    not even with `force`. `progress` gets the clip and the part done, 0 to 1.

    Raises, before any work: OutputError for results that are there already (without `force`), a
    folder that can't be written to or a disk too full; ToolError for an encoder that does not work;
    FootageError, PlanError and CaptionError for what can't be made, see check_plan. While working:
    RenderError and OutputError; clips finished before that stay.
    """
    out = Path(out)
    clips = [clip for clip in plan.clips if clip.enabled]
    results = [files_of(out, clip) for clip in clips]
    files = [path for result in results for path in result.files]
    check_not_overwriting(files, [*keep, *files_read(plan)])
    if not force:
        refuse_existing(files)
    chosen = encoders.choose_encoder(encoder)
    footage = check_plan(plan, preset, copies)
    sources = {source.path: source for source in plan.sources}
    jobs = [
        _Job(
            clip, sources[clip.spans[0].source], footage, preset, plan.preset, chosen, threads,
            result, home or out, cover_title(clip, preset),
        )
        for clip, result in zip(clips, results, strict=True)
    ]  # fmt: skip
    for job in jobs:
        with staging(out) as folder:
            _check_space(folder, job)
            _make(job, folder, progress)
            publish(_pairs(folder, job.result), force)
        if progress:
            progress(job.clip, 1.0)
    return results


def files_of(out: Path, clip: Clip) -> RenderedClip:
    """The files that rendering `clip` into the folder `out` makes."""
    # The id may hold a dot: with_suffix would take a part of it away.
    path, record, cover = (out / f"{clip.id}.{kind}" for kind in ("mp4", "json", "jpg"))
    texts = tuple(out / f"{clip.id}.{form}" for form in SUBTITLES) if _has_texts(clip) else ()
    return RenderedClip(path, record, cover, texts, clip)


def _check_space(folder: Path, job: _Job) -> None:
    """Before minutes of work: is there room for the clip at its highest rate?"""
    if shutil.disk_usage(folder).free < max_clip_bytes(job.clip.seconds_in_all, job.preset.output):
        raise disk_full(folder.parent)


def max_clip_bytes(seconds: float, output: Output) -> float:
    """The most bytes that making a clip of so many seconds takes."""
    return seconds * (_bytes_per_second(output) + SOUND_BYTES) + STILL_BYTES


def _bytes_per_second(output: Output) -> float:
    return int(output.maxrate[:-1]) * {"k": 1e3, "M": 1e6}[output.maxrate[-1]] / 8


def _make(job: _Job, folder: Path, progress: Progress | None) -> None:
    """Makes and checks the clip's files in the temp folder."""
    clip, output = job.clip, job.preset.output
    frames = graph.frame_count(clip, output)
    seconds = frames / output.fps
    for span in clip.spans:
        write_script(job.footage[span.source], folder)
    fonts = _write_captions(job, folder)
    laid = _write_pictures(job, folder, seconds)
    silent = end_card_frames(clip, output) / output.fps
    sound = mix.make_sound(job.footage, clip, job.preset, folder, seconds, silent)

    def on_time(done: float) -> None:
        # The check that follows takes the last part of the time.
        if progress:
            progress(clip, min(0.95, 0.95 * done / seconds))

    clip = _draw(job, folder, fonts, laid, on_time)
    asked = verify.ExpectedOutput(output, job.preset.sound, frames, level_set=sound.reached)
    sound = replace(sound, after=verify.verify(folder / graph.VIDEO, asked))
    record = sidecar(
        clip, job.source, job.preset, job.preset_name, sound, seconds, job.encoder, job.home
    )
    try:
        cards.make_cover(folder / graph.STILL, job.title, folder / "cover.jpg")
        (folder / "clip.json").write_text(record.model_dump_json(indent=2) + "\n", "utf-8")
        for form in SUBTITLES:
            (folder / f"clip.{form}").write_text(captions.subtitles(clip.captions, form), "utf-8")
    except OSError as error:
        raise output_error(job.result.path.parent, error) from error


def _draw(
    job: _Job,
    folder: Path,
    fonts: Path | None,
    laid: Sequence[Overlay],
    on_time: Callable[[float], None],
) -> Clip:
    """Makes the clip's picture with its sound; where a face was left that should not be seen, again
    with that one blurred. The clip as it was made in the end."""
    clip = job.clip
    for _ in range(unseen.TRIES):
        blur.write_masks(clip.spans, job.footage, job.preset.output.fps, folder)
        cards.write_cards(job.footage, clip, job.preset, folder)
        arguments = graph.clip_arguments(
            job.footage, clip, job.preset, job.encoder, fonts, laid, job.threads
        )
        feeding = graph.feeding_arguments(job.footage, clip, job.preset, job.threads)
        process.run_ffmpeg(arguments, folder, on_time, feeding)
        left = unseen.find_uncovered_faces(
            folder / graph.VIDEO, clip, job.footage, job.preset, laid
        )
        if not left:
            return clip
        clip = unseen.add_blur(clip, left)
    raise RenderError(
        f"clip {clip.id}", "shows a face that could not be blurred",
        "add it to its span's `blur` in the plan, or take the clip out",
    )  # fmt: skip


def _write_captions(job: _Job, folder: Path) -> Path | None:
    """Writes the clip's ASS file; the fonts' folder, or None when there is no text."""
    text = captions.ass_for(job.clip, job.preset)
    if text is None:
        return None
    try:
        (folder / graph.CAPTIONS).write_text(text, "utf-8")
        return captions.fonts_folder(folder)
    except OSError as error:
        raise output_error(job.result.path.parent, error) from error


def _write_pictures(job: _Job, folder: Path, seconds: float) -> list[Overlay]:
    """Writes the pictures that are laid over the clip of `seconds`, and that of its end card."""
    laid = overlays_of(job.clip, job.preset, seconds)
    cards.write_end_card(job.clip, job.preset, folder)
    try:
        compose.write_overlays(laid, folder)
    except OSError as error:
        raise output_error(job.result.path.parent, error) from error
    return laid


def _has_texts(clip: Clip) -> bool:
    """Whether anything is written on the clip; a sticker is no text."""
    return any(caption.role != "sticker" for caption in clip.captions)


def _pairs(folder: Path, result: RenderedClip) -> list[tuple[Path, Path]]:
    """Made and final paths, in the order of publishing."""
    names = ("cover.jpg", "clip.json", *(f"clip{path.suffix}" for path in result.subtitles))
    return [
        (folder / name, path)
        for name, path in zip((*names, graph.VIDEO), result.files, strict=True)
    ]
