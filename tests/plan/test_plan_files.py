from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from btsclip.errors import OutputError, PlanError
from btsclip.plan import io
from btsclip.plan.model import Clip, CoverChoice, CutPlan, Lane, Source, Span
from btsclip.plan.texts import Caption, Card, EndCard

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
fractions = st.floats(0, 1)


@st.composite
def plans(draw: st.DrawFn) -> CutPlan:
    """Any plan that is valid."""
    source = draw(texts)
    clips = []
    for number in range(draw(st.integers(0, 4))):
        start, length = draw(st.floats(0, 7200)), draw(st.floats(1, 60))
        times = sorted(draw(st.lists(st.floats(0, 7200), min_size=1, max_size=5)))
        size = draw(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
        factors = draw(st.lists(st.floats(0.25, 8), max_size=len(times)))
        clips.append(
            Clip(
                id=f"c{number}", kind="process", action="other", score=draw(fractions),
                why=draw(texts), title=draw(texts),
                spans=[Span(
                    source=source, start=start, end=start + length,
                    crop=[(t, draw(fractions), draw(fractions), *size) for t in times],
                    speeds=list(zip(times, factors, strict=False)),
                    cover=draw(st.none() | st.floats(0, 7200)),
                    covers=[
                        CoverChoice(at=at, title_y=draw(st.none() | fractions))
                        for at in draw(st.lists(st.floats(0, 7200), max_size=3))
                    ],
                )],
                captions=[Caption(text=draw(texts), start=0, end=1)],
                end_card=draw(st.none() | st.just(EndCard(text="Bye", seconds=2))),
            )
        )  # fmt: skip
    return CutPlan(preset="p", sources=[Source(path=source, size=1, duration=9000)], clips=clips)


@given(plans())
def test_plan_survives_a_round_trip(plan: CutPlan) -> None:
    assert CutPlan.model_validate_json(io.to_json(plan)) == plan


def test_unknown_keys_survive_the_file(tmp_path: Path) -> None:
    values = json.loads(io.to_json(simple()))
    values["colour"] = "red"
    values["clips"][0]["note"] = {"by": "Ann"}
    values["clips"][0]["spans"][0]["seen"] = [1, 2]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(values))
    io.write_plan(io.read_plan(path), path)
    again = json.loads(path.read_text())
    assert again["colour"] == "red" and again["clips"][0]["note"] == {"by": "Ann"}
    assert again["clips"][0]["spans"][0]["seen"] == [1, 2]
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def simple(source: str = "a.mp4", *others: Span, **changes: object) -> CutPlan:
    first = Span(source=source, start=1, end=5, crop=[(1, 0.5, 0.5, 0.3, 1)])
    values = {
        "id": "c", "kind": "process", "score": 0.5, "why": "", "spans": [first, *others], **changes,
    }  # fmt: skip
    return CutPlan.model_validate(
        {
            "preset": "p",
            "sources": [{"path": source, "size": 1, "duration": 9}],
            "clips": [values],
        }
    )


def test_plan_without_speeds_and_end_cards_is_read() -> None:
    values = json.loads(io.to_json(simple()))
    del values["clips"][0]["end_card"]
    for key in ("speeds", "cover"):
        del values["clips"][0]["spans"][0][key]
    assert CutPlan.model_validate(values) == simple()


def test_clip_of_several_spans_survives_the_file(tmp_path: Path) -> None:
    first = simple(str(tmp_path / "a.mp4")).clips[0]
    after = Span(
        source=first.spans[0].source, start=3, end=5, layout="fit-blur", enter="dissolve", lead=0.4,
        speeds=[(3, 2.0)], card=Card(text="Two hours later", seconds=1.5, role="time"),
        blur=[[(3, 0.2, 0.3, 0.1, 0.1), (4, 0.3, 0.3, 0.1, 0.12)]],
    )  # fmt: skip
    tune = Lane(path=str(tmp_path / "tune.mp3"), gain=-12)
    plan = simple(first.spans[0].source, after, lanes=[tune])
    io.write_plan(plan, tmp_path / "plan.json")
    read = io.read_plan(tmp_path / "plan.json")
    assert read == plan
    clip = read.clips[0]
    assert clip.spans == [first.spans[0], after]
    assert clip.seconds_shown == pytest.approx(first.seconds_shown + 1.5 + 1.0)


