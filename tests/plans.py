"""Short ways to write the clips of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from btsclip.plan.model import Clip, Span


def clip_values(values: Mapping[str, Any], others: Sequence[Any] = ()) -> dict[str, Any]:
    """The values of a clip, from a mix of its own `values` and those of its first span.

    `others` are the spans after the first.
    """
    of_clip = {key: value for key, value in values.items() if key not in Span.model_fields}
    first = {key: value for key, value in values.items() if key in Span.model_fields}
    return {**of_clip, "spans": [first, *others]}


def with_first(clip: Clip, **changes: Any) -> Clip:
    """`clip` with changed values of its first span."""
    first, *others = clip.spans
    return clip.model_copy(update={"spans": [first.model_copy(update=changes), *others]})
