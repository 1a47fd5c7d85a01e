"""What a take offers a story: short parts of its moments, with the room around each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from btsclip.analysis.analyze import Analysis
from btsclip.intervals import Span, common, runs_of_true, without
from btsclip.moments.find import Moment
from btsclip.moments.safety import find_dangers, first_danger
from btsclip.moments.scenes import still_life
from btsclip.moments.select import Cut, Refusal, fault_of, make_cut
from btsclip.moments.trim import best_part, best_parts
from btsclip.moments.unclear import find_unclear_spans
from btsclip.signals.model import STEP, Array, Signals

# Seconds of a span in a story on the screen: a glance, what is usual, and the most before eyes
# wander.
SHORTEST, USUAL, LONGEST = 1.5, 3.2, 6.0
# The most where nothing moves: things and the finished dish.
LONGEST_STILL, STILL = 3.5, ("idle", "reveal")
# Belief from which on a quiet picture shows a thing worth showing.
THING = 0.5
# Seconds before what went wrong and after it that a span of it shows.
BEFORE, AFTER = 0.5, 1.0


@dataclass(frozen=True)
class StoryPiece:
    """A part of a take that a story may show: `cut` is its best part, `room` how far it may reach.

    `figures` are those that acts are told by. A span of it has to show what lies `within` it.
    """

    cut: Cut
    room: Span
    figures: dict[str, float]
    within: Span | None = None


def pieces_of(analysis: Analysis, speed: float = 1.0) -> tuple[list[StoryPiece], list[Refusal]]:
    """The pieces of a take in the order of time, and what was left out and why. Footage is shown
    `speed` times as fast as life, so that more of it is wanted."""
    lengths = (SHORTEST * speed, USUAL * speed, LONGEST * speed)
    pieces: list[StoryPiece] = []
    harmless, refused = _harmless(analysis)
    moments, hidden = _clear(analysis, harmless)
    refused += hidden
    things = still_life(analysis.signals)
    for moment in moments:
        scene: Span | None = (moment.start, moment.end)
        scene_belief = analysis.process
        if moment.kind == "idle":
            scene, scene_belief = _thing(moment, things, lengths), things
        if not scene or scene[1] - scene[0] < lengths[0]:
            refused.append(_refusal(analysis, moment, lengths[0]))
            continue
        shown = replace(moment, start=scene[0], end=scene[1])
        for offered in _pieces(analysis, shown, scene_belief, lengths):
            fault = None if offered.cut.kind == "idle" else fault_of(offered.cut)
            if fault:
                cut = offered.cut
                refused.append(Refusal(cut.footage, cut.start, cut.end, fault))
            else:
                pieces.append(offered)
    return pieces, refused


def _harmless(analysis: Analysis) -> tuple[list[Moment], list[Refusal]]:
    """The moments without what may show an injury or distress: work ends before it and goes on
    after it. A story is watched by people who were not asked."""
    dangers = find_dangers(analysis.signals)
    kept: list[Moment] = []
    refused: list[Refusal] = []
    for moment in analysis.moments:
        if not (danger := first_danger(dangers, moment.start, moment.end)):
            kept.append(moment)
            continue
        why = f"{danger.why}: no story shows that unasked"
        refused.append(Refusal(analysis.footage, moment.start, moment.end, why))
        if moment.kind == "process":
            kept += _outside(moment, [(each.start, each.end) for each in dangers])
    return kept, refused


def _clear(analysis: Analysis, moments: Sequence[Moment]) -> tuple[list[Moment], list[Refusal]]:
    """`moments` without what is far darker, blurrier or emptier than the take is. Of a mishap what
    is left has to show how it happened."""
    unclear = find_unclear_spans(analysis.signals, analysis.footage.duration)
    kept: list[Moment] = []
    refused: list[Refusal] = []
    for moment in moments:
        parts = _outside(moment, [(each.start, each.end) for each in unclear])
        if moment.kind == "mishap" and "at" in moment.evidence:
            parts = [part for part in parts if part.start <= moment.evidence["at"] < part.end]
        kept += parts
        for each in unclear:
            start, end = common((moment.start, moment.end), (each.start, each.end))
            if start < end and moment.kind != "idle":
                refused.append(Refusal(analysis.footage, start, end, each.why))
    return kept, refused


def _outside(moment: Moment, spans: Sequence[Span]) -> list[Moment]:
    """The parts of `moment` that lie outside of `spans`."""
    parts = without((moment.start, moment.end), spans)
    return [replace(moment, start=start, end=end) for start, end in parts]


def _thing(moment: Moment, things: Array, lengths: tuple[float, float, float]) -> Span | None:
    """The longest part of an idle moment in which a thing is shown."""
    first, last = round(moment.start / STEP), round(moment.end / STEP)
    shown = things[first:last] >= THING
    runs = [(b - a, a) for a, b in runs_of_true(shown)]
    length, at = max(runs, default=(0, 0), key=lambda run: run[0])
    if length * STEP < lengths[0]:
        return None
    return moment.start + at * STEP, min(moment.end, moment.start + (at + length) * STEP)


def _pieces(
    analysis: Analysis, moment: Moment, belief: Array, lengths: tuple[float, float, float]
) -> Iterator[StoryPiece]:
    """The best parts of a moment, each with the room up to the middle between it and the next."""
    signals, footage = analysis.signals, analysis.footage
    scene = _in_shot((moment.start, moment.end), signals, footage.duration)
    within = None
    if moment.kind == "mishap" and "at" in moment.evidence:
        at = moment.evidence["at"]
        within = (max(scene[0], at - BEFORE), min(scene[1], at + AFTER))
    if within:
        parts = [_about(within, scene, lengths[1])]
    else:
        # Where nothing moves there is only one picture to show.
        still = moment.kind in STILL
        scenes = [scene] if still else best_parts(scene, belief, signals, lengths)
        parts = [best_part(part, belief, signals, lengths[1]) for part in scenes]
    middles = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(parts)]
    for part, room in zip(parts, itertools.pairwise([scene[0], *middles, scene[1]]), strict=True):
        cut, inside = make_cut(footage, signals, belief, moment, part), signals.between(*part)
        if moment.kind == "idle":
            # Its moment's own score is of how idle it is.
            cut = replace(cut, score=round(float(belief[inside].mean()), 3))
        glow = float(signals.glow[inside].mean())
        yield StoryPiece(cut, room, {**cut.evidence, "glow": round(glow, 4)}, within)


def _about(within: Span, scene: Span, seconds: float) -> Span:
    """`seconds` of the scene about what has to be shown."""
    spare = max(0.0, seconds - (within[1] - within[0])) / 2
    return max(scene[0], within[0] - spare), min(scene[1], within[1] + spare)


def _in_shot(span: Span, signals: Signals, duration: float) -> Span:
    """`span` without the steps in which a shot border may lie: no frame of another shot."""
    start, end = span
    for border in signals.borders:
        if abs(border - start) <= STEP:
            start = border + STEP / 2
        if abs(border - end) <= STEP:
            end = border - STEP / 2
    return start, min(end, duration)


def _refusal(analysis: Analysis, moment: Moment, least: float) -> Refusal:
    if moment.kind == "idle":
        why = f"no work, and nothing to look at: {moment.why}"
    else:
        why = f"only {moment.duration:.1f} s of {moment.kind}, less than {least:g} s"
    return Refusal(analysis.footage, moment.start, moment.end, why)


def without_overlap(pieces: Sequence[StoryPiece]) -> list[StoryPiece]:
    """`pieces` in their order, the rooms of those of one take cut so that none reaches into another
    one's. Their best parts must not overlap."""
    cut_down = list(pieces)
    of_take: dict[str, list[int]] = {}
    for i, piece in enumerate(pieces):
        of_take.setdefault(str(piece.cut.footage.path), []).append(i)
    for mine in of_take.values():
        mine.sort(key=lambda i: pieces[i].cut.start)
        for i, j in itertools.pairwise(mine):
            before, after = cut_down[i], cut_down[j]
            if before.room[1] > after.room[0]:
                middle = (before.cut.end + after.cut.start) / 2
                cut_down[i] = replace(before, room=(before.room[0], middle))
                cut_down[j] = replace(after, room=(middle, after.room[1]))
    return cut_down
