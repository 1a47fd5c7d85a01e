"""Speech of a clip: cues with words, kept in the cache, and ends at sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from made_signals import signals as made_signals
from spoken_takes import SENTENCES, plain, spoken_take, tiny_model

from btsclip.analysis.cache import pack, unpack
from btsclip.captions.cues import cues_between
from btsclip.cli.doctor_checks import check_all
from btsclip.errors import ToolError
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.moments.evidence import measure_evidence
from btsclip.moments.select import Cut
from btsclip.plan.speed import TimeMap
from btsclip.planning import speech
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.cut import plan_footage
from btsclip.planning.ends import MAX_SENTENCE_SHIFT, align_to_sentences, extend_to_sentences
from btsclip.planning.request import ClipRequest, RenderOptions
from btsclip.planning.speech import spoken_cues
from btsclip.planning.text_sources import CaptionSources
from btsclip.presets.load import load_preset
from btsclip.signals.model import Signals
from btsclip.signals.speech import Speech, SpokenText

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
DELAY = 0.7
LENGTHS = (2.0, 6.0, 12.0)


@pytest.fixture(scope="module", autouse=True)
def model() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTSCLIP_WHISPER", str(tiny_model()))
        yield


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return probe(spoken_take(tmp_path_factory.mktemp("spoken") / "spoken.mp4", DELAY))


def text(cues: object) -> list[str]:
    return plain(" ".join(cue.text for cue in cues))


def a_cut(footage: Footage, signals: Signals, start: float, end: float, kind: str = "why") -> Cut:
    evidence = measure_evidence(signals, signals.between(start, end))
    return Cut(footage, start, end, kind, None, 0.8, evidence, "because", signals.thumbs[0])


@pytest.mark.parametrize(("fillers", "said"), [(True, "Um, we fold it."), (False, "We fold it.")])
def test_fillers_are_left_out_of_the_text(
    footage: Footage, monkeypatch: pytest.MonkeyPatch, fillers: bool, said: str
) -> None:
    texts = ["Um,", "we", "fold", "it."]
    words = [SpokenText(text, 1.0 + i, 1.4 + i, 0.9) for i, text in enumerate(texts)]
    monkeypatch.setattr(speech, "hear_span", lambda *_: Speech.of(words, "en"))
    sources = CaptionSources(speech=True, fillers=fillers)
    cues = sources.cues_in(footage, 0.0, 10.0, load_preset("honest-kitchen"))
    assert " ".join(cue.text for cue in cues) == said
    assert cues[-1].words[-1].start == 4.0


@pytest.mark.slow
def test_cues_have_the_words_of_the_span(footage: Footage) -> None:
    # From within "water" to the end of the second sentence.
    cues = spoken_cues(footage, 3.5, 10.0)
    assert text(cues) == [*plain(SENTENCES[0])[-2:], *plain(SENTENCES[1])]
    for cue in cues_between(cues, 3.5, 10.0):
        assert 0.0 <= cue.start < cue.end <= 6.5
        assert all(cue.start <= word.start < word.end <= cue.end for word in cue.words)
    assert spoken_cues(footage, 0.0, 0.6) == ()


def test_speech_is_transcribed_once(footage: Footage, monkeypatch: pytest.MonkeyPatch) -> None:
    first = spoken_cues(footage, 1.0, 5.0)

    def refuse(*arguments: object) -> Speech:
        raise AssertionError("heard again")

    monkeypatch.setattr(speech, "transcribe", refuse)
    assert spoken_cues(footage, 1.0, 5.0) == first
    for other in ({"language": "en"}, {}):
        with pytest.raises(AssertionError, match="heard again"):
            spoken_cues(footage, 1.0, 5.0 if other else 5.5, **other)


@given(st.lists(st.text("aé🍞ع。", min_size=1, max_size=9), max_size=9))
def test_packing_keeps_words_and_sentences(texts: list[str]) -> None:
    made = Speech.of([SpokenText(t, i, i + 0.5, 0.25) for i, t in enumerate(texts)])
    got = unpack(pack(made), Speech)
    assert got.words == made.words and got.sentences == made.sentences


def test_captions_have_times_of_the_clip_and_of_each_word(footage: Footage) -> None:
    signals = made_signals(16, ())
    cut, preset = a_cut(footage, signals, 5.0, 10.5), load_preset("honest-kitchen")
    texts = CaptionSources(speech=True)
    captions = [
        c
        for c in write_clip_texts(cut, texts, preset, TimeMap.of([], 5.0, 10.5)).captions
        if c.role == "speech"
    ]
    assert text(captions) == plain(SENTENCES[1])
    assert captions[0].start == pytest.approx(DELAY, abs=0.25)
    for caption in captions:
        assert len(caption.words) == len(caption.text.split(" "))
        assert caption.end <= 5.5
    style = preset.captions.speech_style.model_copy(update={"words": 3})
    look = preset.captions.model_copy(update={"speech_style": style})
    lifting = preset.model_copy(update={"captions": look})
    lifted = texts.cues_in(footage, 5.0, 10.5, lifting)
    assert text(lifted) == plain(SENTENCES[1])
    assert max(len(cue.words) for cue in lifted) <= 3


@pytest.mark.slow
def test_speaker_is_not_cut_short(footage: Footage) -> None:
    signals = made_signals(16, ())
    beside = a_cut(footage, signals, 8.2, 13.6, kind="process")
    cut = a_cut(footage, signals, 2.0, 8.0)
    (told,) = extend_to_sentences([cut], {footage: signals}, LENGTHS)
    assert text(spoken_cues(footage, told.start, told.end)) == plain(" ".join(SENTENCES[:2]))
    assert told.kind == "why" and told.evidence and told.why != cut.why
    # The rest of the second sentence is in the other clip: this one ends before it, if it can.
    assert extend_to_sentences([cut, beside], {footage: signals}, LENGTHS)[0].end == 8.0
    assert extend_to_sentences([cut, beside], {footage: signals}, LENGTHS)[1] is beside
    shorter = a_cut(footage, signals, 2.0, 7.3)
    (told, _) = extend_to_sentences([shorter, beside], {footage: signals}, LENGTHS)
    assert text(spoken_cues(footage, told.start, told.end)) == plain(SENTENCES[0])


BOTH = [SpokenText("One.", 1.0, 4.0, 1.0), SpokenText("Two.", 5.0, 9.0, 1.0)]


@pytest.mark.parametrize(
    ("span", "room", "expected"),
    [
        ((1.5, 8.0), (0, 20), (0.9, 9.1)),
        ((3.5, 9.5), (0, 20), (4.1, 9.5)),
        ((4.5, 9.5), (0, 20), (4.5, 9.5)),
        ((4.5, 7.2), (0, 20), (4.5, 9.1)),
        # No border is near enough, or there is no room.
        ((4.5, 6.95), (0, 20), (4.5, 6.95)),
        ((1.5, 8.0), (1.4, 8.5), (1.5, 8.0)),
        # The nearest would leave too little, or too much.
        ((2.8, 5.5), (0, 20), (0.9, 4.9)),
        ((1.5, 13.0), (0, 20), (1.5, 13.0)),
    ],
)
def test_ends_move_to_the_nearest_border_of_a_sentence(
    span: tuple[float, float], room: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert align_to_sentences(span, BOTH, room, LENGTHS) == pytest.approx(expected)


@given(st.floats(0, 20), st.floats(2, 12), st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 6))))
def test_ends_stay_near_and_the_length_within_bounds(
    start: float, length: float, gaps: list[tuple[float, float]]
) -> None:
    sentences, time = [], 0.0
    for pause, lasting in gaps:
        sentences.append(SpokenText("So.", time + pause, time + pause + lasting, 1.0))
        time = sentences[-1].end
    span = (round(start, 3), round(start + length, 3))
    moved = align_to_sentences(span, sentences, (0.0, 40.0), LENGTHS)
    assert all(abs(a - b) <= MAX_SENTENCE_SHIFT + 0.001 for a, b in zip(span, moved, strict=True))
    assert moved == span or LENGTHS[0] - 0.002 <= moved[1] - moved[0] <= LENGTHS[2] + 0.002


@pytest.mark.slow
def test_plan_with_speech_has_spoken_captions(tmp_path: Path) -> None:
    """The sample's voice says: we knead it ten minutes, so that it holds its shape."""
    result = plan_footage(
        [SAMPLE],
        tmp_path,
        "honest-kitchen",
        ClipRequest(hook="Dough", speech=True),
        RenderOptions(dry_run=True),
    )
    firsts = [(clip, clip.spans[0]) for clip in result.plan.clips]
    speaks = [clip for clip, first in firsts if first.start <= 7 and first.end >= 10.5]
    silent = [clip for clip, first in firsts if first.start >= 11]
    assert len(speaks) == 1 and silent
    said = [caption for caption in speaks[0].captions if caption.role == "speech"]
    words = plain(" ".join(caption.text for caption in said))
    assert {"ten", "minutes", "holds", "its"} <= set(words) | ({"ten"} if "10" in words else set())
    assert 7.0 <= speaks[0].spans[0].start + said[0].start < 7.3
    assert {caption.role for caption in speaks[0].captions} == {"hook", "speech"}
    for clip in silent:
        assert "speech" not in {caption.role for caption in clip.captions}
        assert clip.captions[0].role == "hook"


def test_missing_model_is_reported_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BTSCLIP_WHISPER", str(tmp_path))
    with pytest.raises(ToolError, match="is not a complete Whisper model"):
        plan_footage(
            [SAMPLE],
            tmp_path,
            "honest-kitchen",
            ClipRequest(speech=True),
            RenderOptions(dry_run=True),
        )
    assert [check.state for check in check_all() if check.name == "speech"] == ["optional"]


def test_doctor_finds_the_model() -> None:
    (check,) = [check for check in check_all() if check.name == "speech"]
    assert check.state == "ok" and str(tiny_model()) in check.found
