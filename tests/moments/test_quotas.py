"""Quotas: the minimum and maximum number of clips of a kind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import given, strategies as st

from btsclip.media.footage import Footage
from btsclip.moments.choose import MIN_CLIPS_BEFORE_REVEAL, choose_cuts
from btsclip.moments.select import Cut
from btsclip.presets.schema import Quota

KINDS = ("process", "mishap", "people", "why", "reveal")
TAKE = Footage(
    Path("take.mp4"), 900.0, 1280, 720, 30.0, False, 0, None, True, None, 1280, 720, 8, "h264",
    0, 1, 48000, 2, 1000, 1.0,
)  # fmt: skip


def cut(number: int, kind: str, score: float) -> Cut:
    """A cut that does not overlap or look like another."""
    thumb = np.random.default_rng(number).integers(0, 255, (9, 16)).astype(float)
    return Cut(TAKE, number * 10.0, number * 10.0 + 8, kind, None, score, {}, "", thumb)


cuts = st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 1)), max_size=25).map(
    lambda rows: [cut(i, kind, score) for i, (kind, score) in enumerate(rows)]
)


@st.composite
def quotas(draw: st.DrawFn) -> dict[str, Quota]:
    made = {}
    for kind in draw(st.sets(st.sampled_from(KINDS))):
        least = draw(st.integers(0, 3))
        most = draw(st.none() | st.integers(least, 5))
        made[kind] = Quota(least=least, most=most)
    return made


@given(cuts, st.integers(1, 12), quotas())
def test_no_kind_exceeds_its_maximum_and_no_cut_is_lost(
    offered: list[Cut], count: int, wanted: dict[str, Quota]
) -> None:
    chosen, refused = choose_cuts(offered, count, None, wanted)
    seen = Counter(c.kind for c in chosen)
    assert len(chosen) <= count and len(chosen) + len(refused) == len(offered)
    assert all(q.most is None or seen[kind] <= q.most for kind, q in wanted.items())
    assert [c.start for c in chosen] == sorted(c.start for c in chosen)
    assert all(r.why for r in refused)


@given(cuts, st.integers(1, 12), quotas())
def test_minimums_are_filled_if_possible(
    offered: list[Cut], count: int, wanted: dict[str, Quota]
) -> None:
    chosen, _ = choose_cuts(offered, count, None, wanted)
    seen, available = (Counter(c.kind for c in some) for some in (chosen, offered))
    least = {k: min(q.least, available[k]) for k, q in wanted.items() if k != "reveal"}
    if sum(least.values()) <= count:
        assert all(seen[kind] >= number for kind, number in least.items())
    else:
        assert sum(seen[kind] for kind in least) == count
    for kind in seen:
        # The best of each kind are chosen.
        taken = sorted((c.score for c in chosen if c.kind == kind), reverse=True)
        assert (
            taken
            == sorted((c.score for c in offered if c.kind == kind), reverse=True)[: len(taken)]
        )


@given(cuts, st.integers(1, 12))
def test_best_cuts_are_chosen_without_quotas(offered: list[Cut], count: int) -> None:
    chosen, _ = choose_cuts(offered, count)
    work = sorted((c.score for c in offered if c.kind != "reveal"), reverse=True)
    assert sorted((c.score for c in chosen if c.kind != "reveal"), reverse=True) == work[:count]
    reveals = [c for c in chosen if c.kind == "reveal"]
    free = MIN_CLIPS_BEFORE_REVEAL <= len(work) < count
    assert len(reveals) == int(free and any(c.kind == "reveal" for c in offered))


def test_wanted_finished_dish_gets_a_place() -> None:
    work = [cut(i, "process", 0.9) for i in range(8)]
    dish = cut(20, "reveal", 0.6)
    assert dish not in choose_cuts([*work, dish], 5)[0]
    chosen, _ = choose_cuts([*work, dish], 5, None, {"reveal": Quota(least=1)})
    assert dish in chosen and len(chosen) == 5
    # Without enough clips of its making, another clip takes its place.
    chosen, refused = choose_cuts([*work, dish], 3, None, {"reveal": Quota(least=1)})
    assert len(chosen) == 3 and dish not in chosen
    assert any("show its making" in r.why or "score higher" in r.why for r in refused)


def test_refusal_names_the_quota() -> None:
    _, refused = choose_cuts(
        [cut(0, "mishap", 0.9), cut(1, "mishap", 0.8)], 5, None, {"mishap": Quota(most=1)}
    )
    assert "no more than 1" in refused[0].why and "quotas.mishap.most" in refused[0].why


def test_wanted_mishap_comes_before_better_work() -> None:
    offered = [*(cut(i, "process", 0.9) for i in range(4)), cut(9, "mishap", 0.55)]
    assert all(c.kind == "process" for c in choose_cuts(offered, 3)[0])
    chosen, _ = choose_cuts(offered, 3, {"mishap": 0.1}, {"mishap": Quota(least=1)})
    assert [c.kind for c in chosen] == ["process", "process", "mishap"]
