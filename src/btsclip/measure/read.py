"""Exports of YouTube Studio, Meta Business Suite and TikTok as posts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from btsclip.errors import MeasureError
from btsclip.measure import values
from btsclip.measure.columns import PLATFORMS, TOTALS, Columns, Platform, count_known, find_columns
from btsclip.measure.post import Count, Post
from btsclip.media.numbers import number, plain
from btsclip.media.tables import Row, read_exported, read_rows

CURE = "give it a CSV export of YouTube Studio, Meta Business Suite or TikTok; see docs/measure.md"
# Lines among which the one with the columns' names is sought: some programs put others before it.
FIRST_LINES = 12
NUMBERS = ("watch_seconds", "watched", "finished", "stayed", "watch_hours", "ctr")


@dataclass(frozen=True)
class PostExport:
    """The posts of one file. `left_out` says which of its rows are none, `untimed` which posts have
    no time that is known, and `unknown` which columns mean nothing to us."""

    path: Path
    platform: Platform
    posts: tuple[Post, ...]
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]
    untimed: tuple[str, ...] = ()


def read_export(path: Path, day: date | None = None) -> PostExport:
    """The posts of the export at `path`, as told on `day` (default: when the file was written).

    Raises MeasureError for what is no such export, and says what it is instead.
    """
    rows = [cells for _, cells in read_table(path)]
    top = _header(path, rows)
    columns = find_columns(rows[top])
    body = rows[top + 1 :]
    _check(path, rows[top], columns, body)
    platform = _platform(path, columns, body)
    if day is None:
        day = datetime.fromtimestamp(path.stat().st_mtime).date()
    return _Reader(path, platform, columns, body, day).export()


def read_table(path: Path) -> list[Row]:
    """Read all rows of a table in any of the usual encodings and separators.

    Raises MeasureError for an empty file and for a file that is not a table.
    """
    text = read_exported(path, MeasureError, old_encodings=True)
    rows = read_rows(path, text, MeasureError, score=_count_known)
    if not rows:
        raise MeasureError(path, "is empty", CURE)
    return rows


def _count_known(rows: Sequence[Row]) -> tuple[int, int]:
    """The number of known columns in the best row, then its number of cells."""
    return max(
        ((count_known(cells), len(cells)) for _, cells in rows[:FIRST_LINES]), default=(0, 0)
    )


def _header(path: Path, rows: Sequence[Sequence[str]]) -> int:
    best = max(range(min(len(rows), FIRST_LINES)), key=lambda place: count_known(rows[place]))
    if count_known(rows[best]) < 2:
        named = ", ".join(repr(cell.strip()) for cell in rows[0][:6])
        raise MeasureError(path, f"is no export that we know: its columns are {named}", CURE)
    return best


def _check(path: Path, header: Sequence[str], columns: Columns, body: object) -> None:
    """Raises MeasureError for exports of something else than posts."""
    here = columns.places
    named = ", ".join(cell.strip() for cell in header[:8])
    if "date" in here and "post_id" not in here and not {"title", "video_link"} & here.keys():
        raise MeasureError(
            path, "has a row for each day, not for each post",
            "take the export's table: `Table data.csv` or what it is called in your language",
        )  # fmt: skip
    if "date" in here and "content" in here:
        raise MeasureError(
            path, "is the data of the chart: a row for each day and post",
            "take the export's table: `Table data.csv` or what it is called in your language",
        )  # fmt: skip
    if "views" not in here:
        raise MeasureError(path, f"has no column of views; its columns are {named}", CURE)
    if not {"content", "post_id", "title", "description", "video_link"} & here.keys():
        raise MeasureError(path, f"names no posts; its columns are {named}", CURE)
    if not body:
        raise MeasureError(path, "has a header and no rows", "export a time with posts in it")


def _platform(path: Path, columns: Columns, body: Sequence[Sequence[str]]) -> Platform:
    """Whose export it is: by the links in it, else by its columns."""
    for name in ("permalink", "video_link"):
        place = columns.places.get(name)
        links = [row[place] for row in body if place is not None and place < len(row)]
        for platform in PLATFORMS:
            if any(platform in link for link in links):
                return platform
        if any("facebook" in link for link in links):
            raise MeasureError(path, "is of Facebook, which is not compared", CURE)
    found = columns.platform()
    if found is None:
        named = ", ".join(columns.places)
        raise MeasureError(
            path, f"may be of any platform: it only has {named}",
            "export it with the columns that the platform offers, its links among them",
        )  # fmt: skip
    return found


class _Reader:
    """The rows of one export, read in the ways of its language."""

    def __init__(
        self, path: Path, platform: Platform, columns: Columns, body: list[list[str]], day: date
    ) -> None:
        self._path, self._platform, self._columns, self._body = path, platform, columns, body
        self._day = day
        numbers = itertools.chain.from_iterable(self._cells(name) for name in NUMBERS)
        self._mark = values.decimal_mark(numbers)
        self._day_first = values.days_first(self._cells("published"), not columns.english)

    def export(self) -> PostExport:
        """All posts, and what was left out."""
        posts: dict[str, Post] = {}
        left_out, untimed = [], []
        for place, row in enumerate(self._body, 1):
            if any(plain(cell) in TOTALS for cell in row[:1]):
                left_out.append(f"row {place}: the total of all posts")
            elif (post := self._post(row)) is None:
                first = next((cell.strip() for cell in row if cell.strip()), "")
                left_out.append(f"row {place} ({first[:40]}): has no number of views")
            elif post.id in posts and posts[post.id].views >= post.views:
                left_out.append(f"row {place} ({post.name[:40]}): is there twice")
            else:
                posts[post.id] = post
                if post.published is None:
                    untimed.append(self._untimed(place, row, post))
        if not posts:
            raise MeasureError(self._path, "holds no post with views", CURE)
        if "published" not in self._columns.places:
            untimed = ["no column says when posts were published"]
        unknown = self._columns.unknown
        return PostExport(
            self._path, self._platform, tuple(posts.values()), unknown, tuple(left_out),
            tuple(untimed),
        )  # fmt: skip

    def _cells(self, name: str) -> list[str]:
        return [self._cell(row, name) for row in self._body]

    def _cell(self, row: Sequence[str], name: str) -> str:
        place = self._columns.places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _post(self, row: Sequence[str]) -> Post | None:
        views = number(self._cell(row, "views"), self._mark, whole=True)
        if views is None or views < 0:
            return None
        when = self._published(row)
        title = "\n".join(
            text for name in ("title", "description") if (text := self._cell(row, name))
        )
        link = self._cell(row, "permalink") or self._cell(row, "video_link")
        published, timed = when or (None, False)
        return Post(
            platform=self._platform,
            id=self._id(row, link, title, published),
            title=title,
            link=link,
            seen=max(self._day, published.date()) if published else self._day,
            published=published,
            timed=timed,
            seconds=values.duration(self._cell(row, "seconds"), self._mark) or None,
            views=round(views),
            counts=self._counts(row),
            watch_seconds=self._watch_seconds(row, views),
            watched=self._share(row, "watched"),
            finished=self._share(row, "finished"),
            stayed=self._share(row, "stayed"),
        )

    def _published(self, row: Sequence[str]) -> tuple[datetime, bool] | None:
        """When a post was published. TikTok leaves the year out; a column of the day on which its
        figures were counted has it, else it is that of the export."""
        counted = None
        for name in ("as_of", "date"):
            day = values.date(self._cell(row, name), day_first=self._day_first, before=self._day)
            counted = counted or (day and day[0].date())
        told = self._cell(row, "published")
        return values.date(told, day_first=self._day_first, before=counted or self._day)

    def _untimed(self, place: int, row: Sequence[str], post: Post) -> str:
        told = self._cell(row, "published")
        why = f"its time {told[:40]!r} can't be read as a date" if told else "it has no time"
        return f"row {place} ({post.name[:40]}): {why}"

    def _id(self, row: Sequence[str], link: str, title: str, published: datetime | None) -> str:
        """The platform's own id, else that in the link, else what it is called and when."""
        told = self._cell(row, "post_id") or self._cell(row, "content")
        # A spreadsheet that saved the file may have made 1.79E+16 of every id.
        if told and not re.fullmatch(r"\d[.,]\d+E\+\d+", told, re.I):
            return told
        if found := re.search(r"(\d{8,})\D*$", link):
            return found[1]
        return link or f"{title} {published or ''}".strip()

    def _counts(self, row: Sequence[str]) -> dict[Count, int]:
        found: dict[Count, int] = {}
        for name in get_args(Count):
            value = number(self._cell(row, name), self._mark, whole=True)
            if value is not None:
                # More may have left than come; what a clip returned is then nothing.
                found[name] = max(0, round(value))
        return found

    def _watch_seconds(self, row: Sequence[str], views: float) -> float | None:
        told = values.duration(self._cell(row, "watch_seconds"), self._mark)
        if told is not None:
            return told
        hours = number(self._cell(row, "watch_hours"), self._mark)
        return hours * 3600 / views if hours is not None and views else None

    def _share(self, row: Sequence[str], name: str) -> float | None:
        percent = name in self._columns.percent
        return values.share(self._cell(row, name), self._mark, percent=percent)
