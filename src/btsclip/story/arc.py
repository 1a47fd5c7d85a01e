"""Arcs: the acts that make up a story, as data."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from btsclip.errors import BtsclipError

# Kinds of moments by what a viewer would say they show. Things are quiet pictures without people,
# such as ingredients; the product is the finished dish.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "process": ("process", "mishap"),
    "product": ("reveal",),
    "people": ("people", "why"),
    "things": ("idle",),
}
# Share of the shoot over which an act's fit falls to 0 on either side of its place.
FADE_SHARE = 0.25
# A cue with at least this value, 0 to 1, is given as the reason.
MIN_REASON_VALUE = 0.5


@dataclass(frozen=True)
class ActCue:
    """A figure of a moment that speaks for an act.

    It counts nothing at `low` or below and fully at `high` or above; with `low` above `high`, less
    is better. `says` is the reason to give for it.
    """

    figure: str
    low: float
    high: float
    says: str

    def value(self, figures: Mapping[str, float]) -> float:
        """How strong the cue is in these `figures` of a moment, 0 to 1.

        >>> ActCue("sizzle", 0.0, 0.5, "there is heat").value({"sizzle": 0.25})
        0.5
        """
        share = (figures.get(self.figure, 0.0) - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, share))


@dataclass(frozen=True)
class Act:
    """A part of a story, with its `share` of the length and its limits for the number of spans.

    `kinds` of moments that it shows, and `actions` of work if any are named, have a worth from 0 to
    1. `where` is the part of the shoot, from 0 to 1, that they come from. A moment without any of
    the `cues` is worth `without_cue` times as much as with one. An act with `anywhere` takes any
    place in the story; its spans still follow the time of the shoot. `shows` is the act's subject
    in words.
    """

    name: str
    share: float
    kinds: Mapping[str, float]
    shows: str
    min_spans: int = 1
    max_spans: int = 30
    actions: Mapping[str, float] = field(default_factory=dict)
    where: tuple[float, float] = (0.0, 1.0)
    cues: tuple[ActCue, ...] = ()
    without_cue: float = 1.0
    anywhere: bool = False

    def fit(
        self, kind: str, action: str | None, place: float, figures: Mapping[str, float]
    ) -> float:
        """How well a moment at `place` in the shoot, 0 to 1, fits the act: 0 (not at all) to 1."""
        worth = self.kinds.get(kind, 0.0)
        if self.actions and kind == "process":
            worth *= self.actions.get(action or "other", self.actions.get("other", 0.0))
        if self.cues:
            strongest = max(cue.value(figures) for cue in self.cues)
            worth *= self.without_cue + (1 - self.without_cue) * strongest
        early, late = self.where[0] - place, place - self.where[1]
        return worth * min(1.0, max(0.0, 1 - max(early, late) / FADE_SHARE))

    def reason(self, kind: str, figures: Mapping[str, float]) -> str:
        """Why a moment is in the act: its strongest cue, or else the act's subject."""
        if kind == "process" and self.cues:
            best = max(self.cues, key=lambda cue: cue.value(figures))
            if best.value(figures) >= MIN_REASON_VALUE:
                return best.says
        return "something went wrong" if kind == "mishap" else self.shows


# The act of a piece that the story has not chosen yet.
NO_ACT = Act("", 0.0, {}, "")


@dataclass(frozen=True)
class Arc:
    """A story's acts in order, and the largest share of each group of moments in it.

    With `look_seconds` the story begins with a look at the finished dish. With `asks` its hook is
    the first question of the notes if the user wrote none.
    """

    name: str
    about: str
    acts: tuple[Act, ...]
    max_shares: Mapping[str, float]
    look_seconds: float = 0.0
    asks: bool = False


MAX_SHARES = {"product": 0.12, "people": 0.2, "things": 0.15}
# Figures come from moments/evidence.py; `change` is how much the picture differs from the piece
# before.
HANDS = ActCue("hands_share", 0.2, 0.6, "hands that work")
TOOL_CUES = (
    ActCue("rhythm", 0.2, 0.5, "a tool's even strokes"),
    ActCue("onsets", 0.8, 2.0, "a tool that strikes"),
    ActCue("hands_share", 0.9, 0.3, "more tool than hands"),
)
TURN_CUES = (
    ActCue("sizzle", 0.3, 0.6, "there is heat"),
    ActCue("glow", 0.02, 0.08, "there is fire"),
    ActCue("change", 8.0, 24.0, "the scene changes"),
    ActCue("motion", 0.2, 0.5, "much moves at once"),
)

