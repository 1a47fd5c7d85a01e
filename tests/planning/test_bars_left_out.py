"""A take with baked-in bars is analyzed, framed and shown as if it had none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from media import ffmpeg
from result import pictures
from schemas import check_schema
from small_shoot import LOOK, SAMPLE

from btsclip.analysis.analysis import analysis_json, analyze_footage
from btsclip.analysis.result import AnalyzeJson
from btsclip.geometry import WHOLE, to_take
from btsclip.media.probing import probe
from btsclip.moments.belief import process_belief
from btsclip.plan.model import CutPlan
from btsclip.planning.clips import make_plan
from btsclip.presets.load import load_preset
from btsclip.render import render

# Filters that put the picture between bars, 16:9 into 9:16 and the other way round.
TAKES = {
    "plain": "scale=640:360",
    "letterboxed": "scale=540:304,pad=540:960:0:328",
    "pillarboxed": "crop=404:720,scale=270:480,pad=854:480:292:0:white",
}


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes the take of a name when it is first needed.

    Hands knead under noise, compressed as by chat programs.
    """
    folder = tmp_path_factory.mktemp("barred")

    @cache
    def make(name: str) -> Path:
        ffmpeg(
            "-ss", "5.5", "-t", "2.8", "-i", SAMPLE, "-vf", f"{TAKES[name]},noise=alls=6:allf=t",
            "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "30", "-g", "30",
            folder / f"{name}.mp4",
        )  # fmt: skip
        return folder / f"{name}.mp4"

    return make


def plan_take(path: Path, folder: Path, layouts: str) -> CutPlan:
    look = folder / "look.toml"
    look.write_text(f"{LOOK}[framing]\nlayouts = {layouts}\n")
    return make_plan([path], load_preset(str(look)), str(look))


@pytest.mark.slow
def test_bars_do_not_change_the_signals(take: Callable[[str], Path]) -> None:
    plain, barred = (analyze_footage(probe(take(name))) for name in ("plain", "letterboxed"))
    assert plain.footage.picture == WHOLE
    assert barred.footage.picture == pytest.approx((0.5, 0.5, 1.0, 304 / 960), abs=0.02)
    hands, boxed = plain.signals.hand_box, barred.signals.hand_box
    both = np.isfinite(hands[:, 0]) & np.isfinite(boxed[:, 0])
    assert both.mean() > 0.5
    assert np.median(np.abs(hands[both] - boxed[both])) < 0.05
    # The belief comes from three samples of a picture with a third of the pixels.
    assert np.abs(process_belief(plain.signals) - process_belief(barred.signals)).mean() < 0.2
    # In JSON, boxes are fractions of the complete take.
    values = analysis_json(barred)
    check_schema(AnalyzeJson, values)
    first = int(np.flatnonzero(both)[0])
    assert values["signals"]["hand_box"][first] == pytest.approx(
        to_take(boxed[first], barred.footage.picture), abs=1e-3
    )
    assert values["footage"]["picture"] == pytest.approx(barred.footage.picture, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "layouts"),
    [
        ("letterboxed", '["crop"]'),
        ("letterboxed", '["fit-blur"]'),
        pytest.param("pillarboxed", '["crop"]', marks=pytest.mark.slow),
    ],
)
def test_clips_show_no_bars(
    take: Callable[[str], Path], tmp_path: Path, name: str, layouts: str
) -> None:
    plan = plan_take(take(name), tmp_path, layouts)
    preset = load_preset(str(tmp_path / "look.toml"))
    frames = pictures(render(plan, preset, tmp_path / "out")[0].path)[::5]
    plain = frames.min(3) > 235 if name == "pillarboxed" else frames.max(3) < 20
    assert plain.mean() < 0.01
    (source,) = plan.sources
    assert source.picture
    for _, *key in plan.clips[0].spans[0].crop:
        for k in (0, 1):
            reach = (source.picture[k + 2] - key[k + 2]) / 2 + 1e-4
            assert abs(key[k] - source.picture[k]) <= reach
