"""Where the spans and cards of a clip stand on the screen, in whole frames of the output."""

from __future__ import annotations

from dataclasses import dataclass

from btsclip.plan.model import Card, Clip, Span
from btsclip.presets.schema import Output

# Seconds in which one picture comes in over another.
DISSOLVE = 0.3


@dataclass(frozen=True)
class Part:
    """A span on the screen, or with `card` what stands before it: `frames` from frame `first` on.

    The next part comes in over the last picture, which is therefore drawn `held` frames longer;
    `over` frames it comes in itself over the part before, 0 for a hard cut.
    """

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


def parts_of(clip: Clip, output: Output) -> tuple[Part, ...]:
    """The spans of `clip` with their cards, in order and without gaps; each has a frame at least.

    Borders are rounded, not lengths, so that no error adds up over many spans.
    """
    laid: list[Part] = []
    shown, first = 0.0, 0
    for span in clip.spans:
        for card in (span.card, None) if span.card else (None,):
            shown += card.seconds if card else span.seconds
            end = max(first + 1, round(shown * output.fps))
            comes_in = bool(laid) and span.enter == "dissolve" and (bool(card) or not span.card)
            over = 0
            if comes_in:
                over = min(round(DISSOLVE * output.fps), laid[-1].frames, end - first)
            laid.append(Part(span, card, first, end - first, over, 0))
            first = end
    afters = [part.over for part in laid[1:]] + [0]
    return tuple(
        Part(part.span, part.card, part.first, part.frames, part.over, held)
        for part, held in zip(laid, afters, strict=True)
    )
