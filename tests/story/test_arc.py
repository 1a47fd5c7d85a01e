from __future__ import annotations

import pytest

from btsclip.errors import BtsclipError
from btsclip.story.arc import ARCS, GROUPS, HANDS_AT_WORK, REVEAL, TURN, arc_named


def test_every_arc_is_valid() -> None:
    kinds = {kind for group in GROUPS.values() for kind in group}
    for name, arc in ARCS.items():
        assert arc.name == name and arc.about
        assert sum(act.share for act in arc.acts) == pytest.approx(1, abs=0.15)
        assert len({act.name for act in arc.acts}) == len(arc.acts)
        for act in arc.acts:
            assert act.min_spans <= act.max_spans and set(act.kinds) <= kinds
            assert act.where[0] < act.where[1] and act.shows
        # A story is about work: other things may not fill it.
        assert sum(arc.max_shares.values()) < 0.8 and arc.max_shares["product"] <= 0.15


def test_usual_story_goes_from_ingredients_to_the_dish() -> None:
    ordered = [act.name for act in ARCS["making"].acts if not act.anywhere]
    assert ordered == ["ingredients", "hands at work", "tools", "the turn", "reveal"]


def test_error_for_an_unknown_arc_names_the_nearest() -> None:
    with pytest.raises(BtsclipError, match=r"did you mean making\? there are making, mishap"):
        arc_named("makin")


def test_hands_at_work_need_visible_hands() -> None:
    with_hands = HANDS_AT_WORK.fit("process", "knead", 0.3, {"hands_share": 0.9})
    without = HANDS_AT_WORK.fit("process", "knead", 0.3, {"hands_share": 0.0})
    assert with_hands == 1 and without < 0.3
    assert HANDS_AT_WORK.fit("reveal", None, 0.3, {"hands_share": 0.9}) == 0


def test_dish_belongs_at_the_end() -> None:
    assert REVEAL.fit("reveal", None, 0.9, {}) == 1
    assert REVEAL.fit("reveal", None, 0.1, {}) == 0


def test_heat_makes_a_turn_and_is_its_reason() -> None:
    hot, cold = {"sizzle": 0.8}, {"sizzle": 0.0}
    assert TURN.fit("process", "stir", 0.7, hot) > 2 * TURN.fit("process", "stir", 0.7, cold)
    assert TURN.reason("process", hot) == "there is heat"
    assert TURN.reason("process", cold) == TURN.shows
    assert TURN.reason("mishap", hot) == "something went wrong"
