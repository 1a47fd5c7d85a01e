"""Read exports of YouTube Studio, Meta Business Suite and TikTok as posts."""

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
from btsclip.media import Row, number, plain, read_exported, read_rows

CURE = "use a CSV export of YouTube Studio, Meta Business Suite or TikTok; see docs/measure.md"
TABLE_CURE = "use the export's table: `Table data.csv`, or its name in your language"
# The header is one of these first lines: some programs write other lines before it.
MAX_HEADER_LINES = 12
# Fields with decimals, which show the decimal mark of the file.
DECIMAL_FIELDS = ("watch_seconds", "watched", "finished", "stayed", "watch_hours", "ctr")


@dataclass(frozen=True)
class PostExport:
    """The posts of one file, its `unknown` columns, the rows that were `left_out` and why, and the
    posts that are `untimed` and why."""

    path: Path
    platform: Platform
    posts: tuple[Post, ...]
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]
    untimed: tuple[str, ...] = ()


def read_export(path: Path, day: date | None = None) -> PostExport:
    """The posts of the export at `path`, made on `day` (default: the date of the file).

    Raises MeasureError for a file that is not such an export.
    """
    rows = [cells for _, cells in read_table(path)]
    top = _find_header(path, rows)
    columns = find_columns(rows[top])
    body = rows[top + 1 :]
    _check_columns(path, rows[top], columns, body)
    platform = _find_platform(path, columns, body)
    if day is None:
        day = datetime.fromtimestamp(path.stat().st_mtime).date()
    return _ExportReader(path, platform, columns, body, day).read()


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
        ((count_known(cells), len(cells)) for _, cells in rows[:MAX_HEADER_LINES]), default=(0, 0)
    )


def _find_header(path: Path, rows: Sequence[Sequence[str]]) -> int:
    """The index of the row with the column names. Raises MeasureError if no row has two."""
    first_rows = range(min(len(rows), MAX_HEADER_LINES))
    best = max(first_rows, key=lambda index: count_known(rows[index]))
    if count_known(rows[best]) < 2:
        names = ", ".join(repr(cell.strip()) for cell in rows[0][:6])
        raise MeasureError(path, f"is not a known export; its columns are {names}", CURE)
    return best


def _check_columns(path: Path, header: Sequence[str], columns: Columns, body: object) -> None:
    """Raise MeasureError for exports of anything but posts."""
    fields = columns.indexes.keys()
    names = ", ".join(cell.strip() for cell in header[:8])
    if "date" in fields and "post_id" not in fields and not {"title", "video_link"} & fields:
        raise MeasureError(path, "has a row for each day, not for each post", TABLE_CURE)
    if "date" in fields and "content" in fields:
        raise MeasureError(path, "is the chart data: a row for each day and post", TABLE_CURE)
    if "views" not in fields:
        raise MeasureError(path, f"has no column of views; its columns are {names}", CURE)
    if not {"content", "post_id", "title", "description", "video_link"} & fields:
        raise MeasureError(path, f"has no column that names posts; its columns are {names}", CURE)
    if not body:
        raise MeasureError(path, "has a header and no rows", "export a period that has posts")


def _find_platform(path: Path, columns: Columns, body: Sequence[Sequence[str]]) -> Platform:
    """The platform of an export, by its links, else by its columns."""
    for name in ("permalink", "video_link"):
        column = columns.indexes.get(name)
        links = [row[column] for row in body if column is not None and column < len(row)]
        for platform in PLATFORMS:
            if any(platform in link for link in links):
                return platform
        if any("facebook" in link for link in links):
            raise MeasureError(path, "comes from Facebook, which is not supported", CURE)
    by_columns = columns.platform()
    if by_columns is None:
        names = ", ".join(columns.indexes)
        raise MeasureError(
            path, f"may come from any platform: it only has {names}",
            "export it with all columns that the platform offers, links too",
        )  # fmt: skip
    return by_columns


