"""The history of exports: days add up, and the newest figures count."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from test_matching import DOUGH, post

from btsclip.errors import MeasureError
from btsclip.measure.history import History
from btsclip.measure.post import Post

JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


def figures(views: int, seen: date, name: str = "a") -> Post:
    return post(name, id=name, views=views, seen=seen)


def test_days_add_up_and_newest_figures_count(tmp_path: Path) -> None:
    history = History(tmp_path / "deep" / "h.sqlite3")
    history.add([figures(10, JUNE), figures(5, JUNE, "b")], [DOUGH])
    history.add([figures(30, JULY)], [])
    # An older export that is read later adds a day, but is not newer.
    history.add([figures(3, date(2025, 5, 1))], [])
    assert {post.id: post.views for post in history.newest()} == {"a": 30, "b": 5}
    assert history.snapshots() == {("tiktok", "a"): 3, ("tiktok", "b"): 1}
    assert history.clips() == [DOUGH]


def test_same_day_keeps_the_figures_with_more_views(tmp_path: Path) -> None:
    history = History(tmp_path / "h.sqlite3")
    history.add([figures(10, JUNE)], [DOUGH])
    before = history.newest()
    history.add([figures(10, JUNE)], [DOUGH])
    assert history.newest() == before and history.snapshots() == {("tiktok", "a"): 1}
    history.add([figures(12, JUNE)], [])
    history.add([figures(9, JUNE)], [])
    assert [post.views for post in history.newest()] == [12]


def test_same_id_on_two_platforms_is_two_posts(tmp_path: Path) -> None:
    history = History(tmp_path / "h.sqlite3")
    history.add([figures(1, JUNE), figures(2, JUNE).model_copy(update={"platform": "youtube"})], [])
    assert len(history.newest()) == 2


def test_other_files_and_newer_histories_are_refused(tmp_path: Path) -> None:
    (tmp_path / "h").write_text("Dear diary, " * 100)
    with pytest.raises(MeasureError, match="can't be used as history"):
        History(tmp_path / "h").newest()
    assert (tmp_path / "h").read_text().startswith("Dear diary")
    newer = tmp_path / "newer"
    with sqlite3.connect(newer) as file:
        file.execute("pragma user_version = 99")
    file.close()
    with pytest.raises(MeasureError, match="newer btsclip"):
        History(newer).add([], [])
