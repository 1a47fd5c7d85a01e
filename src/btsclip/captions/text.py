"""The texts of a clip from the preset's templates: hook, line, note, sticker and end card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from btsclip.captions.cues import Cue, captions_of
from btsclip.captions.layout import room_for
from btsclip.captions.lines import clean_line, flow_lines
from btsclip.captions.safezones import safe_box
from btsclip.captions.templates import (
    FROM_PRESET,
    MIN_HANDS_SHARE,
    Fact,
    Facts,
    facts_of,
    fill_template,
)
from btsclip.captions.timing import MIN_SECONDS, fit_reading_time, reading_seconds
from btsclip.plan import Caption, Clip, EndCard
from btsclip.presets import Captions, Preset, StickerStyle, TextStyle

# Seconds between two texts that follow each other.
PAUSE = 0.2


@dataclass(frozen=True)
class ReadableCaptions:
    """Captions that can be read in their time, and warnings about texts that are cut or brief."""

    captions: tuple[Caption, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Turn:
    """A text to show from `earliest` seconds on; the user's own text is never left out."""

    fact: Fact
    role: str
    style: TextStyle
    earliest: float = 0.0
    is_users: bool = False

    @property
    def need(self) -> float:
        """Seconds that reading takes."""
        return reading_seconds(clean_line(self.fact.text))


def captions_for(
    kind: str,
    action: str | None,
    duration: float,
    evidence: Mapping[str, float],
    preset: Preset,
    hook: Fact | None = None,
    facts: Facts | None = None,
    source_seconds: float | None = None,
    happens: float = 0.0,
) -> tuple[Caption, ...]:
    """The hook, the line, the note and the sticker of a clip of `duration` seconds on the screen.

    A preset's text is written only if its fields are known: a caption must be true. The texts are
    shown one after the other. One that could not be shown for MIN_SECONDS is left out, but the
    user's hook never is. Times count from the clip's start.

    Args:
        action: What is done, by the notes. What was only seen is too often wrong to be written.
        hook: The user's own text, instead of the preset's; an empty text means no hook.
        facts: What is known about the shoot, by template field.
        source_seconds: The seconds that texts mention, if they differ from `duration`.
        happens: The second on the screen at which the moment happens. The line and the sticker
            come no earlier.
    """
    look = preset.captions
    work_seconds = duration if source_seconds is None else source_seconds
    known = facts_of(action, work_seconds, evidence) | dict(facts or {})
    hands_seen = evidence.get("hands_share", 0.0) >= MIN_HANDS_SHARE
    fill = partial(fill_template, facts=known, hands_seen=hands_seen, avoid=look.avoid)
    turns = [
        _Turn(
            fill(_hook_template(kind, look)) if hook is None else hook,
            "hook", look.hook_style, is_users=hook is not None,
        ),
        _Turn(
            fill(_line_template(kind, action, look)), "moment", look.moment_style, happens,
        ),
        _Turn(fill(look.note), "moment", look.moment_style, happens),
    ]  # fmt: skip
    captions = list(_show_in_turn(_without_repeats(turns), duration))
    if emoji := {str(key): text for key, text in look.stickers.items()}.get(kind, ""):
        captions += _time_sticker(emoji, look.sticker_style, happens, duration)
    return tuple(captions)


def _without_repeats(turns: Sequence[_Turn]) -> list[_Turn]:
    """The turns with a text that no turn before them has."""
    by_text: dict[str, _Turn] = {}
    for turn in turns:
        if turn.fact:
            by_text.setdefault(clean_line(turn.fact.text).casefold(), turn)
    return list(by_text.values())


def _show_in_turn(turns: Sequence[_Turn], duration: float) -> Iterator[Caption]:
    """The turns as captions, one after the other.

    A text is shown for the seconds of its style, and less if the texts after it would not have
    their reading time otherwise.
    """
    free_from = 0.0
    for i, turn in enumerate(turns):
        need, style = turn.need, turn.style
        floor = max(free_from, turn.earliest)
        if duration - MIN_SECONDS < floor and not turn.is_users:
            continue
        start = max(min(max(style.start, floor), duration - need), min(floor, duration), 0.0)
        later_need = sum(PAUSE + later.need for later in turns[i + 1 :])
        wanted = start + max(style.seconds, need) if style.seconds else duration
        end = min(duration, max(start + need, min(wanted, duration - later_need)))
        free_from = end + PAUSE
        yield _caption(turn.fact, turn.role, start, end)


