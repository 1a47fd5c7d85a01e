"""From the pieces of a story to its spans: their seconds, and their times in the takes."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from btsclip.analysis import Analysis
from btsclip.captions import BusyArea
from btsclip.errors import NothingFound
from btsclip.intervals import Span
from btsclip.media import Footage
from btsclip.moments import Cut, Refusal, describe_evidence, measure_evidence, still_life
from btsclip.plan import Caption, Card
from btsclip.story.action_cuts import (
    PlacementField,
    ignore_speech,
    make_field,
    place_spans,
)
from btsclip.story.arc import Act, group_of
from btsclip.story.choose import Rules
from btsclip.story.lengths import MAX_MISS_SECONDS, TimelineSlot, fit_frames, share_out
from btsclip.story.pieces import MIN_SECONDS, STILL, StoryPiece, separate_rooms

# The look at the dish that some arcs begin with.
LOOK_AHEAD = Act("a look ahead", 0.0, {"reveal": 1.0}, "the dish first: this arc begins with it")
# Seconds by which that look may be longer, to end on a beat.
MAX_EXTRA_LOOK_SECONDS = 0.5
# Seconds of the same moment between that look and the dish at the end.
LOOK_GAP_SECONDS = 0.2
# Seconds by which a card may stay longer, so that the next span begins on a beat.
MAX_EXTRA_CARD_SECONDS = 1.0
# Weight of a slot that gets no more than its minimum while others want seconds.
MIN_WEIGHT = 1e-3

# The spans within a part of a take, in its seconds, whose words belong together.
FindSpeech = Callable[[Cut, Span], Sequence[Span]]
# The cards of a story by the number of the cut that each precedes.
FindCards = Callable[[Sequence[Cut]], dict[int, Card]]


@dataclass(frozen=True)
class StorySpan:
    """A span of the story: the cut that it shows, its act, and why it is there.

    `seconds` are on the screen. Framing sets the rest: the `keys` of the plan's span, the `busy`
    areas that captions must not cover, the `work` in the pictures for the cover and the
    `introductions` of people, all in seconds from the start of the span on the screen, and
    `inside`, the share of the time in which the subject is fully shown. `warnings` are about its
    `captions`.
    """

    cut: Cut
    act: str
    reason: str
    seconds: float
    keys: Mapping[str, Any] = field(default_factory=dict)
    busy: tuple[BusyArea, ...] = ()
    work: tuple[BusyArea, ...] = ()
    introductions: tuple[Caption, ...] = ()
    inside: float = 0.0
    captions: tuple[Caption, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoryLayout:
    """The spans in order, the cards by the number of the span that each precedes, chosen pieces
    that did not fit after all, and warnings for the user."""

    spans: tuple[StorySpan, ...]
    cards: Mapping[int, Card]
    refused: tuple[Refusal, ...]
    warnings: tuple[str, ...]

    @property
    def starts(self) -> list[float]:
        """When each span begins on the screen, after its card."""
        starts, end = [], 0.0
        for i, span in enumerate(self.spans):
            starts.append(end + (self.cards[i].seconds if i in self.cards else 0.0))
            end = starts[-1] + span.seconds
        return starts

    @property
    def seconds(self) -> float:
        """Seconds of all spans and cards on the screen."""
        return self.starts[-1] + self.spans[-1].seconds


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A piece with its possible places in the take and its possible lengths in the story."""

    piece: StoryPiece
    field: PlacementField
    slot: TimelineSlot

    @property
    def can_be_cut(self) -> bool:
        """Whether any length is possible."""
        return self.slot.allowed is None or bool(self.slot.allowed.any())

    @property
    def min_frames(self) -> float:
        """The fewest frames that are possible."""
        allowed = self.slot.allowed
        return self.slot.min_seconds if allowed is None else float(allowed.argmax())

    def refuse(self, why: str) -> Refusal:
        """The refusal of the piece for this reason."""
        cut = self.piece.cut
        return Refusal(cut.footage, cut.start, cut.end, why)


