"""The figures behind a moment, and a sentence that puts them into words."""

from __future__ import annotations

import numpy as np

from btsclip.moments.belief import CAMERA_RANGE, MOTION_RANGE
from btsclip.moments.things import LOOKS_LIKE, named_thing
from btsclip.signals import STEP, Signals

# Kinds of moment in which a regular movement is work.
AT_WORK = ("process", "mishap")
# Strokes a second from which on they count as fast.
MIN_FAST_STROKES = 1.8
# Share of time with hands from which on they count as seen.
MIN_HANDS_SHARE = 0.1
# Belief in hands from which on they are likely, though not seen.
MIN_LIKELY_HANDS = 0.5
# Regularity from which on a movement is called regular, and that from which on it has a rate.
MIN_NAMED_RHYTHM = 0.35
MIN_RHYTHM = 0.2
# Blows a second, and means of sizzle and voice, from which on the sentence names them.
MIN_ONSETS = 1.0
MIN_SIZZLE = 0.4
MIN_VOICE = 0.4


def measure_evidence(signals: Signals, part: slice) -> dict[str, float]:
    """Figures of the analysis times in `part`, by name.

    hands: median number where any is seen; hands_share: share of time with a hand; motion,
    hand_motion, camera: mean speeds in picture widths a second; rhythm: median regularity, 0..1;
    strokes: median a second, where regular; onsets: blows a second; presence, sound, sizzle, voice:
    means, 0..1; sharpness, exposure, faces: medians; face_size: median in picture heights;
    "looks_like pizza": how much more than usual the scene looks like that thing.
    """
    hands = signals.hands[part]
    with_hands = hands[hands > 0]
    regular = signals.rhythm[part] > MIN_RHYTHM
    strokes = signals.strokes[part][regular]
    figures = {
        "hands": float(np.median(with_hands)) if len(with_hands) else 0.0,
        "hands_share": float((hands > 0).mean()),
        "presence": float(signals.presence[part].mean()),
        "motion": float(signals.motion[part].mean()),
        "hand_motion": float(signals.hand_motion[part].mean()),
        "camera": float(signals.camera[part].mean()),
        "rhythm": float(np.median(signals.rhythm[part])),
        "strokes": float(np.median(strokes)) if len(strokes) else 0.0,
        "onsets": float(signals.onsets[part].mean() / STEP),
        "sound": float(signals.sound[part].mean()),
        "sizzle": float(signals.sizzle[part].mean()),
        "voice": float(signals.voice[part].mean()),
        "sharpness": float(np.median(signals.sharpness[part])),
        "exposure": float(np.median(signals.exposure[part])),
        "faces": float(np.median(signals.faces[part])),
        "face_size": float(np.median(signals.face_size[part])),
    }
    thing = named_thing(signals, part)
    if thing:
        figures[f"{LOOKS_LIKE}{thing[0]}"] = thing[1]
    return {name: round(value, 4) for name, value in figures.items()}


def describe_evidence(evidence: dict[str, float], duration: float, kind: str = "process") -> str:
    """One sentence with the figures that matter most, for a moment of `duration` seconds."""
    parts = [
        *_describe_kind(evidence, kind),
        _describe_hands(evidence, duration),
        *_describe_things(evidence),
        (kind in AT_WORK and _describe_rhythm(evidence)) or _describe_motion(evidence),
        _describe_camera(evidence),
        *_describe_sounds(evidence),
    ]
    return ", ".join(part for part in parts if part)


def _describe_kind(evidence: dict[str, float], kind: str) -> list[str]:
    """Why the moment has this kind, except for work, where hands and motion say it."""
    if kind == "mishap":
        at = f"at {evidence['at']:.1f} s" if "at" in evidence else ""
        signs = {"clatter": "a clatter", "jerk": "a sudden jerk", "flare": "a flare of fire"}
        parts = [f"{text} {at}".strip() for sign, text in signs.items() if sign in evidence]
        return [*parts, _describe_recovery(evidence)] if "at" in evidence else parts
    if kind == "people":
        return [f"a face that fills {evidence['face_size']:.0%} of the picture's height"]
    if kind == "why":
        return ["somebody speaks while hands rest or show something" if _shows_hands(evidence)
                else "somebody speaks"]  # fmt: skip
    if kind == "reveal":
        return ["sharp and quiet picture after work"]
    return []


def _describe_recovery(evidence: dict[str, float]) -> str:
    """How a mishap ends."""
    hands = evidence["hands_share"] >= MIN_HANDS_SHARE
    if "recovery" not in evidence:
        return "nobody is seen to put it right"
    if evidence["recovery"] <= 0.5:
        return "hands stay at it" if hands else "work goes on at once"
    end = "hands are back at work" if hands else "work goes on"
    return f"{end} {evidence['recovery']:.1f} s later"


def _describe_camera(evidence: dict[str, float]) -> str:
    if evidence["camera"] > CAMERA_RANGE[1]:
        return "the camera moves a lot"
    if evidence["camera"] > CAMERA_RANGE[0]:
        return "the camera moves a little"
    return "steady camera"


def _describe_rhythm(evidence: dict[str, float]) -> str:
    if evidence["rhythm"] < MIN_NAMED_RHYTHM or evidence["strokes"] == 0:
        return ""
    pace = "fast" if evidence["strokes"] >= MIN_FAST_STROKES else "slow"
    return f"{pace} regular strokes"


def _describe_sounds(evidence: dict[str, float]) -> list[str]:
    sounds = []
    if evidence["onsets"] >= MIN_ONSETS:
        sounds.append("the sound of blows")
    if evidence["sizzle"] >= MIN_SIZZLE:
        sounds.append("sizzling")
    if evidence["voice"] >= MIN_VOICE:
        sounds.append(f"a voice for {evidence['voice']:.0%} of it")
    return sounds


def _describe_hands(evidence: dict[str, float], duration: float) -> str:
    share = evidence["hands_share"]
    if share < MIN_HANDS_SHARE:
        return "hands likely in the picture" if _shows_hands(evidence) else "no hands seen"
    number = {1: "one hand", 2: "two hands"}.get(round(evidence["hands"]), "several hands")
    return f"{number} seen for {share * duration:.1f} of {duration:.1f} s"


def _shows_hands(evidence: dict[str, float]) -> bool:
    """Whether hands are seen, or likely from the scene: gloves and the edge of the picture hide
    palms."""
    likely = evidence.get("hand_belief", 0.0) >= MIN_LIKELY_HANDS
    return evidence["hands_share"] >= MIN_HANDS_SHARE or likely


def _describe_things(evidence: dict[str, float]) -> list[str]:
    """The things that the scene looks like."""
    return [f"something like {name.removeprefix(LOOKS_LIKE)}"
            for name in evidence if name.startswith(LOOKS_LIKE)]  # fmt: skip


def _describe_motion(evidence: dict[str, float]) -> str:
    if evidence["motion"] < MOTION_RANGE[0]:
        return "hardly anything moves"
    mover = "moving" if evidence["hands_share"] >= MIN_HANDS_SHARE else "something moves"
    pace = "fast" if evidence["motion"] > MOTION_RANGE[1] else "calmly"
    return f"{mover} {pace}"
