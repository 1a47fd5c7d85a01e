"""What is kept from export to export."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from test_join import DOUGH, post

from btsclip.errors import MeasureError
from btsclip.measure.history import History
from btsclip.measure.post import Post

JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


def told(views: int, seen: date, name: str = "a") -> Post:
    return post(name, id=name, views=views, seen=seen)


def test_days_add_up_and_the_newest_counts(tmp_path: Path) -> None:
    history = History(tmp_path / "deep" / "h.sqlite3")
    history.add([told(10, JUNE), told(5, JUNE, "b")], [DOUGH])
    history.add([told(30, JULY)], [])
    # An older export that comes later is a day more, and no newer.
    history.add([told(3, date(2025, 5, 1))], [])
    assert {each.id: each.views for each in history.newest()} == {"a": 30, "b": 5}
    assert history.snapshots() == {("tiktok", "a"): 3, ("tiktok", "b"): 1}
    assert history.clips() == [DOUGH]


def test_the_same_export_twice_changes_nothing_and_more_views_of_a_day_count(
    tmp_path: Path,
) -> None:
    history = History(tmp_path / "h.sqlite3")
    history.add([told(10, JUNE)], [DOUGH])
    before = history.newest()
    history.add([told(10, JUNE)], [DOUGH])
    assert history.newest() == before and history.snapshots() == {("tiktok", "a"): 1}
    history.add([told(12, JUNE)], [])
    history.add([told(9, JUNE)], [])
    assert [each.views for each in history.newest()] == [12]


def test_platforms_are_told_apart(tmp_path: Path) -> None:
    history = History(tmp_path / "h.sqlite3")
    history.add([told(1, JUNE), told(2, JUNE).model_copy(update={"platform": "youtube"})], [])
    assert len(history.newest()) == 2


def test_what_is_no_history_or_a_newer_one(tmp_path: Path) -> None:
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
