"""Takes with sound in one channel: both sides of the clip play it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from media import Media, ffmpeg
from result import PRESET, beep_time, plan_of, samples

from btsclip.analysis.analysis import analyze_footage
from btsclip.errors import PlanError
from btsclip.media.probing import probe
from btsclip.plan.model import CutPlan
from btsclip.planning.clips import add_source_warnings, source_of
from btsclip.render import render

# ffmpeg's pan of an ordinary take's sound, by the name of the take.
PANS = {
    "left only.mp4": "stereo|c0=c0|c1=0*c0",
    "rear only.mp4": "5.1|BR=c0",
}


@pytest.fixture(scope="module")
def takes(media: Media, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("one channel")
    for name, pan in PANS.items():
        ffmpeg(
            "-i", media("plain.mp4"), "-c:v", "copy", "-af", f"pan={pan}", "-c:a", "aac",
            folder / name,
        )  # fmt: skip
    return {name: folder / name for name in PANS}


def planned(*paths: Path) -> CutPlan:
    """A plan of the takes after their analysis."""
    plan = plan_of(*paths)
    sources = [source_of(analyze_footage(probe(path)).footage) for path in paths]
    clips = add_source_warnings(plan.clips, sources)
    return plan.model_copy(update={"sources": sources, "clips": clips})


@pytest.mark.parametrize(
    "name", ["left only.mp4", pytest.param("rear only.mp4", marks=pytest.mark.slow)]
)
def test_both_sides_play_the_channel_and_the_sidecar_says_why(
    takes: dict[str, Path], tmp_path: Path, name: str
) -> None:
    plan = planned(takes[name])
    (result,) = render(plan, PRESET, tmp_path)
    left, right = samples(result.path).T
    assert np.abs(left).max() > 0.1
    assert np.abs(left - right).max() < 0.01
    assert beep_time(samples(result.path)) == pytest.approx(1.0, abs=0.05)
    record = json.loads(result.sidecar.read_text("utf-8"))
    assert "both ears get the" in record["output"]["sound"]
    assert record["source"]["channel"] == plan.sources[0].channel
    assert plan.clips[0].warnings == [f"{name}: {plan.sources[0].channel_why}"]


def test_only_the_faulty_take_plays_one_channel(
    takes: dict[str, Path], media: Media, tmp_path: Path
) -> None:
    """In a clip of several spans, as stories are."""
    plan = planned(takes["left only.mp4"], media("plain.mp4"))
    first, second = plan.clips
    both = first.model_copy(update={"spans": [*first.spans, *second.spans]})
    (result,) = render(plan.model_copy(update={"clips": [both]}), PRESET, tmp_path)
    left, right = samples(result.path).T
    half = len(left) // 2
    for part in (slice(0, half), slice(half, None)):
        assert np.abs(left[part]).max() == pytest.approx(np.abs(right[part]).max(), rel=0.05)
    assert plan.sources[1].channel is None


def test_missing_channel_is_named(media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("plain.mp4"))
    source = plan.sources[0].model_copy(update={"channel": 2})
    with pytest.raises(PlanError, match="has no sound channel 2"):
        render(plan.model_copy(update={"sources": [source]}), PRESET, tmp_path)
