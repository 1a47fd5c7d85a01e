"""Edits of a plan by hand: each gives a valid plan or is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st
from plans import with_first

from btsclip.errors import PlanError
from btsclip.plan import io
from btsclip.plan.model import Clip, CoverChoice, CutPlan, Source, Span
from btsclip.plan.texts import Caption, Word
from btsclip.review.edits import MIN_TEXT_SECONDS, apply_edits, read_edits
from btsclip.review.versions import ConflictError, PlanFile


def span(start: float, end: float, **values: Any) -> dict[str, Any]:
    return {"source": "a.mp4", "start": start, "end": end, "layout": "fit-blur", **values}


def plan(*others: Span, act: str = "", **values: Any) -> CutPlan:
    """A plan of two clips, the first with `others` after its span."""
    first = [span(1, 5, act=act), *others]
    clips = [
        Clip(id="one", kind="process", score=0.5, why="w", spans=first, **values),
        Clip(id="two", kind="reveal", score=0.5, why="w", spans=[span(6, 9)]),
    ]
    sources = [Source(path="a.mp4", size=1, duration=20)]
    return CutPlan(preset="honest-kitchen", sources=sources, clips=clips)


def after(plan: CutPlan, *edits: dict[str, Any]) -> CutPlan:
    return apply_edits(plan, read_edits(list(edits)))


def test_values_of_clips_and_spans() -> None:
    made = after(
        plan(),
        {"do": "clip", "clip": "one", "values": {"enabled": False, "kind": "why", "title": "T"}},
        {"do": "span", "clip": "two", "span": 0, "values": {"start": 6.5, "gain": -3}},
        {"do": "preset", "preset": "bakery-slow"},
    )
    one, two = made.clips
    assert (one.enabled, one.kind, one.title) == (False, "why", "T")
    assert (two.spans[0].start, two.spans[0].gain, made.preset) == (6.5, -3, "bakery-slow")


def test_spans_are_reordered_and_removed() -> None:
    others = [Span(**span(10, 12, act="turn")), Span(**span(14, 15, act="reveal"))]
    made = after(plan(*others, act="hands"), {"do": "spans", "clip": "one", "order": [2, 0]})
    clip = made.clips[0]
    assert [span.act for span in clip.spans] == ["reveal", "hands"]
    first = clip.spans[0]
    assert (first.start, first.end, clip.id, clip.why) == (14, 15, "one", "w")
    second = {"do": "span", "clip": "one", "span": 1, "values": {"end": 4}}
    assert after(made, second).clips[0].spans[1].end == 4


def test_texts_move_with_their_spans() -> None:
    others = [Span(**span(10, 12)), Span(**span(14, 15))]
    captions = [
        Caption(text="hook", start=0, end=2, role="hook"),
        Caption(text="first", start=1, end=3),
        Caption(text="Ana", start=4.5, end=5.5, role="person"),
        Caption(text="third", start=6.2, end=7),
        Caption(text="1 h", start=0, end=7, role="clock"),
    ]
    made = plan(*others, captions=captions)
    (clip, _) = after(made, {"do": "spans", "clip": "one", "order": [1, 0]}).clips
    times = {caption.text: (caption.start, caption.end) for caption in clip.captions}
    assert times == {"hook": (0, 2), "Ana": (0.5, 1.5), "first": (3, 5)}
    assert "no longer matched" in clip.warnings[-1]
    longer = {"do": "span", "clip": "one", "span": 0, "values": {"end": 6}}
    (clip, _) = after(made, longer).clips
    times = {caption.text: caption.start for caption in clip.captions}
    assert times == {"hook": 0, "first": 1, "Ana": 5.5, "third": 7.2}


def test_keys_of_other_tools_stay_with_their_spans() -> None:
    other = Span(**span(10, 12), colour="red")
    made = after(plan(other), {"do": "spans", "clip": "one", "order": [1, 0]}).clips[0]
    assert made.spans[0].model_extra == {"colour": "red"} and not made.spans[1].model_extra


def test_clips_are_reordered() -> None:
    assert [c.id for c in after(plan(), {"do": "clips", "order": ["two", "one"]}).clips] == [
        "two", "one",
    ]  # fmt: skip
    for order in (["two"], ["one", "one"], ["one", "two", "three"]):
        with pytest.raises(PlanError, match="each clip of the plan once"):
            after(plan(), {"do": "clips", "order": order})


@given(st.floats(1.5, 5), st.lists(st.tuples(st.floats(0, 4), st.floats(0.1, 3)), max_size=4))
def test_texts_stay_inside_a_shortened_clip(end: float, times: list[tuple[float, float]]) -> None:
    captions = [
        Caption(text="t", start=a, end=a + d, words=[Word(text="t", start=a, end=a + d)])
        for a, d in times
    ]
    # Plans keep milliseconds: a text at the very limit may fall on either side.
    shown = [min(c.end, end - 1) - c.start for c in captions]
    assume(all(abs(seconds - MIN_TEXT_SECONDS) > 0.002 for seconds in shown))
    edit = {"do": "span", "clip": "one", "span": 0, "values": {"end": end}}
    clip = after(plan(captions=captions), edit).clips[0]
    for caption in clip.captions:
        assert caption.end <= clip.seconds_shown and caption.end - caption.start >= MIN_TEXT_SECONDS
        assert all(word.end <= caption.end for word in caption.words)
    assert len(clip.captions) == sum(seconds >= MIN_TEXT_SECONDS for seconds in shown)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"do": "clip", "clip": "none", "values": {}}, "clip none: is not in the plan"),
        ({"do": "clip", "clip": "one", "values": {"source": "/etc/passwd"}}, "can't be edited"),
        ({"do": "clip", "clip": "one", "values": {"id": "../x"}}, "can't be edited"),
        ({"do": "span", "clip": "one", "span": 0, "values": {"source": "b"}}, "can't be edited"),
        ({"do": "span", "clip": "one", "span": 4, "values": {}}, "is not in the plan"),
        ({"do": "span", "clip": "one", "span": 0, "values": {"end": 0.5}}, "end after it starts"),
        ({"do": "span", "clip": "one", "span": 0, "values": {"crop": [[1, 2, 0, 1, 1]]}}, "crop"),
        ({"do": "spans", "clip": "one", "order": [1]}, "must name spans"),
        ({"do": "spans", "clip": "one", "order": []}, "order"),
        ({"do": "format", "disk": "c"}, "do"),
        ({"do": "preset", "preset": ""}, "preset"),
        ("rubbish", "0"),
    ],
)  # fmt: skip
def test_invalid_edit_is_refused(edit: Any, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        after(plan(), edit)


def test_each_save_is_a_version_and_can_be_undone(tmp_path: Path) -> None:
    io.write_plan(plan(), tmp_path / "plan.json")
    file = PlanFile(tmp_path / "plan.json")
    first = file.read()
    titles = []
    stored = first
    for title in ("a", "b", "b"):
        edits = read_edits([{"do": "clip", "clip": "one", "values": {"title": title}}])
        stored = file.change(stored.tag, lambda plan, edits=edits: apply_edits(plan, edits))
        titles.append(stored.plan.clips[0].title)
    assert titles == ["a", "b", "b"] and stored.versions == 2, (
        "an edit without a change makes no version"
    )
    assert (tmp_path / "plan-versions" / "plan-0001.json").is_file()
    stored = file.undo(file.undo(stored.tag).tag)
    assert stored == first
    with pytest.raises(PlanError, match="no change to undo"):
        file.undo(stored.tag)


def test_cover_is_picked_and_undone(tmp_path: Path) -> None:
    """The choices of both spans: one of them is the cover, with the title in its own place."""
    turn = Span(**span(10, 12, covers=[{"at": 11.0, "title_y": 0.6}], cover=11.0))
    covers = [{"at": 2.0, "title_y": 0.3, "title_scale": 0.9, "seen": "knife"}, {"at": 4.5}]
    written = plan(turn, title_y=0.6)
    clip = with_first(written.clips[0], covers=[CoverChoice(**values) for values in covers])
    written = written.model_copy(update={"clips": [clip, written.clips[1]]})
    io.write_plan(written, tmp_path / "plan.json")
    file = PlanFile(tmp_path / "plan.json")
    first = file.read()
    edits = read_edits([{"do": "cover", "clip": "one", "span": 0, "at": 2.0}])
    stored = file.change(first.tag, lambda plan: apply_edits(plan, edits))
    clip = io.read_plan(tmp_path / "plan.json").clips[0]
    assert [span.cover for span in clip.spans] == [2.0, None]
    assert (clip.title_y, clip.title_scale) == (0.3, 0.9)
    assert clip.spans[0].covers[0].model_extra == {"seen": "knife"}
    assert file.undo(stored.tag) == first


@pytest.mark.parametrize(("number", "at"), [(0, 3.0), (1, 2.0), (0, 8.0), (7, 2.0)], ids=str)
def test_picture_that_is_no_choice_is_refused(number: int, at: float) -> None:
    """Also one that the span no longer shows."""
    made = plan()
    clip = with_first(made.clips[0], covers=[CoverChoice(at=2.0), CoverChoice(at=8.0)])
    made = made.model_copy(update={"clips": [clip, made.clips[1]]})
    with pytest.raises(PlanError, match=r"not one of its choices|not in the plan"):
        after(made, {"do": "cover", "clip": "one", "span": number, "at": at})


def test_version_names_takes_as_the_plan_does(tmp_path: Path) -> None:
    path, take = tmp_path / "clips" / "plan.json", tmp_path / "a.mp4"
    path.parent.mkdir()
    take.write_bytes(b"a take")
    source = Source(path=str(take), size=6, duration=20)
    clips = [with_first(clip, source=str(take)) for clip in plan().clips]
    seen = plan().model_copy(update={"sources": [source], "clips": clips})
    io.write_plan(seen, path)
    file, text = PlanFile(path), path.read_text()
    edits = read_edits([{"do": "preset", "preset": "x"}])
    stored = file.change(file.read().tag, lambda plan: apply_edits(plan, edits))
    assert stored.plan.sources[0].path == str(take)
    stored = file.undo(stored.tag)
    assert stored.plan == seen and path.read_text() == text


def test_plan_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    io.write_plan(plan(), path)
    file = PlanFile(path)
    tag = file.read().tag
    io.write_plan(plan(title="by hand"), path)
    with pytest.raises(ConflictError):
        file.change(
            tag, lambda plan: apply_edits(plan, read_edits([{"do": "preset", "preset": "x"}]))
        )
    with pytest.raises(ConflictError):
        file.undo(tag)
    assert (
        io.read_plan(path).clips[0].title == "by hand" and not (tmp_path / "plan-versions").exists()
    )


def test_failed_edit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    io.write_plan(plan(), path)
    file, before = PlanFile(path), path.read_bytes()
    edits = read_edits(
        [{"do": "preset", "preset": "x"}, {"do": "clip", "clip": "none", "values": {}}]
    )
    with pytest.raises(PlanError):
        file.change(file.read().tag, lambda plan: apply_edits(plan, edits))
    assert path.read_bytes() == before and not (tmp_path / "plan-versions").exists()
