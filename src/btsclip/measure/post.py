"""A post as its platform reports it, and a clip as its sidecar describes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from btsclip.measure.columns import Platform

# Counts of a post; platforms leave out those they do not report.
Count = Literal["likes", "shares", "comments", "saves", "follows"]
Hook = Literal["none", "statement", "question"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Post(_Record):
    """The figures of a post on the day `seen`.

    `published` is in local time; `timed` is True if its hour is known. `seconds` is its length,
    `watch_seconds` the average watch time. `watched` (the part watched on average), `finished`
    (viewers who saw all of it) and `stayed` (viewers who did not swipe away) are shares, 0 to 1.
    """

    platform: Platform
    id: str
    title: str = ""
    link: str = ""
    seen: date
    published: datetime | None = None
    timed: bool = False
    seconds: float | None = None
    views: int
    counts: dict[Count, int] = {}
    watch_seconds: float | None = None
    watched: float | None = None
    finished: float | None = None
    stayed: float | None = None

    @property
    def name(self) -> str:
        """The first line of the title, or the id."""
        first = self.title.strip().splitlines()[0].strip() if self.title.strip() else ""
        return first or self.id


class MadeClip(_Record):
    """The traits of a rendered clip. `key` is unique, `seconds` is its length, `created` is the
    time of filming."""

    key: str
    id: str
    code: str
    title: str
    kind: str
    preset: str
    seconds: float
    hook: str = ""
    created: datetime | None = None

    @property
    def hook_form(self) -> Hook:
        """Whether the clip has a hook, and whether the hook asks a question."""
        if not self.hook:
            return "none"
        return "question" if any(mark in self.hook for mark in "?？؟") else "statement"
