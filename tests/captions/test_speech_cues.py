from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.captions.effects import word_timings
from btsclip.captions.layout import layout_caption
from btsclip.captions.speech import CHARACTERS, LINGER, PAUSE, belong_together, speech_cues
from btsclip.plan.model import Caption
from btsclip.presets.load import load_preset
from btsclip.signals.speech import Speech, SpokenText

WORDS = st.one_of(
    st.sampled_from(
        [
            "20",
            "minutes,",
            "Maria",
            "Rossi.",
            "and",
            "dough;",
            "3.5",
            "cups",
            "water",
            "rests!",
            "I",
        ]
    ),
    st.text("abcdeé", min_size=1, max_size=60),
)


@st.composite
def speeches(draw: st.DrawFn) -> Speech:
    words, time = [], draw(st.floats(0, 5))
    for text in draw(st.lists(WORDS, max_size=40)):
        time = round(time + draw(st.sampled_from([0.0, 0.0, 0.1, 0.36, 1.5])), 3)
        end = round(time + draw(st.floats(0.04, 0.9)), 3)
        words.append(SpokenText(text, time, end, 0.9))
        time = end
    return Speech.of(words)


def said(text: str, each: float = 0.3, pauses: dict[int, float] | None = None) -> Speech:
    words, time = [], 0.0
    for i, word in enumerate(text.split()):
        time += (pauses or {}).get(i, 0.0)
        words.append(SpokenText(word, round(time, 3), round(time + each, 3), 0.9))
        time += each
    return Speech.of(words)


def texts(speech: Speech, **limits: int) -> list[str]:
    return [cue.text for cue in speech_cues(speech, **limits)]


@given(speeches(), st.integers(10, 60), st.one_of(st.none(), st.integers(1, 5)))
def test_every_word_is_in_one_cue_at_its_time(
    speech: Speech, characters: int, most_words: int | None
) -> None:
    cues = speech_cues(speech, characters=characters, most_words=most_words)
    flat = [(w.text, w.start, w.end) for cue in cues for w in cue.words]
    assert flat == [(w.text, w.start, w.end) for w in speech.words]
    for cue in cues:
        assert cue.text.split(" ") == [word.text for word in cue.words]
        assert len(cue.text) <= characters or len(cue.words) == 1
        assert most_words is None or len(cue.words) <= most_words
        assert cue.start == cue.words[0].start
        assert cue.words[-1].end <= cue.end <= cue.words[-1].end + LINGER + 1e-6
    for cue, following in pairwise(cues):
        assert cue.end <= following.start


@given(speeches())
def test_cues_end_at_pauses(speech: Speech) -> None:
    for cue in speech_cues(speech):
        for word, following in pairwise(cue.words):
            pause = following.start - word.end
            assert pause <= PAUSE or belong_together(word.text, following.text)


def test_cues_end_with_sentences_and_clauses() -> None:
    speech = said("Salt it. When the dough has rested for an hour, we shape the loaves by hand")
    assert texts(speech) == [
        "Salt it.",
        "When the dough has rested for an hour,",
        "we shape the loaves by hand",
    ]


def test_numbers_and_names_stay_together() -> None:
    words = (
        "then everything goes in to wait for about 45 minutes and Maria Rossi looks at the clock"
    )
    for characters in range(24, 50):
        for line in texts(said(words), characters=characters):
            assert not line.endswith(("45", "Maria"))
    hesitant = said("wait 20 minutes now", pauses={2: 0.5})
    assert texts(hesitant) == ["wait 20 minutes now"]
    assert texts(said("wait 20 minutes now", pauses={2: 1.5})) == ["wait 20", "minutes now"]


def test_few_words_at_once() -> None:
    for text in texts(said("we fold the dough four times and let it rest"), most_words=3):
        assert len(text.split()) <= 3


def test_a_short_cue_stays_until_it_is_read_but_not_over_the_next() -> None:
    speech = said("Stop. Now we wait", each=0.25, pauses={1: 0.4})
    first, second = speech_cues(speech)
    assert first.end == second.start == 0.65
    assert second.end - second.start == pytest.approx(0.8)
    (alone,) = speech_cues(said("Stop.", each=0.2))
    assert alone.end == pytest.approx(0.8)


@pytest.mark.parametrize(
    "name", ["honest-kitchen", "street-food-fast", "mishap-and-fix", "recipe-steps", "asmr-no-text"]
)
def test_a_full_cue_fits_every_look_and_its_words_have_their_turns(name: str) -> None:
    preset = load_preset(name)
    speech = said("Then we wait with the warm dough now, mum!")
    (cue,) = speech_cues(speech)
    assert len(cue.text) == CHARACTERS
    caption = Caption(text=cue.text, start=0, end=4, role="speech", words=list(cue.words))
    block = layout_caption(caption, preset)
    turns = [(turn.start, turn.end) for line in word_timings(block) for turn in line]
    assert turns == [(word.start, word.end) for word in cue.words]


def test_nothing_said_gives_no_cues() -> None:
    assert speech_cues(Speech.of([])) == ()
