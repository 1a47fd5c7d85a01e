"""The texts of a clip from the preset's templates: hook, line about the moment, and end card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from btsclip.captions.cues import Cue, captions_of
from btsclip.captions.layout import room_for
from btsclip.captions.lines import clean_line, flow_lines
from btsclip.captions.safezones import safe_box
from btsclip.captions.timing import MIN_SECONDS, fit_reading_time, reading_seconds
from btsclip.plan import Caption, Clip, EndCard
from btsclip.presets import (
    Captions,
    Preset,
    StickerStyle,
    TextStyle,
    alternatives,
    template_fields,
)

# Seconds between the end of the hook and the start of the moment caption if they share a place.
HOOK_PAUSE = 0.2
# A text mentions hands only if they are visible for this share of the clip.
MIN_HANDS_SHARE = 0.5

# An unknown action has no word, so that no text claims one.
ACTION_WORDS = {
    "chop": "chopping",
    "knead": "kneading",
    "stir": "stirring",
    "pour": "pouring",
    "toss": "tossing",
    "plate": "plating",
    "roll": "rolling",
    "decorate": "decorating",
    "grill": "grilling",
    "brew": "brewing",
    "shake": "shaking",
}


@dataclass(frozen=True)
class ReadableCaptions:
    """Captions that can be read in their time, and warnings about texts that are cut or brief."""

    captions: tuple[Caption, ...]
    warnings: tuple[str, ...]


def captions_for(
    kind: str,
    action: str | None,
    duration: float,
    evidence: Mapping[str, float],
    preset: Preset,
    hook: str | None = None,
    facts: Mapping[str, str] | None = None,
    source_seconds: float | None = None,
    happens: float = 0.0,
) -> tuple[Caption, ...]:
    """The hook, the line and the sticker of a clip of `duration` seconds on the screen.

    A preset's text is written only if the evidence supports it: a caption must be true. A text
    that could not be shown for MIN_SECONDS is left out, but the user's hook never is. Times count
    from the clip's start.

    Args:
        hook: The user's own text, instead of the preset's; an empty text means no hook.
        facts: Template fields known about the shoot.
        source_seconds: The seconds that texts mention, if they differ from `duration`.
        happens: The second on the screen at which the moment happens. The line and the sticker
            come no earlier.
    """
    look = preset.captions
    work_seconds = duration if source_seconds is None else source_seconds
    fields = fields_of(action, work_seconds, evidence) | dict(facts or {})
    hands_seen = evidence.get("hands_share", 0.0) >= MIN_HANDS_SHARE
    hook_text = (
        hook if hook is not None else fill_template(_hook_template(kind, look), fields, hands_seen)
    )
    line = fill_template(_line_template(kind, action, look), fields, hands_seen)
    hook_caption = _time_caption(
        hook_text, "hook", look.hook_style, 0.0, duration, is_users=hook is not None
    )
    if line.split() == hook_text.split():
        line = ""
    after_hook = hook_caption.end + HOOK_PAUSE if hook_caption and _share_place(look) else 0.0
    moment = _time_caption(line, "moment", look.moment_style, max(happens, after_hook), duration)
    emoji = {str(key): text for key, text in look.stickers.items()}.get(kind, "")
    sticker = _time_caption(emoji, "sticker", look.sticker_style, happens, duration)
    return tuple(caption for caption in (hook_caption, moment, sticker) if caption)


def make_readable(captions: Sequence[Caption], duration: float, preset: Preset) -> ReadableCaptions:
    """`captions` as they can be read in a clip of `duration` seconds, and warnings.

    Long lines about the moment are shown in parts, and cut if there is no time for them. A hook is
    never changed; if it is shown too briefly there is a warning.
    """
    readable: list[Caption] = []
    warnings: list[str] = []
    for caption in captions:
        if caption.role != "moment" and caption.role != "speech":
            readable.append(caption)
            warnings += _warn_if_brief(caption) if caption.role == "hook" else []
            continue
        earliest = caption.start if readable and _share_place(preset.captions) else 0.0
        cue = Cue(flow_lines(caption.text), caption.start, caption.end, tuple(caption.words))
        timed = fit_reading_time([cue], earliest, duration, room_for(caption.role, preset))
        readable += captions_of(timed.cues, caption.role)
        warnings += timed.warnings
    return ReadableCaptions(tuple(readable), tuple(warnings))


def end_card(
    action: str | None,
    source_seconds: float,
    evidence: Mapping[str, float],
    preset: Preset,
    facts: Mapping[str, str] | None = None,
) -> EndCard | None:
    """The preset's end card for a clip; None if it would be empty.

    Its text may mention the clip's `source_seconds` and the `facts` known about the shoot. Like a
    caption, it must be true.
    """
    card = preset.end_card
    hands_seen = evidence.get("hands_share", 0.0) >= MIN_HANDS_SHARE
    fields = fields_of(action, source_seconds, evidence) | dict(facts or {})
    text = fill_template(card.text, fields, hands_seen)
    if not text.strip() and not card.image:
        return None
    return EndCard(text=" ".join(text.split()), seconds=card.seconds)


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


def fill_template(templates: str | list[str], fields: Mapping[str, str], hands_seen: bool) -> str:
    """The first of `templates` whose {fields} all have a value, filled in; empty without one.

    Templates that mention hands, in English or as {hands}, need `hands_seen`.
    """
    for template in alternatives(templates):
        mentions_hands = "hand" in template.casefold()
        if template_fields(template) <= fields.keys() and (hands_seen or not mentions_hands):
            return template.format_map(fields)
    return ""


def fields_of(action: str | None, duration: float, evidence: Mapping[str, float]) -> dict[str, str]:
    """The template fields with a value in a clip of `duration` seconds of the footage."""
    # Whole seconds that have passed: 11.6 s are not 12.
    fields = {"seconds": str(int(duration + 0.05))}
    if action in ACTION_WORDS:
        fields["action"] = ACTION_WORDS[action]
    if hands := round(evidence.get("hands", 0.0)):
        fields["hands"] = str(hands)
    return fields


def _warn_if_brief(hook: Caption) -> list[str]:
    need, seconds = reading_seconds(clean_line(hook.text)), hook.end - hook.start
    if seconds >= need - 1e-3:
        return []
    return [f"the hook {hook.text!r} is shown for {seconds:.1f} s; reading it takes {need:.1f} s"]


def _share_place(look: Captions) -> bool:
    return look.hook_style.place == look.moment_style.place


def _hook_template(kind: str, look: Captions) -> str | list[str]:
    """The hook of all clips, or else of the kind, or else an empty text."""
    return look.hook or _find(look.hooks, kind)


def _line_template(kind: str, action: str | None, look: Captions) -> str | list[str]:
    """The template of the action, or else of the kind, or else an empty text."""
    return _find(look.actions, action) or _find(look.kinds, kind)


def _find(templates: Mapping[Any, str | list[str]], key: str | None) -> str | list[str]:
    return templates.get(key, "")


def _time_caption(
    text: str,
    role: str,
    style: TextStyle | StickerStyle,
    earliest: float,
    duration: float,
    is_users: bool = False,
) -> Caption | None:
    """The caption at its style's time, moved so that it can be read.

    None without a text, and without time for a text that is not the user's.
    """
    if not text.strip() or (duration - MIN_SECONDS < earliest and not is_users):
        return None
    need = reading_seconds(clean_line(text))
    start = max(min(max(style.start, earliest), duration - need), min(earliest, duration), 0.0)
    seconds = max(style.seconds, need) if style.seconds else duration
    return Caption.model_validate(
        {
            "text": " ".join(text.split()),
            "role": role,
            "start": round(start, 3),
            "end": round(min(duration, start + seconds), 3),
        }
    )
