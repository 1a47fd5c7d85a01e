"""The cover is seen, picked and rendered, as the page asks the server for it."""

from __future__ import annotations

import io as bytes_io
from pathlib import Path

import media
import numpy as np
import pytest
from PIL import Image
from plans import with_first
from result import plan_of
from reviewed import LOOK, client, served

from btsclip.plan import io
from btsclip.plan.model import CoverChoice
from btsclip.presets.load import load_preset
from btsclip.render import render

FLASH = 1.4


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A clip with two pictures to choose from: the quadrants, and the white flash."""
    media.take(tmp_path / "take.mp4", size=(640, 360), flash=FLASH)
    (tmp_path / "look.toml").write_text(LOOK)
    made = plan_of(tmp_path / "take.mp4", start=0.2, end=2.2, title="")
    choices = [CoverChoice(at=0.7), CoverChoice(at=FLASH + 0.1, title_y=0.5)]
    clip = with_first(made.clips[0], cover=0.7, covers=choices)
    made = made.model_copy(update={"clips": [clip], "preset": str(tmp_path / "look.toml")})
    io.write_plan(made, tmp_path / "plan.json")
    return tmp_path / "plan.json"


def brightness(data: bytes) -> float:
    with Image.open(bytes_io.BytesIO(data)) as picture:
        width, height = picture.size
        assert width / height == pytest.approx(9 / 16, abs=0.02)
        return float(np.asarray(picture)[height // 2 - 20 : height // 2 + 20].mean())


def test_cover_is_seen_picked_rendered_and_undone(plan: Path) -> None:
    with served(plan) as address, client(address) as asking:
        answer = asking.get("/api/plan").json()
        (clip,) = answer["plan"]["clips"]
        choices = answer["clips"][clip["id"]]["covers"]
        assert choices == [{"span": 0, "at": 0.7}, {"span": 0, "at": FLASH + 0.1}]
        pictures = [asking.get(f"/media/covers/{clip['id']}/{i}") for i in range(3)]
        assert [picture.status_code for picture in pictures] == [200, 200, 404]
        assert brightness(pictures[1].content) > brightness(pictures[0].content) + 60
        edit = {"do": "cover", "clip": clip["id"], **choices[1]}
        saved = asking.post("/api/edits", json={"tag": answer["tag"], "edits": [edit]}).json()
        picked = io.read_plan(plan)
        preset = load_preset(picked.preset)
        (made,) = render(picked, preset, plan.parent / "picked")
        assert brightness(made.cover.read_bytes()) == pytest.approx(
            brightness(pictures[1].content), abs=12
        )
        asking.post("/api/undo", json={"tag": saved["tag"]})
        assert io.read_plan(plan).clips[0].spans[0].cover == 0.7


@pytest.mark.parametrize("values", [{"span": 0, "at": 0.9}, {"span": 3, "at": 0.7}, {"span": 0}])
def test_other_picture_is_refused_and_nothing_written(values: dict[str, float], plan: Path) -> None:
    before = plan.read_bytes()
    with served(plan) as address, client(address) as asking:
        answer = asking.get("/api/plan").json()
        edit = {"do": "cover", "clip": answer["plan"]["clips"][0]["id"], **values}
        refused = asking.post("/api/edits", json={"tag": answer["tag"], "edits": [edit]})
        assert refused.status_code == 422 and refused.json()["error"]
        assert asking.get("/media/covers/nobody/0").status_code == 404
    assert plan.read_bytes() == before
