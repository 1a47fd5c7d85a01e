"""Plans of earlier versions are read, with errors that name the places in their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from btsclip.errors import PlanError
from btsclip.plan import io
from btsclip.plan.model import CutPlan, Span

# Files with keys of other tools.
WRITTEN = Path(__file__).parent / "written"


def older(name: str) -> dict[str, Any]:
    return json.loads((WRITTEN / name).read_text("utf-8"))


def parsed(values: dict[str, Any]) -> CutPlan:
    return io.parse_plan(json.dumps(values), Path("plan.json"))


def test_clip_of_version_1_is_one_span() -> None:
    plan = parsed(older("version-1.json"))
    (clip,) = plan.clips
    assert (clip.id, clip.enabled, clip.kind, clip.title) == ("dough-01", True, "process", "Dough")
    assert [caption.text for caption in clip.captions] == ["8 seconds of work"]
    (span,) = clip.spans
    assert (span.source, span.start, span.end, span.cover) == ("../dough.mp4", 2.0, 10.0, 6.5)
    assert span.crop == [(2.0, 0.45, 0.5, 0.3164, 1.0), (10.0, 0.55, 0.5, 0.3164, 1.0)]
    assert (span.layout, span.framing, span.speeds) == ("crop", "hands", [(2.0, 1.0), (6.0, 2.0)])
    assert plan.skipped[0].why == "nothing moves" and plan.version == 3


def test_clip_of_version_2_has_its_own_span_and_those_in_then() -> None:
    (clip,) = parsed(older("version-2.json")).clips
    first, second, third = clip.spans
    assert [span.source for span in clip.spans] == ["../a.mp4", "../b.mp4", "../a.mp4"]
    assert (first.start, first.end, first.act, first.tail) == (1.0, 3.0, "work", 0.4)
    assert first.blur == [[(1.0, 0.5, 0.3, 0.1, 0.15), (3.0, 0.5, 0.3, 0.1, 0.15)]]
    assert second.card and second.card.text == "Two hours later" and second.enter == "dissolve"
    assert third.cover == 8.25 and first.cover is None
    assert clip.seconds_shown == pytest.approx(2 + 2 + 2 + 1.5)
    assert clip.lanes[0].path == "tune.mp3" and clip.comment and clip.end_card


def test_unknown_keys_keep_their_places() -> None:
    plan = parsed(older("version-2.json"))
    (clip,) = plan.clips
    assert plan.model_extra == {"colour": "red"}
    assert clip.model_extra == {"note": {"by": "Ann"}}
    assert [span.model_extra for span in clip.spans] == [{}, {"looks": [1, 2]}, {}]


@pytest.mark.parametrize("name", ["version-1.json", "version-2.json"])
def test_older_plan_is_written_in_the_current_version(name: str) -> None:
    plan = parsed(older(name))
    values = json.loads(io.to_json(plan))
    assert values["version"] == 3
    for clip in values["clips"]:
        assert not {*Span.model_fields, "then"} & set(clip)
    assert parsed(values) == plan


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"end": "6.0"}, r"clips\.0\.end: must be a number"),
        ({"end": 0.5}, r"clips\.0: a span must end after it starts"),
        ({"crop": [[1, 0.5]]}, r"clips\.0\.crop\.0\.2: is missing"),
        ({"source": 5}, r"clips\.0\.source: must be a text"),
        ({"then": {}}, r"clips\.0\.then: must be a list"),
        ({"then": [5]}, r"clips\.0\.then\.0: must be an object"),
        ({"then": [{"source": "../a.mp4", "start": 1}]}, r"clips\.0\.then\.0\.end: is missing"),
        ({"then": [{}] * 501}, r"clips\.0\.then: holds 502 entries; 501 are allowed"),
        ({"title": 5}, r"clips\.0\.title: must be a text"),
    ],
)  # fmt: skip
def test_error_has_the_place_in_the_older_file(changes: dict[str, Any], says: str) -> None:
    values = older("version-2.json")
    values["clips"][0].update(changes)
    with pytest.raises(PlanError, match=says):
        parsed(values)


@pytest.mark.parametrize(
    ("clips", "says"),
    [({}, r"clips: must be a list"), ([5], r"clips\.0: must be an object")],
)  # fmt: skip
def test_plan_without_clips_is_refused(clips: Any, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        parsed(older("version-1.json") | {"clips": clips})
