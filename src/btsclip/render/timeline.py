"""When a clip's spans and cards are on the screen, in frames of the output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from btsclip.plan import Card, Clip, Span, cover_choices, shows
from btsclip.presets import Output, Preset

# Length of a dissolve in seconds.
DISSOLVE_SECONDS = 0.3
# Parts that one ffmpeg renders: it keeps some pictures of each in memory from the start.
GROUP_SIZE = 4
# The cover's place, as a share of the clip, when no best picture was searched: work is under way.
STILL_AT = 0.4


@dataclass(frozen=True)
class RenderPart:
    """A span on the screen, or the `card` before it: part `number` of its clip.

    It is on the screen for `frames` frames from frame `first` on. `fade_frames` of them it fades in
    over the part before, 0 for a hard cut; it is drawn `extra_frames` longer for the next part to
    fade in over it.
    """

    number: int
    span: Span
    card: Card | None
    first: int
    frames: int
    fade_frames: int
    extra_frames: int

    @property
    def end(self) -> int:
        """The frame after the last."""
        return self.first + self.frames


def parts_of(clip: Clip, output: Output) -> tuple[RenderPart, ...]:
    """The spans of `clip` with their cards, in order, without gaps, and of one frame or more.

    Borders are rounded, not lengths, so that errors do not add up over many spans.
    """
    parts: list[RenderPart] = []
    shown, first = 0.0, 0
    for span in clip.spans:
        for card in (span.card, None) if span.card else (None,):
            shown += card.seconds if card else span.seconds
            end = max(first + 1, round(shown * output.fps))
            dissolves = bool(parts) and span.enter == "dissolve" and (bool(card) or not span.card)
            fade = 0
            if dissolves:
                fade = min(round(DISSOLVE_SECONDS * output.fps), parts[-1].frames, end - first)
            parts.append(RenderPart(len(parts), span, card, first, end - first, fade, 0))
            first = end
    extras = [part.fade_frames for part in parts[1:]] + [0]
    return tuple(
        replace(part, extra_frames=extra) for part, extra in zip(parts, extras, strict=True)
    )


def group_parts(parts: Sequence[RenderPart]) -> list[tuple[RenderPart, ...]]:
    """`parts` in groups of GROUP_SIZE, or more where parts fade into one another."""
    groups: list[list[RenderPart]] = []
    for part in parts:
        if groups and (part.fade_frames or len(groups[-1]) < GROUP_SIZE):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [tuple(group) for group in groups]


def end_card_frames(clip: Clip, output: Output) -> int:
    """Frames of the clip's end card; 0 without one."""
    return round(clip.end_card.seconds * output.fps) if clip.end_card else 0


def frame_count(clip: Clip, output: Output) -> int:
    """Frames of the finished clip, with its end card."""
    return frames_shown(clip, output) + end_card_frames(clip, output)


def frames_shown(clip: Clip, output: Output) -> int:
    """Frames of the clip without its end card."""
    return parts_of(clip, output)[-1].end


def still_frame(clip: Clip, preset: Preset) -> int:
    """The number of the cover's frame, counted from 0."""
    part, within = still_place(clip, preset)
    return part.first + within


def still_place(clip: Clip, preset: Preset) -> tuple[RenderPart, int]:
    """The part, which is no card, that shows the cover's frame, and its frames before that one.

    The cover is the clip's own, else the first picture to choose from, else at the preset's share.
    """
    parts = parts_of(clip, preset.output)
    spans = [part for part in parts if part.card is None]
    chosen = [(n, part.span.cover) for n, part in enumerate(spans) if part.span.cover is not None]
    for number, time in (*chosen, *((n, choice.at) for n, choice in cover_choices(clip))):
        part = spans[number]
        if shows(part.span, time):
            within = round(part.span.time_map.shown(time - part.span.start) * preset.output.fps)
            return part, min(within, part.frames - 1)
    share = STILL_AT if preset.cover.at == "best" else preset.cover.at
    at = min(int(parts[-1].end * share), parts[-1].end - 1)
    # A card would make no cover; take the first frame of the span it announces.
    part = next(part for part in spans if at < part.end)
    return part, max(0, at - part.first)
