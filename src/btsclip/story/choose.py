"""Which pieces of a shoot make its story, and in which act each stands."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from btsclip.intervals import overlap
from btsclip.moments.select import Refusal, look_alike
from btsclip.presets.schema import Quota
from btsclip.story.arc import GROUPS, Act, Arc, group_of
from btsclip.story.order import When
from btsclip.story.pieces import LONGEST, LONGEST_STILL, SHORTEST, STILL, USUAL, StoryPiece
from btsclip.story.sequence import OrderedPiece, one_scene

# What a piece is worth beside each one before it that shows the same doing, or is of the same take.
SAME_DOING, SAME_TAKE = 0.8, 0.9
# An act that a moment fits less than this would be told by something else.
FITS = 0.3
# What a piece is worth in an act that has its seconds already.
FULL = 0.3


@dataclass(frozen=True)
class StoryPart:
    """A piece in an act of the story; `fit` says how well it fits there."""

    piece: StoryPiece
    when: When
    act: Act
    fit: float

    @property
    def kind(self) -> str:
        """The kind of its moment."""
        return self.piece.cut.kind


@dataclass(frozen=True)
class StoryChoice:
    """The parts of a story in order, what was left out and why, and what the user should know."""

    parts: tuple[StoryPart, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """What holds for a story of `seconds` on the screen: its arc, the preset's `weights` and
    `quotas` by kind, and how much faster than life it is shown."""

    arc: Arc
    seconds: float
    weights: Mapping[str, float]
    quotas: Mapping[str, Quota]
    speed: float = 1.0

    def room(self, piece: StoryPiece) -> float:
        """The most seconds on the screen for which `piece` can be shown."""
        most = LONGEST_STILL if piece.cut.kind in STILL else LONGEST
        return min(most, (piece.room[1] - piece.room[0]) / self.speed)

    def most_of(self, kind: str) -> float:
        """The largest share of the story that moments of the group of `kind` may have."""
        return self.arc.most.get(group_of(kind), 1.0)


def choose(offered: Sequence[OrderedPiece], rules: Rules) -> StoryChoice:
    """The story that `offered`, in the order of time, makes.

    First the best piece of each act is sought so that the acts stand in their order, then the acts
    are filled with what adds most: good, fitting, and unlike what is there. The parts offer at
    least the asked seconds where the shoot does.
    """
    search = _Search(offered, rules)
    search.begin()
    search.fill()
    search.keep_shares()
    return StoryChoice(tuple(search.parts), tuple(search.refusals()), tuple(search.warnings()))


class _Search:
    """The parts so far, and what may still be added to them."""

    def __init__(self, offered: Sequence[OrderedPiece], rules: Rules) -> None:
        self._offered, self._rules = offered, rules
        self.parts: list[StoryPart] = []
        self._why: dict[int, str] = {}
        acts = rules.arc.acts
        self._fits = {
            (i, a): fit
            for i, each in enumerate(offered)
            for a, act in enumerate(acts)
            if (fit := act.fit(each.piece.cut.kind, each.piece.cut.action, each.place,
                               each.piece.figures)) >= FITS
        }  # fmt: skip
        # An act for which the shoot has nothing leaves its seconds to the others.
        self._there = [a for a in range(len(acts)) if any(b == a for _, b in self._fits)]
        self._shares = sum(acts[a].share for a in self._there) or 1.0

    def begin(self) -> None:
        """One piece for each act, and as many of a kind as the preset wants at least."""
        for i, a in self._skeleton():
            self._try(i, a)
        for a in self._there:
            act = self._rules.arc.acts[a]
            if act.anywhere and act.least:
                self._add_best([key for key in self._fits if key[1] == a])
        for kind, quota in self._rules.quotas.items():
            while sum(part.kind == kind for part in self.parts) < quota.least and self._add_best(
                [key for key in self._fits if self._offered[key[0]].piece.cut.kind == kind]
            ):
                pass

    def fill(self) -> None:
        """Adds the best until there are as many as are usual, and then as long as seconds lack."""
        usual = round(self._rules.seconds / USUAL)
        while (len(self.parts) < usual or self._lacks()) and self._add_best(list(self._fits)):
            pass

    def keep_shares(self) -> None:
        """Takes parts away that even for the shortest glance would have too much of the story."""
        while self.parts:
            total = min(self._rules.seconds, self._most_seconds())
            least = SHORTEST * len(self.parts)
            over = [
                part for part in self.parts
                if self._group_size(part.kind) * SHORTEST > self._rules.most_of(part.kind) * total
            ]  # fmt: skip
            if not over and least <= total + 1e-9:
                return
            worst = min(over or self.parts, key=lambda p: self._worth_of(p.piece, p.fit, ()))
            self.parts.remove(worst)
            self._note(worst.piece, "the story is too short for it beside the work")

    def refusals(self) -> list[Refusal]:
        """What was offered and is not in the story."""
        mine = {id(part.piece) for part in self.parts}
        refused = []
        for i, each in enumerate(self._offered):
            if id(each.piece) not in mine:
                cut = each.piece.cut
                fits = any(j == i for j, _ in self._fits)
                fallback = "other parts add more" if fits else "fits no act of the story"
                why = self._why.get(id(each.piece), fallback)
                refused.append(Refusal(cut.footage, cut.start, cut.end, why))
        return refused

    def warnings(self) -> list[str]:
        """The acts for which there is nothing."""
        told = {part.act.name for part in self.parts}
        return [
            f"nothing in the shoot fits {act.name!r} ({act.shows}); its seconds go to the others"
            for act in self._rules.arc.acts
            if act.least and act.name not in told
        ]

    def _skeleton(self) -> list[tuple[int, int]]:
        """The best piece for each act that keeps to an order, later acts by later pieces."""
        acts = self._rules.arc.acts
        # best[i]: the worth and pieces of the best choice that ends with piece i or before it.
        best: list[tuple[float, tuple[tuple[int, int], ...]]] = [
            (0.0, ()) for _ in range(len(self._offered) + 1)
        ]
        for a in self._there:
            if acts[a].anywhere or not acts[a].least:
                continue
            following = list(best)
            for i, each in enumerate(self._offered):
                if (i, a) in self._fits:
                    worth, before = best[i]
                    gain = self._worth_of(each.piece, self._fits[i, a], ())
                    if worth + gain > following[i + 1][0]:
                        following[i + 1] = worth + gain, (*before, (i, a))
                if following[i][0] > following[i + 1][0]:
                    following[i + 1] = following[i]
            best = following
        return list(best[-1][1])

    def _add_best(self, keys: Sequence[tuple[int, int]]) -> bool:
        """Adds the best of the pieces in acts `keys`, if any may be added."""
        taken = {id(part.piece) for part in self.parts}
        ranked = sorted(
            (key for key in keys if id(self._offered[key[0]].piece) not in taken),
            key=lambda key: -self._gain(*key),
        )
        return any(self._try(i, a) for i, a in ranked)

    def _gain(self, i: int, a: int) -> float:
        """What piece `i` adds to the story in act `a`."""
        act = self._rules.arc.acts[a]
        worth = self._worth_of(self._offered[i].piece, self._fits[i, a], self.parts)
        wanted = act.share / self._shares * self._rules.seconds
        lacking = 1 - USUAL * sum(part.act is act for part in self.parts) / max(wanted, 1e-9)
        return worth * max(FULL, min(1.0, lacking))

    def _worth_of(self, piece: StoryPiece, fit: float, beside: Sequence[StoryPart]) -> float:
        cut = piece.cut
        doing = sum((p.kind, p.piece.cut.action) == (cut.kind, cut.action) for p in beside)
        take = sum(p.piece.cut.footage.path == cut.footage.path for p in beside)
        score = cut.score * self._rules.weights.get(cut.kind, 1.0)
        return score * fit * SAME_DOING**doing * SAME_TAKE**take

    def _try(self, i: int, a: int) -> bool:
        """Adds piece `i` in act `a`, unless something speaks against it."""
        each, act = self._offered[i], self._rules.arc.acts[a]
        why = self._objection(each, act)
        if why:
            self._note(each.piece, why)
            return False
        self.parts.append(StoryPart(each.piece, each.when, act, self._fits[i, a]))
        self.parts.sort(key=lambda part: part.when)
        return True

    def _objection(self, each: OrderedPiece, act: Act) -> str | None:
        cut, rules = each.piece.cut, self._rules
        if cut.kind == "reveal" and self._was_there_before(each):
            return "it looks as it did before the work: no finished dish"
        for part in self.parts:
            other = part.piece.cut
            if cut.footage.path == other.footage.path and overlap(cut, other):
                return f"part of it is shown from {other.start:.1f} s on"
            still = cut.kind in STILL and other.kind in STILL
            if look_alike(cut, other) or (still and one_scene(cut, other)):
                return f"looks like {other.footage.path.name} at {other.start:.1f} s"
        quota = rules.quotas.get(cut.kind)
        count = sum(part.kind == cut.kind for part in self.parts)
        if quota and quota.most is not None and count >= quota.most:
            return f"no more than {quota.most} of kind {cut.kind} are wanted"
        group, most = group_of(cut.kind), rules.most_of(cut.kind)
        size = self._group_size(cut.kind)
        # A first one may be a glance; more of them have to have room as usual.
        need = (size + 1) * USUAL if size else SHORTEST
        if need > most * rules.seconds + 1e-9:
            return f"{group} is to be no more than {most:.0%} of the story"
        if sum(part.act is act for part in self.parts) >= act.most:
            return f"no more than {act.most} show {act.name!r}"
        if not act.anywhere and not self._keeps_order(each.when, act):
            return f"it happened too early or too late for {act.name!r}"
        return None

    def _was_there_before(self, each: OrderedPiece) -> bool:
        """Whether a picture of things, from before it, shows the same scene."""
        things = [o for o in self._offered if o.when < each.when and o.piece.cut.kind == "idle"]
        return any(one_scene(each.piece.cut, other.piece.cut) for other in things)

    def _keeps_order(self, when: When, act: Act) -> bool:
        """Whether no earlier part is of a later act, and no later one of an earlier act."""
        acts = [each.name for each in self._rules.arc.acts]
        at = acts.index(act.name)
        ordered = [part for part in self.parts if not part.act.anywhere]
        others = [(part.when, acts.index(part.act.name)) for part in ordered]
        return all(other <= at if then < when else other >= at for then, other in others)

    def _note(self, piece: StoryPiece, why: str) -> None:
        self._why[id(piece)] = why

    def _group_size(self, kind: str) -> int:
        return sum(part.kind in GROUPS[group_of(kind)] for part in self.parts)

    def _lacks(self) -> bool:
        return self._most_seconds() < self._rules.seconds - 1e-6

    def _most_seconds(self) -> float:
        """The longest story that the parts can make, each group within its share of it."""
        rooms: dict[str, float] = defaultdict(float)
        for part in self.parts:
            rooms[group_of(part.kind)] += self._rules.room(part.piece)
        return longest_story(rooms, self._rules.arc.most)


def longest_story(rooms: Mapping[str, float], most: Mapping[str, float]) -> float:
    """The longest story of groups of which there are `rooms` seconds, none with more than its
    share of `most`."""
    total = math.fsum(rooms.values())
    # Each round a group that has too much of the total is cut to its share, so the total shrinks.
    for _ in range(60):
        shorter = math.fsum(min(room, most.get(name, 1.0) * total) for name, room in rooms.items())
        if total - shorter < 1e-6:
            break
        total = shorter
    return total