def layout_story(
    parts: Sequence[StoryPiece],
    analyses: Mapping[Footage, Analysis],
    rules: Rules,
    fps: int,
    *,
    cards: FindCards = lambda cuts: {},
    beats: Sequence[float] = (),
    speech: FindSpeech = lambda cut, room: (),
) -> StoryLayout:
    """Turn the chosen pieces into spans that have the asked length with the `cards` between them.

    Cuts fall on `beats`, in seconds on the screen, if there are any, and never into a word. A piece
    in which somebody speaks without a pause can't be cut and is left out, unless that is true of
    all work. Raises NothingFound if nothing fits the length.
    """
    candidates = _make_candidates(parts, analyses, rules, fps, speech)
    warnings: list[str] = []
    refused: list[Refusal] = []
    if rules.arc.look_seconds and not any(c.piece.act is LOOK_AHEAD for c in candidates):
        warnings.append("it begins without a look at the dish: too little time, or none to show")
    work = [c for c in candidates if c.slot.group == group_of("process")] or candidates
    if not any(candidate.can_be_cut for candidate in work):
        # Things and faces alone tell nothing: work is shown all the same.
        candidates = [c if c.can_be_cut else _cut_into_speech(c, fps) for c in candidates]
        warnings.append("somebody speaks without a pause: cuts fall into what is said")
    for candidate in [c for c in candidates if not c.can_be_cut]:
        candidates.remove(candidate)
        refused.append(candidate.refuse("somebody speaks without a pause: no place to cut"))
    while (fitted := _fit_lengths(candidates, cards, rules, fps, beats)) is None:
        if len(beats):
            warnings.append("the spans don't fit the music's beats: cuts do not fall on them")
            beats = ()
            continue
        if len(candidates) == 1:
            cut = candidates[0].piece.cut
            raise NothingFound(
                cut.footage.path,
                "nothing in it fits the story's length",
                "ask for another --length",
            )
        # Pauses are too far apart for all of them in the story's seconds.
        longest = max(candidates, key=lambda candidate: candidate.min_frames)
        candidates.remove(longest)
        refused.append(longest.refuse("pauses in what is said are too far apart to cut it"))
    frames, fitted_cards = fitted
    begins = place_spans([candidate.field for candidate in candidates], frames)
    spans = [
        _make_span(candidate, begin, count, analyses, fps)
        for candidate, begin, count in zip(candidates, begins, frames, strict=True)
    ]
    layout = StoryLayout(tuple(spans), fitted_cards, tuple(refused), tuple(warnings))
    if layout.seconds >= rules.seconds - MAX_MISS_SECONDS - 1e-6:
        return layout
    too_short = (
        f"the story is {layout.seconds:.1f} s long, not {rules.seconds:g}: "
        "there is no more work to show that is not the same again"
    )
    return replace(layout, warnings=(*layout.warnings, too_short))


def _make_candidates(
    parts: Sequence[StoryPiece],
    analyses: Mapping[Footage, Analysis],
    rules: Rules,
    fps: int,
    speech: FindSpeech,
) -> list[_Candidate]:
    """The pieces as candidates in order, after a look at the dish if the arc asks for one."""
    pieces = separate_rooms(parts)
    if rules.arc.look_seconds:
        pieces = _add_look_ahead(pieces, rules)
    pieces_in_act = Counter(piece.act.name for piece in pieces)
    candidates = []
    for piece in pieces:
        analysis = analyses[piece.cut.footage]
        belief = still_life(analysis.signals) if piece.kind in STILL else analysis.process
        field = make_field(
            analysis.signals, belief, piece.room, rules.speed / fps, piece.within,
            speech(piece.cut, piece.room),
        )  # fmt: skip
        if piece.act is LOOK_AHEAD:
            min_seconds = rules.arc.look_seconds
            max_seconds = rules.arc.look_seconds + MAX_EXTRA_LOOK_SECONDS
            weight = MIN_WEIGHT
        else:
            min_seconds, max_seconds = MIN_SECONDS, rules.max_seconds(piece)
            # Acts of many spans have shorter ones, but not so much as to flicker beside the others.
            weight = (piece.act.share / pieces_in_act[piece.act.name]) ** 0.5
        allowed = field.allowed(round(max_seconds * fps))
        allowed[: int(np.ceil(min_seconds * fps - 1e-6))] = False
        slot = TimelineSlot(
            min_seconds, max(min_seconds, max_seconds), weight, group_of(piece.kind), allowed
        )
        candidates.append(_Candidate(piece, field, slot))
    return candidates


