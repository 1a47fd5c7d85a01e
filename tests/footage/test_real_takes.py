"""Real takes, where they are at hand beside the project."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from btsclip.planning.cut import plan_footage
from btsclip.planning.request import ClipRequest, RenderOptions

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pizza_day", "talk_and_toss"])
def test_most_of_what_is_cut_is_work(name: str, tmp_path: Path) -> None:
    path = FOOTAGE / f"{name}.mp4"
    if not path.is_file():
        pytest.skip("the real takes are not here")
    with path.with_suffix(".labels.csv").open() as file:
        work = [
            (float(row["start"]), float(row["end"]))
            for row in csv.DictReader(file)
            if row["process"] == "1"
        ]
    plan = plan_footage(
        [path], tmp_path, "honest-kitchen", ClipRequest(), RenderOptions(dry_run=True)
    ).plan
    cuts = [clip.spans[0] for clip in plan.clips]
    shown = sum(cut.duration for cut in cuts)
    good = sum(max(0.0, min(c.end, e) - max(c.start, s)) for c in cuts for s, e in work)
    assert good >= 0.8 * shown
