"""The ffmpeg graph of a clip: seek, speed, blur, crop, color, captions, encode.

    each span's source -> speed, fps -> blurred faces -> crop or fit, scale -> color -+
    each card's picture --------------------------------------------------------------+-> joined
    joined -+-> end card, captions, overlays -> H.264
            `-> one still for the cover
    sound, already leveled -> copied

One process renders it. A clip of many spans takes more of them, one after another: each makes the
pictures of a group of spans and pipes them to the encoder, so that memory does not grow with the
number of spans.

All names in the graph are the project's own; the user's texts and file names stay outside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.captions import Overlay
from btsclip.errors import PlanError
from btsclip.media import Footage, picture_input
from btsclip.plan import MIN_SPEED, Clip, Span, tag_title
from btsclip.presets import Output, Preset
from btsclip.render import blur, camera, compose, encoders, pace, zoom
from btsclip.render.color import scale_picture, to_bt709, to_rgb
from btsclip.render.deinterlace import whole_pictures
from btsclip.render.timeline import (
    RenderPart,
    frame_count,
    frames_shown,
    group_parts,
    parts_of,
    still_frame,
)

# Names in the temp folder, which is ffmpeg's working folder.
VIDEO = "clip.mp4"
SOUND = "sound.m4a"
STILL = "still.png"
CAPTIONS = "captions.ass"

# Seconds that the last picture may fill when the source ends early; more at a variable frame rate.
MAX_HOLD = 0.5
MAX_HOLD_VFR = 10.0
# Speed from which frames that no other frame refers to can be left out.
MIN_SKIP_SPEED = 8.0
# Pixels of the scaled picture that a moving crop may cover: they take a gigabyte of memory.
MAX_SCALED_PIXELS = 200e6
# Frames over which deflicker averages a time-lapse, whose exposure changes all the time.
DEFLICKER_FRAMES = 5


def clip_arguments(
    footage: Mapping[str, Footage],
    clip: Clip,
    preset: Preset,
    encoder: str,
    fonts: Path | None,
    overlays: Sequence[Overlay] = (),
    threads: int = 0,
) -> list[str]:
    """ffmpeg's arguments that make VIDEO and STILL from the footage and SOUND.

    Args:
        footage: The footage by the name of its source.
        fonts: The folder of the fonts for CAPTIONS; None for a clip without texts.
        overlays: Pictures over the clip. They are read from the temp folder, as are those of cards
            and of the end card.
        threads: Threads of ffmpeg; 0 leaves the number to ffmpeg.
    """
    output = preset.output
    groups = group_parts(parts_of(clip, output))
    if len(groups) == 1:
        picture = _join_group(groups[0], footage, clip, preset)
    else:
        picture = compose.read_raw("pipe:0", output)
    copies = picture.filter_multi_output("split")
    video, still = copies[0], copies[1]
    video = compose.add_end_card(video, clip, preset, frames_shown(clip, output))
    if fonts:
        video = video.filter("ass", filename=CAPTIONS, fontsdir=str(fonts))
    video = compose.add_overlays(video, overlays, output.fps)
    at = still_frame(clip, preset)
    still = to_rgb(still.filter("trim", start_frame=at, end_frame=at + 1))
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
    return ["-loglevel", "error", *_filter_threads(threads), *outputs.get_args()]


def _filter_threads(threads: int) -> list[str]:
    return ["-filter_complex_threads", str(threads)] if threads else []


def feeding_arguments(
    footage: Mapping[str, Footage], clip: Clip, preset: Preset, threads: int = 0
) -> list[list[str]]:
    """Arguments of the ffmpegs that make the pictures of a clip of many spans, group by group, and
    pipe them to the ffmpeg of `clip_arguments`; none for a clip of one group."""
    groups = group_parts(parts_of(clip, preset.output))
    if len(groups) == 1:
        return []
    return [
        [*_filter_threads(threads), *compose.write_raw(_join_group(group, footage, clip, preset))]
        for group in groups
    ]


def _join_group(
    parts: Sequence[RenderPart], footage: Mapping[str, Footage], clip: Clip, preset: Preset
) -> Any:
    return compose.join_parts(
        [_part_picture(part, footage, clip, preset) for part in parts], parts, preset.output.fps
    )


def _part_picture(
    part: RenderPart, footage: Mapping[str, Footage], clip: Clip, preset: Preset
) -> Any:
    """The finished pictures of a span or card, at the output's size and rate."""
    if part.card:
        return compose.card_stream(part, preset.output.fps)
    # The end of a clip of one span ends the reading, too; each of several spans needs its own end.
    return span_picture(
        footage[part.span.source], part.span, preset, part.frames + part.extra_frames,
        bounded=len(clip.spans) > 1,
    )  # fmt: skip


