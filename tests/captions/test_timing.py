"""Every text can be read in its time."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from btsclip.captions.cues import Cue, captions_of, cues_between
from btsclip.captions.timing import (
    CHARACTERS_PER_SECOND,
    ELLIPSIS,
    MAX_CHARACTERS,
    MIN_SECONDS,
    MIN_SPOKEN_SECONDS,
    fit_reading_time,
    reading_seconds,
    split_text,
)
from btsclip.plan.texts import Word

words = st.text(st.sampled_from("abcdefgh,.!"), min_size=1, max_size=12).filter(
    lambda word: any(c.isalpha() for c in word)
)
texts = st.lists(words, min_size=1, max_size=40).map(" ".join)
latest = st.floats(MIN_SECONDS, 120)


@st.composite
def cue_lists(draw: st.DrawFn) -> tuple[list[Cue], float]:
    end = draw(latest)
    cues = []
    for text in draw(st.lists(texts, min_size=1, max_size=8)):
        start = draw(st.floats(0, end))
        until = draw(st.floats(start, end + 5))
        spoken: tuple[Word, ...] = ()
        if draw(st.booleans()):
            parts = text.split()
            step = (until - start) / len(parts)
            spoken = tuple(
                Word(text=part, start=start + i * step, end=start + (i + 1) * step)
                for i, part in enumerate(parts)
            )
        cues.append(Cue(text, start, until, spoken))
    return cues, end


@given(cue_lists())
@example(([Cue("One", 0, 4), Cue("Two", 0, 4), Cue("Three", 3.9, 4)], 4.0))
def test_cues_are_shown_one_at_a_time_and_long_enough(case: tuple[list[Cue], float]) -> None:
    cues, end = case
    fitted = fit_reading_time(cues, 0.0, end).cues
    assert fitted
    min_seconds = MIN_SPOKEN_SECONDS if any(cue.words for cue in cues) else MIN_SECONDS
    for cue, following in zip(fitted, [*fitted[1:], None], strict=True):
        assert -1e-9 <= cue.start < cue.end <= end + 1e-9
        assert following is None or cue.end <= following.start + 1e-9
        assert cue.end - cue.start >= reading_seconds(cue.text, min_seconds) - 1e-3
        assert len(cue.text) <= MAX_CHARACTERS or " " not in cue.text
        assert len(cue.words) in (0, len(cue.text.split()))


@given(cue_lists())
def test_every_lost_word_is_in_a_warning(case: tuple[list[Cue], float]) -> None:
    cues, end = case
    fitted = fit_reading_time(cues, 0.0, end)
    shown = " ".join(cue.text for cue in fitted.cues).split()
    wanted = " ".join(c.text for c in sorted(cues, key=lambda c: (c.start, c.end))).split()
    if not fitted.warnings:
        assert shown == wanted
    dropped = " ".join(warning.partition("; left out: ")[2] for warning in fitted.warnings)
    assert sum(ELLIPSIS in word for word in shown) == len(fitted.warnings)
    for word in wanted:
        # The last word before an ellipsis loses its comma, or its end.
        kept = any(word.startswith(s.rstrip(ELLIPSIS)) for s in shown if s.endswith(ELLIPSIS))
        assert word in shown or word in dropped or kept


def test_brief_text_takes_the_free_time_after_it_then_before_it() -> None:
    (after,) = fit_reading_time([Cue("Twenty characters...", 2.0, 2.1)], 0, 10).cues
    assert (after.start, after.end) == pytest.approx((2.0, 3.0))
    first, before = fit_reading_time(
        [Cue("One", 0.0, 0.8), Cue("Twenty characters...", 3.7, 3.9)], 0, 4
    ).cues
    assert (first.end, before.start, before.end) == pytest.approx((0.8, 3.0, 4.0))


def test_unreadable_text_is_cut_at_a_word_with_a_warning() -> None:
    text = "We rest it for twenty minutes, because it tears less"
    fitted = fit_reading_time([Cue(text, 0, 1), Cue("Next", 1.6, 3)], 0, 3)
    assert fitted.cues[0].text == "We rest it for twenty minutes…"
    assert fitted.cues[0].end <= 1.6 and len(fitted.cues[0].text) <= 1.6 * CHARACTERS_PER_SECOND
    (warning,) = fitted.warnings
    assert repr(text) in warning and "'because it tears less'" in warning


def test_long_texts_are_split_where_readers_pause() -> None:
    text = (
        "We rest the dough for twenty minutes, so that it tears less. Then it is folded again, "
        "slowly, and goes back into the cold."
    )
    parts = split_text(text)
    assert parts[0].endswith("tears less.") and parts[1].endswith(("again,", "slowly,"))
    assert " ".join(parts) == text
    assert split_text("面" * 100, 40) and all(len(p) <= 40 for p in split_text("面" * 100, 40))


def test_part_starts_with_its_first_spoken_word() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    spoken = tuple(
        Word(text=w, start=i * (2.0 if i > 6 else 0.5), end=i * 2 + 2.0)
        for i, w in enumerate(text.split())
    )
    first, second = fit_reading_time([Cue(text, 0, 30, spoken)], 0, 30).cues
    assert second.start == second.words[0].start
    assert [w.text for w in (*first.words, *second.words)] == text.split()


def test_cues_outside_the_clip_are_left_out() -> None:
    cues = [Cue("out", 0, 9), Cue("edge", 9, 10.2), Cue("in", 9.5, 13), Cue("late", 15.9, 18)]
    kept = cues_between(cues, 10, 16)
    assert [(cue.text, cue.start, cue.end) for cue in kept] == [("in", 0, 3)]
    spoken = tuple(Word(text=t, start=s, end=s + 1) for t, s in (("a", 9), ("b", 10), ("c", 11)))
    (cue,) = cues_between([Cue("a b c", 9, 12, spoken)], 10, 16)
    assert (cue.text, cue.start, cue.end, cue.words[0].start) == ("b c", 0, 2, 0)


def test_words_stay_inside_their_caption() -> None:
    spoken = (Word(text="a", start=0.2, end=0.9), Word(text="b", start=0.9, end=2.5))
    (caption,) = captions_of([Cue("a b", 0.5, 2.0, spoken)], "speech")
    assert [(w.start, w.end) for w in caption.words] == [(0.5, 0.9), (0.9, 2.0)]


def test_two_lines_of_a_dialogue_are_shown_together_if_they_fit() -> None:
    short = "- Is it hot?\n- Not yet"
    assert split_text(short) == [short]
    assert split_text(f"{short}\n- Now") == [short, "- Now"]
    long = "- Is the oil already as hot as it must be?"
    assert split_text(f"{long}\n- Not yet") == [long, "- Not yet"]
    assert split_text(f"- No\n{long} {long[2:]}")[0] == "- No"
    (cue,) = fit_reading_time([Cue(short, 1, 3)], 0, 9).cues
    assert (cue.text, cue.start, cue.end) == (short, 1, 3)
    first, second = fit_reading_time([Cue(f"{long}\n- Not yet", 1, 5)], 0, 9).cues
    assert (first.text, second.text, second.end) == (long, "- Not yet", 5)


def test_simultaneous_speakers_have_a_line_each() -> None:
    fitted = fit_reading_time([Cue("- Is it hot?", 1, 3), Cue("- Not yet", 1.2, 3)], 0, 9).cues
    assert [cue.text for cue in fitted] == ["- Is it hot?\n- Not yet"]
    fitted = fit_reading_time([Cue("We fold", 1, 1.2), Cue("and rest", 1.2, 3)], 0, 9).cues
    assert [cue.text for cue in fitted] == ["We fold and rest"]


def test_dialogue_is_cut_without_a_lone_dash() -> None:
    (cue,) = fit_reading_time([Cue("- Is it hot now?\n- Not yet", 0, 1)], 0, 1).cues
    assert cue.text == "- Is it hot now?…"