def _time_sticker(
    emoji: str, style: StickerStyle, happens: float, duration: float
) -> Iterator[Caption]:
    """The sticker at its style's time, unless there is no time for it."""
    if duration - MIN_SECONDS < happens:
        return
    start = min(max(style.start, happens), duration - MIN_SECONDS)
    seconds = max(style.seconds, MIN_SECONDS) if style.seconds else duration
    yield _caption(Fact(emoji, FROM_PRESET), "sticker", start, min(duration, start + seconds))


def _caption(fact: Fact, role: str, start: float, end: float) -> Caption:
    return Caption.model_validate(
        {
            "text": " ".join(fact.text.split()),
            "role": role,
            "start": round(start, 3),
            "end": round(end, 3),
            "evidence": fact.evidence,
        }
    )


def make_readable(captions: Sequence[Caption], duration: float, preset: Preset) -> ReadableCaptions:
    """`captions`, in the order of time, as they can be read in a clip of `duration` seconds.

    Long lines are shown in parts, and cut if there is no time for them until the next text. A hook
    is never changed; if it is shown too briefly there is a warning.
    """
    readable: list[Caption] = []
    warnings: list[str] = []
    for i, caption in enumerate(captions):
        if caption.role != "moment" and caption.role != "speech":
            readable.append(caption)
            warnings += _warn_if_brief(caption) if caption.role == "hook" else []
            continue
        later = [c.start - PAUSE for c in captions[i + 1 :] if c.role == caption.role]
        latest = max(caption.end, min([duration, *later]))
        cue = Cue(flow_lines(caption.text), caption.start, caption.end, tuple(caption.words))
        timed = fit_reading_time([cue], caption.start, latest, room_for(caption.role, preset))
        readable += captions_of(timed.cues, caption.role, caption.evidence)
        warnings += timed.warnings
    return ReadableCaptions(tuple(readable), tuple(warnings))


def end_card(
    action: str | None,
    source_seconds: float,
    evidence: Mapping[str, float],
    preset: Preset,
    facts: Facts | None = None,
) -> EndCard | None:
    """The preset's end card for a clip; None if it would be empty.

    Its text may mention the clip's `source_seconds` and the `facts` known about the shoot. Like a
    caption, it must be true.
    """
    card = preset.end_card
    hands_seen = evidence.get("hands_share", 0.0) >= MIN_HANDS_SHARE
    known = facts_of(action, source_seconds, evidence) | dict(facts or {})
    text = fill_template(card.text, known, hands_seen, preset.captions.avoid).text
    if not text and not card.image:
        return None
    return EndCard(text=text, seconds=card.seconds)


def captions_with_end_card(clip: Clip, preset: Preset) -> list[Caption]:
    """The clip's captions, which end before its end card, and the card's text in the middle of the
    safe box, in the hook's style."""
    if not clip.end_card:
        return list(clip.captions)
    card_start = clip.seconds_shown
    captions = [
        caption if caption.end <= card_start else caption.model_copy(update={"end": card_start})
        for caption in clip.captions
    ]
    text = clip.end_card.text
    if text.strip():
        _, top, _, bottom = safe_box(preset.output)
        y = (top + bottom) / 2 / preset.output.height
        captions.append(
            Caption(text=text, start=card_start, end=clip.seconds_in_all, role="hook", y=y)
        )
    return captions


def _warn_if_brief(hook: Caption) -> list[str]:
    need, seconds = reading_seconds(clean_line(hook.text)), hook.end - hook.start
    if seconds >= need - 1e-3:
        return []
    return [f"the hook {hook.text!r} is shown for {seconds:.1f} s; reading it takes {need:.1f} s"]


def _hook_template(kind: str, look: Captions) -> str | list[str]:
    """The hook of all clips, or else of the kind, or else an empty text."""
    return look.hook or _find(look.hooks, kind)


def _line_template(kind: str, action: str | None, look: Captions) -> str | list[str]:
    """The template of the action, or else of the kind, or else an empty text."""
    return _find(look.actions, action) or _find(look.kinds, kind)


def _find(templates: Mapping[Any, str | list[str]], key: str | None) -> str | list[str]:
    return templates.get(key, "")
