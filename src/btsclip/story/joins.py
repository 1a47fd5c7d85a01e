"""How spans of a story are joined: by cards, dissolves, and sound that overlaps the cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from btsclip.captions import reading_seconds
from btsclip.intervals import ramp_of
from btsclip.media import Footage
from btsclip.moments import Cut
from btsclip.plan import Card
from btsclip.signals import STEP, Signals
from btsclip.story import clock
from btsclip.story.action_cuts import MIN_SPEECH_VOICE
from btsclip.story.why import WhyNote

# Seconds between two spans from which on a card names them, and a dissolve without a card.
MIN_CARD_GAP_SECONDS = 1200.0
MIN_DISSOLVE_GAP_SECONDS = 120.0
# Cards about the time in a story, and the share of its seconds for all cards.
MAX_TIME_CARDS = 2
MAX_CARD_SHARE = 0.15
# Seconds of the shortest card, and seconds beside those that reading takes.
MIN_CARD_SECONDS = 1.2
EXTRA_CARD_SECONDS = 0.4
# Seconds by which good sound starts before its picture or ends after it.
SOUND_OVERLAP_SECONDS = 0.4
# Sound has to be this good, 0..1, to be heard with another picture.
MIN_GOOD_SOUND = 0.5
# Blows a second from which on they count, and from which on they count fully.
LOW_BLOW_RATE = 0.8
HIGH_BLOW_RATE = 2.0
# Level of sound from which on blows count, and from which on they count fully.
LOW_SOUND = 0.1
HIGH_SOUND = 0.3

# A label of how much later the second time in a take is than the first; empty where clocks don't
# tell or too little time passed.
ElapsedLabel = Callable[[Footage, float, Footage, float], str]


@dataclass(frozen=True)
class Join:
    """How a span begins: its card, and how its picture comes in (`cut` or `dissolve`).

    Its sound leads the picture by `lead` seconds, or the sound of the span before goes on for
    `tail_before` seconds.
    """

    card: Card | None = None
    enter: str = "cut"
    lead: float = 0.0
    tail_before: float = 0.0


def seconds_between_cuts(before: Cut, after: Cut) -> float | None:
    """Seconds from the end of `before` to the start of `after`; None if clocks don't tell."""
    return clock.seconds_between(before.footage, before.end, after.footage, after.start)


def cards_for(
    cuts: Sequence[Cut],
    seconds: float,
    whys: Callable[[Sequence[Cut]], Sequence[WhyNote | None]] = lambda cuts: (),
    label: ElapsedLabel = clock.elapsed_label,
) -> dict[int, Card]:
    """The cards of a story of `seconds`, by the index of the cut that each precedes.

    They name the longest gaps in time. The notes that `whys` finds for the cuts follow, the surest
    first. All of them fit in the cards' share of the story.
    """
    gaps = [
        (gap, i)
        for i in range(1, len(cuts))
        if (gap := seconds_between_cuts(cuts[i - 1], cuts[i])) is not None
        and gap >= MIN_CARD_GAP_SECONDS
    ]
    cards: dict[int, Card] = {}
    left = MAX_CARD_SHARE * seconds
    for _, i in sorted(gaps, reverse=True)[:MAX_TIME_CARDS]:
        before, after = cuts[i - 1], cuts[i]
        text = label(before.footage, before.end, after.footage, after.start)
        length = round(max(MIN_CARD_SECONDS, reading_seconds(text) + EXTRA_CARD_SECONDS), 2)
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
    """How each of `cuts` begins, at `speed` times real time.

    A picture dissolves into the next where time jumps and no card says so. Of the two sounds at a
    cut the better one overlaps it, if it is good kitchen sound.
    """
    joins = [Join(cards.get(0))]
    for i in range(1, len(cuts)):
        before, after = cuts[i - 1], cuts[i]
        if i in cards:
            joins.append(Join(cards[i]))
            continue
        gap = seconds_between_cuts(before, after)
        jumps = gap is not None and abs(gap) >= MIN_DISSOLVE_GAP_SECONDS
        enter = "dissolve" if jumps else "cut"
        reach = SOUND_OVERLAP_SECONDS * speed
        lead = _sound_quality(signals[after.footage], after.start - reach, after.start)
        tail = _sound_quality(
            signals[before.footage], before.end, before.end + reach, before.footage.duration
        )
        if max(lead, tail) < MIN_GOOD_SOUND:
            joins.append(Join(enter=enter))
        elif lead >= tail:
            joins.append(Join(enter=enter, lead=SOUND_OVERLAP_SECONDS))
        else:
            joins.append(Join(enter=enter, tail_before=SOUND_OVERLAP_SECONDS))
    return joins


def _sound_quality(
    signals: Signals, start: float, end: float, duration: float | None = None
) -> float:
    """How good the kitchen sounds from `start` to `end`, 0..1: frying and blows.

    0 where somebody speaks, at the border of a shot, and outside the take.
    """
    if start < 0 or (duration is not None and end > duration):
        return 0.0
    if any(start - STEP < border < end + STEP for border in signals.borders):
        return 0.0
    near = signals.between(start - STEP, end + STEP)
    if float(signals.voice[near].max()) >= MIN_SPEECH_VOICE:
        return 0.0
    sizzle = float(signals.sizzle[near].mean())
    blows = ramp_of(signals.onsets[near].mean() / STEP, LOW_BLOW_RATE, HIGH_BLOW_RATE)
    loud = ramp_of(signals.sound[near].mean(), LOW_SOUND, HIGH_SOUND)
    return max(sizzle, blows * loud)
