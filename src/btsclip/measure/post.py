"""One post as its platform tells of it, and one clip as its sidecar does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from btsclip.measure.columns import Platform

# What is counted of a post; a platform that does not tell one leaves it out.
Count = Literal["likes", "shares", "comments", "saves", "follows"]
Hook = Literal["none", "statement", "question"]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Post(_Kept):
    """What was told of a post on the day `seen`.

    `published` is by the clock of its place; `timed` says whether its hour is known. `seconds` is
    its length, `watch_seconds` how long it is watched on average. `watched` (the part seen on
    average), `finished` (who saw all of it) and `stayed` (who did not swipe it away) are shares.
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
        """What people know it by."""
        first = self.title.strip().splitlines()[0].strip() if self.title.strip() else ""
        return first or self.id


class MadeClip(_Kept):
    """A clip that was made, as far as its returns are compared: `key` tells it from all others,
    `seconds` is how long it is, `created` when its footage was filmed."""

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
        """Whether it opens with a text, and whether that asks something."""
        if not self.hook:
            return "none"
        return "question" if any(mark in self.hook for mark in "?？؟") else "statement"
