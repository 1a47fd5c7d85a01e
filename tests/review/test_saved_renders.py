"""Every edit that the server saves can be rendered; any other is refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import media
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from result import plan_of
from reviewed import LOOK, client, served

from btsclip.plan import io
from btsclip.plan.model import CutPlan, Span
from btsclip.plan.texts import Caption, EndCard, Word
from btsclip.presets.load import load_preset
from btsclip.render import render
from btsclip.render.check import check_plan
from btsclip.review.edits import CLIP_KEYS, SPAN_KEYS

SECONDS = 6.0
# Every example starts from the same plan.
SAME_SERVER = [HealthCheck.function_scoped_fixture]

wild = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=8),
    st.sampled_from([1e9, -1, 0, 1e-300, -0.0, 10**400, 1e308]),
    st.sampled_from(["6.0", "", " ", "\0", "\x1b[2J", "\ud800", "\u202e", "x" * 20_000]),
    st.just([]), st.just({}), st.just([[]] * 40),
)  # fmt: skip
times = st.floats(0, SECONDS) | st.integers(0, 6)
fractions = st.floats(0, 1)
texts = st.sampled_from(["We wait", "Why?", "Çay 🍞", "שלום", "a\u202eb", "line\nline"]) | st.text(
    "ab çЖש🍞\n\u202e\u200d", min_size=1, max_size=30
)


@st.composite
def paths(draw: st.DrawFn) -> list[Any]:
    size = draw(st.tuples(st.floats(0.05, 1), st.floats(0.05, 1)))
    key_times = sorted(draw(st.lists(times, min_size=1, max_size=6)))
    return [[time, draw(fractions), draw(fractions), *size] for time in key_times]


@st.composite
def spoken(draw: st.DrawFn) -> dict[str, Any]:
    """A text with its times, in order."""
    start, length = draw(st.floats(0, 3)), draw(st.floats(0.1, 3))
    return {"text": draw(texts), "start": start, "end": start + length}


@st.composite
def captions(draw: st.DrawFn) -> dict[str, Any]:
    role = draw(st.sampled_from(["hook", "moment", "speech", "person", "clock", "sticker"]))
    made = draw(spoken()) | {"role": role, "y": draw(st.none() | fractions)}
    if role == "sticker":
        return made | {"text": draw(st.sampled_from(["🍞", "🍳🔥"]))}
    return made | {"words": draw(st.lists(spoken(), max_size=2))}


def cards(longest: float) -> st.SearchStrategy[Any]:
    card = {"text": texts, "seconds": st.floats(0.5, longest)}
    return st.none() | st.fixed_dictionaries(card)


comments = st.tuples(spoken(), texts).map(lambda both: both[0] | {"author": both[1]})
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "enabled": st.booleans(),
    "kind": st.sampled_from(["process", "why", "idle"]),
    "action": st.sampled_from(["chop", None]),
    "title": texts,
    "captions": st.lists(captions(), max_size=2),
    "end_card": cards(5),
    "comment": st.none() | comments,
    "start": st.floats(0, 2.5),
    "end": st.floats(3, SECONDS),
    "layout": st.sampled_from(["crop", "fit-blur", "fit-blur", "split"]),
    "crop": paths(),
    "below": paths(),
    "speeds": st.lists(st.tuples(times, st.floats(0.25, 12)), max_size=4).map(sorted),
    "cover": times,
    "blur": st.lists(paths(), max_size=2),
    "may_be_seen": st.lists(paths(), max_size=2),
    "card": cards(8),
    "enter": st.sampled_from(["cut", "dissolve"]),
    "lead": st.floats(0, 2),
    "tail": st.floats(0, 2),
    "gain": st.floats(-60, 24),
}


def rarely(unlikely: st.SearchStrategy[Any], likely: st.SearchStrategy[Any]) -> Any:
    return st.integers(0, 29).flatmap(lambda roll: likely if roll else unlikely)


clips = rarely(wild, st.sampled_from(["clip-1", "clip-2"]))
numbers = st.integers(0, 1)


def values(keys: frozenset[str]) -> st.SearchStrategy[dict[str, Any]]:
    known = {key: rarely(wild, LIKELY[key]) for key in sorted(keys)}
    few = st.lists(st.sampled_from(sorted(keys)), min_size=1, max_size=3, unique=True)
    return few.flatmap(lambda chosen: st.fixed_dictionaries({key: known[key] for key in chosen}))


def an_edit(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parts)


edits = rarely(
    wild,
    an_edit(do=st.just("clip"), clip=clips, values=values(CLIP_KEYS))
    | an_edit(do=st.just("span"), clip=clips, span=rarely(wild, numbers), values=values(SPAN_KEYS))
    | an_edit(do=st.just("span"), clip=clips, span=numbers, values=values(SPAN_KEYS))
    | an_edit(do=st.just("spans"), clip=clips, order=st.lists(numbers, max_size=2))
    | an_edit(do=st.just("clips"), order=st.lists(clips, max_size=3))
    | an_edit(
        do=st.just("preset"),
        preset=rarely(
            wild, st.sampled_from(["bakery-slow", "brand-minimal", "nope", "/etc/passwd"])
        ),
    ),
)


class Reviewed:
    """A plan of two clips under review."""

    def __init__(self, plan: Path, asking: httpx.Client) -> None:
        self.plan, self.asking = plan, asking
        self._before = plan.read_bytes()

    def begin(self) -> None:
        self.plan.write_bytes(self._before)

    def send(self, edits: Any, raw: str | None = None) -> httpx.Response:
        tag = self.asking.get("/api/plan").json()["tag"]
        body = json.dumps({"tag": tag, "edits": edits}) if raw is None else raw
        body = body.replace("TAG", tag)
        headers = {"content-type": "application/json"}
        return self.asking.post("/api/edits", content=body, headers=headers)

    def saved(self, answer: httpx.Response) -> CutPlan | None:
        """The saved plan, which passes all checks of rendering; None for an edit that was refused
        with a sentence."""
        if answer.status_code != 200:
            assert answer.status_code in (400, 422), answer.text
            message = answer.text if answer.status_code == 400 else answer.json()["error"]
            assert 10 < len(message) < 1500, message
            assert self.plan.read_bytes() == self._before
            return None
        plan = io.read_plan(self.plan)
        check_plan(plan, load_preset(plan.preset))
        return plan


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewed]:
    folder = tmp_path_factory.mktemp("saved")
    take = folder / "take.mp4"
    media.take(take, size=(320, 180), seconds=SECONDS, flash=3)
    (folder / "look.toml").write_text(LOOK)
    words = [Word(text="Day", start=0, end=0.5), Word(text="one", start=0.5, end=1)]
    made = plan_of(take, take, start=1.0, end=4.0,
                   captions=[Caption(text="Day one", start=0, end=2, words=words)])  # fmt: skip
    first, second = made.clips
    after = Span(source=str(take), start=4, end=5.5, layout="fit-blur", enter="dissolve")
    ending = EndCard(text="Bye", seconds=1)
    first = first.model_copy(update={"spans": [*first.spans, after], "end_card": ending})
    made = made.model_copy(update={"clips": [first, second.model_copy(update={"id": "clip-2"})],
                                   "sources": made.sources[:1],
                                   "preset": str(folder / "look.toml")})  # fmt: skip
    io.write_plan(made, folder / "plan.json")
    with served(folder / "plan.json") as address, client(address) as asking:
        yield Reviewed(folder / "plan.json", asking)


@pytest.mark.slow
@given(st.lists(edits, min_size=1, max_size=2))
@settings(suppress_health_check=SAME_SERVER, deadline=None, max_examples=30)
def test_edit_is_refused_or_the_saved_plan_is_valid(reviewed: Reviewed, edits: list[Any]) -> None:
    reviewed.begin()
    reviewed.saved(reviewed.send(edits))


def clip(**values: Any) -> dict[str, Any]:
    return {"do": "clip", "clip": "clip-1", "values": values}


def span(**values: Any) -> dict[str, Any]:
    return {"do": "span", "clip": "clip-1", "span": 0, "values": values}


def text(**values: Any) -> dict[str, Any]:
    return clip(captions=[{"text": "a", "start": 0, "end": 1, **values}])


KEYS = [[1 + 3 * i / 60_000, 0.5, 0.5, 0.3, 1] for i in range(60_000)]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (span(end=1e9), "end: must be at most"),
        (span(end=SECONDS + 1), "ends at 7.00 s, but take.mp4 at 6.00 s"),
        (span(end=1.0001), "shown for at least 0.1 s"),
        (span(start=True), "start: must be a number"),
        (span(end="3.0"), "end: must be a number"),
        (span(crop=KEYS), "crop: holds 60,000 entries"),
        (span(crop=[[i / 900, 0.3 + 0.4 * (i % 2), 0.5, 0.3, 1] for i in range(5400)]),
         "too much for one run of ffmpeg"),
        (span(crop=[[1, 0.5, 0.5, 0, 0]]), "at least 0.01 wide"),
        (span(speeds=[[1, 20_000]]), "shown for at least 0.1 s"),
        (span(blur=[[]]), "blur.0: holds 0 entries"),
        ({"do": "preset", "preset": "nope"}, "preset nope: no such preset"),
        ({"do": "preset", "preset": "/etc/passwd"}, "preset /etc/passwd: no such preset"),
        ({"do": "preset", "preset": "p" * 5_000}, "no such preset"),
        (clip(title="x" * 1_000_000), "title: has 1,000,000 characters"),
        (clip(title="a\0b"), "title: holds the control character U+0000"),
        (clip(title="a\x1b[31mb"), "title: holds the control character U+001B"),
        (clip(title="\ud800"), "holds half a character"),
        (clip(title="\U00012000"), "no font has"),
        (clip(enabled="yes"), "enabled: must be true or false"),
        (clip(captions=[{"text": "a", "start": 0, "end": 1}] * 20_000), "holds 20,000 entries"),
        (clip(end_card={"text": "\U00012000", "seconds": 1}), "no font has"),
        (text(text=" "), "has nothing to draw"),
        (text(role="sticker"), "is not an emoji"),
        (text(start=50, end=51), "is shown for less than 0.2 s; its clip ends at 4.50 s"),
        (text(text="word " * 60), "is too long"),
        (text(other="\ud800"), "holds half a character"),
        (text(other=float("nan")), "NaN is not a JSON number"),
        ({"do": "spans", "clip": "clip-1", "order": [True]}, "must be a whole number"),
        ({"do": "spans", "clip": "clip-1", "order": [0, 0]}, "must name spans"),
        ({"do": "clips", "order": ["clip-1", "clip-1"]}, "each clip of the plan once"),
        ({"do": "clip", "clip": "c" * 5_000, "values": {}}, "at most 80 characters"),
        ({"do": "clip", "clip": "clip-1", "values": {"k" * 5_000: 1}}, "can't be edited"),
        ({"do": "\ud800"}, "holds half a character"),
    ],
)  # fmt: skip
def test_edit_that_cannot_be_rendered_is_refused(
    reviewed: Reviewed, edit: dict[str, Any], message: str
) -> None:
    reviewed.begin()
    answer = reviewed.send([edit])
    assert reviewed.saved(answer) is None
    assert message in answer.text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ('{"tag": "TAG", "edits": [' + "[" * 900 + "]" * 900 + "]}", "nested too deeply"),
        ('{"tag": "TAG", "edits": [{"do": "clip", "clip": "clip-1", "values": {"captions": '
         '[{"text": "a", "start": 0, "end": 1e999}]}}]}', "holds a number that is too large"),
        ('{"tag": "TAG", "edits": ' + json.dumps([clip()] * 101) + "}", "101 entries"),
        ('{"tag": "TAG"', "the request is invalid"),
        ("[]", "the request is not a JSON object"),
    ],
)  # fmt: skip
def test_invalid_request_is_reported(reviewed: Reviewed, raw: str, message: str) -> None:
    reviewed.begin()
    answer = reviewed.send([], raw)
    assert reviewed.saved(answer) is None
    assert message in answer.text


def test_deep_values_of_other_tools_are_saved(reviewed: Reviewed) -> None:
    reviewed.begin()
    deep: Any = "end"
    for _ in range(90):
        deep = [deep]
    assert reviewed.saved(reviewed.send([text(other=deep)]))


def test_invalid_plan_can_be_fixed_step_by_step(reviewed: Reviewed) -> None:
    """Two texts that cannot be drawn, in a kept clip and in a refused clip."""
    reviewed.begin()
    made = io.read_plan(reviewed.plan)
    wrong = [Caption(text="\U00012000", start=0, end=1), Caption(text="\U00012001", start=2, end=3)]
    first, second = (clip.model_copy(update={"captions": wrong}) for clip in made.clips)
    second = second.model_copy(update={"enabled": False})
    io.write_plan(made.model_copy(update={"clips": [first, second]}), reviewed.plan)
    half = [{"text": "fine", "start": 0, "end": 1}, wrong[1].model_dump()]
    assert reviewed.send([clip(captions=half)]).status_code == 200
    assert reviewed.send([{"do": "clip", "clip": "clip-2", "values": {"kind": "why"}}]).is_success
    kept = reviewed.send([{"do": "clip", "clip": "clip-2", "values": {"enabled": True}}])
    assert kept.status_code == 422 and "no font has" in kept.text
    assert reviewed.send([clip(captions=half[:1])]).status_code == 200
    again = reviewed.send([clip(captions=half)])
    assert again.status_code == 422 and "no font has" in again.text
    check_plan(io.read_plan(reviewed.plan), load_preset(made.preset))


def test_plan_with_a_missing_take_can_be_edited(reviewed: Reviewed) -> None:
    reviewed.begin()
    take = reviewed.plan.parent / "take.mp4"
    away = take.rename(take.with_suffix(".away"))
    try:
        assert reviewed.send([span(end=3.5)]).status_code == 200
        assert "but take.mp4 at 6.00 s" in reviewed.send([span(end=9)]).text
    finally:
        away.rename(take)


def test_missing_preset_can_be_replaced(reviewed: Reviewed) -> None:
    reviewed.begin()
    broken = io.read_plan(reviewed.plan).model_copy(update={"preset": "gone"})
    io.write_plan(broken, reviewed.plan)
    assert reviewed.send([clip(title="Other")]).status_code == 200
    assert reviewed.send([span(end=9)]).status_code == 422
    assert reviewed.send([{"do": "preset", "preset": "bakery-slow"}]).status_code == 200


def test_only_kept_clips_are_rendered(reviewed: Reviewed) -> None:
    reviewed.begin()
    for ids in (["none"], "clip-1", [5], ["\u202e"]):
        answer = reviewed.asking.post("/api/render", json={"clips": ids})
        assert answer.status_code == 422 and len(answer.json()["error"]) > 10


@pytest.mark.slow
@given(st.lists(edits, min_size=1, max_size=2))
@settings(suppress_health_check=SAME_SERVER, deadline=None, max_examples=200)
def test_saved_plan_is_rendered(reviewed: Reviewed, edits: list[Any]) -> None:
    reviewed.begin()
    plan = reviewed.saved(reviewed.send(edits))
    # The other presets only take longer.
    if plan and plan.preset.endswith("look.toml"):
        made = render(plan, load_preset(plan.preset), reviewed.plan.parent, force=True)
        assert all(path.is_file() for clip in made for path in clip.files)
