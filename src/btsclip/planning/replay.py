"""A mishap once more, slowly, after the clip that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from btsclip.captions.text import fill_template
from btsclip.moments.select import Cut
from btsclip.plan.model import Caption, CropKey, Span
from btsclip.presets.schema import Preset

# Seconds before and after the mishap that are shown again, and how fast.
BEFORE, AFTER, SPEED = 0.8, 1.2, 0.5
# What of the clip's span holds for the replay as well.
FRAMED = ("source", "layout", "framing", "blur", "blur_faces", "may_be_seen")


def replay_span(cut: Cut, shown: Mapping[str, Any], preset: Preset) -> Span | None:
    """The span that shows the mishap of `cut` again, framed as is `shown`; None for other cuts, and
    where the preset wants none."""
    if cut.kind != "mishap" or preset.pacing.mishap != "replay" or "at" not in cut.evidence:
        return None
    at = cut.evidence["at"]
    start = round(max(cut.start, at - BEFORE), 3)
    end = round(min(cut.end, at + AFTER), 3)
    return Span.model_validate(
        {
            **{key: shown[key] for key in FRAMED},
            **{key: _between(shown[key], start, end) for key in ("crop", "below")},
            "start": start,
            "end": end,
            "speeds": [(start, SPEED)],
            "reason": "again, at half speed",
        }
    )


def _between(keys: Sequence[CropKey], start: float, end: float) -> list[CropKey]:
    """The keys of a crop that matter from `start` to `end`."""
    first = max((i for i, key in enumerate(keys) if key[0] <= start), default=0)
    last = min((i for i, key in enumerate(keys) if key[0] >= end), default=len(keys))
    return list(keys[first : last + 1])


def replay_captions(begin: float, end: float, preset: Preset) -> list[Caption]:
    """What the preset writes on the replay, which is shown from `begin` to `end`."""
    text = " ".join(fill_template(preset.captions.replay, {}, hands_seen=False).split())
    return [Caption(text=text, start=round(begin, 3), end=round(end, 3))] if text else []
