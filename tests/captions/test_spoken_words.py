"""The spoken word is set off at its time, in the look of the preset, and no phrase flickers."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
from caption_drawing import FPS, SECONDS, changed_pixels, clip_of, draw
from quick import mostly_slow
from test_looks import assert_unchanged

from btsclip.captions import FONTS, ass_for, captions_of, speech_cues
from btsclip.captions.effects import held_words
from btsclip.captions.layout import layout_caption
from btsclip.captions.word_boxes import word_boxes
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.texts import Caption
from btsclip.planning.speech import max_words_shown
from btsclip.presets.load import list_presets, load_preset
from btsclip.presets.schema import Preset
from btsclip.signals.speech import Speech, SpokenText

TEXT = "Then we fold, gently, the warm dough over itself."
WORD_SECONDS = 0.35
START = 0.2
PRESETS = sorted(preset.name for preset in list_presets() if preset.built_in)


def preset_of(name: str, **style: object) -> Preset:
    """A preset at half its size, with changed keys in its speech style."""
    preset = load_preset(name)
    speech_style = preset.captions.speech_style.model_copy(update=style)
    captions = preset.captions.model_copy(update={"speech_style": speech_style})
    output = preset.output.model_copy(update={"width": 540, "height": 960})
    return preset.model_copy(update={"captions": captions, "output": output})


def phrases(preset: Preset, text: str = TEXT) -> tuple[Caption, ...]:
    """`text` as it is spoken, word after word, in the phrases of the preset."""
    words = []
    for number, word in enumerate(text.split()):
        start = START + number * WORD_SECONDS
        words.append(SpokenText(word, round(start, 3), round(start + 0.3, 3), 0.9))
    return captions_of(speech_cues(Speech.of(words), max_words=max_words_shown(preset)), "speech")


def film(preset: Preset, captions: tuple[Caption, ...], folder: Path) -> np.ndarray:
    """The captions over gray at FPS, (frames, height, width, 3)."""
    document = ass_for(clip_of(*captions), preset)
    assert document
    (folder / "c.ass").write_text(document, "utf-8")
    size = f"{preset.output.width}x{preset.output.height}"
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x808080:s={size}:d={SECONDS}:r={FPS},format=rgb24",
            "-vf", f"ass=f=c.ass:fontsdir={FONTS}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, preset.output.height, preset.output.width, 3)


@pytest.mark.parametrize("name", mostly_slow(PRESETS, "honest-kitchen", "street-food-fast"))
def test_spoken_word_looks_as_before(name: str, tmp_path: Path) -> None:
    preset = preset_of(name)
    picture = draw(clip_of(*phrases(preset)), preset, tmp_path, at=1.95)
    rows = np.flatnonzero(changed_pixels(picture).any(1))
    middle = 8 * int((rows[0] + rows[-1]) / 16)
    assert_unchanged(picture[middle - 64 : middle + 64, 64:472], f"spoken-{name}")


def test_every_preset_sets_off_the_spoken_word() -> None:
    for name in PRESETS:
        style = load_preset(name).captions.speech_style
        assert style.effect in ("highlight", "pop", "karaoke") and style.words


def test_phrases_follow_one_another_without_flicker(tmp_path: Path) -> None:
    preset = preset_of("honest-kitchen")
    captions = phrases(preset)
    assert len(captions) > 1
    frames = film(preset, captions, tmp_path)
    first, last = round(0.4 * FPS), int((captions[-1].end - 0.2) * FPS)
    inked = [int((np.abs(frame.astype(int) - 128).max(-1) > 60).sum()) for frame in frames]
    assert min(inked[first:last]) > 0.5 * max(inked)


def test_one_box_at_a_time_stands_behind_the_word_that_is_spoken(tmp_path: Path) -> None:
    preset = preset_of("street-food-fast", fade=0.0)
    captions = phrases(preset)
    frames = film(preset, captions, tmp_path)
    for caption in captions:
        block = layout_caption(caption, preset)
        boxes = list(word_boxes(block, held_words(block)))
        assert len(boxes) == len(caption.words)
        assert all(a.end == b.start for a, b in itertools.pairwise(boxes))
        centers = []
        for box in boxes:
            # A frame in the middle of the word.
            at = caption.start + (box.start + box.end) / 2
            frame = frames[int(at * FPS)].astype(int)
            is_box = (frame[..., 0] > 230) & (frame[..., 2] < 110) & (frame[..., 1] > 180)
            columns = np.flatnonzero(is_box.sum(0) > 4)
            assert len(columns)
            centers.append(columns.mean())
        assert centers == sorted(centers)


def test_words_without_times_are_not_set_off(tmp_path: Path) -> None:
    preset = preset_of("street-food-fast")
    caption = Caption(text="Fold it over", start=0, end=SECONDS, role="speech")
    frames = film(preset, (caption,), tmp_path)
    assert (frames[20] == frames[50]).all()


def test_a_line_from_right_to_left_takes_the_color_of_the_box(tmp_path: Path) -> None:
    preset = preset_of("street-food-fast", fade=0.0)
    captions = phrases(preset, "خبز طازج من الفرن")
    block = layout_caption(captions[0], preset)
    assert not list(word_boxes(block, held_words(block)))
    frames = film(preset, captions, tmp_path).astype(int)
    yellow = (frames[..., 0] > 200) & (frames[..., 2] < 110)
    assert yellow[round((START + 0.15) * FPS)].sum() > 30
