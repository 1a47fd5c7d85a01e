"""The parts of a series have the numbers of the clips that are switched on, in order of time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from reviewed import client, served
from small_shoot import look, part

from btsclip.errors import CaptionError, UsageError
from btsclip.media.probing import probe
from btsclip.plan import io
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.plan.texts import Caption
from btsclip.planning.clips import make_plan
from btsclip.planning.cut import render_plan
from btsclip.planning.request import ClipRequest, prepare_context
from btsclip.planning.series import number_series, renumber
from btsclip.presets.load import load_preset

NAME = "Sunday bread (1)"
TAKES = ["b.mp4", "a.mp4"]


def clip(number: int, take: str, start: float, enabled: bool, text: str = NAME) -> Clip:
    hook = Caption(text=text, start=0, end=3, role="hook", evidence="your series", y=0.3)
    line = Caption(text=NAME, start=3, end=5)
    span = Span(source=take, start=start, end=start + 9, layout="fit-blur")
    return Clip(
        id=f"c{number}", enabled=enabled, kind="process", score=1, why="", spans=[span],
        captions=[hook, line], title=text,
    )  # fmt: skip


def hooks(clips: list[Clip]) -> list[str]:
    return [item.captions[0].text for item in clips]


def in_time(clips: list[Clip]) -> list[Clip]:
    return sorted(clips, key=lambda c: (TAKES.index(c.spans[0].source), c.spans[0].start))


rows = st.lists(
    st.tuples(st.sampled_from(TAKES), st.floats(0, 99), st.booleans()),
    unique_by=lambda row: (row[0], round(row[1], 3)),
)


@given(rows, st.integers(0, 5))
def test_enabled_clips_are_counted_in_order(
    rows: list[tuple[str, float, bool]], before: int
) -> None:
    clips = [clip(i, take, round(start, 3), on) for i, (take, start, on) in enumerate(rows)]
    numbered = number_series(clips, TAKES, NAME, before)
    enabled = [item for item in in_time(numbered) if item.enabled]
    assert hooks(enabled) == [f"{NAME}, part {before + n}" for n in range(1, len(enabled) + 1)]
    assert {*hooks([item for item in numbered if not item.enabled])} <= {NAME}
    assert [item.title for item in numbered] == hooks(numbered)
    assert number_series(numbered, TAKES, NAME, before) == numbered
    for old, new in zip(clips, numbered, strict=True):
        changed = {"captions", "title"}
        assert old.model_dump(exclude=changed) == new.model_dump(exclude=changed)
        assert new.captions[1] == old.captions[1]
        assert new.captions[0].model_copy(update={"text": NAME}) == old.captions[0]
    # Switched on and off again, everything is as before.
    all_on = [item.model_copy(update={"enabled": True}) for item in numbered]
    again = [
        item.model_copy(update={"enabled": old.enabled})
        for item, old in zip(number_series(all_on, TAKES, NAME, before), clips, strict=True)
    ]
    assert number_series(again, TAKES, NAME, before) == numbered


def test_without_a_series_nothing_changes() -> None:
    clips = [clip(1, "a.mp4", 0, True)]
    assert number_series(clips, TAKES, None) == clips
    plan = plan_of(clips, series="")
    assert renumber(plan) is plan


def test_reworded_text_stays_and_counts() -> None:
    own = clip(1, "b.mp4", 0, True, f"{NAME}, part two")
    numbered = number_series([own, clip(2, "a.mp4", 0, True)], TAKES, NAME)
    assert numbered[0] == own and hooks(numbered)[1] == f"{NAME}, part 2"


def plan_of(clips: list[Clip], created: tuple[str | None, str | None] = (None, None),
            series: str = NAME) -> CutPlan:  # fmt: skip
    sources = [
        Source(path=path, size=1, duration=200, created=when)
        for path, when in zip(("a.mp4", "b.mp4"), created, strict=True)
    ]
    return CutPlan(preset="honest-kitchen", series=series, sources=sources, clips=clips)


@pytest.mark.parametrize(
    ("created", "first"),
    [
        ((None, None), "a.mp4"),
        (("2026-05-03T11:00:00+00:00", "2026-05-03T12:00:00+02:00"), "b.mp4"),
        (("2026-05-03T11:00:00+00:00", "in the morning"), "a.mp4"),
    ],
)
def test_takes_of_a_plan_are_in_the_order_of_their_clocks(
    created: tuple[str | None, str | None], first: str
) -> None:
    clips = [clip(1, "b.mp4", 5, True), clip(2, "a.mp4", 0, True)]
    texts = {c.spans[0].source: c.title for c in renumber(plan_of(clips, created)).clips}
    assert texts[first] == f"{NAME}, part 1"


def test_series_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--series: is empty; give the name of the series"):
        ClipRequest(series="  ")
    for name, says in (("ก", "no font has"), ("bread " * 60, "is too long for 3 lines")):
        with pytest.raises(CaptionError, match=says):
            prepare_context([], load_preset("honest-kitchen"), "", ClipRequest(series=name))


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chopping that was filmed after kneading."""
    folder = tmp_path_factory.mktemp("shoot")
    part(folder / "1.mp4", 14, 18, created="2026-05-03T11:00:00Z")
    part(folder / "2.mp4", 5, 9, created="2026-05-03T10:00:00Z")
    look(folder)
    return folder


