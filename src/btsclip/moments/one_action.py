"""Join short work to the work beside it, and never shots of different actions.

The shots of an edited reel are shorter than a clip. Two of them belong together if both show one
action by name, or one place and one look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from btsclip.intervals import Span
from btsclip.media import Footage
from btsclip.moments.actions import ACTION_WORDS
from btsclip.moments.find import MAX_PAUSE_SECONDS, Moment
from btsclip.moments.trim import BORDER_REACH
from btsclip.signals import STEP, Signals, color_distance

# Distance of the colors before and after a cut up to which both shots show one place and one look.
# Chosen on 7 makers: 44 of 53 such cuts are below, and 1 of 36 cuts to something else. On the
# other makers it is 10 of 14, and 1 of 81.
MAX_SAME_LOOK_DISTANCE = 0.3
# The same for shots of one scene: 153 of 262 cuts within one maker's reel are below, and 3 of 37
# between two makers' footage.
MAX_SAME_SCENE_DISTANCE = 0.45
# How a reason names small numbers.
NUMBER_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}
# Why a montage is one.
NONE_IS_LONG_ENOUGH = "because none is long enough for a clip"
# The action of work that has no name.
UNNAMED = "other"

# Whether the shots before and after a border, in seconds, are alike.
IsAlike = Callable[[float], bool]


def likeness_tests(footage: Footage, signals: Signals) -> tuple[IsAlike, IsAlike]:
    """Tests whether two shots of `footage` show one place and one look, and whether they show one
    scene. Where the colors were not measured, the frames beside a border are read, once."""
    known = dict(zip(signals.borders, signals.border_distances.tolist(), strict=False))

    @cache
    def distance(border: float) -> float:
        return known[border] if border in known else color_distance(footage, border)

    return (
        lambda border: distance(border) <= MAX_SAME_LOOK_DISTANCE,
        lambda border: distance(border) <= MAX_SAME_SCENE_DISTANCE,
    )


def join_short_work(
    moments: Sequence[Moment], signals: Signals, min_seconds: float, is_alike: IsAlike
) -> list[Moment]:
    """`moments`, with work shorter than `min_seconds` joined to the work that it touches.

    Quick changes of action within one shot are joined. Two shots are joined only if both show one
    action by name, or if they are alike.
    """
    return _join(
        moments,
        lambda joined, last, moment: (
            moment.start <= last.end + STEP
            and min(joined.duration, moment.duration) < min_seconds
            and _belong_together(last, moment, signals, is_alike)
        ),
    )


def join_scenes(
    moments: Sequence[Moment], signals: Signals, min_seconds: float, is_alike: IsAlike
) -> list[Moment]:
    """`moments`, with neighboring shots of work joined in order until they last `min_seconds`.

    For edited takes whose shots are all too short. Pauses between the shots are joined, too.
    """
    return _join(
        [m for m in moments if m.kind != "idle" or m.duration > MAX_PAUSE_SECONDS],
        lambda joined, last, moment: (
            moment.start <= last.end + MAX_PAUSE_SECONDS
            and joined.duration < min_seconds
            and _belong_together(last, moment, signals, is_alike)
        ),
    )


def _join(
    moments: Sequence[Moment], may_join: Callable[[Moment, Moment, Moment], bool]
) -> list[Moment]:
    """`moments` with work joined to the work before it.

    Args:
        may_join: decides from all the work that is joined so far, the last part of it, and the next
            moment.
    """
    joined: list[Moment] = []
    for index, moment in enumerate(moments):
        is_work = bool(joined) and joined[-1].kind == moment.kind == "process"
        if is_work and may_join(joined[-1], moments[index - 1], moment):
            longer = max(joined[-1], moment, key=lambda m: m.duration)
            end = max(joined[-1].end, moment.end)
            joined[-1] = replace(longer, start=joined[-1].start, end=end)
        else:
            joined.append(moment)
    return joined


def _belong_together(last: Moment, moment: Moment, signals: Signals, is_alike: IsAlike) -> bool:
    """Whether two moments that touch are of one shot, or of shots that may be joined."""
    span = (last.end - STEP, moment.start + STEP)
    borders = [border for border in signals.borders if span[0] <= border <= span[1]]
    if not set(borders) <= set(signals.cuts):
        # Pictures are lost between them.
        return False
    is_one_action = last.action == moment.action not in (None, UNNAMED)
    return is_one_action or all(map(is_alike, borders))


def ends_of_action(signals: Signals, span: Span, is_alike: IsAlike) -> Signals:
    """`signals` without the borders near the ends of `span` at which one action goes on, so that a
    clip keeps the shots on both sides. Borders at the ends themselves stay."""

    def goes_on(border: float) -> bool:
        inside = min(border - span[0], span[1] - border)
        return STEP < inside <= BORDER_REACH and is_alike(border)

    return replace(signals, borders=tuple(b for b in signals.borders if not goes_on(b)))


def count_shots(signals: Signals, start: float, end: float) -> int:
    """The number of shots that `start` to `end` seconds show."""
    return 1 + sum(start + STEP < border < end - STEP for border in signals.borders)


def describe_shots(shots: int, action: str | None, *, is_montage: bool = False) -> str:
    """What a clip of several shots shows, to append to its reason; empty for one shot.

    In a montage, shots too short for a clip are joined by their scene alone.

    >>> describe_shots(3, "chop")
    ', three shots of chopping'
    """
    if shots < 2:
        return ""
    number = f"{NUMBER_WORDS.get(shots, str(shots))} shots"
    if is_montage:
        return f", {number} of one scene in their order, {NONE_IS_LONG_ENOUGH}"
    return f", {number} of {ACTION_WORDS.get(action or '', 'one place and look')}"
