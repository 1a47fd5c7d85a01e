"""Elements of FCPXML for rate, speed, size, position and trimmed edges."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange.motion import PictureMotion, Pose
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import Ramp, Shot, SoundClip, Timeline
from btsclip.exchange.xml import add

# The names of rates in `conform-rate`.
RATE_NAMES = {
    Fraction(24000, 1001): "23.98", Fraction(24): "24", Fraction(25): "25",
    Fraction(30000, 1001): "29.97", Fraction(30): "30", Fraction(48): "48", Fraction(50): "50",
    Fraction(60000, 1001): "59.94", Fraction(60): "60",
}  # fmt: skip


def add_timing(
    element: Element, item: Shot | SoundClip, ramp: Ramp, start: Fraction, timeline: Timeline
) -> None:
    """Add the conversion of the file's rate, and a time map if the speed is not normal.

    The map has pairs of the element's own time and the file's time. Both are equal at `start`, or
    with a `ramp`, its first point is at `start`.
    """
    media = item.media
    if media.rate != timeline.rate and media.rate in RATE_NAMES and media.size:
        add(element, "conform-rate", scaleEnabled="0", srcFrameRate=RATE_NAMES[media.rate])
    if item.speed == 1 and not ramp:
        return
    first = media.first_frame / media.rate
    last = first + media.frames / media.rate
    if ramp:
        origin = (media.first_frame + Fraction(item.start)) / media.rate
        points = [
            (start + frame / timeline.rate, origin + source_frame / media.rate)
            for frame, source_frame in ramp
        ]
        points = [_extrapolate(points[1], points[0], first), *points]
        points.append(_extrapolate(points[-2], points[-1], last))
    else:
        points = [(start + (value - start) / item.speed, value) for value in (first, last)]
    time_map = add(element, "timeMap")
    for time, value in dict.fromkeys(points):
        add(time_map, "timept", time=seconds(time), value=seconds(value), interp="linear")


def _extrapolate(
    inner: tuple[Fraction, Fraction], edge: tuple[Fraction, Fraction], value: Fraction
) -> tuple[Fraction, Fraction]:
    """The point at `value` on the straight line through two points, so that the map covers the
    handles, too. Its time is rounded to a millionth of a second."""
    slope = (edge[1] - inner[1]) / (edge[0] - inner[0])
    time = edge[0] + (value - edge[1]) / slope
    return Fraction(round(time * 1_000_000), 1_000_000), value


def add_motion(
    element: Element, shot: Shot, start: Fraction, motion: PictureMotion, timeline: Timeline
) -> None:
    """Add trimmed edges, size and position of the picture, with keyframes if they move.

    `start` is the start of the shot in the element's own time, in seconds.
    """
    width, height = shot.media.size or timeline.size
    screen_width, screen_height = timeline.size
    keys = motion.poses if motion.moves else ()

    def key_time(pose: Pose) -> str:
        return seconds(start + seconds_of(pose.frame, timeline.rate))

    if motion.trims:
        shares = (width / height, 1.0, width / height, 1.0)
        edges = [
            [f"{pose.trim[edge] * share * 100:.4f}" for pose in motion.poses]
            for edge, share in enumerate(shares)
        ]
        names = ("left", "top", "right", "bottom")
        rect = add(
            add(element, "adjust-crop", mode="trim"), "trim-rect",
            **{name: values[0] for name, values in zip(names, edges, strict=True)},
        )  # fmt: skip
        for name, values in zip(names, edges, strict=True):
            if len(set(values)) > 1:
                times = map(key_time, keys)
                _add_keys(rect, name, list(zip(times, values, strict=True)))
    add(element, "adjust-conform", type="fit")
    scale = motion.scale / min(screen_width / width, screen_height / height)
    positions = [
        f"{pose.x / screen_height * 100:.4f} {-pose.y / screen_height * 100:.4f}"
        for pose in motion.poses
    ]
    transform = add(
        element, "adjust-transform", position=positions[0], scale=f"{scale:.6f} {scale:.6f}"
    )
    if keys:
        times = map(key_time, keys)
        _add_keys(transform, "position", list(zip(times, positions, strict=True)))


def _add_keys(parent: Element, name: str, keys: Sequence[tuple[str, str]]) -> None:
    animation = add(add(parent, "param", name=name), "keyframeAnimation")
    for time, value in keys:
        add(animation, "keyframe", time=time, value=value, interp="linear", curve="linear")


def seconds(time: Fraction | int) -> str:
    """A time as FCPXML writes it, as a fraction of seconds.

    >>> seconds(Fraction(1001, 30000))
    '1001/30000s'
    """
    time = Fraction(time)
    if time.denominator == 1:
        return f"{time.numerator}s"
    return f"{time.numerator}/{time.denominator}s"
