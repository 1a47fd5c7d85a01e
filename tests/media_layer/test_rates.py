"""The frame rate and the length of a take, in every container and at every rate."""

from __future__ import annotations

from pathlib import Path

import media
import pytest
from quick import mostly_slow

from btsclip.errors import FootageError
from btsclip.exchange.rates import exact_rate, timeline_rate
from btsclip.media.probing import probe

DV = {
    "pal": ("720x576", "25", "yuv420p"),
    "ntsc": ("720x480", "30000/1001", "yuv411p"),
}


@pytest.mark.parametrize("system", DV)
@pytest.mark.parametrize("kind", ["dv", "avi", "mov"])
def test_dv_has_its_rate_in_every_container(kind: str, system: str, tmp_path: Path) -> None:
    path, (size, rate, pixels) = tmp_path / f"take.{kind}", DV[system]
    media.ffmpeg(
        "-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d=1", "-f", "lavfi", "-i", "sine=r=48000",
        "-shortest", "-c:v", "dvvideo", "-pix_fmt", pixels, "-ac", "2", "-c:a", "pcm_s16le", path,
    )  # fmt: skip
    facts = probe(path)
    assert facts.fps == pytest.approx(25 if rate == "25" else 30000 / 1001, abs=1e-3)
    assert not facts.vfr and facts.duration == pytest.approx(1.0, abs=0.05)


def test_header_that_names_ticks_is_not_believed(tmp_path: Path) -> None:
    """A copy of raw DV into AVI says 600 pictures a second."""
    raw, path = tmp_path / "take.dv", tmp_path / "take.avi"
    media.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=720x480:r=30000/1001:d=1", "-c:v", "dvvideo",
        "-pix_fmt", "yuv411p", raw,
    )  # fmt: skip
    media.ffmpeg("-i", raw, "-c", "copy", path)
    assert probe(path).fps == pytest.approx(30000 / 1001, abs=1e-3)


@pytest.mark.parametrize("rate", [1, 5, 10, 120, 240, 1000])
@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_screen_recordings_have_their_rate(kind: str, rate: int, tmp_path: Path) -> None:
    path, seconds = tmp_path / f"screen.{kind}", 3
    source = f"testsrc2=s=64x36:r={rate}:d={seconds}"
    media.ffmpeg("-f", "lavfi", "-i", source, *media.FAST, path)
    facts = probe(path)
    assert (facts.fps, facts.vfr) == (pytest.approx(rate, rel=0.01), False)
    assert facts.duration == pytest.approx(seconds, abs=0.01)
    # An editing program shows it at a rate that has a timecode.
    assert 23 < timeline_rate(exact_rate(facts.fps, facts.vfr)) <= 60


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_pictures_on_demand_are_a_variable_rate(kind: str, tmp_path: Path) -> None:
    """60 a second, then one a second, in ticks of a millisecond."""
    path = tmp_path / f"screen.{kind}"
    media.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=64x36:r=60:d=4,select='lt(t,1)+not(mod(n,60))'",
        *media.FAST, "-bf", "0", "-fps_mode", "passthrough", "-enc_time_base", "1/1000", path,
    )  # fmt: skip
    facts = probe(path)
    assert facts.vfr and 1 < facts.fps <= 60
    assert facts.duration == pytest.approx(3.0, abs=0.1)


def test_keyframes_at_odd_times_are_no_variable_rate(tmp_path: Path) -> None:
    """The index of Matroska has keyframes only."""
    path = tmp_path / "take.mkv"
    media.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=64x36:r=30:d=24", *media.FAST, "-g", "900",
        "-force_key_frames", "1,6,7,12,14,20,21,23", path,
    )  # fmt: skip
    assert (probe(path).fps, probe(path).vfr) == (30.0, False)


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
@pytest.mark.parametrize("frames", [1, 2, 5])
def test_single_picture_is_no_video(frames: int, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"short.{kind}"
    source = "testsrc2=s=64x36:r=25"
    media.ffmpeg("-f", "lavfi", "-i", source, "-frames:v", str(frames), *media.FAST, path)
    if frames == 1:
        with pytest.raises(FootageError, match="holds a single picture, not a video; name a video"):
            probe(path)
    else:
        assert probe(path).duration == pytest.approx(frames / 25)


SIZES = ["853x479", "3000x200", "200x3000", "16x16", "7680x4320"]


@pytest.mark.parametrize("size", mostly_slow(SIZES, *SIZES[:4]))
def test_odd_sizes_are_read(size: str, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    media.ffmpeg(
        "-f", "lavfi", "-i", f"testsrc=s={size}:r=10:d=0.3", "-c:v", "libx264",
        "-preset", "ultrafast", "-pix_fmt", "yuv444p", path,
    )  # fmt: skip
    assert f"{probe(path).width}x{probe(path).height}" == size
