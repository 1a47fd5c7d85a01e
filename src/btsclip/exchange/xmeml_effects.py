"""What xmeml does to a clip item: its speed, the place and size of its picture, its gain.

Keyframes stand at places in the file, as `local` counts them. A picture's middle is measured from
the middle of the screen in the picture's own width and height, its size in percent of its pixels.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree.ElementTree import Element

from btsclip.exchange.motion import PictureMotion
from btsclip.exchange.rates import frame_at
from btsclip.exchange.timeline import Shot, SoundClip, Timeline
from btsclip.exchange.xml import Value, add, add_all

LOUDEST = 3.98107  # 12 dB: the highest gain of the format


def speed(item: Element, speed: Fraction, kind: str) -> None:
    if speed == 1:
        return
    effect = _effect(item, "Time Remap", "timeremap", "motion", kind)
    parameter(effect, "variablespeed", "variablespeed", 0)
    parameter(effect, "speed", "speed", f"{float(speed) * 100:g}")
    parameter(effect, "reverse", "reverse", "FALSE")
    parameter(effect, "frameblending", "frameblending", "FALSE")


def motion(item: Element, shot: Shot, motion: PictureMotion, timeline: Timeline) -> None:
    """Size, place and trimmed edges of the picture, with keyframes where they move."""
    width, height = shot.media.size or timeline.size
    effect = _effect(item, "Basic Motion", "basic", "motion", "video")
    parameter(effect, "scale", "Scale", f"{motion.scale * 100:.4f}")
    center = parameter(effect, "center", "Center", None)
    _point(add(center, "value"), motion.poses[0].x / width, motion.poses[0].y / height)
    for pose in motion.poses if motion.moves else ():
        key = add(center, "keyframe")
        add(key, "when", local_frame(shot, pose.frame))
        _point(add(key, "value"), pose.x / width, pose.y / height)
    if not motion.trims:
        return
    effect = _effect(item, "Crop", "crop", "motion", "video")
    for edge, name in enumerate(("left", "top", "right", "bottom")):
        value = f"{motion.poses[0].trim[edge] * 100:.4f}"
        trimmed = parameter(effect, name, name, value)
        for pose in motion.poses if motion.moves else ():
            key = add(trimmed, "keyframe")
            add_all(
                key,
                {"when": local_frame(shot, pose.frame), "value": f"{pose.trim[edge] * 100:.4f}"},
            )


def gain(item: Element, gain: float) -> None:
    if not gain:
        return
    effect = _effect(item, "Audio Levels", "audiolevels", "audiolevels", "audio")
    parameter(effect, "level", "Level", f"{min(10 ** (gain / 20), LOUDEST):.5f}")


def _effect(item: Element, name: str, ident: str, kind: str, media: str) -> Element:
    effect = add(add(item, "filter"), "effect")
    add_all(
        effect,
        {
            "name": name, "effectid": ident, "effectcategory": kind, "effecttype": kind,
            "mediatype": media,
        },
    )  # fmt: skip
    return effect


def parameter(effect: Element, ident: str, name: str, value: Value) -> Element:
    element = add(effect, "parameter", authoringApp="PremierePro")
    add_all(element, {"parameterid": ident, "name": name})
    if value is not None:
        add(element, "value", value)
    return element


def _point(value: Element, across: float, down: float) -> None:
    add_all(value, {"horiz": f"{across:.6f}", "vert": f"{down:.6f}"})


def local_frame(item: Shot | SoundClip, frame: int) -> int:
    """Where in its file a clip item is at its own frame, as the format counts."""
    past = Fraction(frame) * item.media.rate / item.timeline_rate
    return frame_at(item.start / item.speed + past, Fraction(1))
