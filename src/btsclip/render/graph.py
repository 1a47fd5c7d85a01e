"""The ffmpeg graph of a clip: seek, turn, rate, crop, scale, colour, captions, encode.

    each span's source -> speed, fps -> faces blurred -> crop and scale, or fit -> colours -+
    each card's picture ---------------------------------------------------+-> joined, if several
    joined -+-> end card, texts, overlays, H.264
            `-> one still for the cover
    sound, already levelled -> copied

It is one process, unless there are many spans: then their pictures come through a pipe from others
that run one after the other, so that memory does not grow with the number of spans.

All names in the graph are the project's own; the user's text and file names stay outside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.captions.overlays import Overlay
from btsclip.errors import PlanError
from btsclip.media.chapters import source_options
from btsclip.media.footage import Footage
from btsclip.plan.code import tag_title
from btsclip.plan.model import Clip, Span
from btsclip.plan.speed import SLOWEST
from btsclip.presets.schema import Output, Preset
from btsclip.render import blur, camera, compose, encoders, pace
from btsclip.render.color import color_options, scaled, with_matrix
from btsclip.render.timeline import RenderPart, end_card_frames, group_parts, parts_of

# Names in the temp folder, which is ffmpeg's working folder.
VIDEO, SOUND, STILL, CAPTIONS = "clip.mp4", "sound.m4a", "still.png", "captions.ass"

# Where the cover is taken when the best picture was asked for and none was sought: the work is
# under way there.
STILL_AT = 0.4
# Longest time in seconds that the last picture is held when the source ends early.
HOLD, HOLD_VFR = 0.5, 10.0
# Seconds by which the seek in a file without an index (MPEG-TS) may land too late.
BLIND_SEEK = 10.0
# Seconds that are read beyond a span, for its last picture to be followed by another.
READ_ON = 1.0
# Speed from which on frames that no other frame refers to are not missed.
SPARE_FRAMES = 8.0
# Pixels of the picture over which a moving crop goes, once scaled: it takes a gigabyte of memory.
MAX_SCALED = 200e6
# Frames over which a time-lapse is kept from flickering, where its light was set anew all the time.
CALM = 5


def frame_count(clip: Clip, output: Output) -> int:
    """Frames of the finished clip, with its end card."""
    return frames_shown(clip, output) + end_card_frames(clip, output)


def frames_shown(clip: Clip, output: Output) -> int:
    """Frames of the clip without its end card."""
    return parts_of(clip, output)[-1].end


def still_frame(clip: Clip, preset: Preset) -> int:
    """The frame, counted from 0, that the cover is made of."""
    parts = parts_of(clip, preset.output)
    for part in (part for part in parts if part.card is None):
        span = part.span
        if span.cover is not None and span.start <= span.cover <= span.end:
            within = round(span.time_map.shown(span.cover - span.start) * preset.output.fps)
            return part.first + min(within, part.frames - 1)
    share = STILL_AT if preset.cover.at == "best" else preset.cover.at
    at = min(int(parts[-1].end * share), parts[-1].end - 1)
    # A card is no picture of what is shown: that of the span it announces is.
    return next((part.end for part in parts if part.card and part.first <= at < part.end), at)


def clip_arguments(
    footage: Mapping[str, Footage],
    clip: Clip,
    preset: Preset,
    encoder: str,
    fonts: Path | None,
    laid: Sequence[Overlay] = (),
    threads: int = 0,
) -> list[str]:
    """ffmpeg's arguments that make VIDEO and STILL from the footage, by the name of the source, and
    SOUND.

    With `fonts`, CAPTIONS is drawn with the fonts of that folder; the pictures `laid` over it,
    those of cards and that of the end card are read from the temp folder. `threads` 0 takes as many
    as are useful.
    """
    output = preset.output
    groups = group_parts(parts_of(clip, output))
    if len(groups) == 1:
        picture = _joined(groups[0], footage, clip, preset)
    else:
        picture = compose.read_raw("pipe:0", output)
    picture = picture.filter_multi_output("split")
    video, still = picture[0], picture[1]
    video = compose.add_end_card(video, clip, preset, frames_shown(clip, output))
    if fonts:
        video = video.filter("ass", filename=CAPTIONS, fontsdir=str(fonts))
    video = compose.lay_over(video, laid, output.fps)
    at = still_frame(clip, preset)
    still = still.filter("trim", start_frame=at, end_frame=at + 1)
    sound = ffmpeg.input(SOUND)
    outputs = ffmpeg.merge_outputs(
        ffmpeg.output(
            video,
            sound["a"],
            VIDEO,
            **_container(footage, clip),
            **encoders.arguments(encoder, output, threads),
            **{"frames:v": frame_count(clip, output)},
        ),
        ffmpeg.output(still, STILL, **{"frames:v": 1, "fps_mode": "passthrough"}),
    )
    return ["-loglevel", "error", *_filtering(threads), *outputs.get_args()]


def _filtering(threads: int) -> list[str]:
    return ["-filter_complex_threads", str(threads)] if threads else []


def feeding_arguments(
    footage: Mapping[str, Footage], clip: Clip, preset: Preset, threads: int = 0
) -> list[list[str]]:
    """Those of the ffmpegs that make the pictures of a clip of many spans, group after group, for
    the one of `clip_arguments` to read; none for a clip that it can make itself."""
    groups = group_parts(parts_of(clip, preset.output))
    if len(groups) == 1:
        return []
    return [
        [*_filtering(threads), *compose.write_raw(_joined(group, footage, clip, preset))]
        for group in groups
    ]


def _joined(
    parts: Sequence[RenderPart], footage: Mapping[str, Footage], clip: Clip, preset: Preset
) -> Any:
    return compose.join_parts(
        [_part(part, footage, clip, preset) for part in parts], parts, preset.output.fps
    )


def _part(part: RenderPart, footage: Mapping[str, Footage], clip: Clip, preset: Preset) -> Any:
    """The pictures of a span or card as they are shown, at the output's size and rate."""
    if part.card:
        return compose.card_stream(compose.card_name(part.number), part, preset.output.fps)
    # A clip of one span ends with its frames; of several, each must let go of its source itself.
    return span_picture(
        footage[part.span.source], part.span, preset, part.frames + part.held,
        bounded=len(clip.spans) > 1,
    )  # fmt: skip


