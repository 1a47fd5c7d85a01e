from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_story import footage, piece

from btsclip.moments.select import look_alike
from btsclip.presets.schema import Quota
from btsclip.story.arc import ARCS, GROUPS, group_of
from btsclip.story.choose import Rules, StoryChoice, choose
from btsclip.story.lengths import longest_story
from btsclip.story.order import order_pieces, order_takes
from btsclip.story.pieces import MIN_SECONDS, StoryPiece

MAKING = ARCS["making"]
KINDS = ("process", "process", "process", "mishap", "people", "why", "reveal", "idle")


def rules(seconds: float = 45.0, arc: str = "making", **quotas: Quota) -> Rules:
    return Rules(ARCS[arc], seconds, {}, quotas)


def story(pieces: list[StoryPiece], asked: Rules) -> StoryChoice:
    return choose(offered(pieces), asked)


def offered(pieces: list[StoryPiece]) -> list[StoryPiece]:
    takes = list(dict.fromkeys(p.cut.footage for p in pieces))
    return order_pieces(pieces, order_takes(takes))


def full_shoot() -> list[StoryPiece]:
    """Twelve takes, an hour apart, with all acts in their places."""
    kinds = ["idle", *["process"] * 9, "people", "reveal"]
    actions = [None, "knead", "knead", "chop", "chop", "stir", "stir", "toss", "pour", "plate"]
    made = []
    for number, kind in enumerate(kinds):
        take = footage(f"x{(number * 5) % 12}.mp4", 30, minutes=60 * number)
        action = actions[number] if number < len(actions) else None
        heat = {"sizzle": 0.8} if number > 5 else {}
        made.append(piece(take, 5, 8.2, kind, action=action, room=(1, 28), **heat))
    return made


def test_acts_follow_their_order() -> None:
    chosen = story(full_shoot(), rules())
    acts = [part.act.name for part in chosen.parts if not part.act.anywhere]
    wanted = [act.name for act in MAKING.acts if not act.anywhere]
    assert list(dict.fromkeys(acts)) == wanted
    assert chosen.warnings == ()
    assert [part.when for part in chosen.parts] == sorted(part.when for part in chosen.parts)


def test_act_without_a_piece_is_reported() -> None:
    shoot = [p for p in full_shoot() if p.cut.kind != "reveal"]
    chosen = story(shoot, rules())
    assert [text for text in chosen.warnings if "'reveal'" in text and "seconds go to" in text]
    assert {part.act.name for part in chosen.parts} >= {"ingredients", "hands at work", "the turn"}


def test_good_pieces_come_before_poor_ones() -> None:
    take, other = footage("a.mp4", 90, 0), footage("b.mp4", 90, 60)
    poor = [piece(take, 10.0 * i, 10.0 * i + 3.2, score=0.55) for i in range(5)]
    good = [piece(other, 10.0 * i, 10.0 * i + 3.2, score=0.95) for i in range(5)]
    chosen = story([*poor, *good], rules(10))
    names = [part.cut.footage.path.name for part in chosen.parts]
    assert names.count("b.mp4") > names.count("a.mp4")


def test_pieces_that_look_the_same_are_shown_once() -> None:
    take = footage("a.mp4", 90, 0)
    chosen = story([piece(take, 10.0 * i, 10.0 * i + 3.2, look=7) for i in range(6)], rules(10))
    assert len(chosen.parts) == 1
    assert all("looks like a.mp4" in refusal.why for refusal in chosen.refused)


def test_a_picture_from_before_the_work_is_no_finished_dish() -> None:
    shoot = full_shoot()
    room = piece(footage("room.mp4", 30, 55), 3, 6, "idle", look=3)
    again = piece(footage("late.mp4", 30, 60 * 12), 3, 6, "reveal", look=3, score=0.99)
    chosen = story([room, *shoot, again], rules())
    assert "late.mp4" not in {part.cut.footage.path.name for part in chosen.parts}
    assert [r for r in chosen.refused if "no finished dish" in r.why]


def test_quiet_picture_is_the_dish_only_late_and_after_work() -> None:
    takes = [footage(f"{n}.mp4", 30, 60 * n) for n in range(4)]
    kinds = ("reveal", "process", "process", "idle")
    in_order = offered([piece(t, 5, 8, kind) for t, kind in zip(takes, kinds, strict=True)])
    assert [p.cut.kind for p in in_order] == ["idle", "process", "process", "reveal"]


