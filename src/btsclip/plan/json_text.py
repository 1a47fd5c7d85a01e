"""JSON that people and pages write, read without surprises.

Python's reader takes more than JSON: NaN, numbers too large for a float, halves of characters. What
it takes in can't always be written again, so all of that is refused here.
"""

from __future__ import annotations

import math
from typing import Any

from btsclip.media.documents import parse_json
from btsclip.plan.values import check_whole


def loads(text: str | bytes) -> Any:
    """The values in a JSON text.

    Raises ValueError that says what is wrong, json.JSONDecodeError with the line where it is known.
    """
    values = parse_json(text, _refuse_constant)
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            check_whole(value)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, float) and math.isinf(value):
            raise ValueError("holds a number that is too large")
    return values


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")
