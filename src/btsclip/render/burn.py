"""Captions drawn on a complete video, which keeps its size, its times and its sound.

source -> upright, square pixels, bt709 -> captions -> H.264, each frame at its own time
sound --------------------------------------------> copied, or AAC
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import ffmpeg

from btsclip.captions import Overlay, ass_for, fonts_folder, format_subtitles, overlays_for
from btsclip.errors import FootageError, RenderError
from btsclip.media import (
    Footage,
    find_damage,
    output_error,
    publish,
    read_packets,
    refuse_existing,
    sound_stream,
    source_options,
    staging,
)
from btsclip.plan import Caption, Clip, Span
from btsclip.presets import Preset
from btsclip.render import compose, encoders, process
from btsclip.render.color import scale_picture, to_bt709
from btsclip.render.deinterlace import whole_pictures
from btsclip.render.graph import CAPTIONS, VIDEO, recorded_at
from btsclip.render.loudness import RATE
from btsclip.render.run import SUBTITLES
from btsclip.wording import no_pictures

# AAC bits a second of each channel, and of all of them.
CHANNEL_BITS = 96_000
MAX_BITS = 510_000
# Sample rates of footage that AAC supports.
AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)
# Seconds by which the time between two frames may change: files count in milliseconds or finer.
MAX_FRAME_SHIFT = 0.0021
# Seconds by which copied sound may shift against the picture, two frames of AAC. Encoded sound may
# shift twice as far, by its encoder's delay.
MAX_SOUND_SHIFT = 0.05


def output_files(target: Path) -> tuple[Path, ...]:
    """All files that `burn_captions` makes; the video is last, so that a video that exists is
    complete."""
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
    """Draw `captions` on all of `footage`, and write `target` and its .srt and .vtt.

    `preset.output` has the size of the footage. Frames keep their times, and sound its loudness;
    title and time of recording are the only metadata kept. `progress` gets the share done, 0..1.

    Raises CaptionError, RenderError, FootageError for damaged footage, and OutputError for a target
    that can't be written or already exists (without `force`).
    """
    if not force:
        refuse_existing(output_files(target))
    clip = Clip(
        id="captioned", kind="process", score=0, why="asked for",
        spans=[Span(source=str(footage.path), start=0, end=footage.duration, layout="fit-blur")],
        captions=list(captions),
    )  # fmt: skip
    document = ass_for(clip, preset) or ""
    overlays = overlays_for(clip, preset)

    def on_time(done: float) -> None:
        if progress:
            progress(min(0.95, 0.95 * done / footage.duration))

    with staging(target.parent) as folder:
        try:
            (folder / CAPTIONS).write_text(document, "utf-8")
            compose.write_overlays(overlays, folder)
            fonts = fonts_folder(folder)
            for form in SUBTITLES:
                text = format_subtitles(captions, form)
                (folder / f"captions.{form}").write_text(text, "utf-8")
        except OSError as error:
            raise output_error(target, error) from error
        try:
            process.run_ffmpeg(arguments(footage, preset, fonts, overlays), folder, on_time)
            _verify(footage, folder / VIDEO, preset)
        except RenderError as error:
            _check_for_damage(footage, error)
            raise
        names = [*(f"captions.{form}" for form in SUBTITLES), VIDEO]
        publish(zip([folder / name for name in names], output_files(target), strict=True), force)
    if progress:
        progress(1.0)
    return output_files(target)


def arguments(
    footage: Footage, preset: Preset, fonts: Path, overlays: Sequence[Overlay] = ()
) -> list[str]:
    """ffmpeg's arguments that make VIDEO from the footage, CAPTIONS with the fonts of the folder
    `fonts`, and the `overlays`, whose pictures are in the temp folder."""
    output = preset.output
    name, reading = source_options(footage)
    source = ffmpeg.input(name, **reading)
    picture = whole_pictures(source[str(footage.video_stream)], footage)
    picture = to_bt709(scale_picture(picture, output.width, output.height, footage), footage)
    picture = picture.filter("setsar", "1")
    picture = picture.filter("ass", filename=CAPTIONS, fontsdir=str(fonts))
    streams = [compose.add_overlays(picture, overlays, output.fps)]
    options: dict[str, str | int] = {
        **encoders.arguments(encoders.SOFTWARE, output),
        "pix_fmt": "yuv420p",
        "fps_mode": "passthrough",
        # Without it, times would be rounded to the mean rate.
        "enc_time_base:v": "demux",
        "movflags": "+faststart",
        "map_metadata": -1,
        "map_chapters": -1,
    }
    if footage.audio_stream is not None:
        streams.append(sound_stream(source, footage))
        options |= _sound_options(footage)
    if footage.title:
        options["metadata:g:0"] = f"title={footage.title}"
    if footage.created:
        options["metadata:g:1"] = f"creation_time={recorded_at(footage.created, 0.0)}"
    return ["-loglevel", "error", *ffmpeg.output(*streams, VIDEO, **options).get_args()]


def _sound_options(footage: Footage) -> dict[str, str | int]:
    """Copy AAC; encode other sound to AAC, at its own rate if AAC supports it."""
    if _is_copied(footage):
        return {"c:a": "copy"}
    bits = min(MAX_BITS, CHANNEL_BITS * (footage.audio_channels or 2))
    rate = footage.audio_rate if footage.audio_rate in AAC_RATES else RATE
    return {"c:a": "aac", "b:a": bits, "ar": rate or RATE}


def _is_copied(footage: Footage) -> bool:
    """Whether the sound is copied, not encoded: AAC in one stream."""
    return footage.audio_codec == "aac" and footage.right_stream is None


@dataclass(frozen=True)
class _Times:
    """A file's size in pixels, the times of its frames, and the start and end of its sound."""

    size: tuple[int, int]
    frames: list[float]
    sound: tuple[float, float] | None


