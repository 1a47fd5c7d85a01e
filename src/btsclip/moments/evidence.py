"""The figures behind a moment, and one plain sentence that says them."""

from __future__ import annotations

import numpy as np

from btsclip.moments.belief import CAMERA_RANGE, MOTION_RANGE
from btsclip.moments.things import named_thing
from btsclip.signals.model import STEP, Signals

# Kinds of moment in which a regular movement is the work's.
AT_WORK = ("process", "mishap")
# Strokes a second from which on they are fast.
FAST_STROKES = 1.8
# What the name of a figure begins with that says which thing a scene looks like.
LOOKS_LIKE = "looks_like "


def measure_evidence(signals: Signals, part: slice) -> dict[str, float]:
    """Figures over the analysis times in `part`.

    hands: usual number where any is seen; hands_share: share of time with a hand; motion,
    hand_motion and camera: mean speeds in picture widths a second; rhythm: usual regularity 0..1
    and strokes: strokes a second, where regular; onsets: blows a second; sound: level 0..1; sizzle
    and voice: means 0..1; sharpness and exposure: medians; face_size: in picture heights;
    "looks_like pizza": how far above the usual a scene looks like that.
    """
    seen = signals.hands[part]
    with_hands = seen[seen > 0]
    regular = signals.rhythm[part] > 0.2
    strokes = signals.strokes[part][regular]
    figures = {
        "hands": float(np.median(with_hands)) if len(with_hands) else 0.0,
        "hands_share": float((seen > 0).mean()),
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
    """One sentence with the figures that mattered most, for a span of `duration` seconds."""
    parts = [
        *_first(evidence, kind),
        _hands(evidence, duration),
        *_things(evidence),
        (kind in AT_WORK and _rhythm(evidence)) or _motion(evidence),
        _camera(evidence),
        *_sounds(evidence),
    ]
    return ", ".join(part for part in parts if part)


def _first(evidence: dict[str, float], kind: str) -> list[str]:
    """What made it this kind, where that is not the hands and the motion."""
    if kind == "mishap":
        at = f"at {evidence['at']:.1f} s" if "at" in evidence else ""
        signs = {"clatter": "a clatter", "jerk": "a sudden jerk", "flare": "a flare of fire"}
        said = [f"{text} {at}".strip() for sign, text in signs.items() if sign in evidence]
        return [*said, _put_right(evidence)] if "at" in evidence else said
    if kind == "people":
        return [f"a face {evidence['face_size']:.0%} of the picture high"]
    if kind == "why":
        return ["somebody speaks while hands rest or show" if _shows_hands(evidence)
                else "somebody speaks"]  # fmt: skip
    if kind == "reveal":
        return ["sharp and quiet picture after work"]
    return []


def _put_right(evidence: dict[str, float]) -> str:
    """How a mishap ends."""
    if "recovery" not in evidence:
        return "not seen to be put right"
    if evidence["recovery"] <= 0.5:
        return "hands stay at it" if evidence["hands_share"] >= 0.1 else "work goes on at once"
    hands = "hands are at it again" if evidence["hands_share"] >= 0.1 else "work goes on"
    return f"{hands} {evidence['recovery']:.1f} s later"


def _camera(evidence: dict[str, float]) -> str:
    if evidence["camera"] > CAMERA_RANGE[1]:
        return "the camera moves much"
    if evidence["camera"] > CAMERA_RANGE[0]:
        return "the camera moves a little"
    return "steady camera"


def _rhythm(evidence: dict[str, float]) -> str:
    if evidence["rhythm"] < 0.35 or evidence["strokes"] == 0:
        return ""
    pace = "fast" if evidence["strokes"] >= FAST_STROKES else "slow"
    return f"{pace} regular strokes"


def _sounds(evidence: dict[str, float]) -> list[str]:
    heard = []
    if evidence["onsets"] >= 1:
        heard.append("the sound of blows")
    if evidence["sizzle"] >= 0.4:
        heard.append("sizzling")
    if evidence["voice"] >= 0.4:
        heard.append(f"a voice for {evidence['voice']:.0%} of it")
    return heard


def _hands(evidence: dict[str, float], duration: float) -> str:
    share = evidence["hands_share"]
    if share < 0.1:
        return "hands likely in the picture" if _shows_hands(evidence) else "no hands seen"
    count = {1: "one hand", 2: "two hands"}.get(round(evidence["hands"]), "several hands")
    return f"{count} seen for {share * duration:.1f} of {duration:.1f} s"


def _shows_hands(evidence: dict[str, float]) -> bool:
    """Whether hands were seen, or the scene shows some: gloves, and hands at the edge of the
    picture, hide from the search for palms."""
    return evidence["hands_share"] >= 0.1 or evidence.get("hand_belief", 0.0) >= 0.5


def _things(evidence: dict[str, float]) -> list[str]:
    """What the scene looks like."""
    return [f"something like {name.removeprefix(LOOKS_LIKE)}"
            for name in evidence if name.startswith(LOOKS_LIKE)]  # fmt: skip


def _motion(evidence: dict[str, float]) -> str:
    if evidence["motion"] < MOTION_RANGE[0]:
        return "hardly anything moves"
    where = "moving" if evidence["hands_share"] >= 0.1 else "something moves"
    pace = "fast" if evidence["motion"] > MOTION_RANGE[1] else "calmly"
    return f"{where} {pace}"
