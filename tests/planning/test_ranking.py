"""The best clips of a whole shoot, on one scale."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noted import cut_of, footage

from btsclip.captions.check import check_preset
from btsclip.moments.select import Cut
from btsclip.planning.captions import read_sources
from btsclip.planning.ranking import activity_of, best_of_shoot, vary
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset, Quota

KINDS = ("process", "mishap", "people", "why", "reveal")
ACTIONS = ("chop", "knead", "stir", "other")
PRESET = load_preset("honest-kitchen")


def brief_of(**quotas: Quota) -> PlanContext:
    preset = PRESET.model_copy(update={"quotas": quotas, "weights": {}})
    check_preset(preset)
    return PlanContext(
        preset, "test", ClipRequest(), read_sources([footage(Path("/takes/a.mp4"))], preset)
    )


def shown(take: str, start: float, score: float, kind: str = "process", **more: object) -> Cut:
    """A cut whose picture is unlike that of every other place."""
    seed = zlib.crc32(f"{take} {start}".encode())
    thumb = np.random.default_rng(seed).uniform(0, 255, (9, 16))
    return cut_of(take, **{
        "start": start, "end": start + 8, "score": score, "kind": kind, "thumb": thumb, **more
    })  # fmt: skip


cuts = st.lists(
    st.builds(
        lambda take, place, score, kind, action: shown(
            f"{take}.mp4", place * 10.0, score, kind, action=action
        ),
        st.sampled_from("abcd"), st.integers(0, 30), st.floats(0.5, 1.0),
        st.sampled_from(KINDS), st.sampled_from(ACTIONS),
    ),
    max_size=25, unique_by=lambda cut: (cut.footage.path, cut.start),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(cuts, st.integers(1, 12), st.integers(0, 2))
def test_what_holds_for_every_shoot(offered: list[Cut], top: int, least: int) -> None:
    brief = brief_of(mishap=Quota(least=least), people=Quota(least=least, most=2))
    chosen, refused = best_of_shoot(offered, brief, top)
    assert len(chosen) <= top
    # Each is chosen or refused with a reason, and the order is the one they were offered in.
    assert len(chosen) + len(refused) == len(offered) and all(r.why for r in refused)
    places = [[id(cut) for cut in offered].index(id(cut)) for cut in chosen]
    assert places == sorted(places)
    kinds, there = Counter(c.kind for c in chosen), Counter(c.kind for c in offered)
    assert kinds["people"] <= 2 and kinds["reveal"] <= 1
    wanted = {kind: min(least, there[kind]) for kind in ("mishap", "people")}
    if sum(wanted.values()) <= top:
        assert all(kinds[kind] >= number for kind, number in wanted.items())
    again, _ = best_of_shoot(offered, brief, top)
    assert [id(cut) for cut in again] == [id(cut) for cut in chosen]


@given(cuts)
def test_the_order_has_all_and_begins_with_the_best(offered: list[Cut]) -> None:
    ordered = vary(offered, {}, lambda cut: cut.kind)
    assert sorted(map(id, ordered)) == sorted(map(id, offered))
    if offered:
        assert ordered[0].score == max(cut.score for cut in offered)


def test_takes_share_one_scale() -> None:
    good = [shown("good.mp4", at, 0.95 - at / 1000) for at in (0, 20, 40)]
    dull = [shown("dull.mp4", at, 0.55) for at in (0, 20)]
    chosen, refused = best_of_shoot([*dull, *good], brief_of(), 3)
    assert {cut.footage.path.name for cut in chosen} == {"good.mp4"}
    assert all("3 clips score higher" in r.why for r in refused)


@pytest.mark.parametrize(
    ("more", "picture"),
    [({"action": "chop"}, False), ({"action": "knead"}, True)],
    ids=["another doing", "another picture"],
)
def test_what_is_nearly_as_good_and_new_comes_before_the_same_again(
    more: dict[str, str], picture: bool
) -> None:
    first = shown("a.mp4", 0, 0.95, action="knead")
    same = shown("a.mp4", 20, 0.94, action="knead")
    if picture:
        same = replace(same, thumb=first.thumb + 1.0)
    other = shown("a.mp4", 40, 0.9, **more)
    chosen, _ = best_of_shoot([first, same, other], brief_of(), 2)
    assert [id(cut) for cut in chosen] == [id(first), id(other)]


def test_another_take_comes_before_the_third_of_one() -> None:
    many = [shown("a.mp4", at, 0.9, action=a) for at, a in ((0, "chop"), (20, "stir"))]
    one = shown("b.mp4", 0, 0.87, action="knead")
    third = shown("a.mp4", 40, 0.9, action="pour")
    chosen, _ = best_of_shoot([*many, third, one], brief_of(), 3)
    assert any(cut is one for cut in chosen)


def test_quotas_hold_over_the_shoot_and_not_in_each_take() -> None:
    work = [
        shown(f"{take}.mp4", at, 0.99, action=action)
        for take in "abc" for at, action in ((0, "chop"), (20, "stir"))
    ]  # fmt: skip
    mishaps = [shown(f"{take}.mp4", 60, 0.6, "mishap") for take in "abc"]
    person, dish = shown("b.mp4", 80, 0.55, "people"), shown("c.mp4", 90, 0.6, "reveal")
    quotas = {kind: Quota(least=1, most=1) for kind in ("mishap", "people", "reveal")}
    chosen, refused = best_of_shoot([*work, *mishaps, person, dish], brief_of(**quotas), 7)
    kinds = Counter(cut.kind for cut in chosen)
    assert kinds == {"process": 4, "mishap": 1, "people": 1, "reveal": 1}
    assert sum("quotas.mishap.most" in r.why for r in refused) == 2


def test_a_step_of_the_notes_is_one_doing() -> None:
    preset: Preset = PRESET
    take = footage(Path("/takes/a.mp4"))
    assert (
        activity_of(
            shown("a.mp4", 0, 0.9, action="knead"),
            PlanContext(preset, "t", ClipRequest(), read_sources([take], preset)),
        )
        == "process knead"
    )