def _check_for_damage(footage: Footage, error: RenderError) -> None:
    """Raise FootageError from `error` if the cause is damage in the footage."""
    if lost := [*footage.lost, *find_damage(footage, (0.0, footage.duration))]:
        raise FootageError(
            footage.path, no_pictures(lost),
            "copy it from the camera again, or cut what can be read with `btsclip cut`",
        ) from error  # fmt: skip


def _verify(footage: Footage, video: Path, preset: Preset) -> None:
    """Check that `video` decodes and has the frames, times and sound of `footage`.

    Raises RenderError with the first difference.
    """
    before = _read_times(footage.path, footage.video_stream, footage.audio_stream)
    after = _read_times(video, 0, 1 if footage.audio_stream is not None else None)
    for fault, passed in _compare(footage, before, after, preset):
        if not passed:
            raise RenderError(video.name, f"did not pass its check: {fault}", "please report this")
    process.run_ffmpeg(
        [
            "-loglevel", "error", "-xerror", "-skip_loop_filter", "all", "-i", video.name,
            "-map", "0", "-f", "null", "-",
        ],
        video.parent,
    )  # fmt: skip


def _compare(
    footage: Footage, before: _Times, after: _Times, preset: Preset
) -> list[tuple[str, bool]]:
    """Possible faults, and whether each check passed."""
    size = preset.output.width, preset.output.height
    counts = len(after.frames), len(before.frames)
    checks = [
        (f"size is {after.size[0]}x{after.size[1]}", after.size == size),
        ("{} frames instead of {}".format(*counts), abs(counts[0] - counts[1]) <= 1),
    ]
    if counts[0] == counts[1]:
        steps = [[b - a for a, b in pairwise(times.frames)] for times in (before, after)]
        shift = max((abs(a - b) for a, b in zip(*steps, strict=True)), default=0.0)
        checks.append((f"frames are {shift:.3f} s off their times", shift <= MAX_FRAME_SHIFT))
    length = _length(after.frames) - _length(before.frames)
    longest = max((b - a for a, b in pairwise(before.frames)), default=1.0)
    max_change = max(MAX_SOUND_SHIFT, 1.5 * longest)
    checks.append((f"its length changed by {length:+.3f} s", abs(length) <= max_change))
    if before.sound:
        checks.append(("sound is missing", after.sound is not None))
        starts, ends = (_sound_lag(before, end) - _sound_lag(after, end) for end in (0, 1))
        max_shift = MAX_SOUND_SHIFT if _is_copied(footage) else 2 * MAX_SOUND_SHIFT
        checks.append((f"sound begins {starts:+.3f} s off", abs(starts) <= max_shift))
        checks.append((f"sound ends {ends:+.3f} s off", abs(ends) <= max_shift))
    return checks


def _length(times: Sequence[float]) -> float:
    return times[-1] - times[0] if times else 0.0


def _sound_lag(times: _Times, end: int) -> float:
    """Seconds from the first frame to the start (`end` 0) or end (1) of the sound."""
    return (times.sound[end] - times.frames[0]) if times.sound and times.frames else 0.0


def _read_times(path: Path, video: int, audio: int | None) -> _Times:
    """The times of the streams `video` and `audio`, from the packets, without decoding."""
    import av

    with av.open(str(path.resolve())) as file:
        picture = file.streams.video[0].codec_context
        streams = [file.streams[index] for index in (video, audio) if index is not None]
        spans: dict[int, list[tuple[float, float]]] = {stream.index: [] for stream in streams}
        for packet in read_packets(file, *streams):
            at = packet.dts if packet.pts is None else packet.pts
            if at is None or not packet.size or packet.is_discard or not packet.time_base:
                continue
            length = packet.duration or 0
            span = float(at * packet.time_base), float((at + length) * packet.time_base)
            spans[packet.stream.index].append(span)
        sound = spans.get(audio, []) if audio is not None else []
        return _Times(
            (picture.width, picture.height),
            sorted(start for start, _ in spans[video]),
            (min(sound)[0], max(end for _, end in sound)) if sound else None,
        )