@pytest.mark.parametrize("kind", ["mishap", "people"])
def test_quotas_of_the_preset_hold_for_the_story(kind: str) -> None:
    shoot = full_shoot()
    for number in range(5):
        take = footage(f"more{number}.mp4", 30, 60 * number + 400)
        shoot.append(piece(take, 5, 8, kind, room=(2, 12), score=0.99))
    at_most = story(shoot, rules(60, **{kind: Quota(most=1)}))
    assert sum(part.kind == kind for part in at_most.parts) == 1
    at_least = story(shoot, rules(60, **{kind: Quota(least=2)}))
    assert sum(part.kind == kind for part in at_least.parts) >= 2
    none = story(shoot, rules(60, **{kind: Quota(most=0)}))
    assert not any(part.kind == kind for part in none.parts)


@st.composite
def shoots(draw: st.DrawFn) -> list[StoryPiece]:
    """Up to 8 takes of any pieces, some of which look the same."""
    made: list[StoryPiece] = []
    for number in range(draw(st.integers(1, 8))):
        minutes = draw(st.one_of(st.none(), st.integers(0, 600)))
        take = footage(f"t{number}.mp4", 60, minutes)
        at = draw(st.floats(0, 5))
        for _ in range(draw(st.integers(0, 6))):
            length, gap = draw(st.floats(MIN_SECONDS, 3.2)), draw(st.floats(0.0, 4))
            if at + length + gap > 60:
                break
            look = draw(st.one_of(st.none(), st.integers(0, 3)))
            made.append(
                piece(
                    take, at, at + length, draw(st.sampled_from(KINDS)), look=look,
                    action=draw(st.sampled_from(["chop", "knead", "stir", "toss", "other", None])),
                    room=(max(0.0, at - gap / 2), at + length + gap / 2),
                    score=draw(st.floats(0.5, 1)), sizzle=draw(st.floats(0, 1)),
                )
            )  # fmt: skip
            at += length + gap
    return made


@settings(max_examples=120, deadline=None)
@given(shoots(), st.sampled_from(sorted(ARCS)), st.floats(6, 90), st.integers(0, 3))
def test_rules_hold_for_any_pieces(
    pieces: list[StoryPiece], arc: str, seconds: float, most: int
) -> None:
    asked = rules(seconds, arc, mishap=Quota(most=most))
    chosen = story(pieces, asked)
    parts = chosen.parts
    assert len(parts) + len(chosen.refused) == len(pieces)
    assert [part.when for part in parts] == sorted(part.when for part in parts)
    acts = [asked.arc.acts.index(part.act) for part in parts if not part.act.anywhere]
    assert acts == sorted(acts)
    for a, b in combinations(parts, 2):
        assert not look_alike(a.cut, b.cut)
        if a.cut.footage == b.cut.footage:
            first, second = sorted([a.cut, b.cut], key=lambda cut: cut.start)
            assert first.end <= second.start
    assert sum(part.kind == "mishap" for part in parts) <= most
    total = longest_story(
        {
            group: sum(asked.max_seconds(p) for p in parts if group_of(p.kind) == group)
            for group in GROUPS
        },
        asked.arc.max_shares,
    )
    total = min(total, seconds)
    assert len(parts) * MIN_SECONDS <= total + 1e-6 or not parts
    for kind in KINDS:
        size = sum(part.kind in GROUPS[group_of(kind)] for part in parts)
        assert size * MIN_SECONDS <= asked.max_share(kind) * total + 1e-6
    assert all(part.act.fit(part.kind, part.cut.action, 0.5, {}) >= 0 for part in parts)


@given(
    st.dictionaries(st.sampled_from(sorted(GROUPS)), st.floats(0, 100)),
    st.dictionaries(st.sampled_from(["people", "product", "things"]), st.floats(0.05, 0.25)),
)
def test_longest_story_keeps_all_shares(rooms: dict[str, float], most: dict[str, float]) -> None:
    total = longest_story(rooms, most)
    assert 0 <= total <= sum(rooms.values()) + 1e-6
    shown = sum(min(room, most.get(name, 1.0) * total) for name, room in rooms.items())
    assert shown == pytest.approx(total, abs=1e-3)


def test_places_are_shares_of_the_footage_in_order() -> None:
    late, early = footage("a.mp4", 30, 60), footage("b.mp4", 10, 0)
    in_order = offered([piece(late, 10, 13), piece(early, 4, 6)])
    assert [p.cut.footage for p in in_order] == [early, late]
    assert [p.place for p in in_order] == pytest.approx([5 / 40, 21.5 / 40])
    assert all(np.isfinite(p.figures["change"]) for p in in_order)
    assert all(a.when <= b.when for a, b in pairwise(in_order))
