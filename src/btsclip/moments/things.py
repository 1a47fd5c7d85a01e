"""What things the scene shows where something moves, as far as that can be told."""

from __future__ import annotations

from btsclip.signals.model import Signals
from btsclip.signals.scene import scene_heads, scene_things

# From this score on a thing is named. By eye, of 21 stretches of real footage that had it, 20
# showed the thing.
SURE = 3.0
# Things that are named; the others only speak for or against an action.
NAMED = (
    "pizza", "noodles", "a burger", "coffee", "an espresso machine", "a stove", "a frying pan",
)  # fmt: skip


def thing_scores(signals: Signals, part: slice) -> dict[str, float]:
    """The mean score of each thing over the analysis times in `part`; empty where the scene was
    never looked at."""
    names, first = scene_things().names, 2 * len(scene_heads().names)
    seen = signals.scene[part, first:]
    if seen.shape[1] != len(names) or not len(seen):
        return {}
    return dict(zip(names, seen.mean(0).tolist(), strict=True))


def named_thing(signals: Signals, part: slice) -> tuple[str, float] | None:
    """The surest thing in `part` that may be named, with its score."""
    scores = {name: score for name, score in thing_scores(signals, part).items() if name in NAMED}
    best = max(scores, key=lambda name: scores[name], default=None)
    return (best, scores[best]) if best and scores[best] >= SURE else None
