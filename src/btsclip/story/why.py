"""The why: each note with the moment it explains, as a caption or as a card before it.

In doubt there is none, and a note is told once: where the moment that it is surest of begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions.layout import room_for
from btsclip.captions.lines import breakable, clean_line
from btsclip.captions.timing import reading_seconds
from btsclip.moments.select import Cut
from btsclip.notes.match import StepMatch, match_steps
from btsclip.notes.model import Notes
from btsclip.plan.model import Card
from btsclip.presets.schema import Preset

# Seconds to find one's way into a card, and into a caption beside the picture it stands on.
ARRIVAL = 0.6
# Seconds of a card, see plan/model.py.
SHORTEST_CARD, LONGEST_CARD = 1.2, 8.0
ELLIPSIS = "…"


@dataclass(frozen=True)
class WhyNote:
    """A note and the cut (its place among those given) that it explains. `how` and `sure` are as in
    `StepMatch`; it is shown for `seconds`, on a `card` or as a caption."""

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
    heard: Callable[[Cut], str] | None = None,
) -> list[WhyNote | None]:
    """For each of `cuts` (in any order) the note that explains it, or None.

    `noted` are the notes by the paths of takes, `heard` says what is spoken in a cut. A note that
    several cuts show goes to the surest of them, of equally sure ones to the first that shows
    work. A short one is a caption, one that takes more room or time than the cut has is a card.
    """
    told = match_steps(cuts, noted, heard) if heard else match_steps(cuts, noted)

    def rank(i: int) -> tuple[float, bool]:
        # A note is about work, so of all that a take holds it goes with that.
        return _sure(told[i]), cuts[i].kind == "process"

    surest: dict[str, int] = {}
    for i, one in enumerate(told):
        if one and one.note.strip():
            text = clean_line(one.note)
            if text not in surest or rank(i) > rank(surest[text]):
                surest[text] = i
    found: list[WhyNote | None] = [None] * len(cuts)
    for text, i in surest.items():
        one = told[i]
        assert one
        found[i] = _why(i, text, one, cuts[i].end - cuts[i].start, preset)
    return found


def card_of(text: str) -> Card:
    """`text` on a card for as long as reading takes; what takes longer than a card may stay is cut
    after a sentence, else at a word."""
    text = clean_line(text)
    room = LONGEST_CARD - ARRIVAL
    if reading_seconds(text) > room:
        words = breakable(text)
        counts = [n for n in range(1, len(words)) if reading_seconds("".join(words[:n])) < room]
        whole = [n for n in counts if words[n - 1].rstrip().endswith((".", "!", "?", "。"))]
        most = (whole or counts or [1])[-1]
        text = "".join(words[:most]).rstrip() if whole else _cut(words[:most])
    seconds = min(max(reading_seconds(text) + ARRIVAL, SHORTEST_CARD), LONGEST_CARD)
    return Card(text=text, seconds=round(seconds, 2), role="why")


def fits_as_caption(text: str, seconds: float, preset: Preset) -> bool:
    """Whether `text` is shown at once as a line on the picture and read in `seconds`."""
    return len(text) <= room_for("moment", preset) and reading_seconds(text) + ARRIVAL <= seconds


def _why(cut: int, text: str, told: StepMatch, seconds: float, preset: Preset) -> WhyNote:
    step = told.step.name if told.step else ""
    if fits_as_caption(text, seconds, preset):
        return WhyNote(cut, text, step, told.how, told.sure, reading_seconds(text) + ARRIVAL, None)
    card = card_of(text)
    return WhyNote(cut, card.text, step, told.how, told.sure, card.seconds, card)


def _sure(told: StepMatch | None) -> float:
    return told.sure if told else 0.0


def _cut(words: Sequence[str]) -> str:
    return "".join(words).rstrip(" \u00a0,;:-–—") + ELLIPSIS
