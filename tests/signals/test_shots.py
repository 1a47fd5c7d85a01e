"""Hard cuts of edited takes, on a made reel whose cuts are known."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from media import Media, ffmpeg
from result import plan_of

from btsclip.analysis import analyze_footage, cached_analysis
from btsclip.media.probing import probe
from btsclip.planning import add_source_warnings, source_of
from btsclip.signals.shots import (
    MAX_MEAN_SHOT_SECONDS,
    MIN_CUTS,
    color_distance,
    count_cuts,
    find_cuts,
    look_for_cuts,
    may_be_edited,
)

# The shots of the reel: the third is the second mirrored, and has its colors.
SHOTS = ("smptebars", "testsrc2", "testsrc2,hflip,vflip", "rgbtestsrc", "mandelbrot")
SHOT_SECONDS = 1.6


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take of SHOTS in which keyframes are 10 s apart."""
    graphs = []
    for index, shot in enumerate(SHOTS):
        source, *filters = shot.split(",")
        rest = ",".join([f"{source}=s=320x180:r=25", f"trim=0:{SHOT_SECONDS}", *filters])
        graphs.append(f"{rest},setsar=1,format=yuv420p[s{index}]")
    inputs = "".join(f"[s{index}]" for index in range(len(SHOTS)))
    path = tmp_path_factory.mktemp("reel") / "reel.mp4"
    ffmpeg(
        "-filter_complex", f"{';'.join(graphs)};{inputs}concat=n={len(SHOTS)}[v]",
        "-map", "[v]", "-g", "250", "-sc_threshold", "0", path,
    )  # fmt: skip
    return path


def test_every_cut_is_found_to_the_frame(reel: Path) -> None:
    footage = probe(reel)
    cuts = [SHOT_SECONDS * number for number in range(1, len(SHOTS))]
    assert [cut.time for cut in find_cuts(footage)] == pytest.approx(cuts, abs=0.021)
    assert look_for_cuts(footage) == len(cuts)
    assert all(
        cut.distance == pytest.approx(color_distance(footage, cut.time))
        for cut in find_cuts(footage)
    )


def test_a_flash_is_no_reel(media: Media) -> None:
    assert look_for_cuts(probe(media("plain.mp4"))) == 0


def test_colors_tell_whether_two_shots_look_the_same(reel: Path) -> None:
    footage = probe(reel)
    assert color_distance(footage, 2 * SHOT_SECONDS) < 0.2
    assert color_distance(footage, SHOT_SECONDS) > 0.45
    # Within a shot, and where there is no picture before.
    assert color_distance(footage, 0.8) < 0.1
    assert color_distance(footage, 0.0) == 1


@given(st.integers(0, 60), st.floats(1, 600))
def test_edited_takes_have_many_short_shots(number: int, seconds: float) -> None:
    borders = [seconds * (i + 1) / (number + 1) for i in range(number)]
    cuts = count_cuts(borders, seconds)
    assert cuts in (0, number)
    if cuts:
        assert number >= MIN_CUTS
        assert seconds / (number + 1) <= MAX_MEAN_SHOT_SECONDS * (1 + 1e-9)
        assert may_be_edited(number, seconds)


def test_analysis_of_a_reel_has_its_exact_cuts(reel: Path) -> None:
    analysis = analyze_footage(probe(reel))
    again = cached_analysis(probe(reel))
    cuts = [SHOT_SECONDS * number for number in range(1, len(SHOTS))]
    for found in (analysis, again):
        assert found and found.signals.exact_borders and found.footage.cuts == len(cuts)
        assert found.signals.borders == pytest.approx(cuts, abs=0.021)
        assert len(found.signals.border_distances) == len(cuts)
    source = source_of(analysis.footage)
    (clip,) = add_source_warnings(plan_of(reel).clips, [source])
    assert clip.warnings == [
        "reel.mp4 is already edited: 4 cuts in 8 s; each shot is treated by itself"
    ]