def test_most_useful_keys_of_a_clip_come_first() -> None:
    assert list(json.loads(io.to_json(simple()))["clips"][0])[:8] == [
        "id", "enabled", "kind", "action", "score", "why", "evidence", "spans",
    ]  # fmt: skip


def test_all_sources_of_a_clip_must_be_listed() -> None:
    after = Span(source="elsewhere.mp4", start=0, end=1, layout="fit-blur")
    with pytest.raises(ValidationError, match=r"elsewhere\.mp4 is not in `sources`"):
        simple("a.mp4", after)


def test_crop_key_is_on_one_line() -> None:
    assert "[1.0, 0.5, 0.5, 0.3, 1.0]" in io.to_json(simple())


@pytest.mark.parametrize("text", ["[1,   2]", "[ 5 ]", "[\n 1,\n 2\n]", '\\"[\\n 1 ]'])
def test_brackets_in_texts_are_unchanged(text: str, tmp_path: Path) -> None:
    plan = simple(str(tmp_path / "a.mp4"), title=text, why=text)
    io.write_plan(plan, tmp_path / "plan.json")
    assert io.read_plan(tmp_path / "plan.json") == plan


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(texts.map("x-{}".format), json_values, max_size=4))
def test_any_unknown_keys_survive(extra: dict[str, object]) -> None:
    plan = simple(**extra)
    again = json.loads(io.to_json(CutPlan.model_validate_json(io.to_json(plan))))
    assert {key: again["clips"][0][key] for key in extra} == extra


@pytest.mark.parametrize("text", ["[" * 100_000, '{"version": 1, "clips": [], "x": NaN}'])
def test_invalid_json_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(PlanError, match=r"plan\.json: is not"):
        io.read_plan(tmp_path / "plan.json")


def test_failed_write_leaves_the_plan_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, plan = tmp_path / "plan.json", simple(str(tmp_path / "a.mp4"))
    io.write_plan(plan, path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OutputError, match="the disk is full"):
        io.write_plan(simple(title="new"), path)
    assert io.read_plan(path) == plan and list(tmp_path.iterdir()) == [path]


def first_of(values: dict[str, Any]) -> dict[str, Any]:
    return values["clips"][0]["spans"][0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda v: first_of(v).update(end=0.5), r"clips\.0\.spans\.0: a span must end after it"),
        (lambda v: v["clips"][0].pop("spans"), r"clips\.0\.spans: is missing"),
        (
            lambda v: v["clips"][0].update(end=2),
            r"clips\.0: `end` belongs in one of its `spans`",
        ),
        (lambda v: v["clips"][0].update(kind="proces"), r"clips\.0\.kind: input should be"),
        (lambda v: v["clips"][0].update(id="../../etc"), r"clips\.0\.id"),
        (lambda v: first_of(v).update(source="b.mp4"), "its source b.mp4 is not in `sources`"),
        (lambda v: first_of(v).update(crop=[]), "layout crop needs at least one crop key"),
        (lambda v: v["clips"].append(v["clips"][0]), "two clips have the same id"),
        (lambda v: v.update(version=7), "is of version 7, this btsclip reads 1 to 3"),
        (lambda v: v.pop("clips"), "is not a cut plan"),
    ],
)
def test_errors_name_the_file_and_the_place(change: object, says: str, tmp_path: Path) -> None:
    values = json.loads(io.to_json(simple()))
    change(values)  # type: ignore[operator]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(values))
    with pytest.raises(PlanError, match=says) as raised:
        io.read_plan(path)
    assert str(path) in str(raised.value)


def test_invalid_json_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{\n "version": 1,,\n}')
    with pytest.raises(PlanError, match=r"plan\.json:2: is not JSON"):
        io.read_plan(path)
    with pytest.raises(PlanError, match="no such file"):
        io.read_plan(tmp_path / "nix.json")


def test_unwritable_path_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file.*can't be written"):
        io.write_plan(simple(), tmp_path / "file" / "plan.json")
