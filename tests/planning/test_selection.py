"""The best clips of a complete shoot, on one scale."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_signals import signals
from noted import cut_of, footage

from btsclip.captions.check import check_preset
from btsclip.moments.select import Cut
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.planning.selection import activity_of, best_of_shoot, choose_apart, vary
from btsclip.planning.text_sources import read_sources
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset, Quota

KINDS = ("process", "mishap", "people", "why", "reveal")
ACTIONS = ("chop", "knead", "stir", "other")
PRESET = load_preset("honest-kitchen")


def context_of(**quotas: Quota) -> PlanContext:
    preset = PRESET.model_copy(update={"quotas": quotas, "weights": {}})
    check_preset(preset)
    return PlanContext(
        preset, "test", ClipRequest(), read_sources([footage(Path("/takes/a.mp4"))], preset)
    )


def cut_at(take: str, start: float, score: float, kind: str = "process", **changes: object) -> Cut:
    """A cut with a picture unlike all other cuts."""
    seed = zlib.crc32(f"{take} {start}".encode())
    thumb = np.random.default_rng(seed).uniform(0, 255, (9, 16))
    return cut_of(take, **{
        "start": start, "end": start + 8, "score": score, "kind": kind, "thumb": thumb, **changes
    })  # fmt: skip


cuts = st.lists(
    st.builds(
        lambda take, place, score, kind, action: cut_at(
            f"{take}.mp4", place * 10.0, score, kind, action=action
        ),
        st.sampled_from("abcd"), st.integers(0, 30), st.floats(0.5, 1.0),
        st.sampled_from(KINDS), st.sampled_from(ACTIONS),
    ),
    max_size=25, unique_by=lambda cut: (cut.footage.path, cut.start),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(cuts, st.integers(1, 12), st.integers(0, 2))
def test_best_of_shoot_keeps_its_promises(offered: list[Cut], top: int, min_count: int) -> None:
    context = context_of(mishap=Quota(least=min_count), people=Quota(least=min_count, most=2))
    chosen, refused = best_of_shoot(offered, context, top)
    assert len(chosen) <= top
    # Every cut is chosen, or refused with a reason. The order of the cuts is kept.
    assert len(chosen) + len(refused) == len(offered) and all(r.why for r in refused)
    places = [[id(cut) for cut in offered].index(id(cut)) for cut in chosen]
    assert places == sorted(places)
    kinds, available = Counter(c.kind for c in chosen), Counter(c.kind for c in offered)
    assert kinds["people"] <= 2 and kinds["reveal"] <= 1
    wanted = {kind: min(min_count, available[kind]) for kind in ("mishap", "people")}
    if sum(wanted.values()) <= top:
        assert all(kinds[kind] >= number for kind, number in wanted.items())
    repeated, _ = best_of_shoot(offered, context, top)
    assert [id(cut) for cut in repeated] == [id(cut) for cut in chosen]


@given(cuts)
def test_vary_keeps_all_cuts_and_begins_with_the_best(offered: list[Cut]) -> None:
    ordered = vary(offered, {}, lambda cut: cut.kind, lambda cut: "")
    assert sorted(map(id, ordered)) == sorted(map(id, offered))
    if offered:
        assert ordered[0].score == max(cut.score for cut in offered)


def test_takes_share_one_scale() -> None:
    good = [cut_at("good.mp4", at, 0.95 - at / 1000) for at in (0, 20, 40)]
    dull = [cut_at("dull.mp4", at, 0.55) for at in (0, 20)]
    chosen, refused = best_of_shoot([*dull, *good], context_of(), 3)
    assert {cut.footage.path.name for cut in chosen} == {"good.mp4"}
    assert all("3 clips score higher" in r.why for r in refused)


@pytest.mark.parametrize(
    ("changes", "same_picture"),
    [({"action": "chop"}, False), ({"action": "knead"}, True)],
    ids=["another activity", "another picture"],
)
def test_new_activity_comes_before_a_slightly_better_repeat(
    changes: dict[str, str], same_picture: bool
) -> None:
    first = cut_at("a.mp4", 0, 0.95, action="knead")
    same = cut_at("a.mp4", 20, 0.94, action="knead")
    if same_picture:
        same = replace(same, thumb=first.thumb + 1.0)
    other = cut_at("a.mp4", 40, 0.9, **changes)
    chosen, _ = best_of_shoot([first, same, other], context_of(), 2)
    assert [id(cut) for cut in chosen] == [id(first), id(other)]


def test_another_take_comes_before_the_third_clip_of_a_take() -> None:
    two = [cut_at("a.mp4", at, 0.9, action=a) for at, a in ((0, "chop"), (20, "stir"))]
    fresh = cut_at("b.mp4", 0, 0.87, action="knead")
    third = cut_at("a.mp4", 40, 0.9, action="pour")
    chosen, _ = best_of_shoot([*two, third, fresh], context_of(), 3)
    assert any(cut is fresh for cut in chosen)


def test_next_best_cut_takes_the_place_of_one_that_gets_too_short() -> None:
    best, beside, other = (
        cut_at("a.mp4", start, score) for start, score in ((0, 0.9), (6.2, 0.8), (40, 0.6))
    )
    context = replace(context_of(), request=ClipRequest(min_length=7))
    chosen, (refusal,) = choose_apart(
        [best, beside, other], {best.footage: signals(60)}, context, 2
    )
    assert [cut.start for cut in chosen] == [0, 40]
    assert (refusal.start, refusal.why) == (6.2, "overlaps the process clip at 0.0 s")


def test_quotas_apply_to_the_shoot() -> None:
    work = [
        cut_at(f"{take}.mp4", at, 0.99, action=action)
        for take in "abc" for at, action in ((0, "chop"), (20, "stir"))
    ]  # fmt: skip
    mishaps = [cut_at(f"{take}.mp4", 60, 0.6, "mishap") for take in "abc"]
    person, dish = cut_at("b.mp4", 80, 0.55, "people"), cut_at("c.mp4", 90, 0.6, "reveal")
    quotas = {kind: Quota(least=1, most=1) for kind in ("mishap", "people", "reveal")}
    chosen, refused = best_of_shoot([*work, *mishaps, person, dish], context_of(**quotas), 7)
    kinds = Counter(cut.kind for cut in chosen)
    assert kinds == {"process": 4, "mishap": 1, "people": 1, "reveal": 1}
    assert sum("quotas.mishap.most" in r.why for r in refused) == 2


def test_activity_without_notes_is_kind_and_action() -> None:
    preset: Preset = PRESET
    take = footage(Path("/takes/a.mp4"))
    assert (
        activity_of(
            cut_at("a.mp4", 0, 0.9, action="knead"),
            PlanContext(preset, "t", ClipRequest(), read_sources([take], preset)),
        )
        == "process knead"
    )
