"""From the parts of a story to its spans: how long each is shown, and from where to where."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from btsclip.analysis.analyze import Analysis
from btsclip.errors import NothingFound
from btsclip.intervals import Span
from btsclip.media.footage import Footage
from btsclip.moments.evidence import describe_evidence, measure_evidence
from btsclip.moments.scenes import still_life
from btsclip.moments.select import Cut, Refusal
from btsclip.plan.model import Card
from btsclip.signals.model import Array
from btsclip.story.action_cuts import PlacementField, field_of, place_spans, relax_field
from btsclip.story.arc import group_of
from btsclip.story.choose import Rules, StoryPart
from btsclip.story.lengths import MISS, TimelineSlot, fit_frames, share_out
from btsclip.story.pieces import SHORTEST, STILL, StoryPiece, without_overlap

# What the look at the dish that some arcs begin with is called, and by how many seconds it may last
# longer, to end on a beat.
LOOK, LOOK_MORE = "a look ahead", 0.5
# Seconds that lie between that look and the dish itself, which are of the same moment.
APART = 0.2
# Seconds by which a card may last longer, for what follows to begin on a beat.
CARD_MORE = 1.0

# The spans of a part of a take, in its seconds, in which words belong together.
Said = Callable[[Cut, Span], Sequence[Span]]


@dataclass(frozen=True)
class StorySpan:
    """A span of the story: the cut that is shown, in which act, and why it has that place."""

    cut: Cut
    act: str
    reason: str
    seconds: float


@dataclass(frozen=True)
class StoryLayout:
    """The spans in order, the cards before them by number, parts that had to go after all, and
    what the user should know."""

    spans: tuple[StorySpan, ...]
    cards: Mapping[int, Card]
    refused: tuple[Refusal, ...]
    warnings: tuple[str, ...]

    @property
    def starts(self) -> list[float]:
        """When each span begins on the screen, its card being over."""
        starts, end = [], 0.0
        for i, span in enumerate(self.spans):
            starts.append(end + (self.cards[i].seconds if i in self.cards else 0.0))
            end = starts[-1] + span.seconds
        return starts

    @property
    def seconds(self) -> float:
        """Seconds on the screen of all spans and cards."""
        return self.starts[-1] + self.spans[-1].seconds


@dataclass(frozen=True)
class _Shot:
    """A part with its field, and as a slot of the timeline."""

    part: StoryPart
    piece: StoryPiece
    act: str
    why: str
    field: PlacementField
    slot: TimelineSlot


def layout_story(
    parts: Sequence[StoryPart],
    analyses: Mapping[Footage, Analysis],
    rules: Rules,
    fps: int,
    *,
    cards: Callable[[Sequence[Cut]], dict[int, Card]] = lambda cuts: {},
    beats: Sequence[float] = (),
    said: Said = lambda cut, room: (),
) -> StoryLayout:
    """The spans that `parts` become, of the asked length in all with the `cards` between them.

    Cuts fall on `beats`, in seconds on the screen, where there are any, and never into a word. A
    part in which somebody speaks without a pause can't be cut out and goes, unless all of the work
    is so. Raises NothingFound when nothing fits the length.
    """
    shots = _shots(parts, analyses, rules, fps, said)
    warnings: list[str] = []
    refused: list[Refusal] = []
    if rules.arc.look and not any(shot.act == LOOK for shot in shots):
        warnings.append("it begins without a look at the dish: too little time, or none to show")
    work = [shot for shot in shots if shot.slot.group == group_of("process")] or shots
    if not any(_can_be(shot) for shot in work):
        # Things and faces alone tell nothing: work is shown all the same.
        shots = [shot if _can_be(shot) else _spoken_over(shot, fps) for shot in shots]
        warnings.append("somebody speaks without a pause: cuts fall into what is said")
    for shot in [shot for shot in shots if not _can_be(shot)]:
        shots.remove(shot)
        refused.append(_refused(shot, "somebody speaks without a pause: no place to cut"))
    while (found := _lengths(shots, cards, rules, fps, beats)) is None:
        if len(beats):
            warnings.append("the spans don't fit the music's beats: cuts do not fall on them")
            beats = ()
            continue
        if len(shots) == 1:
            cut = shots[0].piece.cut
            raise NothingFound(
                cut.footage.path, "what can be shown of it does not fit the story's length",
                "ask for another --length",
            )  # fmt: skip
        # Pauses too far apart for all of them in the story's seconds.
        worst = max(shots, key=lambda shot: _shortest(shot.slot))
        shots.remove(worst)
        refused.append(_refused(worst, "pauses in what is said are too far apart to cut it"))
    frames, stand = found
    places = place_spans([shot.field for shot in shots], frames)
    spans = [
        _told(shot, begin, count, analyses, fps)
        for shot, begin, count in zip(shots, places, frames, strict=True)
    ]
    laid = StoryLayout(tuple(spans), stand, tuple(refused), tuple(warnings))
    if laid.seconds >= rules.seconds - MISS - 1e-6:
        return laid
    short = (
        f"the story is {laid.seconds:.1f} s long, not {rules.seconds:g}: "
        "there is no more work to show that is not the same again"
    )
    return replace(laid, warnings=(*laid.warnings, short))


def _shots(
    parts: Sequence[StoryPart],
    analyses: Mapping[Footage, Analysis],
    rules: Rules,
    fps: int,
    said: Said,
) -> list[_Shot]:
    """The parts in order, led by a look at the dish where the arc asks for one."""
    pieces = without_overlap([part.piece for part in parts])
    made = list(zip(parts, pieces, (part.act.name for part in parts), strict=True))
    if rules.arc.look:
        made = _looked_ahead(made, rules)
    counts = Counter(act for _, _, act in made)
    shots = []
    for part, piece, act in made:
        cut, analysis = piece.cut, analyses[piece.cut.footage]
        belief: Array = analysis.process
        if cut.kind in STILL:
            belief = still_life(analysis.signals)
        field = field_of(
            analysis.signals, belief, piece.room, rules.speed / fps, piece.within,
            said(cut, piece.room),
        )  # fmt: skip
        ahead = act == LOOK
        least = rules.arc.look if ahead else SHORTEST
        most = rules.arc.look + LOOK_MORE if ahead else rules.room(piece)
        # Acts of many spans have shorter ones, but not so much as to flicker beside the others.
        weight = 1e-3 if ahead else (part.act.share / counts[act]) ** 0.5
        allowed = field.allowed(round(most * fps))
        allowed[: int(np.ceil(least * fps - 1e-6))] = False
        slot = TimelineSlot(least, max(least, most), weight, group_of(cut.kind), allowed)
        why = (
            "the dish first: this arc begins with it"
            if ahead
            else part.act.reason(cut.kind, piece.figures)
        )
        shots.append(_Shot(part, piece, act, why, field, slot))
    return shots


def _looked_ahead(
    made: list[tuple[StoryPart, StoryPiece, str]], rules: Rules
) -> list[tuple[StoryPart, StoryPiece, str]]:
    """`made` with the end of the finished dish's moment taken out of it and put first, where the
    story is long enough for both."""
    if rules.arc.look + SHORTEST > rules.most_of("reveal") * rules.seconds + 1e-9:
        return made
    need = (rules.arc.look + LOOK_MORE) * rules.speed
    for i, (part, piece, act) in enumerate(made):
        start, end = piece.room
        if piece.cut.kind == "reveal" and end - start >= need + APART + SHORTEST * rules.speed:
            rest = replace(piece, room=(start, end - need - APART))
            ahead = replace(piece, room=(end - need, end))
            return [(part, ahead, LOOK), *made[:i], (part, rest, act), *made[i + 1 :]]
    return made


def _can_be(shot: _Shot) -> bool:
    """Whether there is any length to which it can be cut."""
    return shot.slot.allowed is None or bool(shot.slot.allowed.any())


def _shortest(slot: TimelineSlot) -> float:
    """The fewest frames that a slot can have."""
    return slot.least if slot.allowed is None else float(slot.allowed.argmax())


def _spoken_over(shot: _Shot, fps: int) -> _Shot:
    """The shot with cuts wherever they are best, for want of a pause."""
    field = relax_field(shot.field)
    allowed = field.allowed(round(shot.slot.most * fps))
    return replace(shot, field=field, slot=replace(shot.slot, allowed=allowed))


def _lengths(
    shots: Sequence[_Shot],
    find_cards: Callable[[Sequence[Cut]], dict[int, Card]],
    rules: Rules,
    fps: int,
    beats: Sequence[float],
) -> tuple[list[int], dict[int, Card]] | None:
    """Frames of each shot, and the cards with their seconds; None where no choice fits."""
    cards = find_cards([shot.piece.cut for shot in shots])
    slots: list[TimelineSlot] = []
    for i, shot in enumerate(shots):
        if i in cards:
            # Shown for whole frames, and no less than reading takes.
            seconds = math.ceil(cards[i].seconds * fps - 1e-6) / fps
            most = seconds + (CARD_MORE if len(beats) else 0.0)
            slots.append(TimelineSlot(seconds, most, 1e-3, free=True))
        slots.append(shot.slot)
    ideal = share_out(slots, rules.seconds, rules.arc.most)
    # What has its share may not take more of it on its way to a beat.
    slots = [
        replace(slot, most=max(best, slot.least)) if slot.group in rules.arc.most else slot
        for slot, best in zip(slots, ideal, strict=True)
    ]
    found = fit_frames(slots, ideal, min(rules.seconds, sum(ideal)), fps, beats)
    if found is None:
        return None
    frames, stand = [], {}
    counted = iter(found)
    for i in range(len(shots)):
        if i in cards:
            seconds = round(next(counted) / fps, 4)
            stand[i] = cards[i].model_copy(update={"seconds": seconds})
        frames.append(next(counted))
    return frames, stand


def _told(
    shot: _Shot, begin: int, frames: int, analyses: Mapping[Footage, Analysis], fps: int
) -> StorySpan:
    start = shot.field.start + begin * shot.field.step
    end = start + frames * shot.field.step
    signals = analyses[shot.piece.cut.footage].signals
    evidence = {**shot.piece.cut.evidence, **measure_evidence(signals, signals.between(start, end))}
    why = describe_evidence(evidence, end - start, shot.piece.cut.kind)
    cut = replace(
        shot.piece.cut, start=round(start, 4), end=round(end, 4), evidence=evidence, why=why
    )
    return StorySpan(cut, shot.act, f"{shot.why}: {why}", frames / fps)


def _refused(shot: _Shot, why: str) -> Refusal:
    cut = shot.piece.cut
    return Refusal(cut.footage, cut.start, cut.end, why)


def shares_of(spans: Sequence[StorySpan]) -> dict[str, float]:
    """The share of each group of moments in the time that spans are shown, the largest first."""
    total = sum(span.seconds for span in spans)
    seconds: dict[str, float] = defaultdict(float)
    for span in spans:
        seconds[group_of(span.cut.kind)] += span.seconds
    parts = sorted(seconds.items(), key=lambda each: -each[1])
    return {name: round(part / total, 4) for name, part in parts}