class _ExportReader:
    """Reads the rows of one export, with the decimal mark and order of days found in it."""

    def __init__(
        self, path: Path, platform: Platform, columns: Columns, body: list[list[str]], day: date
    ) -> None:
        self._path, self._platform, self._columns, self._body = path, platform, columns, body
        self._day = day
        numbers = itertools.chain.from_iterable(self._cells(name) for name in DECIMAL_FIELDS)
        self._mark = values.find_decimal_mark(numbers)
        self._day_first = values.is_day_first(self._cells("published"), not columns.english)

    def read(self) -> PostExport:
        """All posts, and the rows that were left out."""
        posts: dict[str, Post] = {}
        left_out, untimed = [], []
        for row_number, row in enumerate(self._body, 1):
            if any(plain(cell) in TOTALS for cell in row[:1]):
                left_out.append(f"row {row_number}: the total of all posts")
            elif (post := self._post(row)) is None:
                first = next((cell.strip() for cell in row if cell.strip()), "")
                left_out.append(f"row {row_number} ({first[:40]}): has no number of views")
            elif post.id in posts and posts[post.id].views >= post.views:
                left_out.append(f"row {row_number} ({post.name[:40]}): appears twice")
            else:
                posts[post.id] = post
                if post.published is None:
                    untimed.append(self._untimed_line(row_number, row, post))
        if not posts:
            raise MeasureError(self._path, "has no post with views", CURE)
        if "published" not in self._columns.indexes:
            untimed = ["no column says when posts were published"]
        unknown = self._columns.unknown
        return PostExport(
            self._path, self._platform, tuple(posts.values()), unknown, tuple(left_out),
            tuple(untimed),
        )  # fmt: skip

    def _cells(self, name: str) -> list[str]:
        return [self._cell(row, name) for row in self._body]

    def _cell(self, row: Sequence[str], name: str) -> str:
        column = self._columns.indexes.get(name)
        return row[column].strip() if column is not None and column < len(row) else ""

    def _post(self, row: Sequence[str]) -> Post | None:
        views = number(self._cell(row, "views"), self._mark, whole=True)
        if views is None or views < 0:
            return None
        title = "\n".join(
            text for name in ("title", "description") if (text := self._cell(row, name))
        )
        link = self._cell(row, "permalink") or self._cell(row, "video_link")
        published, timed = self._published(row) or (None, False)
        return Post(
            platform=self._platform,
            id=self._id(row, link, title, published),
            title=title,
            link=link,
            seen=max(self._day, published.date()) if published else self._day,
            published=published,
            timed=timed,
            seconds=values.parse_duration(self._cell(row, "seconds"), self._mark) or None,
            views=round(views),
            counts=self._counts(row),
            watch_seconds=self._watch_seconds(row, views),
            watched=self._share(row, "watched"),
            finished=self._share(row, "finished"),
            stayed=self._share(row, "stayed"),
        )

    def _published(self, row: Sequence[str]) -> tuple[datetime, bool] | None:
        """When a post was published, and whether its hour is known.

        TikTok leaves out the year. It follows from the day on which the figures were counted, if
        there is a column for it, else from the day of the export.
        """
        counted = None
        for name in ("as_of", "date"):
            text = self._cell(row, name)
            day = values.parse_date(text, day_first=self._day_first, before=self._day)
            counted = counted or (day and day[0].date())
        text = self._cell(row, "published")
        return values.parse_date(text, day_first=self._day_first, before=counted or self._day)

    def _untimed_line(self, row_number: int, row: Sequence[str], post: Post) -> str:
        text = self._cell(row, "published")
        why = f"its time {text[:40]!r} can't be read as a date" if text else "it has no time"
        return f"row {row_number} ({post.name[:40]}): {why}"

    def _id(self, row: Sequence[str], link: str, title: str, published: datetime | None) -> str:
        """The platform's id, else the id in the link, else the link, else title and time."""
        id_ = self._cell(row, "post_id") or self._cell(row, "content")
        # A spreadsheet program may have saved every id as 1.79E+16.
        if id_ and not re.fullmatch(r"\d[.,]\d+E\+\d+", id_, re.I):
            return id_
        if match := re.search(r"(\d{8,})\D*$", link):
            return match[1]
        return link or f"{title} {published or ''}".strip()

    def _counts(self, row: Sequence[str]) -> dict[Count, int]:
        counts: dict[Count, int] = {}
        for name in get_args(Count):
            value = number(self._cell(row, name), self._mark, whole=True)
            if value is not None:
                # Follows are negative if more people left than came.
                counts[name] = max(0, round(value))
        return counts

    def _watch_seconds(self, row: Sequence[str], views: float) -> float | None:
        seconds = values.parse_duration(self._cell(row, "watch_seconds"), self._mark)
        if seconds is not None:
            return seconds
        hours = number(self._cell(row, "watch_hours"), self._mark)
        return hours * 3600 / views if hours is not None and views else None

    def _share(self, row: Sequence[str], name: str) -> float | None:
        percent = name in self._columns.percent
        return values.parse_share(self._cell(row, name), self._mark, percent=percent)