def span_picture(
    footage: Footage, span: Span, preset: Preset, frames: int, bounded: bool = False
) -> Any:
    """The first `frames` pictures of the span as they are shown; when `bounded`, no more of the
    source is read than they take."""
    output = preset.output
    picture = _steady(footage, span, output, frames, bounded)
    picture = blur.blurred(picture, span, footage, output.fps, frames)
    picture = color_options(_framed(picture, footage, span, output), footage)
    if span.layout == "fit-blur":
        picture = compose.over_backdrop(picture, preset)
    if span.time_map.slowest >= SPARE_FRAMES:
        picture = picture.filter("deflicker", size=CALM)
    return picture.filter("setsar", "1")


def _steady(footage: Footage, span: Span, output: Output, frames: int, bounded: bool) -> Any:
    """The span's pictures at the output's rate, counted from zero.

    The seek goes to the keyframe before the span and keeps what comes before (at negative times),
    so that the picture before a gap is there to be held; fps begins at zero.
    """
    more = {"t": f"{_seconds_read(span, frames / output.fps):.3f}"} if bounded else {}
    first, more = footage.first_picture, {**more, **skip_options(footage, span, output.fps)}
    source, clock = seek_input(footage, span, first, **more)
    picture = source[str(footage.video_stream)].filter("setpts", clock)
    picture = with_matrix(picture, footage)
    hold = HOLD_VFR if footage.vfr else HOLD
    if not span.time_map.plain:
        hold /= SLOWEST
    # As long as the next span comes in over this one, its last picture may have to last.
    hold += max(0.0, frames / output.fps - span.seconds)
    return (
        pace.timed(picture, span.time_map)
        .filter("fps", fps=output.fps, start_time=0, round="near")
        .filter("tpad", stop_mode="clone", stop_duration=hold)
        .filter("trim", end_frame=frames)
    )


