"""Where the spans and cards of a clip stand on the screen, in whole frames of the output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from btsclip.plan.model import Card, Clip, Span
from btsclip.presets.schema import Output

# Seconds in which one picture comes in over another.
DISSOLVE = 0.3
# Parts that one ffmpeg makes: of each it holds some pictures in memory from the beginning on.
GROUP = 4


@dataclass(frozen=True)
class RenderPart:
    """A span on the screen, or with `card` what stands before it: `frames` from frame `first` on,
    as part `number` of its clip.

    The next part comes in over the last picture, which is therefore drawn `held` frames longer;
    `over` frames it comes in itself over the part before, 0 for a hard cut.
    """

    number: int
    span: Span
    card: Card | None
    first: int
    frames: int
    over: int
    held: int

    @property
    def end(self) -> int:
        """The frame after its last one."""
        return self.first + self.frames


def parts_of(clip: Clip, output: Output) -> tuple[RenderPart, ...]:
    """The spans of `clip` with their cards, in order and without gaps; each has a frame at least.

    Borders are rounded, not lengths, so that no error adds up over many spans.
    """
    laid: list[RenderPart] = []
    shown, first = 0.0, 0
    for span in clip.spans:
        for card in (span.card, None) if span.card else (None,):
            shown += card.seconds if card else span.seconds
            end = max(first + 1, round(shown * output.fps))
            comes_in = bool(laid) and span.enter == "dissolve" and (bool(card) or not span.card)
            over = 0
            if comes_in:
                over = min(round(DISSOLVE * output.fps), laid[-1].frames, end - first)
            laid.append(RenderPart(len(laid), span, card, first, end - first, over, 0))
            first = end
    held = [part.over for part in laid[1:]] + [0]
    return tuple(replace(part, held=more) for part, more in zip(laid, held, strict=True))


def group_parts(parts: Sequence[RenderPart]) -> list[tuple[RenderPart, ...]]:
    """`parts` in groups of no more than GROUP, unless more of them come in over one another."""
    groups: list[list[RenderPart]] = []
    for part in parts:
        if groups and (part.over or len(groups[-1]) < GROUP):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [tuple(group) for group in groups]


def end_card_frames(clip: Clip, output: Output) -> int:
    """Frames of the clip's end card; 0 without one."""
    return round(clip.end_card.seconds * output.fps) if clip.end_card else 0