def span_picture(
    footage: Footage, span: Span, preset: Preset, frames: int, bounded: bool = False
) -> Any:
    """The first `frames` finished pictures of the span.

    With `bounded`, ffmpeg reads no more of the source than they need.
    """
    output = preset.output
    picture = _at_output_rate(footage, span, output, frames, bounded)
    picture = blur.blur_boxes(picture, span, footage, output.fps, frames)
    picture = to_bt709(_frame_picture(picture, footage, span, output), footage)
    if span.layout == "fit-blur":
        picture = compose.add_backdrop(picture, preset)
    if span.time_map.slowest >= MIN_SKIP_SPEED:
        picture = picture.filter("deflicker", size=DEFLICKER_FRAMES)
    return picture.filter("setsar", "1")


def _at_output_rate(
    footage: Footage, span: Span, output: Output, frames: int, bounded: bool
) -> Any:
    """The span's pictures at the output's rate, from time 0.

    The seek goes to the keyframe before the span. The pictures before the span stay, at negative
    times, so that the last of them can fill a gap; the fps filter starts at 0.
    """
    seconds = span.time_map.source(frames / output.fps) if bounded else None
    picture, clock = picture_input(
        footage, span.start, seconds, **skip_options(footage, span, output.fps)
    )
    picture = whole_pictures(picture, footage, output.fps / span.time_map.slowest)
    picture = picture.filter("setpts", clock)
    hold = MAX_HOLD_VFR if footage.vfr else MAX_HOLD
    if not span.time_map.plain:
        hold /= MIN_SPEED
    # The last picture may also have to fill the dissolve into the next span.
    hold += max(0.0, frames / output.fps - span.seconds)
    return (
        pace.change_speed(picture, span.time_map)
        .filter("fps", fps=output.fps, start_time=0, round="near")
        .filter("tpad", stop_mode="clone", stop_duration=hold)
        .filter("trim", end_frame=frames)
    )


def skip_options(footage: Footage, span: Span, fps: int) -> dict[str, str]:
    """Input options that skip frames that a fast span never shows: all but the keyframes if these
    suffice for the output's rate, else the frames that no other frame refers to."""
    slowest = span.time_map.slowest
    if footage.keyframe_interval and footage.keyframe_interval * fps < slowest:
        return {"skip_frame": "nokey", "discard": "nokey"}
    return {"skip_frame": "noref"} if slowest >= MIN_SKIP_SPEED else {}


def _frame_picture(picture: Any, footage: Footage, span: Span, output: Output) -> Any:
    """Crop the picture along the span's path, or along both paths of a split layout; without a
    path, fit it into the output."""
    if not span.crop:
        return scale_picture(picture, *camera.fitted_box(footage, output, 1.0, 1.0), footage)
    if span.layout == "crop" and zoom.changes_size(span.crop):
        zoom_axes = zoom.zoom_axes(footage, span, output, span.crop)
        _check_size(footage, *(axis.largest for axis in zoom_axes))
        return zoom.zoom_picture(picture, footage, zoom_axes)
    if span.layout != "split":
        axes = camera.crop_axes(footage, span, output, span.crop, fill=span.layout == "crop")
        return _crop(picture, footage, axes)
    half = output.model_copy(update={"height": 2 * round(output.height / 4)})
    rest = output.model_copy(update={"height": output.height - half.height})
    copies = picture.filter_multi_output("split")
    return ffmpeg.filter(
        [
            _crop(copies[0], footage, camera.crop_axes(footage, span, half, span.crop, fill=True)),
            _crop(copies[1], footage, camera.crop_axes(footage, span, rest, span.below, fill=True)),
        ],
        "vstack",
    )


def _crop(picture: Any, footage: Footage, axes: tuple[camera.CropAxis, camera.CropAxis]) -> Any:
    """Cut, scale and cut the picture again, as `axes` say.

    Raises PlanError when the scaled picture is too large.
    """
    x, y = axes
    _check_size(footage, x.scaled, y.scaled)
    if (x.length, y.length) != camera.coded_size(footage):
        picture = picture.filter("crop", x.length, y.length, x.start, y.start)
    picture = scale_picture(picture, x.scaled, y.scaled, footage)
    if x.moves or y.moves:
        picture = picture.filter("crop", x.shown, y.shown, x.offset, y.offset, exact=1)
    return picture


def _check_size(footage: Footage, width: int, height: int) -> None:
    """Raise PlanError when a picture of this size in pixels is too large to scale to."""
    if width * height > MAX_SCALED_PIXELS:
        raise PlanError(
            footage.path.name,
            f"a crop moves over {width * height / 1e6:,.0f} megapixels of the scaled picture,"
            f" more than the {MAX_SCALED_PIXELS / 1e6:.0f} that fit in memory",
            "make the crop larger, or move it less",
        )


def _container(footage: Mapping[str, Footage], clip: Clip) -> dict[str, str | int]:
    """Options of the container, and its tags: the title, and the time of recording at the clip's
    start. The source's own metadata is left out, since it may hold a place or a name."""
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
    """The time `seconds` into a recording, in UTC as ISO 8601."""
    moment = created.astimezone(timezone.utc) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
