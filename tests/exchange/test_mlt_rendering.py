"""MLT, the framework of Kdenlive and Shotcut, plays a timeline as btsclip renders the clip."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import media as made
import numpy as np
import pytest
from exported import span
from melt import (
    FORMATS,
    frame_numbers,
    lumas,
    needs_melt,
    play,
    sound_lag,
    write_plan,
    write_presets,
)

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.planning.cut import render_plan

pytestmark = [pytest.mark.slow, needs_melt]
# A crop as high as a take of 16:9 in the shape of the screen.
CROP = 0.31640625


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with takes of moving patterns and clicks, takes whose brightness counts their
    frames, and small presets."""
    folder = tmp_path_factory.mktemp("takes")
    clicks = "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t*t,1),0.05)':s=48000:d=4"
    for name, rate in (("25", "25"), ("29", "30000/1001"), ("23", "24000/1001")):
        pattern = f"testsrc2=s=640x360:r={rate}:d=4,gblur=sigma=2"
        count = f"color=black:s=160x90:r={rate}:d=4,geq=lum='16+mod(N*4,200)':cb=128:cr=128"
        for kind, graph in (("pattern", pattern), ("count", count)):
            made.ffmpeg(
                "-f", "lavfi", "-i", graph, "-f", "lavfi", "-i", clicks, "-c:v", "libx264",
                "-preset", "veryfast", "-crf", "2", "-bf", "2", "-pix_fmt", "yuv420p",
                "-c:a", "aac", folder / f"{kind}{name}.mp4",
            )  # fmt: skip
    made.ffmpeg(
        "-display_rotation", "-90", "-i", folder / "pattern25.mp4", "-c", "copy",
        folder / "turned.mp4",
    )  # fmt: skip
    made.ffmpeg(
        "-i", folder / "count25.mp4", "-c", "copy", "-output_ts_offset", "7", folder / "late.mkv"
    )
    write_presets(folder)
    return folder


