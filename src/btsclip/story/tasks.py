"""What workers do for a story: each task gets all it needs and can be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass, replace

from btsclip.media.probe import Footage
from btsclip.moments.select import Cut, Refusal
from btsclip.plan.model import Caption
from btsclip.shoot.analysis import Analysis, analyze_footage
from btsclip.shoot.brief import Brief
from btsclip.shoot.planning import Framed, frame_cut
from btsclip.shoot.texts import write_on
from btsclip.story.pieces import Piece, pieces_of


@dataclass(frozen=True)
class Looked:
    """A take that was looked through, the pieces that it offers and what was left out."""

    analysis: Analysis
    pieces: list[Piece]
    refused: list[Refusal]


@dataclass(frozen=True)
class Shown:
    """A cut as it is framed, what may be written on it, and what of that can't be read."""

    framed: Framed
    captions: tuple[Caption, ...]
    warnings: tuple[str, ...]


def look(footage: Footage, speed: float) -> Looked:
    """Looks through one take; what was measured before is kept."""
    analysis = analyze_footage(footage)
    return Looked(analysis, *pieces_of(analysis, speed))


def show(cut: Cut, analysis: Analysis, brief: Brief) -> Shown:
    """Frames one cut and writes on it all that a clip of it alone would have but a hook."""
    framed = frame_cut(cut, analysis, brief, cover=True)
    texts = replace(brief.texts, hook="")
    written = write_on(cut, texts, brief.preset, framed.time_map)
    return Shown(framed, written.captions, written.warnings)