def planned(shoot: Path, request: ClipRequest) -> CutPlan:
    own = str(shoot / "look.toml")
    return make_plan([shoot / "1.mp4", shoot / "2.mp4"], load_preset(own), own, request)


def test_run_numbers_its_clips_and_an_edited_plan_is_numbered_again(
    shoot: Path, tmp_path: Path
) -> None:
    plan = planned(shoot, ClipRequest(series=" Sunday   bread ", count=2))
    titles = {Path(item.spans[0].source).name: item.title for item in plan.clips}
    assert titles == {"1.mp4": "Sunday bread, part 2", "2.mp4": "Sunday bread, part 1"}
    for item in plan.clips:
        (hook,) = [c for c in item.captions if c.role == "hook"]
        assert (hook.text, hook.evidence) == (item.title, "your series")
        assert all(c.start >= hook.end for c in item.captions if c.role == "moment")
    first = min(plan.clips, key=lambda item: item.title)
    off = [c.model_copy(update={"enabled": c.id != first.id}) for c in plan.clips]
    io.write_plan(plan.model_copy(update={"clips": off}), tmp_path / "plan.json")
    (made,) = render_plan(tmp_path / "plan.json").clips
    sidecar = json.loads(made.sidecar.read_text("utf-8"))
    assert sidecar["title"] == sidecar["captions"][0]["text"] == "Sunday bread, part 1"
    assert "Sunday bread, part 1" in made.subtitles[0].read_text("utf-8")


def test_own_hook_stands_on_all_clips_and_the_series_on_covers(shoot: Path) -> None:
    plan = planned(shoot, ClipRequest(series="Sunday bread", hook="Watch this", count=2))
    assert hooks(plan.clips) == ["Watch this", "Watch this"]
    assert sorted(c.title for c in plan.clips) == [f"Sunday bread, part {n}" for n in (1, 2)]


def test_review_page_numbers_again_when_a_clip_is_refused(shoot: Path, tmp_path: Path) -> None:
    plan = planned(shoot, ClipRequest(series="Sunday bread", count=2))
    first = min(plan.clips, key=lambda item: item.title)
    io.write_plan(plan, tmp_path / "plan.json")
    with served(tmp_path / "plan.json") as address, client(address) as asking:
        tag = asking.get("/api/plan").json()["tag"]
        edit = {"do": "clip", "clip": first.id, "values": {"enabled": False}}
        answer = asking.post("/api/edits", json={"tag": tag, "edits": [edit]})
        assert answer.status_code == 200, answer.text
    saved = {item.id: item.title for item in io.read_plan(tmp_path / "plan.json").clips}
    assert saved.pop(first.id) == "Sunday bread"
    assert list(saved.values()) == ["Sunday bread, part 1"]


def test_plan_without_the_takes_is_numbered_too(shoot: Path) -> None:
    plan = planned(shoot, ClipRequest(series="Sunday bread", count=2))
    assert renumber(plan) == plan and probe(shoot / "1.mp4").created
