from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from media import ffmpeg
from spoken_takes import SAID, SENTENCES, plain, spoken_take, tiny_model

from btsclip.errors import ToolError
from btsclip.media.probing import probe
from btsclip.media.sound import RATE, read_sound
from btsclip.signals.speech import (
    MIN_WORD_SECONDS,
    Speech,
    SpokenText,
    drop_loops,
    ends_sentence,
    is_speech,
    snap_to_voice,
    sort_words,
    transcribe,
)
from btsclip.signals.speech_chunks import MAX_SECONDS, speech_chunks
from btsclip.signals.whisper import find_model

DELAY = 0.7
SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
needs_speech = pytest.mark.skipif(
    not find_spec("faster_whisper"), reason="the extra `speech` is not installed"
)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return spoken_take(tmp_path_factory.mktemp("spoken") / "spoken.mp4", DELAY)


@pytest.fixture(scope="module")
def speech(take: Path) -> Speech:
    return transcribe(probe(take), tiny_model())


def count_errors(words: list[str], truth: list[str]) -> int:
    """Words to change, add or remove: the edit distance."""
    row = list(range(len(truth) + 1))
    for i, word in enumerate(words, 1):
        before, row[0] = row[0], i
        for j, true_word in enumerate(truth, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != true_word))
    return row[-1]


def test_sentences_are_recognized(speech: Speech) -> None:
    words = plain(" ".join(speech.texts.tolist()))
    assert count_errors(words, [word for word, _ in SAID]) <= 0.1 * len(SAID)
    assert [len(s.text.split()) for s in speech.sentences] == [len(s.split()) for s in SENTENCES]


def test_word_times_are_presentation_times(speech: Speech) -> None:
    words, truth = plain(" ".join(speech.texts.tolist())), [word for word, _ in SAID]
    blocks = difflib.SequenceMatcher(None, truth, words, autojunk=False).get_matching_blocks()
    errors = [
        float(speech.starts[block.b + k]) - DELAY - SAID[block.a + k][1]
        for block in blocks
        for k in range(block.size)
    ]
    assert len(errors) >= 0.9 * len(SAID)
    # One word in a hundred is further off (see benchmarks/RESULTS.md): here "made", by 0.27 s.
    assert (np.abs(errors) < 0.25).mean() >= 0.95 and np.abs(errors).max() < 0.35
    assert np.abs(errors).mean() < 0.1


def test_words_are_in_order_and_not_in_pauses(speech: Speech) -> None:
    assert (speech.starts[1:] >= speech.ends[:-1]).all() and (speech.ends > speech.starts).all()
    for sentence in speech.sentences[:2]:
        # A second of silence follows each of them.
        assert not ((speech.starts > sentence.end) & (speech.starts < sentence.end + 0.9)).any()


@pytest.mark.slow
def test_every_run_gives_the_same_words(take: Path, speech: Speech) -> None:
    assert transcribe(probe(take), tiny_model()).words == speech.words


@pytest.mark.slow
def test_only_the_given_spans_are_transcribed(take: Path) -> None:
    footage, spans = probe(take), [(12.0, 99.0), (-3.0, 4.2), (2.0, 4.5)]
    part = transcribe(footage, tiny_model(), spans)
    assert plain(" ".join(part.texts.tolist())) == plain(SENTENCES[0] + " " + SENTENCES[2])
    assert abs(part.starts[9] - DELAY - SAID[20][1]) < 0.25
    assert transcribe(footage, tiny_model(), []).words == ()