def skip_options(footage: Footage, span: Span, fps: int) -> dict[str, str]:
    """Options of the input that leave undecoded what is never shown: hours in seconds need no more
    than the keyframes, where one comes along for each picture on the screen."""
    slowest = span.time_map.slowest
    if footage.keyframe_interval and footage.keyframe_interval * fps < slowest:
        return {"skip_frame": "nokey", "discard": "nokey"}
    return {"skip_frame": "noref"} if slowest >= SPARE_FRAMES else {}


def _seconds_read(span: Span, shown: float) -> float:
    """Seconds of the source, from where the seek lands, that `shown` seconds of the span take."""
    return span.time_map.source(shown) + BLIND_SEEK + READ_ON


def seek_input(footage: Footage, span: Span, first: float, **options: Any) -> tuple[Any, str]:
    """The source as an ffmpeg input that begins at the span's start or before, and the times of its
    stream, which begins at `first` in the take, as an expression that is 0 at the span's start."""
    begin, clock = span.start, "PTS"
    if footage.keyframe_interval is None:
        begin, clock = span.start - BLIND_SEEK, f"PTS-{BLIND_SEEK:.6f}/TB"
    seeking: dict[str, Any] = {"ss": f"{begin:.6f}", "noaccurate_seek": None}
    if footage.keyframe_interval is None and begin <= first:
        # Read from the file's start. In MPEG-TS ffmpeg then counts from the first packet of the
        # stream that is read, whose time in the take is known.
        seeking, clock = {}, f"PTS-STARTPTS+({first - span.start:.6f}/TB)"
    name, reading = source_options(footage)
    return ffmpeg.input(name, **seeking, **reading, **options), clock


def _framed(picture: Any, footage: Footage, span: Span, output: Output) -> Any:
    """Crops along the path, or both paths, or fits the whole picture into the output."""
    if not span.crop:
        return scaled(picture, *camera.fitted_box(footage, output, 1.0, 1.0), footage)
    if span.layout != "split":
        axes = camera.axes(footage, span, output, span.crop, fill=span.layout == "crop")
        return _cropped(picture, footage, axes)
    half = output.model_copy(update={"height": 2 * round(output.height / 4)})
    rest = output.model_copy(update={"height": output.height - half.height})
    both = picture.filter_multi_output("split")
    return ffmpeg.filter(
        [
            _cropped(both[0], footage, camera.axes(footage, span, half, span.crop, fill=True)),
            _cropped(both[1], footage, camera.axes(footage, span, rest, span.below, fill=True)),
        ],
        "vstack",
    )


def _cropped(picture: Any, footage: Footage, axes: tuple[camera.CropAxis, camera.CropAxis]) -> Any:
    """The picture cut, scaled and cut again as `axes` say."""
    x, y = axes
    if x.scaled * y.scaled > MAX_SCALED:
        raise PlanError(
            footage.path.name,
            f"a crop moves over {x.scaled * y.scaled / 1e6:,.0f} megapixels of the scaled picture,"
            f" {MAX_SCALED / 1e6:.0f} can be held",
            "make the crop larger, or move it less",
        )
    if (x.length, y.length) != camera.coded_size(footage):
        picture = picture.filter("crop", x.length, y.length, x.start, y.start)
    picture = scaled(picture, x.scaled, y.scaled, footage)
    if x.moves or y.moves:
        picture = picture.filter("crop", x.shown, y.shown, x.offset, y.offset, exact=1)
    return picture


def _container(footage: Mapping[str, Footage], clip: Clip) -> dict[str, str | int]:
    """Container and tags. Nothing of the source's metadata is taken over: it may hold a place or a
    name; only the time of recording is written, moved to the clip's start."""
    options: dict[str, str | int] = {
        "pix_fmt": "yuv420p",
        "c:a": "copy",
        "fps_mode": "passthrough",
        "movflags": "+faststart",
        "map_metadata": -1,
        "map_chapters": -1,
    }
    if title := tag_title(clip.title, clip.id):
        options["metadata:g:0"] = f"title={title}"
    first = clip.spans[0]
    if created := footage[first.source].created:
        options["metadata:g:1"] = f"creation_time={recorded_at(created, first.start)}"
    return options


def recorded_at(created: datetime, seconds: float) -> str:
    """The moment `seconds` into a recording, in UTC as ISO 8601."""
    moment = created.astimezone(timezone.utc) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
