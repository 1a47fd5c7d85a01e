"""How one span of a story goes over into the next: cards, dissolves, and sound that overlaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from btsclip.captions.timing import reading_seconds
from btsclip.intervals import ramp_of
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.plan.model import Card
from btsclip.signals.model import STEP, Signals
from btsclip.story import clock
from btsclip.story.action_cuts import SPEAKS
from btsclip.story.why import WhyNote

# Seconds that must have passed for a card that says so, and for a dissolve without one.
CARD_GAP, JUMP = 1200.0, 120.0
# Cards about the time in a story at most, and the share of its length that all cards may take.
MOST_CARDS, CARD_SHARE = 2, 0.15
# Shortest card, and seconds beside those that reading it takes.
SHORT_CARD, BESIDE = 1.2, 0.4
# Seconds by which good sound comes before its picture or stays after it.
OVERLAP = 0.4
# How good sound must be, 0..1, to be heard over another picture.
GOOD = 0.5

# The words for how much later the one time in a take is than the other: nothing where clocks don't
# tell or too little passed.
Later = Callable[[Footage, float, Footage, float], str]


@dataclass(frozen=True)
class Join:
    """How a span begins: its card, how its picture comes in, and for how many seconds it is heard
    before, and the one before it after, their border."""

    card: Card | None = None
    enter: str = "cut"
    lead: float = 0.0
    tail_before: float = 0.0


def seconds_between_cuts(before: Cut, after: Cut) -> float | None:
    """Seconds from the end of the one cut to the start of the other; None if clocks don't say."""
    return clock.seconds_between(before.footage, before.end, after.footage, after.start)


def cards_for(
    cuts: Sequence[Cut],
    seconds: float,
    whys: Callable[[Sequence[Cut]], Sequence[WhyNote | None]] = lambda cuts: (),
    later: Later = clock.elapsed_label,
) -> dict[int, Card]:
    """The cards of a story of `seconds`, by the number of the cut that each stands before: where
    most time passed, and with the notes that `whys` finds for the cuts, those that are surest. Only
    as many as are readable in their share of the story."""
    gaps = [
        (gap, i)
        for i in range(1, len(cuts))
        if (gap := seconds_between_cuts(cuts[i - 1], cuts[i])) is not None and gap >= CARD_GAP
    ]
    cards: dict[int, Card] = {}
    left = CARD_SHARE * seconds
    for _, i in sorted(gaps, reverse=True)[:MOST_CARDS]:
        before, after = cuts[i - 1], cuts[i]
        text = later(before.footage, before.end, after.footage, after.start)
        length = round(max(SHORT_CARD, reading_seconds(text) + BESIDE), 2)
        if text and length <= left:
            cards[i] = Card(text=text, seconds=length, role="time")
            left -= length
    notes = [why for why in whys(cuts) if why and why.card and why.cut not in cards]
    for why in sorted(notes, key=lambda why: -why.sure):
        if why.card and why.card.seconds <= left:
            cards[why.cut] = why.card
            left -= why.card.seconds
    return cards


def joins_of(
    cuts: Sequence[Cut], signals: Mapping[Footage, Signals], cards: Mapping[int, Card], speed: float
) -> list[Join]:
    """How each of `cuts` begins.

    A picture dissolves into the next where time jumps and no card says so. Of the two sounds there
    the better one reaches over the border, if it is good kitchen sound.
    """
    joins = [Join(cards.get(0))]
    for i in range(1, len(cuts)):
        before, after = cuts[i - 1], cuts[i]
        if i in cards:
            joins.append(Join(cards[i]))
            continue
        gap = seconds_between_cuts(before, after)
        enter = "dissolve" if gap is not None and not -JUMP < gap < JUMP else "cut"
        reach = OVERLAP * speed
        lead = _sound(signals[after.footage], after.start - reach, after.start)
        tail = _sound(
            signals[before.footage], before.end, before.end + reach, before.footage.duration
        )
        if max(lead, tail) < GOOD:
            joins.append(Join(enter=enter))
        elif lead >= tail:
            joins.append(Join(enter=enter, lead=OVERLAP))
        else:
            joins.append(Join(enter=enter, tail_before=OVERLAP))
    return joins


def _sound(signals: Signals, start: float, end: float, duration: float | None = None) -> float:
    """How good the kitchen sounds from `start` to `end`, 0..1: frying and blows, without a voice or
    the border of a shot. 0 where the take does not reach so far."""
    if start < 0 or (duration is not None and end > duration):
        return 0.0
    if any(start - STEP < border < end + STEP for border in signals.borders):
        return 0.0
    near = signals.between(start - STEP, end + STEP)
    if float(signals.voice[near].max()) >= SPEAKS:
        return 0.0
    sizzle = float(signals.sizzle[near].mean())
    blows = ramp_of(signals.onsets[near].mean() / STEP, 0.8, 2.0)
    clear = ramp_of(signals.sound[near].mean(), 0.1, 0.3)
    return max(sizzle, blows * clear)
