"""A shoot with somebody in it, from the notes to the finished clips."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import faces
import media
import numpy as np
import pytest
from small_shoot import LOOK, SAMPLE
from typer.testing import CliRunner

from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.state import BatchOptions
from btsclip.cli import app
from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe
from btsclip.plan import io
from btsclip.plan.model import Clip, CutPlan
from btsclip.planning.request import ClipRequest
from btsclip.render.blur import boxes_between
from btsclip.render.face_check import MAX_DETAIL, face_detail

pytestmark = pytest.mark.slow

# Below the hands of the sample, so that a crop about these shows it.
LEFT, TOP, SIDE = 170, 210, 110
ANA = """
[[people]]
name = "Ana"
role = "baker"
consent = {consent}
takes = ["knead.mp4", "later.mp4"]
"""


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two takes of kneading with a face in every frame."""
    folder = tmp_path_factory.mktemp("people")
    cv2.imwrite(str(folder / "head.png"), faces.HEAD[..., ::-1])
    for name, start, hour in (("knead.mp4", 5, 10), ("later.mp4", 7, 12)):
        media.ffmpeg(
            "-ss", start, "-t", 5, "-i", SAMPLE, "-i", folder / "head.png", "-filter_complex",
            f"[0]scale=640:-2[s];[1]scale={SIDE}:{SIDE}[h];[s][h]overlay={LEFT}:{TOP}",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", 30, "-c:a", "aac",
            "-metadata", f"creation_time=2026-05-03T{hour}:00:00Z", folder / name,
        )  # fmt: skip
    (folder / "head.png").unlink()
    (folder / "look.toml").write_text(LOOK.replace("count = 2", "count = 1"))
    return folder


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A cache that all tests share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTSCLIP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def box() -> faces.Box:
    found = faces.put(np.zeros((360, 640, 3), np.uint8), faces.HEAD, LEFT, TOP, SIDE)
    assert found
    return found


def run(shoot: Path, *arguments: str) -> CutPlan:
    """Run `btsclip cut` on the first take and return its plan."""
    out = shoot / "out"
    done = CliRunner().invoke(
        app,
        ["cut", str(shoot / "knead.mp4"), "-o", str(out), "--preset", str(shoot / "look.toml"),
         "--force", "--json", *arguments],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return io.read_plan(Path(json.loads(done.stdout)["plan"]))


def details(clip: Clip, path: Path) -> list[float]:
    """The detail of the face on each frame of the clip."""
    (span,) = clip.spans
    crop = np.array(span.crop[0] if span.crop else (0, 0.5, 0.5, 1, 1))
    x, y, w, h = box()
    left, top = crop[1] - crop[3] / 2, crop[2] - crop[4] / 2
    high = 384 if span.layout == "crop" else None
    assert high, "the face is looked for on a clip that a crop fills"
    made = []
    for frame in read_every_frame(probe(path), (0.0, 60.0), side=384):
        x0, x1 = (round((x + s * w / 2 - left) / crop[3] * 216) for s in (-0.5, 0.5))
        y0, y1 = (round((y + s * h / 2 - top) / crop[4] * 384) for s in (-0.5, 0.5))
        part = frame.image[max(y0, 0) : y1, max(x0, 0) : x1]
        made.append(face_detail(part))
    return made


def covered(clip: Clip) -> bool:
    """Whether the plan blurs the face all the time."""
    (span,) = clip.spans
    x, y, _, _ = box()
    tracks = [np.array(keys, float) for keys in span.blur if keys]
    return all(
        any(x0 < x < x1 and y0 < y < y1 for x0, y0, x1, y1 in boxes_between(tracks, time, time))
        for time in span.start + np.linspace(0, 1, 20) * span.duration
    )


def thirds(clip: Clip) -> list[str]:
    return [caption.text for caption in clip.captions if caption.role == "person"]


def test_nothing_is_blurred_without_notes(shoot: Path) -> None:
    (clip,) = run(shoot).clips
    assert clip.spans[0].blur_faces == "none" and not clip.spans[0].blur
    assert min(details(clip, shoot / "out" / f"{clip.id}.mp4")) > MAX_DETAIL


def test_all_faces_are_blurred_on_request(shoot: Path) -> None:
    (clip,) = run(shoot, "--blur-faces", "all").clips
    assert clip.spans[0].blur_faces == "all" and covered(clip)
    assert "blurred" in clip.why
    assert max(details(clip, shoot / "out" / f"{clip.id}.mp4")) < MAX_DETAIL


def test_person_without_consent_is_blurred_and_unnamed(shoot: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.toml"
    notes.write_text(ANA.format(consent="false"))
    (clip,) = run(shoot, "--notes", str(notes)).clips
    assert clip.spans[0].blur_faces == "others" and covered(clip)
    assert not thirds(clip)


def test_person_with_consent_is_seen_and_named(shoot: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.toml"
    notes.write_text(ANA.format(consent="true"))
    (clip,) = run(shoot, "--notes", str(notes)).clips
    assert clip.spans[0].blur_faces == "others" and clip.spans[0].may_be_seen and not covered(clip)
    assert thirds(clip) == ["Ana\nbaker"]
    assert min(details(clip, shoot / "out" / f"{clip.id}.mp4")) > MAX_DETAIL
    assert "Ana baker" in (shoot / "out" / f"{clip.id}.srt").read_text("utf-8")


@pytest.mark.parametrize("top", [None, 2])
def test_batch_introduces_a_person_once(shoot: Path, tmp_path: Path, top: int | None) -> None:
    notes = tmp_path / "notes.toml"
    notes.write_text(ANA.format(consent="true"))
    outcome = run_batch(
        shoot, tmp_path / "out", str(shoot / "look.toml"), ClipRequest(notes=notes),
        BatchOptions(top), ExecutionOptions(jobs=1), dry_run=True,
    )  # fmt: skip
    clips = sorted(
        outcome.plan.clips if outcome.plan else [], key=lambda clip: Path(clip.spans[0].source).name
    )
    assert [Path(clip.spans[0].source).name for clip in clips] == ["knead.mp4", "later.mp4"]
    # Of two clips that look alike only one is among the best.
    first = next(clip for clip in clips if clip.enabled)
    assert [clip for clip in clips if thirds(clip)] == [first]
    assert thirds(first) == ["Ana\nbaker"]
    assert all(clip.spans[0].may_be_seen for clip in clips)


def test_story_introduces_a_person_with_consent(shoot: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.toml"
    notes.write_text(ANA.format(consent="true"))
    done = CliRunner().invoke(
        app,
        ["story", str(shoot), "-o", str(tmp_path / "out"), "--preset", str(shoot / "look.toml"),
         "--length", "7", "--notes", str(notes), "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    (clip,) = io.read_plan(Path(json.loads(done.stdout)["plan"])).clips
    assert thirds(clip) == ["Ana\nbaker"]
    assert all(span.may_be_seen for span in clip.spans)
