"""Captions drawn on a whole video that otherwise stays as it is: size, times, sound.

source -> upright, square pixels, bt709 -> captions -> H.264, each frame at its own time
sound --------------------------------------------> copied, or AAC
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import ffmpeg

from btsclip import captions as captioning
from btsclip.captions.overlays import Overlay
from btsclip.errors import RenderError
from btsclip.media.chapters import source_options
from btsclip.media.footage import Footage
from btsclip.media.output import output_error, publish, refuse_existing, staging
from btsclip.plan.model import Caption, Clip, Span
from btsclip.presets.schema import Preset
from btsclip.render import compose, encoders, process
from btsclip.render.color import color_options, scaled, with_matrix
from btsclip.render.graph import CAPTIONS, VIDEO, recorded_at
from btsclip.render.loudness import RATE
from btsclip.render.run import SUBTITLES

# Bits a second of AAC for each channel, and the rates that it knows of those footage has.
CHANNEL_BITS, MOST_BITS = 96_000, 510_000
AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)
# Seconds by which frames' distances may differ from the source's (a file counts in milliseconds
# or finer), and where sound begins and ends beside the picture: two frames of AAC where it is
# copied, as much again for what another coding holds back.
PACE, STEP = 0.0021, 0.05


def output_files(target: Path) -> tuple[Path, ...]:
    """All files that `burn` makes; the video comes last, so that one that is there is complete."""
    return (*(target.with_name(f"{target.stem}.{form}") for form in SUBTITLES), target)


def burn_captions(
    footage: Footage,
    captions: Sequence[Caption],
    preset: Preset,
    target: Path,
    *,
    force: bool = False,
    progress: Callable[[float], None] | None = None,
) -> tuple[Path, ...]:
    """Draws `captions` on the whole of `footage` and writes `target` and its .srt and .vtt.

    `preset.output` has the picture's own size. Frames keep their times, the sound its loudness; of
    the metadata only title and time of recording stay. `progress` gets the part done, 0 to 1.
    Raises CaptionError, RenderError, and OutputError for a target that can't be written or is there
    already (without `force`).
    """
    if not force:
        refuse_existing(output_files(target))
    clip = Clip(
        id="captioned", kind="process", score=0, why="asked for",
        spans=[Span(source=str(footage.path), start=0, end=footage.duration, layout="fit-blur")],
        captions=list(captions),
    )  # fmt: skip
    document = captioning.ass_for(clip, preset) or ""
    laid = captioning.overlays_for(clip, preset)

    def on_time(done: float) -> None:
        if progress:
            progress(min(0.95, 0.95 * done / footage.duration))

    with staging(target.parent) as folder:
        try:
            (folder / CAPTIONS).write_text(document, "utf-8")
            compose.write_overlays(laid, folder)
            fonts = captioning.fonts_folder(folder)
            for form in SUBTITLES:
                text = captioning.subtitles(captions, form)
                (folder / f"captions.{form}").write_text(text, "utf-8")
        except OSError as error:
            raise output_error(target, error) from error
        process.run_ffmpeg(arguments(footage, preset, fonts, laid), folder, on_time)
        verify(footage, folder / VIDEO, preset)
        names = [*(f"captions.{form}" for form in SUBTITLES), VIDEO]
        publish(zip([folder / name for name in names], output_files(target), strict=True), force)
    if progress:
        progress(1.0)
    return output_files(target)


def arguments(
    footage: Footage, preset: Preset, fonts: Path, laid: Sequence[Overlay] = ()
) -> list[str]:
    """ffmpeg's arguments that make VIDEO from the footage and, in the temp folder, CAPTIONS with
    the fonts of the folder `fonts`, and the pictures `laid` over them."""
    output = preset.output
    name, reading = source_options(footage)
    source = ffmpeg.input(name, **reading)
    picture = with_matrix(source[str(footage.video_stream)], footage)
    picture = color_options(scaled(picture, output.width, output.height, footage), footage)
    picture = picture.filter("setsar", "1")
    picture = picture.filter("ass", filename=CAPTIONS, fontsdir=str(fonts))
    streams = [compose.lay_over(picture, laid, output.fps)]
    options: dict[str, str | int] = {
        **encoders.arguments(encoders.SOFTWARE, output),
        "pix_fmt": "yuv420p",
        "fps_mode": "passthrough",
        # Else times would be rounded to the mean rate.
        "enc_time_base": "demux",
        "movflags": "+faststart",
        "map_metadata": -1,
        "map_chapters": -1,
    }
    if footage.audio_stream is not None:
        streams.append(source[str(footage.audio_stream)])
        options |= _sound(footage)
    if footage.title:
        options["metadata:g:0"] = f"title={footage.title}"
    if footage.created:
        options["metadata:g:1"] = f"creation_time={recorded_at(footage.created, 0.0)}"
    return ["-loglevel", "error", *ffmpeg.output(*streams, VIDEO, **options).get_args()]


def _sound(footage: Footage) -> dict[str, str | int]:
    """Copied where it is AAC already; else as AAC with its own rate, where AAC knows that."""
    if footage.audio_codec == "aac":
        return {"c:a": "copy"}
    bits = min(MOST_BITS, CHANNEL_BITS * (footage.audio_channels or 2))
    rate = footage.audio_rate if footage.audio_rate in AAC_RATES else RATE
    return {"c:a": "aac", "b:a": bits, "ar": rate or RATE}


@dataclass(frozen=True)
class _Times:
    """Size of a file's picture, its frames' times and the first and last time of its sound."""

    size: tuple[int, int]
    frames: list[float]
    sound: tuple[float, float] | None


def verify(footage: Footage, made: Path, preset: Preset) -> None:
    """Checks that `made` decodes and has the frames, times and sound of `footage`.

    Raises RenderError that names the first thing that differs.
    """
    before = _times(footage.path, footage.video_stream, footage.audio_stream)
    after = _times(made, 0, 1 if footage.audio_stream is not None else None)
    for what, is_so in _compared(footage, before, after, preset):
        if not is_so:
            raise RenderError(made.name, f"did not pass its check: {what}", "please report this")
    process.run_ffmpeg(
        [
            "-loglevel", "error", "-xerror", "-skip_loop_filter", "all", "-i", made.name,
            "-map", "0", "-f", "null", "-",
        ],
        made.parent,
    )  # fmt: skip


def _compared(
    footage: Footage, before: _Times, after: _Times, preset: Preset
) -> list[tuple[str, bool]]:
    """What was checked, in the words of an error, and whether it is so."""
    size = preset.output.width, preset.output.height
    counts = len(after.frames), len(before.frames)
    checks = [
        (f"size is {after.size[0]}x{after.size[1]}", after.size == size),
        ("{} frames instead of {}".format(*counts), abs(counts[0] - counts[1]) <= 1),
    ]
    if counts[0] == counts[1]:
        steps = [[b - a for a, b in pairwise(times.frames)] for times in (before, after)]
        apart = max((abs(a - b) for a, b in zip(*steps, strict=True)), default=0.0)
        checks.append((f"frames are {apart:.3f} s off their times", apart <= PACE))
    length = _length(after.frames) - _length(before.frames)
    longest = max((b - a for a, b in pairwise(before.frames)), default=1.0)
    checks.append((f"it is {length:+.3f} s longer", abs(length) <= max(STEP, 1.5 * longest)))
    if before.sound:
        checks.append(("sound", after.sound is not None))
        starts, ends = (_lag(before, end) - _lag(after, end) for end in (0, 1))
        allowed = STEP if footage.audio_codec == "aac" else 2 * STEP
        checks.append((f"sound begins {starts:+.3f} s off", abs(starts) <= allowed))
        checks.append((f"sound ends {ends:+.3f} s off", abs(ends) <= allowed))
    return checks


def _length(times: Sequence[float]) -> float:
    return times[-1] - times[0] if times else 0.0


def _lag(times: _Times, end: int) -> float:
    """Seconds from the first frame to where the sound begins (`end` 0) or ends (1)."""
    return (times.sound[end] - times.frames[0]) if times.sound and times.frames else 0.0


def _times(path: Path, video: int, audio: int | None) -> _Times:
    """Read from the packets, without decoding."""
    import av

    with av.open(str(path.resolve())) as file:
        picture = file.streams.video[0].codec_context
        streams = [file.streams[index] for index in (video, audio) if index is not None]
        found: dict[int, list[tuple[float, float]]] = {stream.index: [] for stream in streams}
        for packet in file.demux(streams):
            at = packet.dts if packet.pts is None else packet.pts
            if at is None or not packet.size or packet.is_discard or not packet.time_base:
                continue
            length = packet.duration or 0
            span = float(at * packet.time_base), float((at + length) * packet.time_base)
            found[packet.stream.index].append(span)
        heard = found.get(audio, []) if audio is not None else []
        return _Times(
            (picture.width, picture.height),
            sorted(start for start, _ in found[video]),
            (min(heard)[0], max(end for _, end in heard)) if heard else None,
        )
