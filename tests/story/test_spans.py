from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_signals import signals
from made_story import analysis, footage, piece

from btsclip.analysis.analysis import Analysis
from btsclip.media.footage import Footage
from btsclip.moments.find import Moment
from btsclip.moments.select import Cut
from btsclip.plan.texts import Card
from btsclip.story.arc import ARCS
from btsclip.story.choose import Rules, choose
from btsclip.story.order import order_pieces, order_takes
from btsclip.story.pieces import StoryPiece, pieces_of, separate_rooms
from btsclip.story.spans import LOOK_AHEAD, StoryLayout, layout_story, shares_of

FPS = 30
KINDS = ["idle", *["process"] * 9, "people", "reveal"]


def shoot(count: int = 12) -> tuple[list[StoryPiece], dict[Footage, Analysis]]:
    """Takes half an hour apart with all kinds of pieces; those of work have two."""
    made, analyses = [], {}
    for number in range(count):
        take = footage(f"t{number}.mp4", 40, minutes=30 * number)
        kind = KINDS[number * len(KINDS) // count]
        heat = {"sizzle": 0.9 if number > count / 2 else 0.0}
        made.append(piece(take, 6, 9.2, kind, room=(2, 18), **heat))
        if kind == "process":
            made.append(piece(take, 25, 28.2, kind, room=(20, 38), **heat))
        analyses[take] = analysis(take)
    return made, analyses


def lay_out(seconds: float, arc: str = "making", **more) -> StoryLayout:
    pieces, analyses = more.pop("shoot", None) or shoot()
    rules = Rules(ARCS[arc], seconds, {}, {}, more.pop("speed", 1.0))
    chosen = choose(order_pieces(pieces, order_takes(list(analyses))), rules)
    return layout_story(chosen.parts, analyses, rules, FPS, **more)


@settings(max_examples=25, deadline=None)
@given(st.floats(12, 75), st.sampled_from(sorted(ARCS)), st.integers(6, 14))
@pytest.mark.slow
def test_story_has_the_asked_length_and_keeps_shares(seconds: float, arc: str, takes: int) -> None:
    story = lay_out(seconds, arc, shoot=shoot(takes))
    assert abs(story.seconds - seconds) <= 0.5 or "no more work" in story.warnings[-1]
    assert story.seconds <= seconds + 0.5
    shares = shares_of(story.spans)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert next(iter(shares)) == "process"
    for group, most in ARCS[arc].max_shares.items():
        assert shares.get(group, 0) <= most + 0.01
    for a, b in pairwise([s.cut for s in story.spans if s.act != LOOK_AHEAD.name]):
        assert (a.footage.created, a.start) < (b.footage.created, b.start)
        assert a.footage != b.footage or a.end <= b.start + 1e-6
    for span in story.spans:
        assert span.seconds == pytest.approx(span.cut.end - span.cut.start, abs=1e-3)
        assert 1.5 - 1e-6 <= span.seconds <= 6 + 1e-6


def test_too_little_work_makes_a_shorter_story_and_a_warning() -> None:
    take = footage("a.mp4", 20, 0)
    story = lay_out(45, shoot=([piece(take, 5, 8, room=(2, 12))], {take: analysis(take)}))
    assert story.seconds == pytest.approx(6, abs=0.1)
    assert "6.0 s long, not 45" in story.warnings[0]


def test_cards_count_in_the_length() -> None:
    def cards(cuts: object) -> dict[int, Card]:
        return {1: Card(text="1 h later", seconds=1.5, role="time")}

    story = lay_out(30, cards=cards)
    assert story.seconds == pytest.approx(30, abs=0.05)
    assert story.starts[1] == pytest.approx(story.spans[0].seconds + 1.5)


@pytest.mark.parametrize("seconds", [1.25, 4.55, 2.017])
def test_card_is_rounded_to_whole_frames(seconds: float) -> None:
    story = lay_out(
        30, cards=lambda cuts: {1: Card(text="1 h later", seconds=seconds, role="time")}
    )
    assert story.seconds == pytest.approx(30, abs=0.05) and len(story.spans) > 5
    assert seconds <= story.cards[1].seconds < seconds + 1 / FPS + 1e-3


def test_cuts_fall_on_beats_and_the_dish_keeps_its_share() -> None:
    beats = [0.31 + i * 60 / 113 for i in range(100)]
    story = lay_out(45, beats=beats)
    assert abs(story.seconds - 45) <= 0.5
    for start in story.starts[1:]:
        assert min(abs(start - beat) for beat in beats) <= 0.5 / FPS + 1e-6
    assert shares_of(story.spans)["product"] <= 0.13


def test_arc_with_a_look_begins_with_another_part_of_the_dish() -> None:
    story = lay_out(40, "question")
    first, last = story.spans[0], story.spans[-1]
    assert (
        first.act == LOOK_AHEAD.name and last.act == "reveal" and "begins with it" in first.reason
    )
    assert first.seconds == pytest.approx(1.5, abs=0.05)
    assert first.cut.footage == last.cut.footage and first.cut.start > last.cut.end


def test_short_story_shows_the_dish_only_at_the_end() -> None:
    story = lay_out(15, "question")
    assert (
        LOOK_AHEAD.name not in [span.act for span in story.spans]
        and story.spans[-1].act == "reveal"
    )
    assert "without a look at the dish" in story.warnings[0]


def test_twice_the_speed_takes_twice_the_footage() -> None:
    story = lay_out(20, speed=2.0)
    assert story.seconds == pytest.approx(20, abs=0.05)
    for span in story.spans:
        assert span.cut.end - span.cut.start == pytest.approx(2 * span.seconds, abs=1e-3)


def test_take_with_constant_speech_is_left_out() -> None:
    pieces, analyses = shoot()
    chatty = pieces[3].cut.footage
    made = signals(chatty.duration, ((0, chatty.duration),), voice=np.full(160, 0.9))
    story = lay_out(30, shoot=(pieces, analyses | {chatty: analysis(chatty, made)}))
    assert chatty not in [span.cut.footage for span in story.spans]
    assert [r for r in story.refused if "no place to cut" in r.why]


def test_shoot_with_constant_speech_makes_a_story_and_a_warning() -> None:
    pieces, analyses = shoot(6)
    loud = {
        take: analysis(take, signals(40, ((0, 40),), voice=np.full(160, 0.9))) for take in analyses
    }
    story = lay_out(15, shoot=(pieces, loud))
    assert story.seconds == pytest.approx(15, abs=0.5)
    assert "cuts fall into what is said" in story.warnings[0]


def test_work_with_constant_speech_is_shown_beside_quiet_things() -> None:
    pieces, analyses = shoot()
    loud = {
        take: analysis(take, signals(40, ((0, 40),), voice=np.full(160, 0.9)))
        if any(p.cut.footage == take and p.cut.kind == "process" for p in pieces)
        else made
        for take, made in analyses.items()
    }
    story = lay_out(15, shoot=(pieces, loud))
    assert story.seconds == pytest.approx(15, abs=0.5)
    assert shares_of(story.spans)["process"] > 0.5
    assert any("cuts fall into what is said" in text for text in story.warnings)


def test_sentences_are_not_cut() -> None:
    spoken = [(2.0, 4.0), (4.3, 9.8), (10.4, 13.0)]

    def speech(cut: Cut, room: tuple[float, float]) -> list[tuple[float, float]]:
        return spoken if room[0] < 15 else []

    for span in lay_out(30, speech=speech).spans:
        for time in (span.cut.start, span.cut.end):
            assert not any(a + 1e-3 < time < b - 1e-3 for a, b in spoken if span.cut.start < 15)


def test_rooms_of_one_take_do_not_overlap() -> None:
    take = footage("a.mp4", 60, 0)
    pieces = [piece(take, 20, 23, room=(10, 40)), piece(take, 5, 8, room=(0, 22))]
    separated = separate_rooms(pieces)
    assert separated[1].room == (0, 14) and separated[0].room == (14, 40)


def test_pieces_are_parts_of_moments_with_room_around_them() -> None:
    take = footage("a.mp4", 120, 0)
    pieces, refused = pieces_of(analysis(take, signals(120, ((10, 90),))))
    work = [p for p in pieces if p.cut.kind == "process"]
    assert 2 <= len(work) <= 3
    for part in work:
        assert part.cut.end - part.cut.start == pytest.approx(3.2, abs=0.3)
        assert part.room[0] <= part.cut.start and part.cut.end <= part.room[1]
        assert part.room[0] >= 9 and part.room[1] <= 91
    assert all(a.room[1] <= b.room[0] for a, b in pairwise(work))
    assert refused and all("no work" in refusal.why for refusal in refused)


def test_quiet_sharp_picture_is_a_thing_to_show() -> None:
    take = footage("a.mp4", 40, 0)
    made = signals(40, ((20, 40),), sharpness=np.full(160, 0.02))
    pieces, _ = pieces_of(analysis(take, made))
    things = [p for p in pieces if p.cut.kind == "idle"]
    assert len(things) == 1 and things[0].room[1] <= 21
    assert things[0].cut.score > 0.5


def test_possible_injury_is_in_no_story() -> None:
    take = footage("a.mp4", 60, 0)
    made = signals(60, ((5, 55),))
    hurt = (made.times >= 30) & (made.times < 30.5)
    busy = made.hands > 0
    made = signals(
        60, ((5, 55),), cry=np.where(hurt, 1.0, 0.0), motion=np.where(hurt, 0.9, made.motion),
        hand_motion=np.where(hurt, 0.9, made.hand_motion), rhythm=np.where(busy, 0.8, 0.0),
        strokes=np.where(busy, 2.2, 0.0), onsets=np.where(busy, 0.5, 0.0),
    )  # fmt: skip
    pieces, refused = pieces_of(analysis(take, made))
    assert len(pieces) >= 2
    # From two seconds before to eight after it.
    assert all(p.room[1] <= 28 or p.room[0] >= 38 for p in pieces)
    assert [r for r in refused if "a cry at 30.0 s" in r.why and "unasked" in r.why]


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0, 30), st.floats(1, 12), st.sampled_from(["exposure", "sharpness", "thumbs"]),
    st.sampled_from([1, 4, 8]),
)  # fmt: skip
def test_no_span_is_far_darker_blurrier_or_emptier_than_its_take(
    start: float, seconds: float, what: str, every: int
) -> None:
    take = footage("a.mp4", 40, 0)
    made = signals(40, ((0, 40),))
    bad = (made.times >= start) & (made.times < start + seconds)
    figures = {"exposure": np.where(bad, 0.06, 0.4), "sharpness": np.where(bad, 0.0012, 0.02)}
    figures = {name: values for name, values in figures.items() if name == what}
    if what == "thumbs":
        figures["thumbs"] = np.where(bad[:, None, None], 128, made.thumbs).astype(np.uint8)
    # Only some pictures are measured; those between two of them are unknown.
    seen = {"thumbs": figures.get("thumbs", made.thumbs)[::every]}
    dull = analysis(take, made, **{**figures, **seen, "thumb_times": made.times[::every]})
    pieces, refused = pieces_of(dull)
    story = lay_out(12, shoot=(pieces, {take: dull}))
    measured = dull.signals.thumb_times[bad[::every]]
    assert story.spans
    for cut in (span.cut for span in story.spans):
        assert not ((measured >= cut.start) & (measured < cut.end)).any()
    assert any("far" in refusal.why for refusal in refused) == bool(len(measured))


def test_invisible_mishap_is_in_no_story() -> None:
    take = footage("a.mp4", 40, 0)
    made = signals(40, ((0, 40),))
    moment = Moment("m", "mishap", None, 18, 24, 0.9, {"at": 20.0, "clatter": 0.9}, "")
    for dark in ((19.5, 21.5), (22.5, 24)):
        inside = (made.times >= dark[0]) & (made.times < dark[1])
        seen = replace(analysis(take, made, exposure=np.where(inside, 0.02, 0.4)), moments=[moment])
        pieces, refused = pieces_of(seen)
        assert len(pieces) == (dark[0] > 20) and "far darker" in refused[0].why
