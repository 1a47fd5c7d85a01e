from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.clock import duration_in_words
from btsclip.media.footage import Chapter, Footage
from btsclip.planning.template_fields import sort_by_clock
from btsclip.story.clock import clock_doubt, elapsed_label, seconds_between

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=timezone.utc)


def take(name: str, minutes: float | None, seconds: float = 60.0, **facts: object) -> Footage:
    created = None if minutes is None else NOON + timedelta(minutes=minutes)
    footage = Footage(
        Path(name), seconds, 1280, 720, 30.0, False, 0, None, True, created, 1280, 720, 8, "h264",
        0, 1, 48000, 2, 1000, 1.0,
    )  # fmt: skip
    return replace(footage, **facts)


@given(st.integers(60, 10**6))
def test_words_tell_the_minutes(seconds: int) -> None:
    numbers = dict(zip(*[iter(reversed(duration_in_words(seconds).split()))] * 2, strict=True))
    assert int(numbers.get("h", 0)) * 60 + int(numbers.get("min", 0)) == seconds // 60


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (40, "40 s"), (59.9, "59 s"), (60, "1 min"), (3600, "1 h"), (12_000, "3 h 20 min"),
     (11_999.9995, "3 h 20 min"), (100_000, "27 h 46 min")],
)  # fmt: skip
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words


def test_count_of_minutes_begins_at_0() -> None:
    assert duration_in_words(40, "min") == "0 min"


def test_clocks_tell_the_time_between_takes() -> None:
    first, second = take("a.mp4", 0), take("b.mp4", 200.5)
    assert seconds_between(first, 30, second, 0) == 200 * 60
    assert elapsed_label(first, 30, second, 0) == "3 h 20 min later"


def test_no_label_for_a_few_seconds_or_an_earlier_time() -> None:
    first, second = take("a.mp4", 0), take("b.mp4", 2)
    assert elapsed_label(first, 60, second, 0) == ""
    assert elapsed_label(second, 0, first, 0) == ""
    assert elapsed_label(first, 60, second, 0, min_seconds=30) == "1 min later"


def test_within_a_take_its_own_seconds_count() -> None:
    one = take("a.mp4", None, 7200)
    assert elapsed_label(one, 0, one, 3600) == "1 h later"
    parts = (Chapter(Path("a.mp4"), 3600.0), Chapter(Path("b.mp4"), 3600.0))
    chaptered = take("a.mp4", 0, 7200, chapters=parts)
    assert seconds_between(chaptered, 3000, chaptered, 6600) == 3600


def test_time_zones_do_not_matter() -> None:
    abroad = timezone(timedelta(hours=2))
    first = take("a.mp4", 0, clock="zoned")
    second = take("b.mp4", None, created=datetime(2026, 5, 3, 15, 0, tzinfo=abroad), clock="zoned")
    assert seconds_between(first, 0, second, 0) == 3600


@pytest.mark.parametrize(
    ("takes", "word"),
    [
        ([take("a.mp4", 0), take("b.mp4", None)], "does not say when"),
        ([take("a.mp4", 0), take("b.mp4", 90, clock="doubtful")], "differ"),
        ([take("a.mp4", 0, clock="zoned"), take("b.mp4", 90)], "time zone"),
        ([take("a.mp4", 0, 600), take("b.mp4", 5)], "at the same time"),
        ([take("a.mp4", 0), take("b.mp4", 0)], "at the same time"),
        ([take("a.mp4", 0), take("b.mp4", 60 * 24 * 400)], "400 days"),
        ([take("IMG_0008.mp4", 0), take("IMG_0007.mp4", 90)], "numbered"),
    ],
)
def test_clocks_in_doubt_tell_no_time(takes: list[Footage], word: str) -> None:
    assert word in (clock_doubt(takes) or "")
    assert seconds_between(takes[0], 0, takes[1], 0) is None
    assert elapsed_label(takes[0], 0, takes[1], 0) == ""


def test_takes_are_sorted_by_clock_if_all_have_one() -> None:
    late, early, none = take("late.mp4", 90), take("early.mp4", 0), take("none.mp4", None)
    assert sort_by_clock([late, early]) == [early, late]
    assert sort_by_clock([late, none, early]) == [late, none, early]
    assert clock_doubt([late, early]) is None and clock_doubt([late]) is None
