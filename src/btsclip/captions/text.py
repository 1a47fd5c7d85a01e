"""What is written on a clip: the hook and a line about the moment, from the preset's templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from btsclip.plan.model import Caption
from btsclip.presets.schema import Captions, Preset, StickerStyle, TextStyle, template_fields

# Shown for less than this a text can't be read, in seconds.
SHORTEST = 0.8
# Seconds between the hook's end and the moment caption's start, where they share a place.
PAUSE = 0.2
# A text speaks of hands only when they were seen for this share of the clip.
HANDS_SHARE = 0.5

# An action that was not made out has no word, so that no text claims one.
WORDS = {
    "chop": "chopping",
    "knead": "kneading",
    "stir": "stirring",
    "pour": "pouring",
    "toss": "tossing",
    "plate": "plating",
}


def captions_for(
    kind: str,
    action: str | None,
    duration: float,
    evidence: Mapping[str, float],
    preset: Preset,
    hook: str | None = None,
) -> tuple[Caption, ...]:
    """The captions of a clip of `duration` seconds: hook, line and sticker, times from its start.

    `hook` is the user's own text and goes before the preset's; the empty text means no hook. A
    preset's text is only written when the evidence bears it: a caption must be true. One that
    could not be shown for SHORTEST seconds is left out, but the user's own hook never is.
    """
    look = preset.captions
    fields = _fields(action, duration, evidence)
    hands_seen = evidence.get("hands_share", 0.0) >= HANDS_SHARE
    opening = hook if hook is not None else fill(_hook_template(kind, look), fields, hands_seen)
    line = fill(_line_template(kind, action, look), fields, hands_seen)
    first = _timed(opening, "hook", look.hook_style, 0.0, duration, asked_for=hook is not None)
    if line.split() == opening.split():
        line = ""
    shared = look.hook_style.place == look.moment_style.place
    earliest = first.end + PAUSE if first and shared else 0.0
    second = _timed(line, "moment", look.moment_style, earliest, duration)
    picture = _find(look.stickers, kind)
    third = _timed(picture, "sticker", look.sticker_style, 0.0, duration)
    return tuple(caption for caption in (first, second, third) if caption)


def fill(template: str, fields: Mapping[str, str], hands_seen: bool) -> str:
    """`template` with its {fields} filled in; nothing when one has no value, or when it speaks of
    hands (in English, or by {hands}) that were not seen."""
    speaks_of_hands = "hand" in template.casefold()
    if not template_fields(template) <= fields.keys() or (speaks_of_hands and not hands_seen):
        return ""
    return template.format_map(fields)


def _hook_template(kind: str, look: Captions) -> str:
    """The hook of all clips, else the kind's, else nothing."""
    return look.hook or _find(look.hooks, kind)


def _line_template(kind: str, action: str | None, look: Captions) -> str:
    """The action's own template, else its kind's, else nothing."""
    return _find(look.actions, action) or _find(look.kinds, kind)


def _find(templates: Mapping[Any, str], key: str | None) -> str:
    return templates.get(key, "")


def _fields(action: str | None, duration: float, evidence: Mapping[str, float]) -> dict[str, str]:
    """The fields that have a value in this clip."""
    # Whole seconds that were really there: 11.6 s are not 12.
    fields = {"seconds": str(int(duration + 0.05))}
    if action in WORDS:
        fields["action"] = WORDS[action]
    if hands := round(evidence.get("hands", 0.0)):
        fields["hands"] = str(hands)
    return fields


def _timed(
    text: str,
    role: str,
    style: TextStyle | StickerStyle,
    earliest: float,
    duration: float,
    asked_for: bool = False,
) -> Caption | None:
    """The caption at its style's time, moved to be readable; None when there is no text, or no
    time for one that nobody asked for."""
    latest = duration - SHORTEST
    if not text.strip() or (latest < earliest and not asked_for):
        return None
    start = min(max(style.start, earliest), max(latest, 0.0))
    shown = max(style.seconds, SHORTEST) if style.seconds else duration
    return Caption.model_validate(
        {
            "text": " ".join(text.split()),
            "role": role,
            "start": round(start, 3),
            "end": round(min(duration, start + shown), 3),
        }
    )
