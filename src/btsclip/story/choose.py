"""Choose the pieces of a shoot that make its story, and the act of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from btsclip.intervals import overlap
from btsclip.moments import Cut, Refusal, look_alike
from btsclip.presets import Quota
from btsclip.story.arc import GROUPS, Act, Arc, group_of
from btsclip.story.lengths import longest_story
from btsclip.story.pieces import (
    MAX_SECONDS,
    MAX_STILL_SECONDS,
    MIN_SECONDS,
    STILL,
    USUAL_SECONDS,
    StoryPiece,
    When,
)

# Factors on the worth of a piece for each chosen piece with the same action, and of the same take.
SAME_ACTION_FACTOR = 0.8
SAME_TAKE_FACTOR = 0.9
# A piece that fits an act less than this is no candidate for it.
MIN_FIT = 0.3
# Factor on the worth of a piece in an act that already has its seconds.
FULL_ACT_FACTOR = 0.3
# Two small pictures with this correlation show one scene, even if the light changed.
MIN_SCENE_CORRELATION = 0.9


@dataclass(frozen=True)
class StoryChoice:
    """The pieces of a story in order, what was left out and why, and warnings for the user."""

    parts: tuple[StoryPiece, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """The rules for a story of `seconds` on the screen.

    `weights` and `quotas` are the preset's, by kind of moment; `speed` is the playback speed.
    """

    arc: Arc
    seconds: float
    weights: Mapping[str, float]
    quotas: Mapping[str, Quota]
    speed: float = 1.0

    def max_seconds(self, piece: StoryPiece) -> float:
        """The longest time on the screen for which `piece` can be shown."""
        limit = MAX_STILL_SECONDS if piece.kind in STILL else MAX_SECONDS
        return min(limit, (piece.room[1] - piece.room[0]) / self.speed)

    def max_share(self, kind: str) -> float:
        """The largest share of the story for the group of `kind`, 0 to 1."""
        return self.arc.max_shares.get(group_of(kind), 1.0)


def choose(offered: Sequence[StoryPiece], rules: Rules) -> StoryChoice:
    """Choose the story from the `offered` pieces, which are in the order of time.

    First find the best piece for each act, so that the acts keep their order. Then fill the acts
    with the pieces that add most: good, fitting, and unlike those already chosen. The chosen pieces
    have room for at least the asked seconds if the shoot has.
    """
    search = _Search(offered, rules)
    search.begin()
    search.fill()
    search.keep_shares()
    return StoryChoice(tuple(search.parts), tuple(search.refusals()), tuple(search.warnings()))


class _Search:
    """The pieces chosen so far, and those that may still be added."""

    def __init__(self, offered: Sequence[StoryPiece], rules: Rules) -> None:
        self._offered = offered
        self._rules = rules
        # Indices of offered pieces, with the piece in its act.
        self._chosen: dict[int, StoryPiece] = {}
        self._objections: dict[int, str] = {}
        acts = rules.arc.acts
        self._fits = {
            (i, a): fit
            for i, piece in enumerate(offered)
            for a, act in enumerate(acts)
            if (fit := act.fit(piece.kind, piece.cut.action, piece.place, piece.figures)) >= MIN_FIT
        }
        # An act for which the shoot has nothing leaves its seconds to the others.
        self._possible_acts = [a for a in range(len(acts)) if any(b == a for _, b in self._fits)]
        self._total_share = sum(acts[a].share for a in self._possible_acts) or 1.0

    @property
    def parts(self) -> list[StoryPiece]:
        """The chosen pieces in the order of time."""
        return sorted(self._chosen.values(), key=lambda part: part.when)

    def begin(self) -> None:
        """Add one piece for each act, and the minimum of each kind that the preset asks for."""
        for i, a in self._find_skeleton():
            self._try_add(i, a)
        for a in self._possible_acts:
            act = self._rules.arc.acts[a]
            if act.anywhere and act.min_spans:
                self._add_best([key for key in self._fits if key[1] == a])
        for kind, quota in self._rules.quotas.items():
            while sum(part.kind == kind for part in self.parts) < quota.least and self._add_best(
                [key for key in self._fits if self._offered[key[0]].kind == kind]
            ):
                pass

    def fill(self) -> None:
        """Add the best pieces up to the usual number, then until the seconds are filled."""
        usual = round(self._rules.seconds / USUAL_SECONDS)
        while (len(self._chosen) < usual or self._is_too_short()) and self._add_best(
            list(self._fits)
        ):
            pass

    def keep_shares(self) -> None:
        """Remove pieces whose group exceeds its share even if each is shown for MIN_SECONDS."""
        while self._chosen:
            total = min(self._rules.seconds, self._max_seconds())
            min_total = MIN_SECONDS * len(self._chosen)
            over = [
                part for part in self.parts
                if self._group_size(part.kind) * MIN_SECONDS
                > self._rules.max_share(part.kind) * total
            ]  # fmt: skip
            if not over and min_total <= total + 1e-9:
                return
            worst = min(over or self.parts, key=lambda part: self._worth(part, part.fit, ()))
            index = next(i for i, part in self._chosen.items() if part is worst)
            del self._chosen[index]
            self._objections[index] = "the story is too short for it beside the work"

    def refusals(self) -> list[Refusal]:
        """The offered pieces that are not in the story, with the reason."""
        refused = []
        for i, piece in enumerate(self._offered):
            if i not in self._chosen:
                cut = piece.cut
                fits = any(j == i for j, _ in self._fits)
                fallback = "other parts add more" if fits else "fits no act of the story"
                why = self._objections.get(i, fallback)
                refused.append(Refusal(cut.footage, cut.start, cut.end, why))
        return refused

    def warnings(self) -> list[str]:
        """A warning for each act without a piece."""
        filled = {part.act.name for part in self.parts}
        return [
            f"nothing in the shoot fits {act.name!r} ({act.shows}); its seconds go to the others"
            for act in self._rules.arc.acts
            if act.min_spans and act.name not in filled
        ]

    def _find_skeleton(self) -> list[tuple[int, int]]:
        """The best piece for each act that keeps an order, later pieces for later acts.

        Returns pairs of the piece's index and the act's index.
        """
        acts = self._rules.arc.acts
        # best[i]: worth and pairs of the best choice among the first i pieces.
        best: list[tuple[float, tuple[tuple[int, int], ...]]] = [
            (0.0, ()) for _ in range(len(self._offered) + 1)
        ]
        for a in self._possible_acts:
            if acts[a].anywhere or not acts[a].min_spans:
                continue
            following = list(best)
            for i, piece in enumerate(self._offered):
                if (i, a) in self._fits:
                    worth, before = best[i]
                    gain = self._worth(piece, self._fits[i, a], ())
                    if worth + gain > following[i + 1][0]:
                        following[i + 1] = worth + gain, (*before, (i, a))
                if following[i][0] > following[i + 1][0]:
                    following[i + 1] = following[i]
            best = following
        return list(best[-1][1])

    def _add_best(self, keys: Sequence[tuple[int, int]]) -> bool:
        """Add the best piece that may be added of `keys`, pairs of a piece and an act by index."""
        ranked = sorted(
            (key for key in keys if key[0] not in self._chosen), key=lambda key: -self._gain(*key)
        )
        return any(self._try_add(i, a) for i, a in ranked)

    def _gain(self, i: int, a: int) -> float:
        """The worth that piece `i` adds to the story in act `a`."""
        act = self._rules.arc.acts[a]
        worth = self._worth(self._offered[i], self._fits[i, a], self.parts)
        wanted = act.share / self._total_share * self._rules.seconds
        filled = USUAL_SECONDS * sum(part.act is act for part in self.parts)
        return worth * max(FULL_ACT_FACTOR, min(1.0, 1 - filled / max(wanted, 1e-9)))

    def _worth(self, piece: StoryPiece, fit: float, beside: Sequence[StoryPiece]) -> float:
        cut = piece.cut
        same_action = sum((p.kind, p.cut.action) == (cut.kind, cut.action) for p in beside)
        same_take = sum(p.cut.footage.path == cut.footage.path for p in beside)
        score = cut.score * self._rules.weights.get(cut.kind, 1.0)
        return score * fit * SAME_ACTION_FACTOR**same_action * SAME_TAKE_FACTOR**same_take

    def _try_add(self, i: int, a: int) -> bool:
        """Add piece `i` in act `a`, unless there is an objection."""
        piece, act = self._offered[i], self._rules.arc.acts[a]
        why = self._objection(piece, act)
        if why:
            self._objections[i] = why
            return False
        self._chosen[i] = replace(piece, act=act, fit=self._fits[i, a])
        return True

    def _objection(self, piece: StoryPiece, act: Act) -> str | None:
        cut, rules = piece.cut, self._rules
        if cut.kind == "reveal" and self._looked_so_before(piece):
            return "it looks as it did before the work: no finished dish"
        for part in self.parts:
            chosen = part.cut
            if cut.footage.path == chosen.footage.path and overlap(cut, chosen):
                return f"part of it is shown from {chosen.start:.1f} s on"
            still = cut.kind in STILL and chosen.kind in STILL
            if look_alike(cut, chosen) or (still and one_scene(cut, chosen)):
                return f"looks like {chosen.footage.path.name} at {chosen.start:.1f} s"
        quota = rules.quotas.get(cut.kind)
        count = sum(part.kind == cut.kind for part in self.parts)
        if quota and quota.most is not None and count >= quota.most:
            return f"no more than {quota.most} of kind {cut.kind} are wanted"
        group, max_share = group_of(cut.kind), rules.max_share(cut.kind)
        size = self._group_size(cut.kind)
        # The first may be short; further ones need the usual room.
        need = (size + 1) * USUAL_SECONDS if size else MIN_SECONDS
        if need > max_share * rules.seconds + 1e-9:
            return f"{group} is to be no more than {max_share:.0%} of the story"
        if sum(part.act is act for part in self.parts) >= act.max_spans:
            return f"no more than {act.max_spans} show {act.name!r}"
        if not act.anywhere and not self._keeps_order(piece.when, act):
            return f"it happened too early or too late for {act.name!r}"
        return None

    def _looked_so_before(self, piece: StoryPiece) -> bool:
        """Whether an earlier picture of things shows the same scene."""
        things = [p for p in self._offered if p.when < piece.when and p.kind == "idle"]
        return any(one_scene(piece.cut, thing.cut) for thing in things)

    def _keeps_order(self, when: When, act: Act) -> bool:
        """Whether no earlier part is in a later act, and no later part in an earlier act."""
        names = [act.name for act in self._rules.arc.acts]
        index = names.index(act.name)
        ordered = [part for part in self.parts if not part.act.anywhere]
        placed = [(part.when, names.index(part.act.name)) for part in ordered]
        return all(i <= index if then < when else i >= index for then, i in placed)

    def _group_size(self, kind: str) -> int:
        return sum(part.kind in GROUPS[group_of(kind)] for part in self.parts)

    def _is_too_short(self) -> bool:
        return self._max_seconds() < self._rules.seconds - 1e-6

    def _max_seconds(self) -> float:
        """Seconds of the longest story of the chosen pieces, with each group within its share."""
        rooms: dict[str, float] = defaultdict(float)
        for part in self.parts:
            rooms[group_of(part.kind)] += self._rules.max_seconds(part)
        return longest_story(rooms, self._rules.arc.max_shares)


def one_scene(a: Cut, b: Cut) -> bool:
    """Whether two pictures show the same scene, such as a room that the camera pans through."""
    if a.thumb.shape != b.thumb.shape:
        return False
    first, second = a.thumb - a.thumb.mean(), b.thumb - b.thumb.mean()
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return size > 0 and float((first * second).sum()) / size >= MIN_SCENE_CORRELATION
