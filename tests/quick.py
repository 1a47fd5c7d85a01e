"""Which parameters of a test run in the quick suite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def mostly_slow(values: Iterable[Any], *quick: Any) -> list[Any]:
    """The `values` as parameters of a test, all of them slow except those in `quick`."""
    values = list(values)
    missing = [value for value in quick if value not in values]
    assert not missing, f"no such parameters: {missing}"
    return [
        value if value in quick else pytest.param(value, marks=pytest.mark.slow) for value in values
    ]
