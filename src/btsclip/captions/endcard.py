"""The end card's text among the captions of its clip."""

from __future__ import annotations

from collections.abc import Mapping

from btsclip.captions.safezones import safe_box
from btsclip.captions.text import HANDS_SHARE, fields_of, fill_template
from btsclip.plan.model import Caption, Clip, EndCard
from btsclip.presets.schema import Preset


def end_card(
    action: str | None,
    source_seconds: float,
    evidence: Mapping[str, float],
    preset: Preset,
    facts: Mapping[str, str] | None = None,
) -> EndCard | None:
    """The end card that the preset asks for on a clip; None when it would hold nothing.

    Its text tells of the clip's `source_seconds` and the `facts` known of the shoot, and is, like a
    caption, only what is true.
    """
    card = preset.end_card
    hands_seen = evidence.get("hands_share", 0.0) >= HANDS_SHARE
    fields = fields_of(action, source_seconds, evidence) | dict(facts or {})
    text = fill_template(card.text, fields, hands_seen)
    if not text.strip() and not card.image:
        return None
    return EndCard(text=" ".join(text.split()), seconds=card.seconds)


def captions_with_end_card(clip: Clip, preset: Preset) -> list[Caption]:
    """The clip's captions, none of them on its end card, and the card's text in the middle of the
    safe box, in the hook's style."""
    if not clip.end_card:
        return list(clip.captions)
    shown = clip.seconds_shown
    captions = [
        caption if caption.end <= shown else caption.model_copy(update={"end": shown})
        for caption in clip.captions
    ]
    if clip.end_card.text.strip():
        captions.append(_caption(clip.end_card.text, shown, clip.seconds_in_all, preset))
    return captions


def _caption(text: str, start: float, end: float, preset: Preset) -> Caption:
    _, top, _, bottom = safe_box(preset.output)
    middle = (top + bottom) / 2 / preset.output.height
    return Caption(text=text, start=start, end=end, role="hook", y=middle)
