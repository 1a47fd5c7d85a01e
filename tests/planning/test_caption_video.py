"""`caption` on the sample, in pixels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from media import Media, ffmpeg
from schemas import check_schema
from spoken_takes import SENTENCES, plain, spoken_take, tiny_model

from btsclip.analysis.analysis import track_span
from btsclip.captions.cues import Cue
from btsclip.captions.files import read_captions
from btsclip.captions.safezones import safe_box
from btsclip.errors import CaptionError, NothingFound, OutputError
from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe
from btsclip.planning.caption_video import (
    CaptionResult,
    caption_json,
    caption_video,
    cue_of_text,
    cues_of_speech,
    default_target,
)
from btsclip.planning.clips import make_plan
from btsclip.planning.request import ClipRequest
from btsclip.planning.result import CaptionJson
from btsclip.planning.text_sources import before_end
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Output

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
# While the dough is kneaded its hands are in the lower half of the picture.
CUES = [Cue("Folded, turned and pressed again", 5.0, 7.0)]


def shown(path: Path, time: float) -> np.ndarray:
    frame = next(
        f for f in read_every_frame(probe(path), (time - 0.1, time + 0.1)) if f.time >= time
    )
    return frame.image.astype(int)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's first seconds."""
    path = tmp_path_factory.mktemp("take") / "kitchen.mp4"
    ffmpeg("-i", SAMPLE, "-t", "9", "-c", "copy", path)
    return path


@pytest.fixture(scope="module")
def done(take: Path, tmp_path_factory: pytest.TempPathFactory) -> CaptionResult:
    target = tmp_path_factory.mktemp("caption") / "it's [mine].mp4"
    return caption_video(take, CUES, target, preset_name="honest-kitchen")


@pytest.mark.slow
def test_text_is_drawn_inside_the_margin_and_not_over_hands(
    take: Path, done: CaptionResult
) -> None:
    seen = np.abs(shown(done.path, 6.0) - shown(take, 6.0)).max(2) > 60
    rows, columns = np.nonzero(seen)
    height, width = seen.shape
    left, top, right, bottom = safe_box(Output(width=1280, height=720))
    scale = width / 1280
    assert left * scale - 1 <= columns.min() and columns.max() <= right * scale + 1
    assert top * scale - 1 <= rows.min() and rows.max() <= bottom * scale + 1
    assert seen.sum() > 500
    tracks = track_span(probe(take), 5.0, 7.0)
    hands = tracks.hands[np.abs(tracks.times - 6.0).argmin()]
    boxes = hands[np.isfinite(hands[:, 0])]
    assert len(boxes)
    for cx, cy, w, h in boxes:
        x0, x1 = (int(np.clip((cx + s * w / 2) * width, 0, width)) for s in (-1, 1))
        y0, y1 = (int(np.clip((cy + s * h / 2) * height, 0, height)) for s in (-1, 1))
        assert seen[y0:y1, x0:x1].mean() < 0.02


@pytest.mark.slow
def test_other_times_are_unchanged(take: Path, done: CaptionResult) -> None:
    assert np.abs(shown(done.path, 8.0) - shown(take, 8.0)).mean() < 3


def test_subtitles_match_the_drawn_captions(done: CaptionResult) -> None:
    assert [path.suffix for path in done.subtitles] == [".srt", ".vtt"]
    for path in done.subtitles:
        assert [(c.text, c.start, c.end) for c in read_captions(path).cues] == [
            (CUES[0].text, 5.0, 7.0)
        ]
    value = json.loads(json.dumps(caption_json(done)))
    check_schema(CaptionJson, value)
    assert set(value) == {"version", "source", "path", "subtitles", "captions", "warnings"}


def test_captions_after_the_end_are_reported(media: Media, tmp_path: Path) -> None:
    late = [Cue(f"Late {i}", 10 + i, 11 + i) for i in range(5)]
    with pytest.raises(CaptionError, match=r"'Late 0' at 10 s, .* and 2 more: starts after"):
        caption_video(media("plain.mp4"), late, tmp_path / "a.mp4", preset_name="honest-kitchen")
    assert list(tmp_path.iterdir()) == []
    made = before_end([Cue("Here", 1, 2), *late], 2.5)
    assert made[0] == (Cue("Here", 1, 2),)
    assert "'Late 2' at 12 s and 2 more: the footage ends at 2.5 s" in made[1][0]


