"""Parse shares, durations and dates of exports in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from btsclip.media import EMPTY, Mark, number, plain

_UNITS = re.compile(
    r"(?:(\d+)h(?:ours?|r)?)?(?:(\d+)m(?:in)?(?:utes)?)?(?:(\d+(?:\.\d+)?)s(?:ec|ek)?(?:onds)?)?"
)
# First letters of the months' names in English, German, Spanish, French, Italian and Portuguese.
MONTHS = {
    1: "jan ene gen", 2: "feb fev", 3: "mar mrz", 4: "apr abr avr", 5: "may mai mag",
    6: "jun juin giu", 7: "jul juil lug", 8: "aug ago aou", 9: "sep set", 10: "oct okt ott out",
    11: "nov", 12: "dec dez dic",
}  # fmt: skip
_MONTH = {name: number for number, names in MONTHS.items() for name in names.split()}
# Years to look back for a date without a year: two 29 Februaries may be eight years apart.
MAX_YEARS_BACK = 9
_TIME = re.compile(r"(\d{1,2})\s?[:h]\s?(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?\s?m\b\.?)?")


def find_decimal_mark(cells: Iterable[str]) -> Mark:
    """The decimal mark of numbers in `cells`, by the first number with only one reading.

    >>> find_decimal_mark(["1.234", "56,7"])
    ','
    """
    for cell in cells:
        text = re.sub(r"\s", "", plain(cell)).rstrip("%")
        if match := re.fullmatch(r"-?\d*(?:[.,]\d{3})*([.,])\d+", text):
            decimals = len(text) - text.rfind(match[1]) - 1
            both = len(set(text) & {".", ","}) == 2
            if decimals != 3 or text.startswith(f"0{match[1]}") or both:
                return "," if match[1] == "," else "."
    return "."


def parse_share(text: str, mark: Mark = ".", *, percent: bool = False) -> float | None:
    """Parse a share, 0 to 1. Numbers above 1, with a "%" or in a `percent` column are percentages.

    >>> parse_share("38%"), parse_share("38"), parse_share("0.38")
    (0.38, 0.38, 0.38)
    """
    value = number(text, mark)
    if value is None or value < 0:
        return None
    return value / 100 if percent or "%" in text or value > 1 else value


def parse_duration(text: str, mark: Mark = ".") -> float | None:
    """Parse a duration in seconds; None for other text.

    >>> [parse_duration(text) for text in ("1:02:03", "31", "12,5 s", "1m 5s", "soon")]
    [3723.0, 31.0, 12.5, 65.0, None]
    """
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


def parse_date(
    text: str, *, day_first: bool = False, before: date | None = None
) -> tuple[datetime, bool] | None:
    """Parse a local date and time; the flag says whether the text has a time. None for other text.

    Args:
        text: A date, with or without year and time.
        day_first: Whether 3/4/2025 is the 3rd of April.
        before: A date without a year, such as "November 20", is the last one up to this day;
            without `before` it is None.
    """
    text = plain(text)
    if text in EMPTY:
        return None
    clock = _TIME.search(text)
    rest = (text[: clock.start()] + " " + text[clock.end() :]) if clock else text
    # The time is local already, so its zone is dropped.
    rest = re.sub(r"(?:[+-]\d{2}:?\d{2}|\b(?:utc|gmt|z))\s*$", " ", rest) if clock else rest
    parts = _parse_day(rest, day_first)
    parts = parts or (_parse_yearless_day(rest, day_first, before) if before else None)
    if parts is None:
        return None
    try:
        return datetime.combine(datetime(*parts), _parse_time(clock)), clock is not None
    except ValueError:
        return None


def _parse_time(match: re.Match[str] | None) -> time:
    if not match:
        return time()
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + (12 if match[4] == "p" else 0)
    return time(hour, int(match[2]), int(match[3] or 0))


def _parse_day(text: str, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day of a complete date."""
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if any(number >= 10**5 for number in numbers):
        return None
    months = [month for month in _parse_months(text) if month]
    if len(months) == 1 and len(numbers) == 2:
        year, day = sorted(numbers, reverse=True)
        return (year, months[0], day) if year > 1900 else None
    if months or len(numbers) != 3 or not re.search(r"\d+[-/.]\d+[-/.]\s?\d+", text):
        return None
    if numbers[0] > 31:
        return numbers[0], numbers[1], numbers[2]
    first, second, year = numbers
    year += 2000 if year < 100 else 0
    if re.search(r"\d\.\d", text) or day_first or first > 12:
        return year, second, first
    return year, first, second


def _parse_yearless_day(text: str, day_first: bool, before: date) -> tuple[int, int, int] | None:
    """Year, month and day of a date without a year: the last such day up to `before`."""
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    months = _parse_months(text)
    # No other words are allowed: "3 days ago" is not the 3rd of August ("ago" in Spanish).
    if len(months) == 1 and months[0] and len(numbers) == 1:
        month, day = months[0], numbers[0]
    elif not months and re.fullmatch(r"\s*\d{1,2}\s?[-/.]\s?\d{1,2}\.?\s*", text):
        month, day = numbers
        if day_first or "." in text or month > 12:
            month, day = day, month
    else:
        return None
    # Local time may be a day ahead of the export. A 29 February may be years ago.
    latest = before + timedelta(days=1)
    for year in range(latest.year, max(latest.year - MAX_YEARS_BACK, 1), -1):
        try:
            if date(year, month, day) <= latest:
                return year, month, day
        except ValueError:
            continue
    return None


def _parse_months(text: str) -> list[int | None]:
    """The month, 1 to 12, named by each word of `text`; None for other words."""
    words = re.findall(r"[a-z]{3,}", text)
    return [_MONTH.get(word[:4]) or _MONTH.get(word[:3]) for word in words]


def is_day_first(cells: Iterable[str], fallback: bool) -> bool:
    """Whether dates such as 3/4/2025 and 3/4 in `cells` begin with the day, by the first number
    above 12; `fallback` if there is none."""
    for cell in cells:
        if match := re.match(r"\s*(\d{1,2})[/-](\d{1,2})(?:[/-]\d{2,4})?(?!\d)", cell):
            if int(match[1]) > 12:
                return True
            if int(match[2]) > 12:
                return False
    return fallback
