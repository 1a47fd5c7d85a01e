"""Shots of different actions are never joined; those of one action are."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from made_signals import signals

from btsclip.media.footage import Footage
from btsclip.moments import one_action
from btsclip.moments.find import Moment, find_moments
from btsclip.moments.one_action import (
    count_shots,
    describe_shots,
    join_scenes,
    join_short_work,
)
from btsclip.moments.select import find_candidates
from btsclip.signals.model import STEP, Signals

Join = Callable[[list[Moment], Signals, float, Callable[[float], bool]], list[Moment]]
LENGTHS = (4.0, 12.0, 20.0)


def work(start: float, end: float, action: str = "other", kind: str = "process") -> Moment:
    return Moment("", kind, action if kind == "process" else None, start, end, 0.8, {}, "because")


def spans(moments: list[Moment]) -> list[tuple[float, float]]:
    return [(moment.start, moment.end) for moment in moments]


def test_shots_of_one_named_action_are_joined() -> None:
    made = signals(9, borders=(2.0, 4.5))
    shots = [work(0, 2, "chop"), work(2, 4.5, "chop"), work(4.5, 7, "stir")]
    joined = join_short_work(shots, made, 4.0, lambda border: False)
    assert spans(joined) == [(0, 4.5), (4.5, 7)]
    assert joined[0].action == "chop"


def test_work_without_a_name_is_joined_where_it_looks_the_same() -> None:
    made = signals(9, borders=(2.0, 4.5))
    shots = [work(0, 2), work(2, 4.5), work(4.5, 7)]
    assert spans(join_short_work(shots, made, 4.0, lambda border: border < 3)) == [
        (0, 4.5), (4.5, 7),
    ]  # fmt: skip


def test_quick_changes_within_one_shot_are_joined() -> None:
    shots = [work(0, 3, "chop"), work(3, 6, "stir")]
    assert spans(join_short_work(shots, signals(9), 4.0, lambda border: False)) == [(0, 6)]


@pytest.mark.parametrize("join", [join_short_work, join_scenes])
@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=15), st.sets(st.integers(0, 15)), st.data()
)
def test_joined_work_never_crosses_a_border_to_another_action(
    join: Join, steps: list[int], alike: set[int], data: st.DataObject
) -> None:
    edges = [0.0, *itertools.accumulate(step * STEP for step in steps)]
    made = signals(edges[-1] + 1, borders=tuple(edges[1:-1]))
    same = {edge for index, edge in enumerate(edges) if index in alike}
    kinds = [data.draw(st.sampled_from(["process", "idle"])) for _ in steps]
    moments = [
        work(a, b, "other", kind)
        for (a, b), kind in zip(itertools.pairwise(edges), kinds, strict=True)
    ]
    joined = join(moments, made, 4.0, same.__contains__)
    assert all(a.end <= b.start for a, b in itertools.pairwise(joined))
    for moment in joined:
        inner = [border for border in made.borders if moment.start < border < moment.end]
        assert set(inner) <= same


def reel(seconds: float, shot: float) -> tuple[Footage, Signals]:
    """A take of work in shots of `shot` seconds, and its signals."""
    borders = tuple(shot * number for number in range(1, round(seconds / shot)))
    footage = Footage(
        Path("reel.mp4"), seconds, 1280, 720, 30.0, False, 0, None, True, None, 1280, 720, 8,
        "h264", 0, 1, 48000, 2, 1000, 1.0,
    )  # fmt: skip
    return footage, signals(seconds, ((0, seconds),), borders=borders)


@pytest.fixture
def exact_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Borders as they are, though the take is no file."""
    monkeypatch.setattr("btsclip.moments.trim.refine", lambda footage, border: border)


@pytest.mark.parametrize(
    ("distance", "said"),
    [(0.1, "shots of one place and look"), (0.4, "because none is long enough for a clip")],
)
def test_short_shots_become_a_clip_that_says_so(
    monkeypatch: pytest.MonkeyPatch, exact_ends: None, distance: float, said: str
) -> None:
    monkeypatch.setattr(one_action, "color_distance", lambda footage, border: distance)
    footage, made = reel(12, 1.5)
    cuts, _ = find_candidates(footage, made, find_moments(made, 12), LENGTHS)
    assert cuts
    for cut in cuts:
        assert said in cut.why
        assert cut.evidence["shots"] == count_shots(made, cut.start, cut.end) >= 3


def test_shots_of_different_scenes_give_nothing(
    monkeypatch: pytest.MonkeyPatch, exact_ends: None
) -> None:
    monkeypatch.setattr(one_action, "color_distance", lambda footage, border: 0.7)
    footage, made = reel(12, 1.5)
    cuts, refused = find_candidates(footage, made, find_moments(made, 12), LENGTHS)
    assert not cuts
    assert all(refusal.why.endswith("less than 4 s") for refusal in refused)


@pytest.mark.parametrize("shot", [4.5, 6.0])
def test_long_shots_are_clips_of_their_own(
    monkeypatch: pytest.MonkeyPatch, exact_ends: None, shot: float
) -> None:
    monkeypatch.setattr(one_action, "color_distance", lambda footage, border: 0.1)
    footage, made = reel(4 * shot, shot)
    cuts, _ = find_candidates(footage, made, find_moments(made, 4 * shot), LENGTHS)
    assert [(cut.start, cut.end) for cut in cuts] == [
        pytest.approx((shot * n, shot * (n + 1)), abs=0.3) for n in range(4)
    ]
    assert all("shots" not in cut.evidence for cut in cuts)


def test_a_reason_names_the_action() -> None:
    assert describe_shots(1, "chop") == ""
    assert describe_shots(3, "chop") == ", three shots of chopping"
    assert describe_shots(12, "other") == ", 12 shots of one place and look"
