"""Name the things that the scene shows where something moves."""

from __future__ import annotations

from collections.abc import Mapping

from btsclip.signals import Signals, scene_heads, scene_things

# Score from which on a thing is named. Checked by eye on 21 stretches of real footage with such a
# score: 20 showed the thing.
MIN_NAMED_SCORE = 3.0
# Things to name. The others only speak for or against an action.
NAMED = (
    "pizza", "noodles", "a burger", "coffee", "an espresso machine", "a stove", "a frying pan",
)  # fmt: skip
# Food among them, and the score from which on a caption says it.
FOOD = ("pizza", "noodles", "a burger", "coffee")
MIN_CAPTION_SCORE = 5.0
# Prefix of figures such as "looks_like pizza".
LOOKS_LIKE = "looks_like "


def thing_scores(signals: Signals, part: slice) -> dict[str, float]:
    """Mean score of each thing over the analysis times in `part`; empty without a look at the
    scene."""
    names, first = scene_things().names, 2 * len(scene_heads().names)
    scores = signals.scene[part, first:]
    if scores.shape[1] != len(names) or not len(scores):
        return {}
    return dict(zip(names, scores.mean(0).tolist(), strict=True))


def food_seen(evidence: Mapping[str, float]) -> str:
    """The food that the scene of a moment shows, if it is sure: "" otherwise."""
    return next(
        (food for food in FOOD if evidence.get(f"{LOOKS_LIKE}{food}", 0.0) >= MIN_CAPTION_SCORE), ""
    )


def named_thing(signals: Signals, part: slice) -> tuple[str, float] | None:
    """The surest of the NAMED things in `part`, with its score; None if no thing is sure."""
    scores = {name: score for name, score in thing_scores(signals, part).items() if name in NAMED}
    best = max(scores, key=lambda name: scores[name], default=None)
    return (best, scores[best]) if best and scores[best] >= MIN_NAMED_SCORE else None
