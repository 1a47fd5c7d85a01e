from __future__ import annotations

import itertools
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from made_signals import signals

from btsclip.media.footage import Footage
from btsclip.moments.choose import choose_cuts
from btsclip.moments.find import find_moments, split_at_borders
from btsclip.moments.select import Cut, Refusal, find_candidates
from btsclip.moments.trim import settle_ends
from btsclip.signals.model import Signals

LENGTHS = (4.0, 12.0, 20.0)


def footage(duration: float, name: str = "take.mp4") -> Footage:
    return Footage(
        Path(name), duration, 1280, 720, 30.0, False, 0, None, True, None, 1280, 720, 8, "h264",
        0, 1, 48000, 2, 1000, 1.0,
    )  # fmt: skip


def offered(made: Signals, duration: float) -> tuple[list[Cut], list[Refusal]]:
    take = footage(duration)
    return find_candidates(take, made, find_moments(made, duration), LENGTHS)


def test_moment_of_allowed_length_is_one_cut() -> None:
    cuts, refused = offered(signals(40, ((10, 19),)), 40)
    assert len(cuts) == 1
    assert (cuts[0].start, cuts[0].end) == pytest.approx((10, 19), abs=0.9)
    assert all("no work" in r.why for r in refused)


def test_long_moment_gives_few_separate_parts() -> None:
    cuts, _ = offered(signals(300, ((10, 290),)), 300)
    assert 1 <= len(cuts) <= 3
    for cut in cuts:
        assert cut.end - cut.start == pytest.approx(12, abs=1.3)
    ends = [(c.start, c.end) for c in cuts]
    assert all(b[0] - a[1] >= 10 for a, b in itertools.pairwise(ends))


@given(st.lists(st.floats(0, 60), max_size=12).map(sorted), st.floats(0, 20), st.floats(4.01, 40))
def test_split_at_borders_keeps_everything(
    borders: list[float], start: float, length: float
) -> None:
    pieces = split_at_borders((start, start + length), borders, 4.0)
    assert pieces[0][0] == start and pieces[-1][1] == start + length
    assert all(a[1] == b[0] for a, b in pairwise(pieces))
    assert all(b - a >= 4 - 1e-9 for a, b in pieces)


def test_shots_become_clips_of_their_own() -> None:
    assert split_at_borders((10, 40), (5, 20, 30, 50), 4.0) == [(10, 20), (20, 30), (30, 40)]
    # A shot that is too short stays with its neighbor.
    assert split_at_borders((10, 40), (12, 20, 22, 38), 4.0) == [(10, 20), (20, 40)]


def test_best_part_has_the_liveliest_hands() -> None:
    made = signals(100, ((5, 95),))
    busy = (made.times >= 60) & (made.times < 72)
    made = replace(made, hand_motion=np.where(busy, 0.2, 0.01))
    cuts, _ = offered(made, 100)
    assert any(abs(cut.start - 60) < 1.5 for cut in cuts)


def test_short_moment_is_refused_with_its_length() -> None:
    cuts, refused = offered(signals(40, ((10, 12.5),)), 40)
    assert not cuts
    assert any("less than 4 s" in r.why for r in refused)


@pytest.mark.parametrize(
    ("changes", "word"), [({"exposure": 0.01}, "dark"), ({"sharpness": 0.0005}, "focus")]
)
def test_bad_pictures_are_refused(changes: dict[str, float], word: str) -> None:
    made = signals(40, ((10, 19),))
    for name, value in changes.items():
        made = replace(made, **{name: np.full(len(made.times), value)})
    cuts, refused = offered(made, 40)
    assert not cuts and any(word in r.why for r in refused)


def test_best_cuts_are_chosen_and_kept_in_order() -> None:
    cuts, _ = offered(signals(100, ((5, 15), (30, 40), (60, 70))), 100)
    ranked = [replace(c, score=s) for c, s in zip(cuts, (0.7, 0.9, 0.8), strict=True)]
    chosen, refused = choose_cuts(ranked, 2)
    assert [c.score for c in chosen] == [0.9, 0.8]
    assert len(refused) == 1 and "score higher" in refused[0].why


def test_look_alikes_are_refused() -> None:
    cuts, _ = offered(signals(100, ((5, 15), (60, 70))), 100)
    twin = replace(cuts[1], thumb=cuts[0].thumb + 1)
    chosen, refused = choose_cuts([cuts[0], twin], 5)
    assert len(chosen) == 1 and "looks like" in refused[0].why
    other = replace(cuts[1], thumb=255 - cuts[0].thumb)
    assert len(choose_cuts([cuts[0], other], 5)[0]) == 2


def test_no_cut_begins_before_the_first_picture() -> None:
    made = signals(40, ((0, 9),))
    # There is room for the minimum length before it.
    take = replace(footage(40), first_picture=2.1)
    assert settle_ends(take, made, (2.1, 7.0), LENGTHS)[0] >= 2.1
    assert settle_ends(take, made, (2.1, 5.5), LENGTHS) == pytest.approx((2.1, 6.1))


def test_settled_cut_keeps_to_minimum_and_maximum() -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        made = signals(60, ((0, 60),))
        made = replace(made, motion=random.random(len(made.times)))
        start = float(random.uniform(0, 40))
        span = (start, start + float(random.uniform(4, 20)))
        low, high = settle_ends(footage(60), made, span, LENGTHS)
        assert 0 <= low < high <= 60
        assert 4 - 1e-3 <= high - low <= 20 + 1e-3
