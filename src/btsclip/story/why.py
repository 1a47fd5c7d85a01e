"""The why: each note with the moment that it explains, as a caption or as a card before it.

A note appears once, at its surest moment, and not at all if its moment is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions import breakable, clean_line, reading_seconds, room_for
from btsclip.moments import Cut
from btsclip.notes import Notes, StepMatch, match_steps
from btsclip.plan import Card
from btsclip.presets import Preset

# Seconds until the eye has found a card, or a caption on its picture.
ARRIVAL_SECONDS = 0.6
# Seconds of a card, see plan/model.py.
MIN_CARD_SECONDS = 1.2
MAX_CARD_SECONDS = 8.0
ELLIPSIS = "…"


@dataclass(frozen=True)
class WhyNote:
    """A note, and the index of the `cut` that it explains.

    `how` and `sure` are as in `StepMatch`. It is shown for `seconds`, on a `card` or, without one,
    as a caption.
    """

    cut: int
    text: str
    step: str
    how: str
    sure: float
    seconds: float
    card: Card | None


def notes_for(
    cuts: Sequence[Cut],
    noted: Mapping[Path, Notes],
    preset: Preset,
    speech_of: Callable[[Cut], str] | None = None,
) -> list[WhyNote | None]:
    """For each of `cuts` (in any order) the note that explains it, or None.

    A note that fits several cuts goes to the surest, and of equally sure ones to the first that
    shows work. It is a caption if the cut has room and time for it, else a card.

    Args:
        noted: The notes by the path of the take.
        speech_of: The words spoken in a cut, to match notes by.
    """
    matches = match_steps(cuts, noted, speech_of) if speech_of else match_steps(cuts, noted)

    def rank(i: int, match: StepMatch) -> tuple[float, bool]:
        # A note is about work, so of all moments of a take it goes with work.
        return match.confidence, cuts[i].kind == "process"

    surest: dict[str, tuple[int, StepMatch]] = {}
    for i, match in enumerate(matches):
        if match and match.note.strip():
            text = clean_line(match.note)
            if text not in surest or rank(i, match) > rank(*surest[text]):
                surest[text] = i, match
    notes: list[WhyNote | None] = [None] * len(cuts)
    for text, (i, match) in surest.items():
        notes[i] = _make_note(i, text, match, cuts[i].end - cuts[i].start, preset)
    return notes


def card_of(text: str) -> Card:
    """`text` on a card for the seconds that reading takes.

    A text too long for MAX_CARD_SECONDS is cut after a sentence, or else after a word.
    """
    text = clean_line(text)
    max_reading = MAX_CARD_SECONDS - ARRIVAL_SECONDS
    if reading_seconds(text) > max_reading:
        words = breakable(text)
        counts = [
            n for n in range(1, len(words)) if reading_seconds("".join(words[:n])) < max_reading
        ]
        sentences = [n for n in counts if words[n - 1].rstrip().endswith((".", "!", "?", "。"))]
        max_words = (sentences or counts or [1])[-1]
        start = "".join(words[:max_words])
        text = start.rstrip() if sentences else start.rstrip(" \u00a0,;:-–—") + ELLIPSIS
    seconds = min(max(reading_seconds(text) + ARRIVAL_SECONDS, MIN_CARD_SECONDS), MAX_CARD_SECONDS)
    return Card(text=text, seconds=round(seconds, 2), role="why")


def fits_as_caption(text: str, seconds: float, preset: Preset) -> bool:
    """Whether `text` fits as one line on the picture and can be read in `seconds`."""
    fits = len(text) <= room_for("moment", preset)
    return fits and reading_seconds(text) + ARRIVAL_SECONDS <= seconds


def _make_note(cut: int, text: str, match: StepMatch, seconds: float, preset: Preset) -> WhyNote:
    """The note `text` for a cut of `seconds`, as a caption if it fits, else on a card."""
    step = match.step.name if match.step else ""
    if fits_as_caption(text, seconds, preset):
        length = reading_seconds(text) + ARRIVAL_SECONDS
        return WhyNote(cut, text, step, match.how, match.confidence, length, None)
    card = card_of(text)
    return WhyNote(cut, card.text, step, match.how, match.confidence, card.seconds, card)
