"""Arcs: what a story is made of, act by act, as data."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from btsclip.errors import BtsclipError

# Kinds of moments by what a viewer would say is shown. Things are quiet pictures without people,
# such as ingredients; the finished dish is the product.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "process": ("process", "mishap"),
    "product": ("reveal",),
    "people": ("people", "why"),
    "things": ("idle",),
}
# Share of the shoot over which an act fades out on either side of where it belongs.
FADES = 0.25
# How strong a sign is, 0 to 1, to be given as the reason.
PLAIN = 0.5


@dataclass(frozen=True)
class ActCue:
    """A figure of a moment that speaks for an act: not at `low` or below, wholly at `high` and
    above; with `low` above `high` the less the better. `says` is what it tells of the moment."""

    figure: str
    low: float
    high: float
    says: str

    def value(self, figures: Mapping[str, float]) -> float:
        """0 to 1, for a moment with these `figures`."""
        share = (figures.get(self.figure, 0.0) - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, share))


@dataclass(frozen=True)
class Act:
    """A part of a story that gets `share` of its length and has from `least` to `most` spans.

    It shows moments of some `kinds`, each with its worth here, and of work only `actions` where
    any are named, each again with its worth; `where` in the shoot, from 0 to 1, they belong.
    Moments without any of the `signs` are worth `without` of those with one. An act that may stand
    `anywhere` keeps to no order but that of what happened. `shows` says in words what is sought.
    """

    name: str
    share: float
    kinds: Mapping[str, float]
    shows: str
    least: int = 1
    most: int = 30
    actions: Mapping[str, float] = field(default_factory=dict)
    where: tuple[float, float] = (0.0, 1.0)
    signs: tuple[ActCue, ...] = ()
    without: float = 1.0
    anywhere: bool = False

    def fit(
        self, kind: str, action: str | None, place: float, figures: Mapping[str, float]
    ) -> float:
        """How well a moment at `place` in the shoot, 0 to 1, fits here: 0 (not at all) to 1."""
        worth = self.kinds.get(kind, 0.0)
        if self.actions and kind == "process":
            worth *= self.actions.get(action or "other", self.actions.get("other", 0.0))
        if self.signs:
            sign = max(sign.value(figures) for sign in self.signs)
            worth *= self.without + (1 - self.without) * sign
        early, late = self.where[0] - place, place - self.where[1]
        return worth * min(1.0, max(0.0, 1 - max(early, late) / FADES))

    def reason(self, kind: str, figures: Mapping[str, float]) -> str:
        """Why a moment stands here: the sign that speaks most for it, else what is sought."""
        if kind == "process" and self.signs:
            best = max(self.signs, key=lambda sign: sign.value(figures))
            if best.value(figures) >= PLAIN:
                return best.says
        return "something went wrong" if kind == "mishap" else self.shows


@dataclass(frozen=True)
class Arc:
    """A story's acts in order. `most` is the largest share of each group of moments in it. With a
    `look` it begins with so many seconds of the finished dish; with `asks` its hook is the first
    question of the notes, where the user wrote none."""

    name: str
    about: str
    acts: tuple[Act, ...]
    most: Mapping[str, float]
    look: float = 0.0
    asks: bool = False


MOST = {"product": 0.12, "people": 0.2, "things": 0.15}
# Figures are those of moments/evidence.py, and `change`: how unlike the work before it looks.
HANDS = ActCue("hands_share", 0.2, 0.6, "hands that work")
TOOL_SIGNS = (
    ActCue("rhythm", 0.2, 0.5, "a tool's even strokes"),
    ActCue("onsets", 0.8, 2.0, "a tool that strikes"),
    ActCue("hands_share", 0.9, 0.3, "more tool than hands"),
)
TURN_SIGNS = (
    ActCue("sizzle", 0.3, 0.6, "there is heat"),
    ActCue("glow", 0.02, 0.08, "there is fire"),
    ActCue("change", 8.0, 24.0, "the scene changes"),
    ActCue("motion", 0.2, 0.5, "much moves at once"),
)

INGREDIENTS = Act(
    "ingredients", 0.1, {"idle": 1.0}, "a quiet picture of things, early on",
    most=2, where=(0.0, 0.35),
)  # fmt: skip
HANDS_AT_WORK = Act(
    "hands at work", 0.35, {"process": 1.0}, "hands that work",
    where=(0.0, 0.75), signs=(HANDS,), without=0.25,
)  # fmt: skip
TOOLS = Act(
    "tools", 0.22, {"process": 1.0}, "tools that move or strike",
    actions={"chop": 1.0, "stir": 0.9, "knead": 0.45, "plate": 0.4, "other": 0.7},
    where=(0.1, 0.85), signs=TOOL_SIGNS, without=0.35,
)  # fmt: skip
TURN = Act(
    "the turn", 0.23, {"process": 1.0, "mishap": 1.0}, "heat, a toss, a pour or a change of scene",
    actions={"toss": 1.0, "pour": 1.0, "stir": 0.9, "other": 0.8, "plate": 0.6, "chop": 0.5},
    where=(0.35, 1.0), signs=TURN_SIGNS, without=0.3,
)  # fmt: skip
REVEAL = Act(
    "reveal", 0.1, {"reveal": 1.0}, "the finished dish", most=2, where=(0.6, 1.0)
)  # fmt: skip
PERSON = Act(
    "who makes it", 0.1, {"people": 1.0, "why": 1.0}, "a person who works or tells",
    least=0, most=3, anywhere=True,
)  # fmt: skip

ARCS: Mapping[str, Arc] = {
    arc.name: arc
    for arc in (
        Arc(
            "making", "from ingredients to the dish",
            (INGREDIENTS, HANDS_AT_WORK, TOOLS, TURN, REVEAL, PERSON), MOST,
        ),
        Arc(
            "mishap-and-fix", "what went wrong, and how it was put right",
            (
                Act("before", 0.3, {"process": 1.0}, "work before anything happens",
                    where=(0.0, 0.7)),
                Act("mishap", 0.2, {"mishap": 1.0}, "what went wrong", most=3),
                Act("the fix", 0.35, {"process": 1.0}, "work after it", where=(0.2, 1.0)),
                REVEAL, PERSON,
            ),
            MOST,
        ),
        Arc(
            "people", "the people behind it, and their hands",
            (
                Act("who makes it", 0.28, {"people": 1.0}, "a person's face", most=5,
                    anywhere=True),
                Act("in their words", 0.2, {"why": 1.0}, "somebody who explains", least=0, most=4,
                    anywhere=True),
                Act("their hands", 0.44, {"process": 1.0, "mishap": 0.8}, "hands that work",
                    signs=(HANDS,), without=0.4),
                REVEAL,
            ),
            MOST | {"people": 0.4},
        ),
        Arc(
            "question", "a look at the dish first, then how it came about",
            (INGREDIENTS, HANDS_AT_WORK, TOOLS, TURN, REVEAL, PERSON), MOST | {"product": 0.15},
            look=1.5, asks=True,
        ),
    )
}  # fmt: skip


def arc_named(name: str) -> Arc:
    """The arc of that name. Raises BtsclipError naming the nearest one."""
    if name in ARCS:
        return ARCS[name]
    near = difflib.get_close_matches(name, ARCS, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise BtsclipError(f"--arc {name}", "no such arc", f"{hint}there are {', '.join(ARCS)}")


def group_of(kind: str) -> str:
    """The group that a kind of moment belongs to."""
    return next(group for group, kinds in GROUPS.items() if kind in kinds)
