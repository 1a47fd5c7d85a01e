"""Effects of xmeml on a clip item: speed, position and size of the picture, gain.

Keyframes are at frames of the file, as `local_frame` counts them. A picture's center is measured
from the center of the screen in widths and heights of the picture, and its size in percent of its
pixels.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange.motion import PictureMotion
from btsclip.exchange.rates import frame_at
from btsclip.exchange.timeline import Shot, SoundClip, Timeline
from btsclip.exchange.xml import Value, add, add_all

MAX_LEVEL = 3.98107  # 12 dB, the highest gain of the format


def add_speed(item: Element, speed: Fraction, kind: str) -> None:
    """Add a time remap, unless the speed is normal."""
    if speed == 1:
        return
    effect = _add_effect(item, "Time Remap", "timeremap", "motion", kind)
    add_parameter(effect, "variablespeed", "variablespeed", 0)
    add_parameter(effect, "speed", "speed", f"{float(speed) * 100:g}")
    add_parameter(effect, "reverse", "reverse", "FALSE")
    add_parameter(effect, "frameblending", "frameblending", "FALSE")


def add_motion(item: Element, shot: Shot, motion: PictureMotion, timeline: Timeline) -> None:
    """Add size, position and trimmed edges of the picture, with keyframes if they move."""
    width, height = shot.media.size or timeline.size
    effect = _add_effect(item, "Basic Motion", "basic", "motion", "video")
    add_parameter(effect, "scale", "Scale", f"{motion.scale * 100:.4f}")
    center = add_parameter(effect, "center", "Center", None)
    _add_point(add(center, "value"), motion.poses[0].x / width, motion.poses[0].y / height)
    for pose in motion.poses if motion.moves else ():
        key = add(center, "keyframe")
        add(key, "when", local_frame(shot, pose.frame))
        _add_point(add(key, "value"), pose.x / width, pose.y / height)
    if not motion.trims:
        return
    effect = _add_effect(item, "Crop", "crop", "motion", "video")
    for edge, name in enumerate(("left", "top", "right", "bottom")):
        value = f"{motion.poses[0].trim[edge] * 100:.4f}"
        edge_parameter = add_parameter(effect, name, name, value)
        for pose in motion.poses if motion.moves else ():
            key = add(edge_parameter, "keyframe")
            add_all(
                key,
                {"when": local_frame(shot, pose.frame), "value": f"{pose.trim[edge] * 100:.4f}"},
            )


def add_gain(item: Element, gain: float) -> None:
    """Add a level for a gain in dB, unless it is 0."""
    if not gain:
        return
    effect = _add_effect(item, "Audio Levels", "audiolevels", "audiolevels", "audio")
    add_parameter(effect, "level", "Level", f"{min(10 ** (gain / 20), MAX_LEVEL):.5f}")


def _add_effect(item: Element, name: str, ident: str, kind: str, media: str) -> Element:
    effect = add(add(item, "filter"), "effect")
    add_all(
        effect,
        {
            "name": name, "effectid": ident, "effectcategory": kind, "effecttype": kind,
            "mediatype": media,
        },
    )  # fmt: skip
    return effect


def add_parameter(effect: Element, ident: str, name: str, value: Value) -> Element:
    """Add a parameter to an effect and return it."""
    element = add(effect, "parameter", authoringApp="PremierePro")
    add_all(element, {"parameterid": ident, "name": name})
    if value is not None:
        add(element, "value", value)
    return element


def _add_point(value: Element, x: float, y: float) -> None:
    add_all(value, {"horiz": f"{x:.6f}", "vert": f"{y:.6f}"})


def local_frame(item: Shot | SoundClip, frame: int) -> int:
    """The frame of its file at a clip item's own `frame`, as the format counts."""
    past = Fraction(frame) * item.media.rate / item.timeline_rate
    return frame_at(item.start / item.speed + past, Fraction(1))
