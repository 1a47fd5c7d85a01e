"""Choose the best of all cuts: no overlaps, no look-alikes, no kind beyond its quota."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from btsclip.moments.select import MAX_LOOK_ALIKE_DIFFERENCE, Cut, Refusal
from btsclip.presets import Quota
from btsclip.wording import count

# Share of a clip that another clip may show, too.
MAX_SHARED = 0.25
# Clips of work without which a finished dish is only another perfect plate.
MIN_CLIPS_BEFORE_REVEAL = 4


def choose_cuts(
    cuts: Sequence[Cut],
    number: int,
    weights: Mapping[str, float] | None = None,
    quotas: Mapping[str, Quota] | None = None,
    order: Callable[[Sequence[Cut], Mapping[str, float]], list[Cut]] | None = None,
) -> tuple[list[Cut], list[Refusal]]:
    """The best `number` of all files' cuts, in the order of `cuts`, and refusals for the rest.

    Scores mean the same in every file, so a dull file's best cut does not beat a good file's worst.
    A finished dish is chosen last and once, after enough clips of its making.

    Args:
        weights: factor of the score by kind.
        quotas: minimum and maximum by kind. Minimums are filled first.
        order: sorts cuts and weights, the best first; by score if None.
    """
    weights, quotas = weights or {}, quotas or {}
    ranked = (order or sort_by_score)(cuts, weights)
    work = [cut for cut in ranked if cut.kind != "reveal"]
    reveals = [cut for cut in ranked if cut.kind == "reveal"]
    minimums = {kind: quota.least for kind, quota in quotas.items()}
    maximums = {kind: quota.most for kind, quota in quotas.items() if quota.most is not None}
    kept_free = 1 if reveals and minimums.get("reveal") else 0
    chosen: list[Cut] = []
    chosen_ids: set[int] = set()
    clashes = _Clashes(cuts)
    objections: dict[int, str] = {}
    for offered, room, caps in (
        ([cut for cut in work if minimums.get(cut.kind)], number, minimums),
        (work, number - kept_free, maximums),
        ([*reveals, *work], number, maximums),
    ):
        for cut in offered:
            if id(cut) not in chosen_ids:
                why = clashes.find(cut) or _find_objection(cut, chosen, room, caps)
                if why:
                    objections[id(cut)] = why
                else:
                    chosen.append(cut)
                    clashes.add(cut)
                    chosen_ids.add(id(cut))
    refused = [
        Refusal(cut.footage, cut.start, cut.end, objections[id(cut)])
        for cut in [*work, *reveals]
        if id(cut) not in chosen_ids
    ]
    return [cut for cut in cuts if id(cut) in chosen_ids], refused


def sort_by_score(cuts: Sequence[Cut], weights: Mapping[str, float]) -> list[Cut]:
    """`cuts`, the best first, each score scaled by the weight of its kind."""
    return sorted(cuts, key=lambda cut: -cut.score * weights.get(cut.kind, 1.0))


class _Clashes:
    """Finds chosen cuts that overlap another cut or look like it.

    All cuts are kept as arrays, because a long take offers thousands.
    """

    def __init__(self, cuts: Sequence[Cut]) -> None:
        self._cuts = list(cuts)
        self._index = {id(cut): index for index, cut in enumerate(self._cuts)}
        self._start = np.array([cut.start for cut in cuts])
        self._end = np.array([cut.end for cut in cuts])
        takes: dict[Path, int] = {}
        self._take = np.array([takes.setdefault(cut.footage.path, len(takes)) for cut in cuts])
        size = max((cut.thumb.size for cut in cuts), default=0)
        # A thumbnail of another size stays NaN, which is like no other.
        self._thumb = np.full((len(self._cuts), size), np.nan, np.float32)
        for index, cut in enumerate(self._cuts):
            if cut.thumb.size == size:
                self._thumb[index] = cut.thumb.reshape(-1)
        self._chosen: list[int] = []

    def add(self, cut: Cut) -> None:
        """Add `cut` to the chosen ones."""
        self._chosen.append(self._index[id(cut)])

    def find(self, cut: Cut) -> str | None:
        """The objection to `cut` beside the first chosen cut that it clashes with, else None."""
        if not self._chosen:
            return None
        index, chosen = self._index[id(cut)], np.array(self._chosen)
        shared = np.minimum(self._end[index], self._end[chosen]) - np.maximum(
            self._start[index], self._start[chosen]
        )
        length = self._end - self._start
        overlaps = (self._take[chosen] == self._take[index]) & (
            shared > MAX_SHARED * np.minimum(length[index], length[chosen])
        )
        difference = np.abs(self._thumb[chosen] - self._thumb[index]).mean(1)
        clashing = np.flatnonzero(overlaps | (difference < MAX_LOOK_ALIKE_DIFFERENCE))
        if not len(clashing):
            return None
        rival = self._cuts[chosen[clashing[0]]]
        if overlaps[clashing[0]]:
            return f"overlaps the {rival.kind} clip at {rival.start:.1f} s"
        return f"looks like the clip at {rival.start:.1f} s of {rival.footage.path.name}"


def _find_objection(
    cut: Cut, chosen: Sequence[Cut], number: int, caps: Mapping[str, int]
) -> str | None:
    """The objection to `cut` beside the cuts `chosen` before it, else None.

    There is room for `number` cuts, and for as many of each kind as its cap.
    """
    cap = caps.get(cut.kind)
    if cap is not None and sum(rival.kind == cut.kind for rival in chosen) >= cap:
        clips = count(cap, f"{cut.kind} clip")
        return f"the preset wants no more than {clips} (quotas.{cut.kind}.most)"
    if len(chosen) >= number:
        better = count(number, "clip scores", "clips score")
        return f"{better} higher (this one {cut.score:.2f})"
    if cut.kind == "reveal":
        if len(chosen) < MIN_CLIPS_BEFORE_REVEAL:
            return (
                f"a finished dish, but fewer than {MIN_CLIPS_BEFORE_REVEAL} clips show its making"
            )
        if any(rival.kind == "reveal" for rival in chosen):
            return "another clip shows the finished dish better"
    return None
