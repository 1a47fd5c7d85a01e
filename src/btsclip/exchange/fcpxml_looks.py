"""How FCPXML shows a file: its rate and speed, and size, place and trimmed edges of its picture."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange.motion import PictureMotion, Pose
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import Shot, SoundClip, Timeline
from btsclip.exchange.xml import add

Ramp = tuple[tuple[Fraction, Fraction], ...]
# Rates by the names that conforming knows.
CONFORMED = {
    Fraction(24000, 1001): "23.98", Fraction(24): "24", Fraction(25): "25",
    Fraction(30000, 1001): "29.97", Fraction(30): "30", Fraction(48): "48", Fraction(50): "50",
    Fraction(60000, 1001): "59.94", Fraction(60): "60",
}  # fmt: skip


def timing(
    element: Element, item: Shot | SoundClip, ramp: Ramp, begin: Fraction, timeline: Timeline
) -> None:
    """How the file's rate is met and how fast it runs, as pairs of an element's own time and that
    of the file.

    Without `ramp` they are the same at `begin`; with it, its first point is there.
    """
    media = item.media
    if media.rate != timeline.rate and media.rate in CONFORMED and media.size:
        add(element, "conform-rate", scaleEnabled="0", srcFrameRate=CONFORMED[media.rate])
    if item.speed == 1 and not ramp:
        return
    first = media.first / media.rate
    last = first + media.frames / media.rate
    if ramp:
        origin = (media.first + Fraction(item.start)) / media.rate
        points = [(begin + f / timeline.rate, origin + taken / media.rate) for f, taken in ramp]
        points = [_beyond(points[1], points[0], first), *points]
        points.append(_beyond(points[-2], points[-1], last))
    else:
        points = [(begin + (value - begin) / item.speed, value) for value in (first, last)]
    mapped = add(element, "timeMap")
    for time, value in dict.fromkeys(points):
        add(mapped, "timept", time=seconds(time), value=seconds(value), interp="linear")


def _beyond(
    inner: tuple[Fraction, Fraction], edge: tuple[Fraction, Fraction], value: Fraction
) -> tuple[Fraction, Fraction]:
    """Where the straight line through two points reaches `value`: there must be file under handles,
    too. Times are rounded to a millionth of a second."""
    slope = (edge[1] - inner[1]) / (edge[0] - inner[0])
    time = edge[0] + (value - edge[1]) / slope
    return Fraction(round(time * 1_000_000), 1_000_000), value


def move(
    element: Element, shot: Shot, begin: Fraction, motion: PictureMotion, timeline: Timeline
) -> None:
    """Trimmed edges, size and place of the picture, with keyframes where they move; `begin` is
    the element's own time at which the shot begins."""
    width, height = shot.media.size or timeline.size
    across, down = timeline.size
    keys = motion.poses if motion.moves else ()

    def at(pose: Pose) -> str:
        return seconds(begin + seconds_of(pose.frame, timeline.rate))

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
                _keys(rect, name, [(at(p), v) for p, v in zip(keys, values, strict=True)])
    add(element, "adjust-conform", type="fit")
    scale = motion.scale / min(across / width, down / height)
    where = [f"{pose.x / down * 100:.4f} {-pose.y / down * 100:.4f}" for pose in motion.poses]
    moved = add(element, "adjust-transform", position=where[0], scale=f"{scale:.6f} {scale:.6f}")
    if keys:
        _keys(moved, "position", [(at(p), v) for p, v in zip(keys, where, strict=True)])


def _keys(parent: Element, name: str, keys: Sequence[tuple[str, str]]) -> None:
    animation = add(add(parent, "param", name=name), "keyframeAnimation")
    for time, value in keys:
        add(animation, "keyframe", time=time, value=value, interp="linear", curve="linear")


def seconds(time: Fraction | int) -> str:
    """A time as the format writes it: a fraction of seconds."""
    time = Fraction(time)
    whole = time.denominator == 1
    return f"{time.numerator}s" if whole else f"{time.numerator}/{time.denominator}s"
