"""What is written on a clip: the hook and a line about the moment, from the preset's templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from btsclip.captions.cues import Cue, captions_of
from btsclip.captions.layout import room_for
from btsclip.captions.lines import clean_line, flow_lines
from btsclip.captions.timing import SHORTEST, fit_reading_time, reading_seconds
from btsclip.plan.model import Caption
from btsclip.presets.schema import (
    Captions,
    Preset,
    StickerStyle,
    TextStyle,
    alternatives,
    template_fields,
)

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
    "roll": "rolling",
    "decorate": "decorating",
    "grill": "grilling",
    "brew": "brewing",
    "shake": "shaking",
}


@dataclass(frozen=True)
class ReadableCaptions:
    """Captions that can be read in their time, and what of them can't or was left out."""

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
    """The captions of a clip that is shown for `duration` seconds: hook, line and sticker, times
    from the clip's start. Texts tell of its `source_seconds`, where these are others.

    The line and the sticker come no earlier than what they are about `happens` on the screen.

    `hook` is the user's own text and goes before the preset's; the empty text means no hook.
    `facts` are the fields that are known of the shoot. A preset's text is only written when the
    evidence bears it: a caption must be true. One that could not be shown for SHORTEST seconds is
    left out, but the user's own hook never is.
    """
    look = preset.captions
    worked = duration if source_seconds is None else source_seconds
    fields = fields_of(action, worked, evidence) | dict(facts or {})
    hands_seen = evidence.get("hands_share", 0.0) >= HANDS_SHARE
    opening = (
        hook if hook is not None else fill_template(_hook_template(kind, look), fields, hands_seen)
    )
    line = fill_template(_line_template(kind, action, look), fields, hands_seen)
    first = _timed(opening, "hook", look.hook_style, 0.0, duration, asked_for=hook is not None)
    if line.split() == opening.split():
        line = ""
    earliest = max(happens, first.end + PAUSE if first and _share_place(look) else 0.0)
    second = _timed(line, "moment", look.moment_style, earliest, duration)
    picture = {str(key): text for key, text in look.stickers.items()}.get(kind, "")
    third = _timed(picture, "sticker", look.sticker_style, happens, duration)
    return tuple(caption for caption in (first, second, third) if caption)


def make_readable(captions: Sequence[Caption], duration: float, preset: Preset) -> ReadableCaptions:
    """`captions` as they can be read in a clip of `duration` seconds, and warnings.

    Lines about the moment are shown in parts where they are long, and shortened where there is no
    time for them. A hook is never changed: where it is shown too briefly there is a warning.
    """
    made: list[Caption] = []
    warnings: list[str] = []
    for caption in captions:
        if caption.role != "moment" and caption.role != "speech":
            made.append(caption)
            warnings += _too_brief(caption) if caption.role == "hook" else []
            continue
        earliest = caption.start if made and _share_place(preset.captions) else 0.0
        cue = Cue(flow_lines(caption.text), caption.start, caption.end, tuple(caption.words))
        timed = fit_reading_time([cue], earliest, duration, room_for(caption.role, preset))
        made += captions_of(timed.cues, caption.role)
        warnings += timed.warnings
    return ReadableCaptions(tuple(made), tuple(warnings))


def fill_template(templates: str | list[str], fields: Mapping[str, str], hands_seen: bool) -> str:
    """The first of `templates` whose {fields} all have a value, filled in; nothing when there is
    none. One that speaks of hands (in English, or by {hands}) that were not seen does not count."""
    for template in alternatives(templates):
        speaks_of_hands = "hand" in template.casefold()
        if template_fields(template) <= fields.keys() and (hands_seen or not speaks_of_hands):
            return template.format_map(fields)
    return ""


def _too_brief(hook: Caption) -> list[str]:
    need, shown = reading_seconds(clean_line(hook.text)), hook.end - hook.start
    if shown >= need - 1e-3:
        return []
    return [f"the hook {hook.text!r} is shown for {shown:.1f} s; reading it takes {need:.1f} s"]


def _share_place(look: Captions) -> bool:
    return look.hook_style.place == look.moment_style.place


def _hook_template(kind: str, look: Captions) -> str | list[str]:
    """The hook of all clips, else the kind's, else nothing."""
    return look.hook or _find(look.hooks, kind)


def _line_template(kind: str, action: str | None, look: Captions) -> str | list[str]:
    """The action's own template, else its kind's, else nothing."""
    return _find(look.actions, action) or _find(look.kinds, kind)


def _find(templates: Mapping[Any, str | list[str]], key: str | None) -> str | list[str]:
    return templates.get(key, "")


def fields_of(action: str | None, duration: float, evidence: Mapping[str, float]) -> dict[str, str]:
    """The templates' fields that have a value in a clip of `duration` seconds of the source."""
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
    if not text.strip() or (duration - SHORTEST < earliest and not asked_for):
        return None
    need = reading_seconds(clean_line(text))
    start = max(min(max(style.start, earliest), duration - need), min(earliest, duration), 0.0)
    shown = max(style.seconds, need) if style.seconds else duration
    return Caption.model_validate(
        {
            "text": " ".join(text.split()),
            "role": role,
            "start": round(start, 3),
            "end": round(min(duration, start + shown), 3),
        }
    )
