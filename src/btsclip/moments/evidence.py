"""The figures behind a moment, and one plain sentence that says them."""

from __future__ import annotations

import numpy as np

from btsclip.moments.belief import CAMERA_RANGE, MOTION_RANGE
from btsclip.signals.series import STEP, Signals


def weigh(signals: Signals, part: slice) -> dict[str, float]:
    """Figures over the analysis times in `part`.

    hands: usual number where any is seen; hands_share: share of time with a hand; motion,
    hand_motion and camera: mean speeds in picture widths a second; onsets: blows a second;
    sound: level 0..1; sharpness and brightness: medians.
    """
    seen = signals.hands[part]
    with_hands = seen[seen > 0]
    figures = {
        "hands": float(np.median(with_hands)) if len(with_hands) else 0.0,
        "hands_share": float((seen > 0).mean()),
        "presence": float(signals.presence[part].mean()),
        "motion": float(signals.motion[part].mean()),
        "hand_motion": float(signals.hand_motion[part].mean()),
        "camera": float(signals.camera[part].mean()),
        "onsets": float(signals.onsets[part].mean() / STEP),
        "sound": float(signals.sound[part].mean()),
        "sharpness": float(np.median(signals.sharpness[part])),
        "exposure": float(np.median(signals.exposure[part])),
        "faces": float(np.median(signals.faces[part])),
    }
    return {name: round(value, 4) for name, value in figures.items()}


def describe(evidence: dict[str, float], duration: float) -> str:
    """One sentence with the figures that mattered most, for a span of `duration` seconds."""
    parts = [_hands(evidence, duration), _motion(evidence)]
    if evidence["camera"] > CAMERA_RANGE[1]:
        parts.append("the camera moves much")
    elif evidence["camera"] > CAMERA_RANGE[0]:
        parts.append("the camera moves a little")
    else:
        parts.append("steady camera")
    if evidence["onsets"] >= 1:
        parts.append(f"{evidence['onsets']:.1f} sounds of blows a second")
    return ", ".join(part for part in parts if part)


def _hands(evidence: dict[str, float], duration: float) -> str:
    share = evidence["hands_share"]
    if share < 0.1:
        return "no hands seen"
    count = {1: "one hand", 2: "two hands"}.get(round(evidence["hands"]), "several hands")
    return f"{count} seen for {share * duration:.1f} of {duration:.1f} s"


def _motion(evidence: dict[str, float]) -> str:
    if evidence["motion"] < MOTION_RANGE[0]:
        return "hardly anything moves"
    where = "moving" if evidence["hands_share"] >= 0.1 else "something moves"
    pace = "fast" if evidence["motion"] > MOTION_RANGE[1] else "calmly"
    return f"{where} {pace} ({evidence['motion']:.2f} widths a second)"
