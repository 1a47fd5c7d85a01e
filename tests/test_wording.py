"""Numbers, times and lists as messages, tables and pages write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from btsclip.wording import clock, count, estimate, first_few, limit, listed

names = st.lists(st.text("abc", min_size=1, max_size=3), max_size=8)


def test_count_of_one_is_singular() -> None:
    assert [count(n, "clip") for n in (0, 1, 2)] == ["0 clips", "1 clip", "2 clips"]
    assert [count(n, "reply", "replies") for n in (1, 3)] == ["1 reply", "3 replies"]


@given(st.floats(0, 400_000), st.booleans())
def test_clock_can_be_parsed_back(seconds: float, tenths: bool) -> None:
    said = clock(seconds, tenths=tenths)
    assert re.fullmatch(r"(\d+:[0-5]\d|[1-5]?\d):[0-5]\d" + r"\.\d" * tenths, said)
    back = 0.0
    for part in said.split(":"):
        back = 60 * back + float(part)
    assert back == pytest.approx(seconds, abs=0.051 if tenths else 0.501)


def test_clock_rounds_before_it_splits() -> None:
    assert clock(59.96, tenths=True) == "1:00.0" and clock(3599.6) == "1:00:00"
    assert clock(7265.25, tenths=True) == "2:01:05.2" and clock(59.4) == "0:59"


@given(st.floats(0, 1e6))
def test_estimates_are_never_nothing(seconds: float) -> None:
    said = estimate(seconds)
    assert any(unit in said for unit in (" s", " min", " h")) and said[0] != "0"


@pytest.mark.parametrize(
    ("seconds", "said"), [(4, "4 s"), (0.5, "0.5 s"), (90, "90 s"), (120, "2 min"), (600, "10 min")]
)
def test_limits_are_exact(seconds: float, said: str) -> None:
    assert limit(seconds) == said


@given(names, st.sampled_from(["and", "or"]))
def test_a_list_holds_every_name_in_order(many: list[str], word: str) -> None:
    said = listed(many, word)
    assert re.findall(r"[abc]+", said.replace(f" {word} ", ", ")) == many
    assert said.count(f" {word} ") == (len(many) > 1)


def test_lists_read_as_people_write_them() -> None:
    assert listed(["a"]) == "a" and listed("ab") == "a and b"
    assert listed(iter("abc"), "or") == "a, b or c"


@given(names, st.integers(1, 5))
def test_first_names_are_listed_and_others_counted(many: list[str], number: int) -> None:
    said = first_few(many, number)
    shown, _, more = said.partition(" and ")
    assert [name for name in shown.split(", ") if name] == many[:number]
    assert more == (f"{len(many) - number} more" if len(many) > number else "")
