"""Shares, durations and dates as exports write them, in several languages' ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as Day
from datetime import datetime, time, timedelta

from btsclip.media.numbers import EMPTY, Mark, number, plain

_UNITS = re.compile(
    r"(?:(\d+)h(?:ours?|r)?)?(?:(\d+)m(?:in)?(?:utes)?)?(?:(\d+(?:\.\d+)?)s(?:ec|ek)?(?:onds)?)?"
)
# Beginnings of the months' names in English, German, Spanish, French, Italian and Portuguese.
MONTHS = {
    1: "jan ene gen", 2: "feb fev", 3: "mar mrz", 4: "apr abr avr", 5: "may mai mag",
    6: "jun juin giu", 7: "jul juil lug", 8: "aug ago aou", 9: "sep set", 10: "oct okt ott out",
    11: "nov", 12: "dec dez dic",
}  # fmt: skip
_MONTH = {name: number for number, names in MONTHS.items() for name in names.split()}
# Between two days that are a 29 February there are no more years.
LEAP_YEARS = 9
_TIME = re.compile(r"(\d{1,2})\s?[:h]\s?(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?\s?m\b\.?)?")


def decimal_mark(cells: Iterable[str]) -> Mark:
    """The decimal mark of numbers in `cells`: what those say that can be read in one way only."""
    for cell in cells:
        text = re.sub(r"\s", "", plain(cell)).rstrip("%")
        if found := re.fullmatch(r"-?\d*(?:[.,]\d{3})*([.,])\d+", text):
            behind = len(text) - text.rfind(found[1]) - 1
            if behind != 3 or text.startswith(f"0{found[1]}") or len(set(text) & {".", ","}) == 2:
                return "," if found[1] == "," else "."
    return "."


def share(text: str, mark: Mark = ".", *, percent: bool = False) -> float | None:
    """A share: `38%` is 0.38, and so is 38. What is 1 or less is a share already, unless the
    column says that it holds `percent`."""
    value = number(text, mark)
    if value is None or value < 0:
        return None
    return value / 100 if percent or "%" in text or value > 1 else value


def duration(text: str, mark: Mark = ".") -> float | None:
    """Seconds from `0:45`, `1:02:03`, `31`, `12,5 s` or `1m 5s`; None for no duration."""
    squeezed = re.sub(r"\s", "", plain(text))
    parts = squeezed.split(":")
    if 2 <= len(parts) <= 3:
        if not all(re.fullmatch(r"\d+", p) for p in parts[:-1]):
            return None
        if not re.fullmatch(r"\d+([.,]\d+)?", parts[-1]):
            return None
        seconds = float(parts[-1].replace(",", "."))
        minutes = [int(part) for part in parts[:-1]]
        return seconds + 60 * minutes[-1] + (3600 * minutes[0] if len(minutes) == 2 else 0)
    if (named := _UNITS.fullmatch(squeezed.replace(",", "."))) and any(named.groups()):
        hours, minute, second = (float(part or 0) for part in named.groups())
        return 3600 * hours + 60 * minute + second
    value = number(squeezed, mark)
    return value if value is not None and value >= 0 and "%" not in text else None


def date(
    text: str, *, day_first: bool = False, before: Day | None = None
) -> tuple[datetime, bool] | None:
    """When something was published, by the clock of its place, and whether the time is known.

    `day_first` says how 3/4/2025 is meant. A date without a year, such as "November 20", is the
    last one up to `before`; None for no date, or for such a one without `before`.
    """
    text = plain(text)
    if text in EMPTY:
        return None
    clock = _TIME.search(text)
    rest = (text[: clock.start()] + " " + text[clock.end() :]) if clock else text
    # A zone says nothing of the clock that stood on the wall.
    rest = re.sub(r"(?:[+-]\d{2}:?\d{2}|\b(?:utc|gmt|z))\s*$", " ", rest) if clock else rest
    day = _day(rest, day_first) or (_day_before(rest, day_first, before) if before else None)
    if day is None:
        return None
    year, month, number_ = day
    try:
        return datetime.combine(datetime(year, month, number_), _clock(clock)), clock is not None
    except ValueError:
        return None


def _clock(found: re.Match[str] | None) -> time:
    if not found:
        return time()
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4] == "p" else 0)
    return time(hour, int(found[2]), int(found[3] or 0))


def _day(text: str, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day."""
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if any(number >= 10**5 for number in numbers):
        return None
    named = [month for month in _months(text) if month]
    if len(named) == 1 and len(numbers) == 2:
        year, day = sorted(numbers, reverse=True)
        return (year, named[0], day) if year > 1900 else None
    if named or len(numbers) != 3 or not re.search(r"\d+[-/.]\d+[-/.]\s?\d+", text):
        return None
    if numbers[0] > 31:
        return numbers[0], numbers[1], numbers[2]
    first, second, year = numbers
    year += 2000 if year < 100 else 0
    if re.search(r"\d\.\d", text) or day_first or first > 12:
        return year, second, first
    return year, first, second


def _day_before(text: str, day_first: bool, before: Day) -> tuple[int, int, int] | None:
    """Year, month and day of a date without a year: the last such day up to `before`."""
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    named = _months(text)
    # Another word may change all of it: "3 days ago" is no 3 August ("ago" in Spanish).
    if len(named) == 1 and named[0] and len(numbers) == 1:
        month, day = named[0], numbers[0]
    elif not named and re.fullmatch(r"\s*\d{1,2}\s?[-/.]\s?\d{1,2}\.?\s*", text):
        month, day = numbers
        if day_first or "." in text or month > 12:
            month, day = day, month
    else:
        return None
    # A place may be a day ahead of where the export was made. A 29 February may be years ago.
    latest = before + timedelta(days=1)
    for year in range(latest.year, max(latest.year - LEAP_YEARS, 1), -1):
        try:
            if Day(year, month, day) <= latest:
                return year, month, day
        except ValueError:
            continue
    return None


def _months(text: str) -> list[int | None]:
    """The number of the month that each word of `text` names, None for other words."""
    words = re.findall(r"[a-z]{3,}", text)
    return [_MONTH.get(word[:4]) or _MONTH.get(word[:3]) for word in words]


def days_first(cells: Iterable[str], fallback: bool) -> bool:
    """Whether dates such as 3/4/2025 and 3/4 in `cells` begin with the day: one above the 12th says
    so."""
    for cell in cells:
        if found := re.match(r"\s*(\d{1,2})[/-](\d{1,2})(?:[/-]\d{2,4})?(?!\d)", cell):
            if int(found[1]) > 12:
                return True
            if int(found[2]) > 12:
                return False
    return fallback
