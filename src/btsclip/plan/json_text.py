"""Strict reading of JSON from people and web pages.

Python's reader accepts more than JSON: NaN, numbers too large for a float, lone surrogates. These
can't always be written again, so they are refused here.
"""

from __future__ import annotations

import math
from typing import Any

from btsclip.media import parse_json
from btsclip.plan.values import check_whole


def loads(text: str | bytes) -> Any:
    """The values in a JSON text.

    Raises ValueError with the cause, or json.JSONDecodeError with the line if it is known.
    """
    values = parse_json(text, _refuse_constant)
    groups: list[list[Any]] = [[values]]
    while groups:
        group = groups.pop()
        # Most values of a plan are numbers. They are not checked one by one.
        if math.inf in group or -math.inf in group:
            raise ValueError("holds a number that is too large")
        for value in group:
            if isinstance(value, str):
                check_whole(value)
            elif isinstance(value, list):
                groups.append(value)
            elif isinstance(value, dict):
                groups.append([*value, *value.values()])
    return values


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")