def test_inputs_are_never_replaced(media: Media, tmp_path: Path) -> None:
    video = media.copy("plain.mp4", tmp_path / "a.mp4")
    before = video.read_bytes()
    for target, keep in ((video, []), (tmp_path / "b.mp4", [tmp_path / "b.srt"])):
        with pytest.raises(OutputError, match="is read and would be replaced"):
            caption_video(
                video, [Cue("x", 0, 1)], target, preset_name="honest-kitchen", force=True, keep=keep
            )
    with pytest.raises(OutputError, match=r"end its name in \.mp4"):
        caption_video(video, [Cue("x", 0, 1)], Path("a.mkv"), preset_name="honest-kitchen")
    assert video.read_bytes() == before


def test_one_text_is_shown_for_its_times_or_the_whole_video(media: Media) -> None:
    path = media("plain.mp4")
    assert cue_of_text(path, " Two  words ", 1) == (Cue("Two words", 1, probe(path).duration),)
    assert cue_of_text(path, "Two", end=2) == (Cue("Two", 0, 2),)
    assert cue_of_text(path, "- Hot?\n- No", 0, 2) == (Cue("- Hot?\n- No", 0, 2),)
    for text, start, end in ((" ", None, None), ("x", 2, 1)):
        with pytest.raises(CaptionError):
            cue_of_text(path, text, start, end)
    assert default_target(Path("/far/off/a.b.mov")) == Path("a.b-captioned.mp4")


@pytest.mark.slow
def test_plan_warns_about_texts_on_no_clip(tmp_path: Path) -> None:
    srt, request = tmp_path / "a.srt", ClipRequest(count=1, captions=tmp_path / "a.srt")
    look = load_preset("honest-kitchen")
    srt.write_text("1\n00:00:44,500 --> 00:00:44,900\nThe end\n")
    (clip,) = make_plan([SAMPLE], look, "honest-kitchen", request).clips
    (unused,) = clip.warnings
    assert "a.srt falls into this or any" in unused
    notes = tmp_path / "s.toml"
    notes.write_text("[[steps]]\nname = 'Bake'\ntake = 'kichen.mp4'\n")
    (clip,) = make_plan([SAMPLE], look, "honest-kitchen", ClipRequest(count=1, notes=notes)).clips
    (missing,) = clip.warnings
    assert "'kichen.mp4', but no such file" in missing
    middle = int(clip.spans[0].start + clip.spans[0].end) // 2
    times = f"00:00:{middle:02d},000 --> 00:00:{middle:02d},900"
    srt.write_text(f"1\n{times}\n- Is it hot?\n- Not yet\n")
    (clip,) = make_plan([SAMPLE], look, "honest-kitchen", request).clips
    assert "- Is it hot?\n- Not yet" in [c.text for c in clip.captions if c.role == "speech"]
    assert clip.warnings == []
    short = f"2\n{times.replace(',900', ',000')}\nShort\n\n3\n00:10:00,000 --> 00:10:01,000\nLate\n"
    srt.write_text(f"1\n{times}\nIn it goes\n\n{short}")
    (clip,) = make_plan([SAMPLE], look, "honest-kitchen", request).clips
    assert "In it goes" in [c.text for c in clip.captions if c.role == "speech"]
    assert [("Short" in text, "Late" in text) for text in clip.warnings] == [
        (True, False), (False, True)
    ]  # fmt: skip


@pytest.mark.slow
def test_speech_is_written_on_any_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BTSCLIP_WHISPER", str(tiny_model()))
    talk = spoken_take(tmp_path / "talk.mp4", 0.5)
    cues = cues_of_speech(talk, "honest-kitchen", None, lambda what, share: None)
    done = caption_video(talk, cues, tmp_path / "out.mp4", preset_name="honest-kitchen")
    said = plain(" ".join(caption.text for caption in done.captions))
    known = [word for sentence in SENTENCES for word in plain(sentence)]
    assert len(set(known) & set(said)) > 0.8 * len(set(known))
    assert all(caption.words for caption in done.captions)


@pytest.mark.slow
def test_video_without_speech_is_reported(media: Media, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BTSCLIP_WHISPER", str(tiny_model()))
    with pytest.raises(NothingFound, match="nobody was heard"):
        cues_of_speech(media("plain.mp4"), "honest-kitchen", None, lambda what, share: None)
