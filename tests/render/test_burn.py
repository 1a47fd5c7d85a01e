"""A captioned video: the same video, with text."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media import Media, ffmpeg
from quick import mostly_slow
from result import beep_time, flash_time, loudness, pictures, quadrants, tags

from btsclip.captions.safezones import preset_for_picture, safe_box
from btsclip.errors import FootageError, OutputError, RenderError
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Output, Preset
from btsclip.render import burn
from btsclip.render.burn import burn_captions

PRESET = load_preset("honest-kitchen")


def captioned(path: Path, folder: Path, text: str = "Salt") -> tuple[Footage, Path, Preset]:
    footage = probe(path)
    preset = preset_for_picture(PRESET, footage.width, footage.height, footage.fps)
    end = min(0.8, footage.duration)
    captions = [Caption(text=text, start=0, end=end, role="speech")]
    *_, made = burn_captions(footage, captions, preset, folder / "made.mp4")
    return footage, made, preset


@pytest.mark.parametrize("spoil", ["middle", "end"])
def test_damage_in_the_source_is_named_as_the_cause(
    spoil: str, media: Media, tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    ffmpeg("-i", media("plain.mp4"), "-c", "copy", "-movflags", "+faststart", path)
    data = bytearray(path.read_bytes())
    begin, end = int(0.4 * len(data)), int(0.7 * len(data))
    if spoil == "middle":
        data[begin:end] = bytes(end - begin)
    else:
        del data[end:]
    path.write_bytes(data)
    with pytest.raises(FootageError, match=r"take\.mp4: has no readable pictures from 0:0"):
        captioned(path, tmp_path)
    assert not (tmp_path / "made.mp4").exists()


def frame_times(path: Path) -> list[float]:
    """Presentation times of all frames, from the first one, as a decoder gives them."""
    with av.open(str(path)) as file:
        times = [float(f.pts * Fraction(f.time_base)) for f in file.decode(video=0)]
    return [time - times[0] for time in times]


def sound_of(path: Path) -> np.ndarray:
    """The sound in step with the picture, (n, 2) at 48 kHz."""
    command = [
        ffmpeg_path(), "-v", "error", "-i", str(path), "-vn", "-af",
        "aresample=48000:async=1:first_pts=0", "-ac", "2", "-f", "f32le", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


@pytest.mark.parametrize(
    "name",
    mostly_slow(
        ["plain.mp4", "rotated_90.mp4", "vfr.mp4", "starts_late.mkv", "starts_late.ts",
         "odd_size.mkv", "anamorphic.mp4", "no_sound.mp4", "mono_44100.mp4", "surround.mp4",
         "sound_late.mkv", "rate_29.97.mp4", "full_range_601.mp4", "portrait.mp4"],
        "rotated_90.mp4", "vfr.mp4", "sound_late.mkv",
    ),
)  # fmt: skip
def test_size_times_colors_and_sound_stay(name: str, media: Media, tmp_path: Path) -> None:
    footage, made, preset = captioned(media(name), tmp_path)
    facts = probe(made)
    assert (facts.width, facts.height) == (footage.width // 2 * 2, footage.height // 2 * 2)
    assert facts.rotation == 0
    before, after = frame_times(footage.path), frame_times(made)
    assert len(before) == len(after)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 0.002
    frames = pictures(made, preset.output)
    colors = quadrants(frames[len(frames) // 5])
    for seen, rgb in zip(colors, (0xC82828, 0x28A03C, 0x3050C8, 0xDCC832), strict=True):
        wanted = rgb >> 16, rgb >> 8 & 255, rgb & 255
        assert max(abs(a - b) for a, b in zip(seen, wanted, strict=True)) < 14
    assert tags(made) == ("yuv420p", 1, 1, 1, 1)
    assert footage.has_audio == facts.has_audio
    if facts.has_audio:
        light = frames.mean((1, 2, 3))
        shown = next(t for t, f in zip(after, light, strict=True) if f > 215)
        assert abs(beep_time(sound_of(made)) - shown) < 0.06


def test_aac_is_copied_and_other_sound_keeps_its_level(media: Media, tmp_path: Path) -> None:
    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as file:
            return [bytes(packet) for packet in file.demux(audio=0) if packet.size]

    footage, made, _ = captioned(media("plain.mp4"), tmp_path)
    assert packets(made) == packets(footage.path)
    ffmpeg("-i", footage.path, "-c:v", "copy", "-c:a", "pcm_s16le", tmp_path / "pcm.mov")
    (tmp_path / "other").mkdir()
    _, encoded, _ = captioned(tmp_path / "pcm.mov", tmp_path / "other")
    assert probe(encoded).audio_codec == "aac"
    assert loudness(encoded)[0] == pytest.approx(loudness(footage.path)[0], abs=0.3)


def test_hdr_is_tone_mapped(media: Media, tmp_path: Path) -> None:
    _, made, preset = captioned(media("hlg.mp4"), tmp_path)
    assert tags(made) == ("yuv420p", 1, 1, 1, 1)
    master = pictures(media("sdr.mp4"), preset.output)[3].astype(float)
    # Skin, dough and steel in the upper half, where there is no caption.
    half = preset.output.height // 2
    assert np.abs(pictures(made, preset.output)[3][:half] - master[:half]).mean() < 8


def test_only_title_and_time_of_the_metadata_stay(media: Media, tmp_path: Path) -> None:
    ffmpeg("-i", media("private.mp4"), "-c", "copy", "-map_metadata", "0",
           "-metadata", "title=Focaccia", "-metadata", "creation_time=2026-05-03T10:00:00Z",
           "-movflags", "use_metadata_tags", tmp_path / "titled.mp4")  # fmt: skip
    _, made, _ = captioned(tmp_path / "titled.mp4", tmp_path)
    with av.open(str(made)) as file:
        kept = dict(file.metadata)
    assert kept["title"] == "Focaccia" and kept["creation_time"].startswith("2026-05-03T10:00:00")
    assert "+52.52" not in str(kept) and "Cook" not in str(kept)
    assert b"+52.5200" not in made.read_bytes()


@pytest.mark.parametrize("name", ["plain.mp4", "portrait.mp4", "square.mp4", "small.mp4"])
def test_text_is_large_enough_and_in_the_safe_box(name: str, media: Media, tmp_path: Path) -> None:
    text = "Rest it for twenty minutes"
    _, made, preset = captioned(media(name), tmp_path, text)
    shown = pictures(made, preset.output)
    seen = np.abs(shown[12].astype(int) - shown[26].astype(int)).max(2) > 60
    rows, columns = np.nonzero(seen)
    left, top, right, bottom = safe_box(preset.output)
    assert left - 2 <= columns.min() and columns.max() <= right + 2
    assert top - 2 <= rows.min() and rows.max() <= bottom + 2
    # A line is about 5 % of the shorter side; capitals are a good half of it.
    assert np.ptp(rows) > 0.03 * min(preset.output.width, preset.output.height)


def test_safe_box_depends_on_the_shape() -> None:
    assert safe_box(Output(width=1920, height=1080)) == (96, 54, 1824, 1026)
    assert safe_box(Output(width=1080, height=1080)) == (54, 54, 1026, 1026)
    assert safe_box(Output(width=1080, height=1350)) == (54, 68, 1026, 1282)
    assert safe_box(Output(width=1090, height=1920))[3] == 1248
    assert safe_box(Output(width=720, height=1280)) == (43, 180, 620, 832)


def test_text_size_follows_the_shorter_side() -> None:
    same = preset_for_picture(PRESET, 1080, 1920, 30)
    assert same.captions == PRESET.captions and same.output.maxrate == "12000k"
    wide, square = (
        preset_for_picture(PRESET, 1920, 1080, 60),
        preset_for_picture(PRESET, 1080, 1080, 30),
    )
    for preset in (wide, square):
        pixels = preset.captions.speech_style.size * preset.output.height
        assert pixels == pytest.approx(PRESET.captions.speech_style.size * 1920)
    assert wide.output.maxrate == "24000k" and wide.output.fps == 60


def test_video_with_missing_frames_is_not_published(
    media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = burn.arguments

    def fewer_frames(*args: Any) -> list[str]:
        arguments = real(*args)
        return [*arguments[:-1], "-frames:v", "20", arguments[-1]]

    monkeypatch.setattr(burn, "arguments", fewer_frames)
    with pytest.raises(RenderError, match="20 frames instead of 75"):
        captioned(media("plain.mp4"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_existing_file_is_not_replaced(media: Media, tmp_path: Path) -> None:
    (tmp_path / "made.vtt").write_text("mine")
    with pytest.raises(OutputError, match=r"made\.vtt: already exists"):
        captioned(media("plain.mp4"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["made.vtt"]


def test_flash_keeps_its_time(media: Media, tmp_path: Path) -> None:
    _, made, preset = captioned(media("plain.mp4"), tmp_path)
    assert flash_time(pictures(made, preset.output)) == pytest.approx(1.0, abs=0.02)
