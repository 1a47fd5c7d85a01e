"""The pieces that a take offers a story: short parts of its moments, with room around each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from btsclip.analysis import Analysis
from btsclip.intervals import Span, common, runs_of_true, without
from btsclip.moments import (
    Cut,
    Moment,
    Refusal,
    best_part,
    best_parts,
    fault_of,
    find_dangers,
    find_unclear_spans,
    first_danger,
    make_cut,
    still_life,
)
from btsclip.signals import STEP, Array, Signals
from btsclip.story.arc import NO_ACT, Act

# When something happened, to sort by: seconds of the clock, the take's rank by name, seconds of the
# take. The latter two are 0 where clocks decide.
When = tuple[float, int, float]

# Seconds of a span on the screen: the shortest glance, the usual length, and the most before eyes
# wander.
MIN_SECONDS = 1.5
USUAL_SECONDS = 3.2
MAX_SECONDS = 6.0
# Kinds of moments in which nothing moves, and the most seconds that they are shown.
STILL = ("idle", "reveal")
MAX_STILL_SECONDS = 3.5
# Belief from which on a quiet picture shows a thing worth showing.
MIN_THING_BELIEF = 0.5
# Seconds that a span of a mishap shows before it happens and after.
BEFORE_MISHAP_SECONDS = 0.5
AFTER_MISHAP_SECONDS = 1.0


@dataclass(frozen=True)
class StoryPiece:
    """A part of a take that a story may show.

    `cut` is the best part, `room` the span that it may be extended to, both in seconds of the take.
    `figures` decide which act it fits. If `within` is set, the story must show that span.
    Ordering the shoot sets `when`, and `place` in its footage from 0 to 1. Choosing the story sets
    `act`, and how well the piece fits it from 0 to 1.
    """

    cut: Cut
    room: Span
    figures: dict[str, float]
    within: Span | None = None
    when: When = (0.0, 0, 0.0)
    place: float = 0.0
    act: Act = NO_ACT
    fit: float = 0.0

    @property
    def kind(self) -> str:
        """The kind of its moment."""
        return self.cut.kind


def pieces_of(analysis: Analysis, speed: float = 1.0) -> tuple[list[StoryPiece], list[Refusal]]:
    """The pieces of a take in the order of time, and what was left out and why.

    At `speed` times real time, pieces take that much more footage.
    """
    lengths = (MIN_SECONDS * speed, USUAL_SECONDS * speed, MAX_SECONDS * speed)
    pieces: list[StoryPiece] = []
    harmless, refused = _remove_dangers(analysis)
    moments, unclear = _remove_unclear(analysis, harmless)
    refused += unclear
    things = still_life(analysis.signals)
    for moment in moments:
        scene: Span | None = (moment.start, moment.end)
        belief = analysis.process
        if moment.kind == "idle":
            scene, belief = _longest_thing(moment, things, lengths[0]), things
        if not scene or scene[1] - scene[0] < lengths[0]:
            refused.append(_refuse_short(analysis, moment, lengths[0]))
            continue
        moment_part = replace(moment, start=scene[0], end=scene[1])
        for piece in _pieces_of_moment(analysis, moment_part, belief, lengths):
            cut = piece.cut
            fault = None if piece.kind == "idle" else fault_of(cut)
            if fault:
                refused.append(Refusal(cut.footage, cut.start, cut.end, fault))
            else:
                pieces.append(piece)
    return pieces, refused


def _remove_dangers(analysis: Analysis) -> tuple[list[Moment], list[Refusal]]:
    """The moments without what may show an injury or distress, and what was left out.

    Work ends before such a span and goes on after it. Viewers of a story did not ask to see it.
    """
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
            kept += _outside(moment, [(span.start, span.end) for span in dangers])
    return kept, refused


def _remove_unclear(
    analysis: Analysis, moments: Sequence[Moment]
) -> tuple[list[Moment], list[Refusal]]:
    """`moments` without spans far darker, blurrier or emptier than the take, and what was left out.

    The rest of a mishap has to show how it happened.
    """
    unclear = find_unclear_spans(analysis.signals, analysis.footage.duration)
    kept: list[Moment] = []
    refused: list[Refusal] = []
    for moment in moments:
        parts = _outside(moment, [(span.start, span.end) for span in unclear])
        if moment.kind == "mishap" and "at" in moment.evidence:
            parts = [part for part in parts if part.start <= moment.evidence["at"] < part.end]
        kept += parts
        for span in unclear:
            start, end = common((moment.start, moment.end), (span.start, span.end))
            if start < end and moment.kind != "idle":
                refused.append(Refusal(analysis.footage, start, end, span.why))
    return kept, refused


def _outside(moment: Moment, spans: Sequence[Span]) -> list[Moment]:
    """The parts of `moment` outside `spans`."""
    parts = without((moment.start, moment.end), spans)
    return [replace(moment, start=start, end=end) for start, end in parts]


def _longest_thing(moment: Moment, things: Array, min_seconds: float) -> Span | None:
    """The longest part of an idle moment that shows a thing; None if under `min_seconds`."""
    first, last = round(moment.start / STEP), round(moment.end / STEP)
    shows_thing = things[first:last] >= MIN_THING_BELIEF
    runs = [(end - start, start) for start, end in runs_of_true(shows_thing)]
    length, start = max(runs, default=(0, 0), key=lambda run: run[0])
    if length * STEP < min_seconds:
        return None
    return moment.start + start * STEP, min(moment.end, moment.start + (start + length) * STEP)


def _pieces_of_moment(
    analysis: Analysis, moment: Moment, belief: Array, lengths: tuple[float, float, float]
) -> Iterator[StoryPiece]:
    """The best parts of a moment, each with room up to the middle between it and the next.

    `lengths` are the shortest, usual and longest seconds of the take.
    """
    signals, footage = analysis.signals, analysis.footage
    scene = _trim_borders((moment.start, moment.end), signals, footage.duration)
    within = None
    if moment.kind == "mishap" and "at" in moment.evidence:
        at = moment.evidence["at"]
        within = (
            max(scene[0], at - BEFORE_MISHAP_SECONDS),
            min(scene[1], at + AFTER_MISHAP_SECONDS),
        )
    if within:
        parts = [_extend(within, scene, lengths[1])]
    else:
        # Where nothing moves there is only one picture to show.
        still = moment.kind in STILL
        scenes = [scene] if still else best_parts(scene, belief, signals, lengths)
        parts = [best_part(part, belief, signals, lengths[1]) for part in scenes]
    middles = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(parts)]
    for part, room in zip(parts, itertools.pairwise([scene[0], *middles, scene[1]]), strict=True):
        cut, steps = make_cut(footage, signals, belief, moment, part), signals.between(*part)
        if moment.kind == "idle":
            # The moment's own score says how idle it is.
            cut = replace(cut, score=round(float(belief[steps].mean()), 3))
        glow = float(signals.glow[steps].mean())
        yield StoryPiece(cut, room, {**cut.evidence, "glow": round(glow, 4)}, within)


def _extend(span: Span, scene: Span, seconds: float) -> Span:
    """`span` extended on both sides to `seconds`, as far as the scene goes."""
    spare = max(0.0, seconds - (span[1] - span[0])) / 2
    return max(scene[0], span[0] - spare), min(scene[1], span[1] + spare)


def _trim_borders(span: Span, signals: Signals, duration: float) -> Span:
    """`span` without the steps at its ends that may contain a frame of another shot."""
    start, end = span
    for border in signals.borders:
        if abs(border - start) <= STEP:
            start = border + STEP / 2
        if abs(border - end) <= STEP:
            end = border - STEP / 2
    return start, min(end, duration)


def _refuse_short(analysis: Analysis, moment: Moment, min_seconds: float) -> Refusal:
    if moment.kind == "idle":
        why = f"no work, and nothing to look at: {moment.why}"
    else:
        why = f"only {moment.duration:.1f} s of {moment.kind}, less than {min_seconds:g} s"
    return Refusal(analysis.footage, moment.start, moment.end, why)


def separate_rooms(pieces: Sequence[StoryPiece]) -> list[StoryPiece]:
    """`pieces` in their order, with rooms shortened so that those of one take do not overlap.

    Their cuts must not overlap.
    """
    separated = list(pieces)
    indices_by_take: dict[str, list[int]] = {}
    for i, piece in enumerate(pieces):
        indices_by_take.setdefault(str(piece.cut.footage.path), []).append(i)
    for indices in indices_by_take.values():
        indices.sort(key=lambda i: pieces[i].cut.start)
        for i, j in itertools.pairwise(indices):
            before, after = separated[i], separated[j]
            if before.room[1] > after.room[0]:
                middle = (before.cut.end + after.cut.start) / 2
                separated[i] = replace(before, room=(before.room[0], middle))
                separated[j] = replace(after, room=(middle, after.room[1]))
    return separated