INGREDIENTS = Act(
    "ingredients", 0.1, {"idle": 1.0}, "a quiet picture of things, early on",
    max_spans=2, where=(0.0, 0.35),
)  # fmt: skip
HANDS_AT_WORK = Act(
    "hands at work", 0.35, {"process": 1.0}, "hands that work",
    where=(0.0, 0.75), cues=(HANDS,), without_cue=0.25,
)  # fmt: skip
TOOLS = Act(
    "tools", 0.22, {"process": 1.0}, "tools that move or strike",
    actions={"chop": 1.0, "stir": 0.9, "knead": 0.45, "plate": 0.4, "other": 0.7},
    where=(0.1, 0.85), cues=TOOL_CUES, without_cue=0.35,
)  # fmt: skip
TURN = Act(
    "the turn", 0.23, {"process": 1.0, "mishap": 1.0}, "heat, a toss, a pour or a change of scene",
    actions={"toss": 1.0, "pour": 1.0, "stir": 0.9, "other": 0.8, "plate": 0.6, "chop": 0.5},
    where=(0.35, 1.0), cues=TURN_CUES, without_cue=0.3,
)  # fmt: skip
REVEAL = Act(
    "reveal", 0.1, {"reveal": 1.0}, "the finished dish", max_spans=2, where=(0.6, 1.0)
)  # fmt: skip
PERSON = Act(
    "who makes it", 0.1, {"people": 1.0, "why": 1.0}, "a person who works or tells",
    min_spans=0, max_spans=3, anywhere=True,
)  # fmt: skip

ARCS: Mapping[str, Arc] = {
    arc.name: arc
    for arc in (
        Arc(
            "making", "from ingredients to the dish",
            (INGREDIENTS, HANDS_AT_WORK, TOOLS, TURN, REVEAL, PERSON), MAX_SHARES,
        ),
        Arc(
            "mishap-and-fix", "what went wrong, and how it was put right",
            (
                Act("before", 0.3, {"process": 1.0}, "work before anything happens",
                    where=(0.0, 0.7)),
                Act("mishap", 0.2, {"mishap": 1.0}, "what went wrong", max_spans=3),
                Act("the fix", 0.35, {"process": 1.0}, "work after it", where=(0.2, 1.0)),
                REVEAL, PERSON,
            ),
            MAX_SHARES,
        ),
        Arc(
            "people", "the people behind it, and their hands",
            (
                Act("who makes it", 0.28, {"people": 1.0}, "a person's face", max_spans=5,
                    anywhere=True),
                Act("in their words", 0.2, {"why": 1.0}, "somebody who explains", min_spans=0,
                    max_spans=4, anywhere=True),
                Act("their hands", 0.44, {"process": 1.0, "mishap": 0.8}, "hands that work",
                    cues=(HANDS,), without_cue=0.4),
                REVEAL,
            ),
            MAX_SHARES | {"people": 0.4},
        ),
        Arc(
            "question", "a look at the dish first, then how it came about",
            (INGREDIENTS, HANDS_AT_WORK, TOOLS, TURN, REVEAL, PERSON),
            MAX_SHARES | {"product": 0.15},
            look_seconds=1.5, asks=True,
        ),
    )
}  # fmt: skip


def arc_named(name: str) -> Arc:
    """The arc with this name. Raises BtsclipError with the nearest name."""
    if name in ARCS:
        return ARCS[name]
    near = difflib.get_close_matches(name, ARCS, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise BtsclipError(f"--arc {name}", "no such arc", f"{hint}there are {', '.join(ARCS)}")


def group_of(kind: str) -> str:
    """The group of a kind of moment.

    >>> group_of("mishap")
    'process'
    """
    return next(group for group, kinds in GROUPS.items() if kind in kinds)