def _add_look_ahead(pieces: list[StoryPiece], rules: Rules) -> list[StoryPiece]:
    """`pieces` with the end of the finished dish's moment cut off and put first, if the story is
    long enough for both."""
    look_seconds = rules.arc.look_seconds
    if look_seconds + MIN_SECONDS > rules.max_share("reveal") * rules.seconds + 1e-9:
        return pieces
    need = (look_seconds + MAX_EXTRA_LOOK_SECONDS) * rules.speed
    for i, piece in enumerate(pieces):
        start, end = piece.room
        has_room = end - start >= need + LOOK_GAP_SECONDS + MIN_SECONDS * rules.speed
        if piece.kind == "reveal" and has_room:
            rest = replace(piece, room=(start, end - need - LOOK_GAP_SECONDS))
            look = replace(piece, room=(end - need, end), act=LOOK_AHEAD)
            return [look, *pieces[:i], rest, *pieces[i + 1 :]]
    return pieces


def _cut_into_speech(candidate: _Candidate, fps: int) -> _Candidate:
    """The candidate with cuts wherever they are best, because there is no pause."""
    field = ignore_speech(candidate.field)
    allowed = field.allowed(round(candidate.slot.max_seconds * fps))
    return replace(candidate, field=field, slot=replace(candidate.slot, allowed=allowed))


def _fit_lengths(
    candidates: Sequence[_Candidate],
    find_cards: FindCards,
    rules: Rules,
    fps: int,
    beats: Sequence[float],
) -> tuple[list[int], dict[int, Card]] | None:
    """The frames of each candidate, and the cards with their seconds; None if nothing fits."""
    cards = find_cards([candidate.piece.cut for candidate in candidates])
    slots: list[TimelineSlot] = []
    for i, candidate in enumerate(candidates):
        if i in cards:
            # In whole frames, and never less than reading takes.
            seconds = math.ceil(cards[i].seconds * fps - 1e-6) / fps
            max_seconds = seconds + (MAX_EXTRA_CARD_SECONDS if len(beats) else 0.0)
            slots.append(TimelineSlot(seconds, max_seconds, MIN_WEIGHT, free=True))
        slots.append(candidate.slot)
    shares = rules.arc.max_shares
    ideal = share_out(slots, rules.seconds, shares)
    # A group at its share must not exceed it on the way to a beat.
    slots = [
        replace(slot, max_seconds=max(best, slot.min_seconds)) if slot.group in shares else slot
        for slot, best in zip(slots, ideal, strict=True)
    ]
    slot_frames = fit_frames(slots, ideal, min(rules.seconds, sum(ideal)), fps, beats)
    if slot_frames is None:
        return None
    frames, fitted_cards = [], {}
    remaining = iter(slot_frames)
    for i in range(len(candidates)):
        if i in cards:
            seconds = round(next(remaining) / fps, 4)
            fitted_cards[i] = cards[i].model_copy(update={"seconds": seconds})
        frames.append(next(remaining))
    return frames, fitted_cards


def _make_span(
    candidate: _Candidate, begin: int, frames: int, analyses: Mapping[Footage, Analysis], fps: int
) -> StorySpan:
    """The span of `frames` that begins at frame `begin` of the candidate's field."""
    piece, field = candidate.piece, candidate.field
    start = field.start + begin * field.step
    end = start + frames * field.step
    signals = analyses[piece.cut.footage].signals
    evidence = {**piece.cut.evidence, **measure_evidence(signals, signals.between(start, end))}
    why = describe_evidence(evidence, end - start, piece.kind)
    cut = replace(piece.cut, start=round(start, 4), end=round(end, 4), evidence=evidence, why=why)
    reason = piece.act.reason(piece.kind, piece.figures)
    return StorySpan(cut, piece.act.name, f"{reason}: {why}", frames / fps)


def shares_of(spans: Sequence[StorySpan]) -> dict[str, float]:
    """The share of each group of moments in the seconds on the screen, the largest first."""
    total = sum(span.seconds for span in spans)
    seconds: dict[str, float] = defaultdict(float)
    for span in spans:
        seconds[group_of(span.cut.kind)] += span.seconds
    descending = sorted(seconds.items(), key=lambda item: -item[1])
    return {name: round(part / total, 4) for name, part in descending}
