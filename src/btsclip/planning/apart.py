"""Clips of one take do not show the same seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from btsclip.intervals import Span, without
from btsclip.media import Footage
from btsclip.moments import Cut, Refusal, move_cut
from btsclip.signals import Signals


def keep_apart(
    cuts: Sequence[Cut],
    signals: Mapping[Footage, Signals],
    min_seconds: float,
    weights: Mapping[str, float],
) -> tuple[list[Cut], dict[int, Refusal]]:
    """`cuts` in their order, each without the seconds that a better one of its take shows.

    A mishap stays complete. What is shorter than `min_seconds` afterwards is refused; refusals are
    by the index of the cut.
    """
    kept: dict[int, Cut] = {}
    refused: dict[int, Refusal] = {}
    for index in sorted(range(len(cuts)), key=lambda i: _rank(cuts[i], weights)):
        cut = cuts[index]
        rivals = [other for other in kept.values() if other.footage == cut.footage]
        free = without((cut.start, cut.end), [(other.start, other.end) for other in rivals])
        span: Span = max(free, key=lambda part: part[1] - part[0], default=(cut.start, cut.start))
        if span == (cut.start, cut.end):
            kept[index] = cut
        elif span[1] - span[0] >= min_seconds and cut.kind != "mishap":
            kept[index] = move_cut(cut, span, signals[cut.footage])
        else:
            rival = next(o for o in rivals if o.start < cut.end and cut.start < o.end)
            why = f"overlaps the {rival.kind} clip at {rival.start:.1f} s"
            refused[index] = Refusal(cut.footage, cut.start, cut.end, why)
    return [kept[index] for index in sorted(kept)], refused


def _rank(cut: Cut, weights: Mapping[str, float]) -> tuple[bool, float]:
    """Sorts mishaps first, and then the best."""
    return cut.kind != "mishap", -cut.score * weights.get(cut.kind, 1.0)
