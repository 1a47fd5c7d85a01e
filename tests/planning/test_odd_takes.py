"""Takes that no camera should write, but some do, are analyzed or refused with a cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from media import ffmpeg
from quick import mostly_slow

from btsclip import analyze
from btsclip.errors import FootageError

MOVING = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


@pytest.mark.slow
def test_distant_keyframes_hide_nothing(tmp_path: Path) -> None:
    single, far = tmp_path / "one.mp4", tmp_path / "far.mp4"
    ffmpeg(*MOVING, "-t", "8", *H264, "-g", "9999", "-sc_threshold", "0", single)
    ffmpeg(*MOVING, "-t", "41", *H264, "-g", "500", "-sc_threshold", "0", far)
    for path in (single, far):
        signals = analyze(path).signals
        # Samples are half a second apart nevertheless.
        assert signals.thumb_times.max() > signals.times[-1] - 1.5
        assert max(b - a for a, b in zip(signals.thumb_times, signals.thumb_times[1:],
                                         strict=False)) <= 0.7  # fmt: skip


def test_three_frames_are_analyzed(tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    ffmpeg(*MOVING, "-frames:v", "3", *H264, path)
    analysis = analyze(path)
    assert len(analysis.signals.times) >= 1
    assert all(moment.end <= analysis.footage.duration + 0.05 for moment in analysis.moments)


def test_photo_as_a_video_has_no_work(tmp_path: Path) -> None:
    photo, path = tmp_path / "photo.png", tmp_path / "photo.mp4"
    ffmpeg(*MOVING, "-frames:v", "1", photo)
    ffmpeg("-loop", "1", "-i", photo, "-t", "6", *H264, "-r", "25", path)
    assert not [moment for moment in analyze(path).moments if moment.kind == "process"]


def test_changing_picture_size_is_analyzed_to_the_end(tmp_path: Path) -> None:
    parts = []
    for number, size in enumerate(("320x180", "640x360")):
        part = tmp_path / f"{number}.ts"
        later = ("-output_ts_offset", str(3 * number))
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25", "-t", "3", *H264, *later, part)
        parts.append(part.read_bytes())
    path = tmp_path / "sizes.ts"
    path.write_bytes(b"".join(parts))
    analysis = analyze(path)
    assert analysis.signals.thumb_times.max() > 2.0


def test_undecodable_pictures_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    ffmpeg(*MOVING, "-t", "4", *H264, path)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") if data.index(b"moov") > start else len(data)
    data[start:end] = b"\xff" * (end - start)
    path.write_bytes(data)
    with pytest.raises(FootageError) as error:
        analyze(path)
    assert "broken.mp4" in str(error.value)


@pytest.mark.parametrize("rate", mostly_slow([0, 30], 0))
def test_theora_without_a_rate_is_analyzed_or_refused(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "take.ogv"
    ffmpeg(*MOVING, "-t", "4", "-c:v", "libtheora", path)
    data = bytearray(path.read_bytes())
    # The numerator and denominator of the rate in Theora's first header.
    at = data.index(b"\x80theora") + 22
    data[at : at + 8] = rate.to_bytes(4, "big") + (rate and 1).to_bytes(4, "big")
    write_checksum(data, slice(0, data.index(b"OggS", 4)))
    path.write_bytes(data)
    try:
        analysis = analyze(path)
    except FootageError as error:
        assert "take.ogv" in str(error) and rate == 0
    else:
        assert analysis.footage.duration > 0 and len(analysis.signals.times) > 0


def write_checksum(data: bytearray, page: slice) -> None:
    """Write the checksum of an Ogg page (RFC 3533: CRC-32 of 0x04C11DB7, not reflected)."""
    data[22:26] = bytes(4)
    crc = 0
    for byte in data[page]:
        crc ^= byte << 24
        for _ in range(8):
            crc = ((crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    data[22:26] = crc.to_bytes(4, "little")
