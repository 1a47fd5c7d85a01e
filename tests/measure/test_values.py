"""Numbers, shares, durations and dates in several languages."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, strategies as st

from btsclip.measure import values

MARKS = st.sampled_from([".", ","])


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "'", "’", ""]))
def test_whole_numbers_with_any_grouping(number: int, group: str) -> None:
    text = f"{number:,}".replace(",", group)
    assert values.number(text, whole=True) == number
    assert values.number(f" \ufeff{text}\u00ad ", ",", whole=True) == number


@given(st.integers(0, 10**7), st.integers(0, 99), MARKS, st.booleans())
def test_decimals_with_either_mark(front: int, back: int, mark: values.Mark, grouped: bool) -> None:
    other = "," if mark == "." else "."
    whole = f"{front:,}".replace(",", other) if grouped else str(front)
    expected = front + back / 100
    assert values.number(f"{whole}{mark}{back:02d}", mark) == pytest.approx(expected)
    if not grouped or front >= 1000:
        # Two decimals have only one reading.
        assert values.number(f"{whole}{mark}{back:02d}", other) == pytest.approx(expected)


@given(st.text(max_size=30))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    for read in (values.number, values.parse_share, values.parse_duration):
        value = read(text)
        assert value is None or value == value
    for day_first in (True, False):
        found = values.parse_date(text, day_first=day_first)
        assert found is None or isinstance(found[0], datetime)


@given(st.integers(0, 86_399))
def test_durations_in_all_forms(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    forms = [f"{hours}:{left:02d}:{rest:02d}", str(seconds), f"{seconds}s", f"{seconds},0 s"]
    forms += [f"{hours}h {left}m {rest}s", f"{hours} h {left} min {rest} sec"]
    forms += [f"{minutes}:{rest:02d}"] if hours == 0 else []
    for form in forms:
        assert values.parse_duration(form) == seconds, form


MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2099, 1, 1)).map(
    lambda when: when.replace(microsecond=0)
)
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
}


@given(MOMENTS, st.sampled_from(list(MONTHS)))
def test_dates_in_all_forms(when: datetime, language: str) -> None:
    month = MONTHS[language].split()[when.month - 1]
    timed = [
        when.isoformat(), f"{when}", f"{when.isoformat()}Z", f"{when.isoformat()}+02:00",
        f"{when:%Y/%m/%d %H:%M:%S}", f"{when:%d.%m.%Y, %H:%M:%S}", f"{when:%d.%m.%Y %H:%M:%S} Uhr",
        f"{when:%b %d, %Y, %I:%M:%S %p}", f"{when.day} de {month} de {when.year} {when:%H:%M:%S}",
    ]  # fmt: skip
    for form in timed:
        assert values.parse_date(form) == (when, True), form
    day = when.replace(hour=0, minute=0, second=0)
    for form in (
        f"{month} {when.day}, {when.year}", f"{when.day}. {month} {when.year}",
        f"{when.day} de {month} de {when.year}", f"{when:%Y-%m-%d}", f"{when:%d.%m.%y}",
    ):  # fmt: skip
        assert values.parse_date(form) == (day, False), form
    assert values.parse_date(f"{when:%d/%m/%Y}", day_first=True) == (day, False)
    assert values.parse_date(f"{when:%m/%d/%Y}") == (day, False)


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("1.2K", 1200), ("1,2 k", 1200), ("3,4 Mio.", 3.4e6), ("12 mil", 12_000), ("2M", 2e6),
        ("1,2 Tsd.", 1200), ("1,23,456", 123_456), ("-5", -5), ("−5", -5), ("38%", 38),
        ("1.234.567", 1_234_567), ("", None), ("-", None), ("–", None), ("N/A", None),
        ("abc", None), ("1.2.3", None), ("12 apples", None), ("1,234", 1234), ("0.123", 0.123),
    ],
)  # fmt: skip
def test_numbers_of_people_and_platforms(text: str, is_: float | None) -> None:
    assert values.number(text, whole=True) == (pytest.approx(is_) if is_ is not None else None)


@pytest.mark.parametrize(
    ("text", "percent", "is_"),
    [
        ("38%", False, 0.38), ("38,5 %", False, 0.385), ("0.38", False, 0.38),
        ("38", False, 0.38), ("0.5", True, 0.005), ("104.2", True, 1.042), ("", True, None),
        ("-3", True, None),
    ],
)  # fmt: skip
def test_shares(text: str, percent: bool, is_: float | None) -> None:
    read = values.parse_share(text, percent=percent)
    assert read == (pytest.approx(is_) if is_ is not None else None)


@pytest.mark.parametrize("text", ["1:2:3:4", "a:10", "12%", "-4", "1:", "", "soon"])
def test_other_text_is_not_a_duration(text: str) -> None:
    assert values.parse_duration(text) is None


@pytest.mark.parametrize(
    "text", ["2025-13-40", "32.01.2025", "Lifetime", "2025", "1.5", "mar mar 3"]
)
def test_other_text_is_not_a_date(text: str) -> None:
    assert values.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("November 20", (2025, 11, 20)), ("20 Nov", (2025, 11, 20)), ("January 3", (2026, 1, 3)),
        ("20 de noviembre", (2025, 11, 20)), ("20. November", (2025, 11, 20)),
        ("11/20", (2025, 11, 20)), ("20/11", (2025, 11, 20)), ("20.11.", (2025, 11, 20)),
        ("1.5.", (2025, 5, 1)), ("01-04", (2026, 1, 4)), ("January 5", (2026, 1, 5)),
        ("January 6", (2025, 1, 6)), ("29 February", (2024, 2, 29)), ("November 31", None),
        ("2024-11-20", (2024, 11, 20)), ("Nov 20, 2024", (2024, 11, 20)), ("3 days ago", None),
        ("yesterday", None), ("2025", None), ("mar mar 3", None), ("20 11", None), ("", None),
    ],
)  # fmt: skip
def test_date_without_a_year_is_the_last_one(text: str, is_: tuple[int, int, int] | None) -> None:
    read = values.parse_date(text, before=date(2026, 1, 4))
    assert read == (None if is_ is None else (datetime(*is_), False))
    timed = values.parse_date(f"{text} 17:30", before=date(2026, 1, 4))
    assert timed == (None if is_ is None else (datetime(*is_, 17, 30), True))


def test_decimal_mark_and_order_of_days_come_from_the_column() -> None:
    assert values.find_decimal_mark(["1.234", "56,7"]) == ","
    assert values.find_decimal_mark(["1,234", "56.7"]) == "."
    assert (
        values.find_decimal_mark(["1.234,5"]) == ","
        and values.find_decimal_mark(["12", "x"]) == "."
    )
    assert values.is_day_first(["3/4/2025", "25/4/2025"], fallback=False)
    assert not values.is_day_first(["3/4/2025", "4/25/2025"], fallback=True)
    assert values.is_day_first(["3/4/2025"], fallback=True)
    assert values.is_day_first(["3/4", "25/4"], fallback=False)
    assert not values.is_day_first(["2025-25-01", "3/25"], fallback=True)
