"""Speech as cues that fit the screen and can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.cues import (
    MAX_CUE_CHARACTERS,
    MAX_LINGER,
    MAX_PAUSE,
    belong_together,
    captions_of,
    cue_on_screen,
    cues_between,
    speech_cues,
)
from btsclip.captions.effects import word_timings
from btsclip.captions.layout import layout_caption
from btsclip.plan.speed import TimeMap
from btsclip.plan.texts import Caption
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


def speech_of(
    text: str, word_seconds: float = 0.3, pauses: dict[int, float] | None = None
) -> Speech:
    words, time = [], 0.0
    for i, word in enumerate(text.split()):
        time += (pauses or {}).get(i, 0.0)
        words.append(SpokenText(word, round(time, 3), round(time + word_seconds, 3), 0.9))
        time += word_seconds
    return Speech.of(words)


def texts(speech: Speech, **limits: int) -> list[str]:
    return [cue.text for cue in speech_cues(speech, **limits)]


@given(speeches(), st.integers(10, 60), st.one_of(st.none(), st.integers(1, 5)))
def test_every_word_is_in_one_cue_at_its_time(
    speech: Speech, characters: int, max_words: int | None
) -> None:
    cues = speech_cues(speech, characters=characters, max_words=max_words)
    flat = [(w.text, w.start, w.end) for cue in cues for w in cue.words]
    assert flat == [(w.text, w.start, w.end) for w in speech.words]
    for cue in cues:
        assert cue.text.split(" ") == [word.text for word in cue.words]
        assert len(cue.text) <= characters or len(cue.words) == 1
        assert max_words is None or len(cue.words) <= max_words
        assert cue.start == cue.words[0].start
        assert cue.words[-1].end <= cue.end <= cue.words[-1].end + MAX_LINGER + 1e-6
    for cue, following in pairwise(cues):
        assert cue.end <= following.start


@given(
    speeches(),
    st.lists(st.tuples(st.floats(0, 30), st.floats(0.25, 8)), max_size=4).map(sorted),
    st.floats(0, 10),
)
def test_words_keep_their_order_at_any_speed(
    speech: Speech, speeds: list[tuple[float, float]], start: float
) -> None:
    end = start + 12
    time_map = TimeMap.of(speeds, start, end)
    cues = cues_between(speech_cues(speech, max_words=3), start, end)
    captions = captions_of([cue_on_screen(cue, time_map) for cue in cues], "speech")
    words = [(word, caption) for caption in captions for word in caption.words]
    for word, caption in words:
        assert caption.start <= word.start <= word.end <= caption.end <= time_map.seconds + 0.001
    for (word, _), (following, _) in pairwise(words):
        assert word.end <= following.start + 0.0011
    for caption in captions:
        spoken = [time_map.shown(w.start - start) for w in speech.words if start <= w.start < end]
        # A word is set off when it is heard, in milliseconds.
        for word in caption.words:
            assert min(abs(word.start - at) for at in [*spoken, 0.0]) < 0.002


@given(speeches())
def test_cues_end_at_pauses(speech: Speech) -> None:
    for cue in speech_cues(speech):
        for word, following in pairwise(cue.words):
            pause = following.start - word.end
            assert pause <= MAX_PAUSE or belong_together(word.text, following.text)


def test_cues_end_with_sentences_and_clauses() -> None:
    speech = speech_of(
        "Salt it. When the dough has rested for an hour, we shape the loaves by hand"
    )
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
        for line in texts(speech_of(words), characters=characters):
            assert not line.endswith(("45", "Maria"))
    hesitant = speech_of("wait 20 minutes now", pauses={2: 0.5})
    assert texts(hesitant) == ["wait 20 minutes now"]
    assert texts(speech_of("wait 20 minutes now", pauses={2: 1.5})) == ["wait 20", "minutes now"]


def test_max_words_limits_each_cue() -> None:
    for text in texts(speech_of("we fold the dough four times and let it rest"), max_words=3):
        assert len(text.split()) <= 3


def test_short_cue_stays_until_it_is_read_or_the_next_begins() -> None:
    speech = speech_of("Stop. Now we wait", word_seconds=0.25, pauses={1: 0.4})
    first, second = speech_cues(speech)
    assert first.end == second.start == 0.65
    assert second.end - second.start == pytest.approx(0.8)
    (alone,) = speech_cues(speech_of("Stop.", word_seconds=0.2))
    assert alone.end == pytest.approx(0.8)


@pytest.mark.parametrize(
    "name", ["honest-kitchen", "street-food-fast", "mishap-and-fix", "recipe-steps", "asmr-no-text"]
)
def test_full_cue_fits_every_preset_and_its_words_keep_their_times(name: str) -> None:
    preset = load_preset(name)
    speech = speech_of("Then we wait with the warm dough now, mum!")
    (cue,) = speech_cues(speech)
    assert len(cue.text) == MAX_CUE_CHARACTERS
    caption = Caption(text=cue.text, start=0, end=4, role="speech", words=list(cue.words))
    block = layout_caption(caption, preset)
    times = [(timing.start, timing.end) for line in word_timings(block) for timing in line]
    assert times == [(word.start, word.end) for word in cue.words]


def test_no_speech_gives_no_cues() -> None:
    assert speech_cues(Speech.of([])) == ()
