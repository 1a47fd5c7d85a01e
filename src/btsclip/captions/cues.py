"""Texts with their times, wherever they come from: a captions file, notes or speech."""

from __future__ import annotations

from dataclasses import dataclass

from btsclip.plan.model import Word


@dataclass(frozen=True)
class Cue:
    """A text and when it is shown, in seconds of the footage, with its words where their times are
    known."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
