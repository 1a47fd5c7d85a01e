"""What is written on a clip: the hook and a line about the moment, from the preset's templates."""

from __future__ import annotations

from btsclip.plan.model import Caption
from btsclip.presets.schema import Captions, Preset, TextStyle

# Shown for less than this a text can't be read.
SHORTEST = 0.8
# Seconds between the hook's end and the moment caption's start, where they would share time.
PAUSE = 0.2

WORDS = {
    "chop": "chopping",
    "knead": "kneading",
    "stir": "stirring",
    "pour": "pouring",
    "toss": "tossing",
    "plate": "plating",
    "other": "at work",
}


def captions_for(
    kind: str,
    action: str | None,
    duration: float,
    evidence: dict[str, float],
    preset: Preset,
    hook: str | None = None,
) -> tuple[Caption, ...]:
    """The captions of a clip of `duration` seconds, times from its start.

    `hook` is the user's own text and goes before the preset's. A text about hands is only written
    when hands were seen in most of the clip: a caption must be true.
    """
    look = preset.captions
    fields = _fields(action, duration, evidence)
    captions = []
    opening = hook if hook is not None else fill(look.hook, fields)
    if opening.strip():
        captions.append(_timed(opening, "hook", look.hook_style, 0.0, duration))
    line = fill(template_for(kind, action, evidence, look), fields)
    if line.strip() and line.strip().casefold() != opening.strip().casefold():
        after = 0.0
        if captions and look.hook_style.place == look.moment_style.place:
            after = captions[0].end + PAUSE
        moment = _timed(line, "moment", look.moment_style, after, duration)
        if moment.end - moment.start >= SHORTEST:
            captions.append(moment)
    return tuple(captions)


def template_for(kind: str, action: str | None, evidence: dict[str, float], look: Captions) -> str:
    """The action's own template, else its kind's, else nothing."""
    by_action: dict[str, str] = {str(key): text for key, text in look.actions.items()}
    by_kind: dict[str, str] = {str(key): text for key, text in look.kinds.items()}
    text = by_action.get(action or "") or by_kind.get(kind, "")
    mentions_hands = "hand" in text.casefold()
    return "" if mentions_hands and evidence.get("hands_share", 0.0) < 0.5 else text


def fill(template: str, fields: dict[str, str]) -> str:
    """`template` with its {fields} filled in."""
    return template.format_map(fields) if template else ""


def _fields(action: str | None, duration: float, evidence: dict[str, float]) -> dict[str, str]:
    return {
        "action": WORDS.get(action or "other", "at work"),
        "seconds": str(round(duration)),
        "hands": str(round(evidence.get("hands", 0))),
    }


def _timed(text: str, role: str, style: TextStyle, earliest: float, duration: float) -> Caption:
    start = max(style.start, earliest)
    if duration - start < SHORTEST:
        start = max(0.0, duration - SHORTEST)
    end = duration if style.seconds == 0 else min(duration, start + style.seconds)
    return Caption.model_validate(
        {
            "text": " ".join(text.split()),
            "role": role,
            "start": round(start, 3),
            "end": round(max(end, start + 0.001), 3),
        }
    )
