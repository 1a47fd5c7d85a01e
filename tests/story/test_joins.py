from __future__ import annotations

import numpy as np
import pytest
from made_signals import signals
from made_story import footage, piece

from btsclip.captions.timing import reading_seconds
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.notes.model import Notes, Step
from btsclip.presets.schema import Preset
from btsclip.story.joins import Join, cards_for, joins_of
from btsclip.story.why import notes_for


def cut(take: Footage, start: float = 5.0, end: float = 8.0) -> Cut:
    return piece(take, start, end).cut


def joined(cuts: list[Cut], **sounds: float) -> list[Join]:
    made = {cut.footage: signals(cut.footage.duration) for cut in cuts}
    for take, plain in list(made.items()):
        level = np.full(len(plain.times), 1.0)
        made[take] = signals(
            take.duration, **{name: value * level for name, value in sounds.items()}
        )
    return joins_of(cuts, made, cards_for(cuts, 45.0), 1.0)


def test_a_long_gap_gets_a_card_and_a_short_one_a_dissolve() -> None:
    cuts = [cut(footage(f"{minutes}.mp4", 30, minutes)) for minutes in (0, 0.6, 8, 210)]
    moment, minutes, hours = joined(cuts)[1:]
    assert moment == Join()
    assert minutes == Join(enter="dissolve")
    assert hours.card and hours.card.text == "3 h 21 min later" and hours.card.role == "time"
    assert hours.enter == "cut"
    assert hours.card.seconds >= reading_seconds(hours.card.text)


def test_without_clocks_there_is_no_card_and_no_dissolve() -> None:
    joins = joined([cut(footage("a.mp4")), cut(footage("b.mp4"))])
    assert joins == [Join(), Join()]


def test_there_are_few_cards_and_they_name_the_longest_gaps() -> None:
    cuts = [
        cut(footage(f"{n}.mp4", 30, minutes)) for n, minutes in enumerate((0, 30, 300, 1000, 1060))
    ]
    cards = cards_for(cuts, 45.0)
    assert sorted(cards) == [2, 3]
    assert sum(card.seconds for card in cards.values()) <= 0.15 * 45
    assert cards_for(cuts, 7.0) == {}


def test_another_label_replaces_the_card_text() -> None:
    cuts = [cut(footage("a.mp4", 30, 0)), cut(footage("b.mp4", 30, 90))]
    (card,) = cards_for(cuts, 45.0, label=lambda *times: "much later").values()
    assert card.text == "much later"
    assert cards_for(cuts, 45.0, label=lambda *times: "") == {}


def test_good_kitchen_sound_overlaps_the_cut() -> None:
    cuts = [cut(footage("a.mp4", 30, 0)), cut(footage("b.mp4", 30, 0.6))]
    (_, join) = joined(cuts, sizzle=0.9)
    assert join.lead == pytest.approx(0.4) and join.tail_before == 0
    (_, quiet) = joined(cuts, sizzle=0.1)
    assert quiet.lead == quiet.tail_before == 0
    (_, spoken) = joined(cuts, sizzle=0.9, voice=0.8)
    assert spoken.lead == spoken.tail_before == 0


def test_at_the_start_of_a_take_the_sound_before_goes_on() -> None:
    first, second = footage("a.mp4", 30, 0), footage("b.mp4", 30, 0.6)
    (_, join) = joined([cut(first), cut(second, 0.1, 3.0)], sizzle=0.9)
    assert join.lead == 0 and join.tail_before == pytest.approx(0.4)
    (_, none) = joined([cut(first, 27, 30), cut(second, 0.1, 3.0)], sizzle=0.9)
    assert none.lead == none.tail_before == 0


def test_long_note_gets_a_card_if_there_is_time() -> None:
    take = footage("a.mp4", 90, 0)
    cuts = [cut(take, 10.0 * n, 10.0 * n + 3) for n in range(4)]
    long = "Cold butter stays in pieces, and pieces are what makes the layers later on."
    step = Step(name="butter", take="a.mp4", start=20.0, end=24.0, note=long)
    noted = {take.path: Notes(steps=[step])}
    cards = cards_for(cuts, 60.0, lambda some: notes_for(some, noted, Preset()))
    assert {i: card.text for i, card in cards.items()} == {2: long}
    assert cards_for(cuts, 15.0, lambda some: notes_for(some, noted, Preset())) == {}