def mean_ssim(one: Path, other: Path) -> float:
    """The mean likeness of the pictures of two videos, one by one."""
    numbered = "[0:v]settb=1/1000,setpts=N[a];[1:v]settb=1/1000,setpts=N[b];[a][b]ssim"
    done = subprocess.run(
        [ffmpeg_path(), "-i", one, "-i", other, "-lavfi", numbered, "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(re.findall(r"All:([\d.]+)", done.stderr)[-1])


PAN = {"crop": [[1.0, 0.3, 0.5, CROP, 1.0], [2.0, 0.7, 0.5, CROP, 1.0]]}
TURNED = {"crop": [[1.0, 0.5, 0.4, 1.0, 1.0]]}
CLIPS: dict[str, tuple[list[dict[str, object]], int]] = {
    "still": ([span("pattern25.mp4", 1, 2)], 25),
    "pan": ([{**span("pattern25.mp4", 1, 2), **PAN}], 25),
    "pan at 29.97": ([{**span("pattern29.mp4", 1, 2), **PAN}], 30),
    "two spans": (
        [span("pattern25.mp4", 1, 1.6), {**span("pattern25.mp4", 2, 2.6), **PAN}], 25,
    ),
    "dissolve": (
        [span("pattern25.mp4", 1, 1.6), span("pattern25.mp4", 2, 2.6, enter="dissolve")], 25,
    ),
    "turned": ([{**span("turned.mp4", 1, 2), **TURNED}], 25),
    "push in": (
        [{**span("pattern25.mp4", 1, 2),
          "crop": [[1.0, 0.5, 0.5, CROP, 1.0], [2.0, 0.55, 0.5, CROP / 2, 0.5]]}], 25,
    ),
    "blur": (
        [span("pattern25.mp4", 1, 2, layout="fit-blur")
         | {"crop": [[1.0, 0.4, 0.5, 0.5, 0.9], [2.0, 0.6, 0.5, 0.5, 0.9]]}], 25,
    ),
    "split": (
        [span("pattern25.mp4", 1, 2, layout="split", below=[[1.0, 0.7, 0.5, 0.5, 0.791]])
         | {"crop": [[1.0, 0.3, 0.5, 0.5, 0.791]]}], 25,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLIPS)
def test_pictures_and_sound_are_those_of_the_rendered_clip(
    name: str, takes: Path, tmp_path: Path
) -> None:
    spans, fps = CLIPS[name]
    path = write_plan(takes, name.replace(" ", "-"), spans, fps)
    rendered = render_plan(path, tmp_path / "clips").clips[0].path
    for file_format in FORMATS:
        played = play(path, file_format, tmp_path)
        assert len(lumas(played)) == len(lumas(rendered))
        # Blurs of small pictures differ along their edges.
        least = 0.93 if name == "blur" else 0.95
        assert mean_ssim(rendered, played) > least, file_format
        assert abs(sound_lag(rendered, played)) < 0.02, file_format


@pytest.mark.parametrize("take", ["count25.mp4", "count29.mp4", "count23.mp4", "late.mkv"])
def test_cuts_are_on_the_same_frame(take: str, takes: Path, tmp_path: Path) -> None:
    cuts = [(0.52, 0.92), (1.4, 1.72)]
    spans = [*(span(take, *cut) for cut in cuts), span(take, 2.0, 2.4, enter="dissolve")]
    path = write_plan(takes, take, spans)
    rate = {"count29.mp4": 30 / 1.001, "count23.mp4": 24 / 1.001}.get(take, 25)
    expected = [
        frame % 50
        for start, end in cuts
        for frame in range(int(start * rate + 0.5), int(end * rate + 0.5))
    ]
    for file_format in FORMATS:
        shown = frame_numbers(play(path, file_format, tmp_path))
        assert shown[: len(expected)] == expected, file_format
        # The last frame, after the dissolve.
        assert shown[-1] == (int(2.4 * rate + 0.5) - 1) % 50
    if rate == 25:
        rendered = render_plan(path, tmp_path / "clips").clips[0].path
        assert frame_numbers(rendered)[: len(expected)] == expected


@pytest.mark.parametrize("speed", [0.5, 2.0, 4.0])
def test_speed_is_within_its_rounding(speed: float, takes: Path, tmp_path: Path) -> None:
    spans = [span("count25.mp4", 1, 2.6, speeds=[[1, speed]])]
    path = write_plan(takes, f"speed-{speed}", spans)
    for file_format in FORMATS:
        shown = frame_numbers(play(path, file_format, tmp_path))
        expected = [25 + n * speed for n in range(len(shown))]
        errors = [(have - want + 25) % 50 - 25 for have, want in zip(shown, expected, strict=True)]
        assert max(map(abs, errors)) <= max(1, speed / 2), (file_format, shown)


def test_speed_ramp_follows_its_course(takes: Path, tmp_path: Path) -> None:
    path = write_plan(takes, "ramp", [span("count25.mp4", 0.4, 3.2, speeds=[[0.4, 1], [3.2, 3]])])
    document = json.loads(path.read_text("utf-8"))
    from btsclip.plan.model import Span

    clock = Span.model_validate(document["clips"][0]["spans"][0]).time_map
    for file_format in FORMATS:
        shown = frame_numbers(play(path, file_format, tmp_path))
        expected = [25 * (0.4 + clock.source(n / 25)) for n in range(len(shown))]
        errors = [(have - want + 25) % 50 - 25 for have, want in zip(shown, expected, strict=True)]
        assert max(map(abs, errors)) <= 3, "the highest speed is 3"


def test_take_in_chapters_goes_on_where_they_meet(takes: Path, tmp_path: Path) -> None:
    names = ["GX1.mp4", "GX2.mp4"]
    for name in names:
        shutil.copyfile(takes / "count25.mp4", takes / name)
    path = write_plan(takes, "chapters", [span("GX1.mp4", 3.6, 4)])
    document = json.loads(path.read_text("utf-8"))
    size = sum((takes / name).stat().st_size for name in names)
    document["sources"][0].update(chapters=names, size=size, duration=8)
    document["clips"][0]["spans"][0]["end"] = 4.4
    path.write_text(json.dumps(document), "utf-8")
    expected = [*range(40, 50), *range(10)]
    for file_format in FORMATS:
        assert frame_numbers(play(path, file_format, tmp_path)) == expected


def test_texts_are_drawn(takes: Path, tmp_path: Path) -> None:
    path = write_plan(takes, "text", [span("count25.mp4", 0, 1)])
    document = json.loads(path.read_text("utf-8"))
    document["clips"][0]["captions"] = [{"text": "#1 \\ <b>", "start": 0.4, "end": 0.8}]
    path.write_text(json.dumps(document), "utf-8")
    for file_format in FORMATS:
        contrast = np.ptp(lumas(play(path, file_format, tmp_path)).astype(int), axis=1)
        assert contrast[10:20].min() > 60, file_format
        assert max(contrast[:10].max(), contrast[20:].max()) < 10, "only while it is shown"
