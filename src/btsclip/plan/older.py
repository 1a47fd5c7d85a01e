"""Plans of versions 1 and 2, in which a clip was its first span and kept the others in `then`."""

from __future__ import annotations

import re
from typing import Any

from btsclip.plan.model import OF_SPANS, PLAN_VERSION

VERSIONS = (1, 2)


def upgraded(values: dict[str, Any]) -> dict[str, Any]:
    """The `values` of an older plan in today's form. Unknown keys stay where they are, and mistakes
    stay for the validation to find."""
    clips = values["clips"]
    if isinstance(clips, list):
        clips = [_with_spans(clip) if isinstance(clip, dict) else clip for clip in clips]
    return {**values, "version": PLAN_VERSION, "clips": clips}


def place_in_older(place: str) -> str:
    """Where the older plan has what stands at `place` in today's form, such as `clips.0.crop` for
    `clips.0.spans.0.crop`."""
    found = re.match(r"(clips\.\d+)\.spans(?:\.(\d+))?(.*)", place)
    if not found:
        return place
    clip, number, rest = found.groups()
    if number == "0":
        return clip + rest
    return f"{clip}.then.{int(number) - 1}{rest}" if number else f"{clip}.then{rest}"


def _with_spans(clip: dict[str, Any]) -> dict[str, Any]:
    whole = {key: value for key, value in clip.items() if key not in OF_SPANS}
    first = {key: value for key, value in clip.items() if key in OF_SPANS}
    others = first.pop("then", [])
    return {**whole, "spans": [first, *others] if isinstance(others, list) else others}
