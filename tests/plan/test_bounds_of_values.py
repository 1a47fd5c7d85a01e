"""Bounds of the values in a plan, and errors that name the place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from plans import clip_values

from btsclip.errors import PlanError
from btsclip.plan import io, json_text
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.plan.texts import Caption
from btsclip.plan.values import MAX_CAPTIONS, MAX_KEYS, MAX_TEXT

KEY = [1, 0.5, 0.5, 0.3, 1]
SPAN = {"source": "a.mp4", "start": 1, "end": 5, "crop": [KEY]}
CLIP = {"id": "c", "kind": "process", "score": 0.5, "why": "", **SPAN}
HALF = "\ud800"


def plan_text(changes: dict[str, Any], **plan: Any) -> str:
    """A plan with changed values in its clip or the clip's only span."""
    of_span = {key: value for key, value in changes.items() if key in Span.model_fields}
    of_clip = {key: value for key, value in changes.items() if key not in of_span}
    values = {
        "version": 3, "preset": "p", "sources": [{"path": "a.mp4", "size": 1, "duration": 9}],
        "clips": [clip_values(CLIP | of_span) | of_clip], **plan,
    }  # fmt: skip
    return json.dumps(values)


def caption(**values: Any) -> dict[str, Any]:
    return {"captions": [{"text": "a", "start": 0, "end": 1, **values}]}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"start": True}, r"clips\.0\.spans\.0\.start: must be a number"),
        ({"end": "6.0"}, r"clips\.0\.spans\.0\.end: must be a number"),
        ({"end": 10**400}, r"clips\.0\.spans\.0\.end: must be a number"),
        ({"end": 1e9}, r"end: must be at most 1,000,000"),
        ({"start": -1}, r"start: must be at least 0"),
        ({"end": 1.0001}, "a span must be shown for at least 0.1 s"),
        ({"speeds": [[1, 100.0]]}, "a span must be shown for at least 0.1 s"),
        ({"speeds": [[1, 0.0]]}, r"speeds\.0\.1: must be at least 0.25"),
        ({"speeds": [[1, 1.0]] * 2000}, r"speeds: holds 2,000 entries; 1,000 are allowed"),
        ({"gain": False}, r"gain: must be a number"),
        ({"enabled": 1}, r"enabled: must be true or false"),
        ({"evidence": {"hands": "1"}}, r"evidence\.hands: must be a number"),
        ({"title": 5}, r"title: must be a text"),
        ({"title": "x" * (MAX_TEXT + 1)}, r"title: has 10,001 characters; a text may have 10,000"),
        ({"title": "a\0b"}, r"title: holds the control character U\+0000"),
        ({"title": "a\x1b[31m"}, r"title: holds the control character U\+001B"),
        ({"title": "a\x9b31m"}, r"title: holds the control character U\+009B"),
        ({"why": "\x07"}, r"why: holds the control character U\+0007"),
        ({"warnings": ["\x07"]}, r"warnings\.0: holds the control character U\+0007"),
        ({"title": HALF}, "holds half a character"),
        ({"evidence": {HALF: 1}}, "holds half a character"),
        ({"unknown": [{"deep": HALF}]}, "holds half a character"),
        ({"source": "a\0.mp4"}, r"source: is not a path"),
        ({"crop": [[1, 0.5, 0.5, 0, 0]]}, "crop must be at least 0.01 wide and high"),
        ({"layout": "split", "below": [[1, 0.5, 0.5, 0.001, 1]]}, "below must be at least 0.01"),
        ({"crop": [KEY] * (MAX_KEYS + 1)}, r"crop: holds 20,001 entries; 20,000 are allowed"),
        ({"crop": [[1, 0.5]]}, r"crop\.0\.2: is missing"),
        ({"crop": [[1, 0.5, 0.5, 0.3, True]]}, r"crop\.0\.4: must be a number"),
        ({"blur": [[]]}, r"blur\.0: holds 0 entries; 1 are needed"),
        ({"blur": [[KEY] * (MAX_KEYS + 1)]}, r"blur\.0: holds 20,001 entries"),
        ({"spans": {}}, r"clips\.0\.spans: must be a list"),
        ({"spans": []}, r"spans: holds 0 entries; 1 are needed"),
        ({"spans": [SPAN] * 502}, r"spans: holds 502 entries; 501 are allowed"),
        ({"spans": [SPAN, SPAN | {"end": 1}]}, r"clips\.0\.spans\.1: a span must end after"),
        ({"then": [SPAN]}, r"clips\.0: `then` belongs in one of its `spans`"),
        (caption(text=""), r"captions\.0\.text: must not be empty"),
        (caption(text="a\0"), r"captions\.0\.text: holds the control character"),
        (caption(start="0"), r"captions\.0\.start: must be a number"),
        (caption(y=True), r"captions\.0\.y: must be a number"),
        (caption(words=[{"text": "a", "start": 1, "end": 0.5}]), "a word can't end before it"),
        ({"captions": caption()["captions"] * (MAX_CAPTIONS + 1)}, r"captions: holds 10,001"),
        ({"captions": "abc"}, r"captions: must be a list"),
        ({"end_card": {"text": "a", "seconds": True}}, r"end_card\.seconds: must be a number"),
        ({"end_card": 5}, r"end_card: must be an object"),
        ({"card": {"text": "\x1b", "seconds": 2}}, r"card\.text: holds the control character"),
        ({"comment": {"text": "a", "author": "\0", "end": 2}}, r"comment\.author: holds the"),
        ({"lanes": [{"path": "a.mp3", "seconds": True}]}, r"lanes\.0\.seconds: must be a number"),
        ({"lanes": [{"path": "a.mp3", "ducks": "no"}]}, r"lanes\.0\.ducks: must be true or false"),
    ],
)  # fmt: skip
def test_impossible_value_is_refused_with_its_place(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(PlanError, match=says):
        io.parse_plan(plan_text(changes), Path("plan.json"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (plan_text({}, x=1)[:-2] + "1e999}", "holds a number that is too large"),
        (plan_text({}, x=float("nan")), "NaN is not a JSON number"),
        (plan_text({}, x=float("-inf")), "-Infinity is not a JSON number"),
        (plan_text({}, x=5)[:-2] + "[" * 120 + "]" * 120 + "}", "nested too deeply"),
        (plan_text({}, x=5)[:-2] + "[" * 90_000 + "]" * 90_000 + "}", "nested too deeply"),
    ],
)  # fmt: skip
def test_unwritable_json_is_refused(text: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        io.parse_plan(text, Path("plan.json"))


def test_error_message_stays_short() -> None:
    with pytest.raises(PlanError) as raised:
        io.parse_plan(plan_text({"evidence": {"e" * 100_000: "x"}}), Path("plan.json"))
    assert len(str(raised.value)) < 500


def test_imported_texts_lose_unwritable_characters() -> None:
    text = caption(text="\0Ana\nbakes\t\x85")
    imported = Clip(**clip_values(CLIP | {"title": "Day\x1b one\ud800"} | text))
    assert imported.title == "Day one"
    assert imported.captions[0].text == "Ana\nbakes\t"
    plan = CutPlan(preset="p", sources=[Source(path="a.mp4", size=1, duration=9)], clips=[imported])
    assert io.parse_plan(io.to_json(plan), Path("plan.json")) == plan


def test_texts_of_all_scripts_and_any_file_names_are_accepted() -> None:
    texts = ["Läuft 🍞", "שלום \u2067abc\u2069", "a\u202eb", "line\nline", "\U0010ffff", "e\u0301"]
    names = ["a\x1b.mp4", "new\nline.mp4", "*?.mp4"]
    for text in texts:
        plan = io.parse_plan(plan_text({"title": text} | caption(text=text)), Path("plan.json"))
        assert plan.clips[0].title == plan.clips[0].captions[0].text == text
    for name in names:
        values = json.loads(plan_text({"source": name}))
        values["sources"][0]["path"] = name
        assert io.parse_plan(json.dumps(values), Path("p")).clips[0].spans[0].source == name


tiny = st.sampled_from([0.0, -0.0, 5e-324, 1e-310, 1e-17, 1e-9, 1.0, 1.0000000000000002, 2.0, 9.0])


@given(st.lists(st.tuples(tiny, st.floats(0.25, 20_000)), max_size=4).map(sorted), tiny, tiny)
def test_span_has_a_length_however_close_its_times_are(
    speeds: list[tuple[float, float]], start: float, end: float
) -> None:
    try:
        plan = io.parse_plan(plan_text({"speeds": speeds, "start": start, "end": end}), Path("p"))
    except PlanError as error:
        assert re.search("must end after it starts|at least 0.1 s|order of time", str(error))
    else:
        assert 0.1 <= plan.clips[0].seconds_shown < 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(json_values)
def test_values_that_are_read_can_be_written(value: Any) -> None:
    try:
        found = json_text.loads(json.dumps(value))
    except ValueError:
        return
    assert json.loads(json.dumps(found, ensure_ascii=False, allow_nan=False).encode()) == found


@given(st.text(st.characters(), max_size=20))
def test_text_is_refused_or_survives_unchanged(text: str) -> None:
    try:
        plan = io.parse_plan(plan_text({"title": text}), Path("plan.json"))
    except PlanError:
        assert Caption(text=f"a{text}", start=0, end=1).text != f"a{text}"
    else:
        again = io.parse_plan(io.to_json(plan).encode().decode(), Path("plan.json"))
        assert again.clips[0].title == text
