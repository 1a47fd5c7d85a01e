"""A request is checked as soon as it is made."""

from __future__ import annotations

import math

import pytest

from btsclip.errors import UsageError
from btsclip.planning.request import ClipRequest
from btsclip.presets.load import load_preset


@pytest.mark.parametrize(
    ("request_values", "says"),
    [
        ({"count": 0}, "--count 0: is too small; give 1 to 200"),
        ({"count": 201}, "--count 201: is too large"),
        ({"min_length": 0.4}, "--min-length 0.4: is too small; give 0.5 to 600"),
        ({"max_length": math.nan}, "--max-length nan: is not a number; give 1 to 600"),
        ({"max_length": math.inf}, "--max-length inf: is too large"),
        ({"min_length": 9, "max_length": 4}, "--min-length 9: is more than --max-length 4; swap"),
        ({"language": "fr"}, "--language belongs to --speech"),
        ({"fillers": False}, "--no-fillers: --no-fillers belongs to --speech; add that too"),
    ],
)
def test_impossible_request_is_refused(request_values: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError) as error:
        ClipRequest(**request_values)  # type: ignore[arg-type]
    assert says in str(error.value) and error.value.exit_code == 2


def test_preset_bound_gives_way_to_the_users() -> None:
    preset = load_preset("honest-kitchen")
    assert ClipRequest(min_length=30).lengths(preset) == (30, 30, 30)
    assert ClipRequest(max_length=2).lengths(preset) == (2, 2, 2)
    assert ClipRequest(min_length=6, max_length=6).lengths(preset) == (6, 6, 6)
