"""The pictures of a clip from which its cover is chosen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from btsclip.plan import io
from btsclip.plan.covers import cover_choices, pick_cover
from btsclip.plan.model import Clip, Span

WRITTEN = Path(__file__).parent / "written"


def clip(*spans: dict[str, Any]) -> Clip:
    return Clip(
        id="c", kind="process", score=1, why="",
        spans=[Span(**{"source": "a", "layout": "fit-blur", **span}) for span in spans],
    )  # fmt: skip


def test_choices_are_those_that_the_spans_show_once() -> None:
    """A span that was trimmed or split, and one that repeats a part of the take."""
    covers = [{"at": 3.0}, {"at": 1.0}, {"at": 9.0}]
    made = clip(
        {"start": 0, "end": 4, "covers": covers},
        {"start": 4, "end": 8, "covers": covers},
        {"start": 2, "end": 4, "covers": covers},
        {"source": "b", "start": 2, "end": 4, "covers": covers},
    )
    assert [(n, choice.at) for n, choice in cover_choices(made)] == [(0, 3), (0, 1), (3, 3)]


def test_picked_cover_is_the_only_one() -> None:
    made = clip(
        {"start": 0, "end": 4, "cover": 1.0, "covers": [{"at": 1.0}]},
        {"start": 4, "end": 8, "covers": [{"at": 5.0, "title_y": 0.6, "title_scale": 1.1}]},
    )
    picked = pick_cover(made, 1, 5.0)
    assert [span.cover for span in picked.spans] == [None, 5.0]
    assert (picked.title_y, picked.title_scale) == (0.6, 1.1)
    assert cover_choices(picked) == cover_choices(made)


@pytest.mark.parametrize("name", ["version-1.json", "version-2.json"])
def test_older_plan_has_no_choices(name: str) -> None:
    values = json.loads((WRITTEN / name).read_text("utf-8"))
    plan = io.parse_plan(json.dumps(values), Path("plan.json"))
    assert all(cover_choices(clip) == [] for clip in plan.clips)
