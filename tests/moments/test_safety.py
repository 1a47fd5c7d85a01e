from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_signals import signals
from test_select import footage

from btsclip.analysis.analysis import Analysis
from btsclip.moments.belief import process_belief
from btsclip.moments.find import find_moments
from btsclip.moments.safety import Danger, find_dangers, first_danger
from btsclip.moments.select import find_candidates
from btsclip.signals.model import STEP, Signals
from btsclip.story.pieces import pieces_of

AT = 20.0


def chopping() -> Signals:
    """Half a minute of chopping: two regular strokes a second, each with a blow."""
    made = signals(40, ((4, 34),))
    busy = made.hands > 0
    return replace(
        made,
        rhythm=np.where(busy, 0.8, 0.0),
        strokes=np.where(busy, 2.2, 0.0),
        onsets=np.where(busy, 0.5, 0.0),
        sound=np.where(busy, 0.5, 0.3),
    )


def with_value(
    made: Signals, name: str, value: float, seconds: float = 0.5, at: float = AT
) -> Signals:
    values = np.array(getattr(made, name))
    first = round(at / STEP)
    values[first : first + max(1, round(seconds / STEP))] = value
    return replace(made, **{name: values})


def with_jerk(made: Signals) -> Signals:
    return with_value(with_value(made, "hand_motion", 0.9), "motion", 0.9)


def dangers(made: Signals) -> list[Danger]:
    return find_dangers(made)


def test_cry_and_jerk_at_the_knife_are_a_danger() -> None:
    (found,) = dangers(with_jerk(with_value(chopping(), "cry", 1.0)))
    assert found.time == AT and "knife" in found.why and "20.0 s" in found.why
    assert found.figures["cry"] == 1 and found.figures["hand_jerk"] >= 0.5
    assert found.figures["knife"] >= 0.3


def test_sudden_shout_counts_as_a_cry() -> None:
    loud = with_value(with_value(chopping(), "voice", 0.9), "sound", 0.85)
    assert len(dangers(with_jerk(loud))) == 1
    # A voice no louder than the knife is only speech.
    assert dangers(with_jerk(with_value(chopping(), "voice", 0.9))) == []


def test_hand_that_suddenly_disappears_has_jerked_away() -> None:
    made = with_value(chopping(), "cry", 1.0)
    hands = np.where(made.times > AT + 0.3, 0, made.hands)
    assert len(dangers(replace(made, hands=hands))) == 1


def test_cry_alone_or_without_a_knife_is_not_a_danger() -> None:
    assert dangers(with_value(chopping(), "cry", 1.0)) == []
    kneading = signals(40, ((4, 34),))
    assert dangers(with_jerk(with_value(kneading, "cry", 1.0))) == []


def test_red_near_a_jerking_hand_is_a_danger() -> None:
    made = with_jerk(chopping())
    red = np.where(made.times >= AT + 0.5, 0.05, 0.0)
    (found,) = dangers(replace(made, red=red))
    assert "red" in found.why
    # Tomatoes stay red, and more of them come without a jerk.
    assert dangers(replace(made, red=np.full(len(red), 0.2))) == []
    assert dangers(replace(chopping(), red=red)) == []


def test_crying_face_is_a_danger_and_laughing_face_is_not() -> None:
    made = signals(40, ((4, 16),))
    seen = replace(made, faces=np.ones(len(made.times), int), face_size=made.sound + 0.3)
    (found,) = dangers(with_value(seen, "cry", 1.0))
    assert "face" in found.why
    laughing = with_value(with_value(seen, "voice", 0.9, 3.0), "sound", 0.7, 3.0)
    assert dangers(laughing) == []


def test_clatter_and_laughter_are_only_a_mishap() -> None:
    made = with_value(with_jerk(chopping()), "clatter", 0.95, STEP)
    made = with_value(with_value(made, "sound", 0.9, 0.25), "sound", 0.8, 2.0, AT + 0.75)
    made = with_value(made, "voice", 0.9, 2.0, AT + 0.75)
    assert dangers(made) == []
    cuts, _ = find_candidates(footage(40), made, find_moments(made, 40), (4.0, 12.0, 20.0))
    mishaps = [cut for cut in cuts if cut.kind == "mishap"]
    assert len(mishaps) == 1 and not any(cut.danger for cut in cuts)


def test_only_clips_that_show_a_danger_are_marked() -> None:
    made = with_jerk(with_value(chopping(), "cry", 1.0))
    made = with_value(made, "clatter", 0.95, STEP)
    cuts, _ = find_candidates(footage(40), made, find_moments(made, 40), (4.0, 6.0, 10.0))
    (found,) = dangers(made)
    assert any(cut.kind == "mishap" and cut.danger for cut in cuts)
    for cut in cuts:
        assert bool(cut.danger) == found.within(cut.start, cut.end)
        assert not cut.danger or cut.evidence["hand_jerk"] >= 0.5


@pytest.mark.parametrize(
    ("start", "end", "shown"), [(0, 17, False), (10, 19, True), (29, 40, False)]
)
def test_clips_that_overlap_a_danger_show_it(start: float, end: float, shown: bool) -> None:
    found = Danger(20, 18, 28, {}, "why")
    assert (first_danger([found], start, end) is found) == shown


def test_story_does_not_show_a_danger() -> None:
    made = with_jerk(with_value(chopping(), "cry", 1.0))
    take = footage(40)
    analysis = Analysis(take, made, process_belief(made), find_moments(made, 40))
    pieces, refused = pieces_of(analysis)
    (found,) = dangers(made)
    assert pieces
    for piece in pieces:
        assert not found.within(*piece.room)
        assert not found.within(piece.cut.start, piece.cut.end)
    assert all("unasked" in r.why for r in refused if found.within(r.start, r.end))