def noises() -> dict[str, np.ndarray]:
    rng, seconds = np.random.default_rng(5), 12
    hiss = rng.normal(size=seconds * RATE)
    time = np.arange(seconds * RATE) / RATE
    pans = sum(
        np.exp(-9 * ((time - start) % seconds)) * np.sin(2 * np.pi * pitch * time)
        for start, pitch in ((1, 900), (1.02, 2310), (4, 1300), (4.03, 3170), (8, 700), (8.4, 2900))
    )
    crackle = np.diff(hiss, prepend=0) * (1 + 2 * (rng.random(len(hiss)) > 0.999))
    chops = hiss * np.exp(-(np.arange(len(hiss)) % (RATE // 3)) / 300)
    return {
        "silence": 0 * hiss, "room": 0.001 * hiss, "sizzle": 0.1 * crackle,
        "clatter": 0.3 * pans + 0.002 * hiss, "chopping": 0.2 * chops,
    }  # fmt: skip


@pytest.mark.parametrize("name", noises())
def test_noises_give_no_words(name: str, tmp_path: Path) -> None:
    model, path = tiny_model(), tmp_path / f"{name}.mkv"
    sound = np.clip(noises()[name], -1, 1).astype(np.float32)
    (tmp_path / "raw").write_bytes(sound.tobytes())
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", tmp_path / "raw"]
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:r=5:d=12", *raw, "-c:a", "aac", path)
    assert transcribe(probe(path), model).words == ()


@pytest.mark.slow
@pytest.mark.skipif(not FOOTAGE.exists(), reason="the labeled takes are missing")
@pytest.mark.parametrize("name", ["pizza_day", "talk_and_toss"])
def test_kitchens_where_nobody_speaks_give_no_words(name: str) -> None:
    assert transcribe(probe(FOOTAGE / f"{name}.mp4"), tiny_model()).words == ()


def test_take_without_sound_has_no_words(tmp_path: Path) -> None:
    model = tiny_model()
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:r=5:d=2", tmp_path / "mute.mkv")
    assert transcribe(probe(tmp_path / "mute.mkv"), model).words == ()


@needs_speech
def test_long_sound_is_cut_into_chunks_at_pauses(take: Path) -> None:
    once = np.concatenate(list(read_sound(probe(take))))[: 16 * RATE]

    def stream() -> Iterator[np.ndarray]:
        for _ in range(6):
            yield from np.array_split(once, 3)

    found = list(speech_chunks(stream(), start=100.0))
    assert max(len(piece.sound) for piece in found) <= MAX_SECONDS * RATE
    starts = [low for piece in found for low, _ in piece.voice]
    for turn in range(6):
        for word in (0, 9, 20):
            at = 100 + 16 * turn + DELAY + SAID[word][1]
            assert min(abs(start - at) for start in starts) < 0.25
    for piece in found:
        inside = (np.array(piece.voice) - piece.start) * RATE
        assert inside.min() >= 0 and inside.max() <= len(piece.sound) + 1
        first = round((piece.start - 100) * RATE)
        whole = np.tile(once, 6)[first : first + len(piece.sound)]
        assert np.array_equal(piece.sound, whole)


@needs_speech
def test_missing_model_is_reported_with_the_download_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import huggingface_hub.constants as hub

    monkeypatch.delenv("BTSCLIP_WHISPER", raising=False)
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ToolError, match=r"download_model\('small'\).*BTSCLIP_WHISPER"):
        find_model()
    assert not list(tmp_path.rglob("model.bin"))
    with pytest.raises(ToolError, match="neither a folder nor"):
        find_model("gigantic")
    with pytest.raises(ToolError, match=r"model\.bin.*missing"):
        find_model(tmp_path)


def test_environment_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BTSCLIP_WHISPER", str(tiny_model()))
    assert find_model() == tiny_model().resolve()


def test_unknown_language_is_reported() -> None:
    with pytest.raises(ToolError, match=r"'fr'.*knows en"):
        transcribe(probe(SAMPLE), tiny_model(), language="fr")


def words_of(text: str, length: float = 0.3) -> list[SpokenText]:
    return [SpokenText(w, i * length, (i + 1) * length, 0.9) for i, w in enumerate(text.split())]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("we fold it, we fold it, We fold it. and then", "and then"),
        ("thank you thank you thank you", ""),
        ("no no no I said", "no no no I said"),
        ("chop chop chop chop chop chop", ""),
        ("step by step by hand", "step by step by hand"),
        ("", ""),
    ],
)
def test_loops_of_the_model_are_dropped(text: str, left: str) -> None:
    assert [word.text for word in drop_loops(words_of(text))] == left.split()


def test_unlikely_segments_are_not_speech() -> None:
    assert is_speech(-0.4, 1.3, 0.1) and is_speech(-0.4, 1.3, 0.9)
    assert not is_speech(-1.1, 1.3, 0.0)
    assert not is_speech(-0.7, 1.3, 0.7)
    assert not is_speech(-0.1, 2.6, 0.0)


def test_words_are_moved_into_the_voice() -> None:
    words = [
        SpokenText("one", 0.0, 1.1, 0.9),
        SpokenText("two", 1.1, 3.4, 0.9),
        SpokenText("x", 5, 6, 0.9),
    ]
    first, second = snap_to_voice(words, [(0.6, 1.3), (3.0, 3.5)])
    assert (first.start, first.end) == (0.6, 1.1)
    assert (second.start, second.end) == (3.0, 3.4)
    assert snap_to_voice(words, []) == []


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 3)), max_size=20))
def test_sorted_words_never_overlap(times: list[tuple[float, float]]) -> None:
    words = sort_words([SpokenText("a", start, start + length, 0.5) for start, length in times])
    assert len(words) == len(times)
    for word in words:
        assert word.end - word.start >= MIN_WORD_SECONDS - 0.0015
    for word, following in itertools.pairwise(words):
        assert word.end <= following.start


@pytest.mark.parametrize(
    ("word", "ends"),
    [("salt.", True), ("really?", True), ('now!"', True), ("Dr.", False), ("3.5", False),
     ("flour,", False), ("。", True)],
)  # fmt: skip
def test_full_stops_end_sentences(word: str, ends: bool) -> None:
    assert ends_sentence(word) is ends


def test_sentences_are_made_of_words() -> None:
    words = words_of("Salt it. Then wait")
    late = SpokenText("now", 3.0, 3.4, 0.3)
    first, second, third = Speech.of([*words, late]).sentences
    assert (first.text, first.start, first.end) == ("Salt it.", 0.0, 0.6)
    assert second.text == "Then wait" and third == late
    assert Speech.of([]).sentences == () == Speech.of([]).words
