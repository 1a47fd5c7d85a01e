"""What is taken as an option's value as it is typed."""

from __future__ import annotations

from datetime import date

import pytest
import typer

from btsclip.cli import values
from btsclip.limits import Limits

FORMATS = values.choice(lambda: ("premiere", "resolve", "srt"), {"davinci": "resolve"})


@pytest.mark.parametrize("typed", ["resolve", "Resolve", " RESOLVE "])
def test_a_name_is_known_in_any_case(typed: str) -> None:
    assert FORMATS(typed) == "resolve"


@pytest.mark.parametrize(
    ("typed", "cure"),
    [
        ("DaVinci", "did you mean resolve? Choose premiere, resolve or srt"),
        ("premier", "did you mean premiere? Choose premiere, resolve or srt"),
        ("word", "use premiere, resolve or srt"),
    ],
)
def test_wrong_name_gets_the_nearest_one(typed: str, cure: str) -> None:
    with pytest.raises(typer.BadParameter) as error:
        FORMATS(typed)
    assert isinstance(error.value, values.WrongValue)
    assert (error.value.value, error.value.cure) == (typed, cure)


@pytest.mark.parametrize(
    ("typed", "number"), [("1", 1.0), ("5.5", 5.5), (" 1e1", 10.0), (3.0, 3.0)]
)
def test_numbers_within_their_limits(typed: object, number: float) -> None:
    assert values.decimal(Limits(1, 10))(typed) == number


@pytest.mark.parametrize(
    "typed", ["local", "tcp://studio:8786", "tls://10.0.0.1:8786", "inproc://10.0.0.1/1/1"]
)
def test_addresses_of_schedulers(typed: str) -> None:
    assert values.scheduler(typed) == typed


def test_a_day() -> None:
    assert values.day("2026-11-24") == date(2026, 11, 24)
