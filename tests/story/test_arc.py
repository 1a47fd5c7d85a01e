from __future__ import annotations

import pytest

from btsclip.errors import BtsclipError
from btsclip.story.arc import ARCS, GROUPS, HANDS_AT_WORK, REVEAL, TURN, arc_named


def test_every_arc_can_be_told() -> None:
    kinds = {kind for group in GROUPS.values() for kind in group}
    for name, arc in ARCS.items():
        assert arc.name == name and arc.about
        assert sum(act.share for act in arc.acts) == pytest.approx(1, abs=0.15)
        assert len({act.name for act in arc.acts}) == len(arc.acts)
        for act in arc.acts:
            assert act.least <= act.most and set(act.kinds) <= kinds
            assert act.where[0] < act.where[1] and act.shows
        # A story is of work: what is not may not fill it.
        assert sum(arc.most.values()) < 0.8 and arc.most["product"] <= 0.15


def test_the_usual_story_goes_from_things_by_hands_tools_and_a_turn_to_the_dish() -> None:
    ordered = [act.name for act in ARCS["making"].acts if not act.anywhere]
    assert ordered == ["ingredients", "hands at work", "tools", "the turn", "reveal"]


def test_an_unknown_arc_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(BtsclipError, match=r"did you mean making\? there are making, mishap"):
        arc_named("makin")


def test_hands_fit_where_hands_are_seen() -> None:
    with_hands = HANDS_AT_WORK.fit("process", "knead", 0.3, {"hands_share": 0.9})
    without = HANDS_AT_WORK.fit("process", "knead", 0.3, {"hands_share": 0.0})
    assert with_hands == 1 and without < 0.3
    assert HANDS_AT_WORK.fit("reveal", None, 0.3, {"hands_share": 0.9}) == 0


def test_the_dish_belongs_at_the_end() -> None:
    assert REVEAL.fit("reveal", None, 0.9, {}) == 1
    assert REVEAL.fit("reveal", None, 0.1, {}) == 0


def test_heat_makes_a_turn_and_says_so() -> None:
    hot, cold = {"sizzle": 0.8}, {"sizzle": 0.0}
    assert TURN.fit("process", "stir", 0.7, hot) > 2 * TURN.fit("process", "stir", 0.7, cold)
    assert TURN.reason("process", hot) == "there is heat"
    assert TURN.reason("process", cold) == TURN.shows
    assert TURN.reason("mishap", hot) == "something went wrong"
