"""Stories of real files: parts of the sample as takes, with clocks and misleading names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from media import ffmpeg
from result import loudness, pictures, samples
from schemas import check_schema
from small_shoot import LOOK, part
from spoken_takes import SPOKEN, STARTS, tiny_model

from btsclip.media.probing import probe
from btsclip.plan.io import read_plan
from btsclip.presets.schema import Output
from btsclip.story.arc import group_of
from btsclip.story.result import StoryJson

# A complete story is rendered once for all of these.
pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
# Name, part of the sample, time of recording: names and times give different orders.
TAKES = (
    ("zeta.mp4", 0.0, 6.0, "09:00:00"),
    ("mid.mp4", 6.0, 14.0, "09:02:00"),
    ("alpha 'take' 10.mp4", 14.0, 22.5, "09:20:00"),
    ("take 2.mp4", 22.5, 30.0, "12:40:00"),
    ("beta.mp4", 30.0, 38.0, "12:41:00"),
    ("aaa.mp4", 38.0, 45.0, "12:42:00"),
)
SMALL = Output(width=216, height=384, speed="ultrafast")


def btsclip(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, cwd=cwd, env=os.environ,
    )  # fmt: skip


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shoots") / "a day"
    folder.mkdir()
    for name, start, end, time in TAKES:
        part(folder / name, start, end, created=f"2026-05-03T{time}Z")
    (folder / "broken.mp4").write_text("no video\n" * 99)
    (folder.parent / "look.toml").write_text(LOOK)
    return folder


@pytest.fixture(scope="module")
def story_result(shoot: Path) -> tuple[dict, Path, str]:
    """A story of 24 seconds: its JSON, its folder, and what was printed to stderr."""
    out = shoot.parent / "out"
    done = btsclip(
        "story", shoot, "--length", "24", "-o", out, "--preset", "look.toml", "--jobs", "2",
        "--hook", "Soup, from nothing", "--json", cwd=shoot.parent,
    )  # fmt: skip
    # One of its files could not be read.
    assert done.returncode == 4, done.stderr
    return json.loads(done.stdout), out, done.stderr


def test_story_follows_the_clock_whatever_the_names(story_result) -> None:
    shown = [Path(span["source"]).name for span in story_result[0]["spans"]]
    order = [name for name, *_ in TAKES]
    check_schema(StoryJson, story_result[0])
    assert shown == sorted(shown, key=order.index) and len(set(shown)) >= 4
    acts = [span["act"] for span in story_result[0]["spans"]]
    wanted = ["ingredients", "hands at work", "tools", "the turn", "reveal"]
    assert list(dict.fromkeys(acts)) == [act for act in wanted if act in acts]
    assert acts[0] == "ingredients" and acts[-1] == "reveal"


def test_story_has_the_asked_length_and_reports_its_shares(story_result) -> None:
    story = story_result[0]
    facts = probe(Path(story["path"]))
    assert facts.duration == pytest.approx(24, abs=0.5)
    assert story["seconds"] == pytest.approx(facts.duration, abs=0.05)
    plan = read_plan(Path(story["plan"])).clips[0]
    seconds = [span.seconds for span in plan.spans]
    for group, share in story["shares"].items():
        in_group = [
            s for s, span in zip(seconds, story["spans"], strict=True)
            if group_of(span["kind"]) == group
        ]  # fmt: skip
        assert sum(in_group) / sum(seconds) == pytest.approx(share, abs=2e-3)
    assert story["shares"]["process"] > 0.6 and story["shares"]["product"] <= 0.13
    assert "process" in plan.why and plan.evidence["process_share"] == story["shares"]["process"]


def test_every_choice_has_a_reason(story_result) -> None:
    story, out, messages = story_result
    plan = read_plan(out / "plan.json")
    for span in plan.clips[0].spans:
        assert span.act and span.reason and (span.crop or span.layout == "fit-blur")
    assert all(skipped.why for skipped in plan.skipped)
    assert "broken.mp4" in story["failed"][0] and "broken.mp4" in messages


def test_card_names_the_hours_and_the_hook_comes_first(story_result) -> None:
    story, out, _ = story_result
    cards = [span["card"] for span in story["spans"] if span["card"]]
    assert "3 h 19 min later" in cards
    captions = read_plan(out / "plan.json").clips[0].captions
    assert captions[0].role == "hook" and captions[0].start == 0
    lines = [caption for caption in captions if caption.role == "moment"]
    assert all(a.end + 1.9 <= b.start for a, b in pairwise(lines))
    assert all(line.start >= captions[0].end for line in lines)
    assert len({line.text for line in lines}) == len(lines)


def test_cuts_are_where_the_plan_puts_them_and_do_not_click(story_result) -> None:
    story, _, _ = story_result
    frames = pictures(Path(story["path"]), SMALL).astype(float)
    assert len(frames) == round(story["seconds"] * 30)
    changes = np.abs(np.diff(frames[:, ::8, ::8], axis=0)).mean(axis=(1, 2, 3))
    for before, span in pairwise(story["spans"]):
        if span["enter"] == "cut" and not span["card"]:
            at = round(span["at"] * 30)
            assert changes[at - 1] > 3 * np.median(changes[at - 12 : at + 12]), before
    integrated, peak = loudness(Path(story["path"]))
    # The noise of the sample holds it back a little.
    assert -18 <= integrated <= -13 and peak <= -1.0
    sound = samples(Path(story["path"])).mean(axis=1)
    # A click is a step between two samples, far larger than those nearby.
    steps = np.abs(np.diff(sound))
    for span in story["spans"][1:]:
        at = round(span["at"] * 48_000)
        near = steps[at - 24_000 : at + 24_000]
        assert steps[at - 5 : at + 5].max() <= max(near.max() * 0.9, 0.02)


@pytest.mark.slow
def test_edited_plan_can_be_rendered(story_result, tmp_path: Path) -> None:
    _, out, _ = story_result
    plan = json.loads((out / "plan.json").read_text("utf-8"))
    clip = plan["clips"][0]
    clip["spans"] = clip["spans"][:2]
    clip["captions"] = clip["captions"][:1]
    edited = tmp_path / "plan.json"
    edited.write_text(json.dumps(plan), "utf-8")
    done = btsclip("render", edited, "-o", tmp_path / "again", "--preset", "look.toml",
                   cwd=out.parent)  # fmt: skip
    assert done.returncode == 0, done.stderr
    (video,) = (tmp_path / "again").glob("*.mp4")
    kept = [(s["end"] - s["start"]) for s in clip["spans"]]
    cards = [s["card"]["seconds"] for s in clip["spans"] if s["card"]]
    assert probe(video).duration == pytest.approx(sum(kept) + sum(cards), abs=0.1)


@pytest.mark.slow
def test_dry_run_prints_the_table_and_writes_nothing(shoot: Path, story_result) -> None:
    before = sorted(shoot.parent.rglob("*"))
    done = btsclip("story", shoot, "--length", "24", "--preset", "look.toml", "--dry-run",
                   cwd=shoot.parent)  # fmt: skip
    assert done.returncode == 4
    assert "reveal" in done.stdout and "aaa.mp4" in done.stdout
    assert "24.0 seconds: process" in done.stdout and "nothing was written" in done.stdout
    assert sorted(shoot.parent.rglob("*")) == before


@pytest.mark.slow
def test_errors_are_reported_and_nothing_is_written(tmp_path: Path, shoot: Path) -> None:
    import media

    still = tmp_path / "still"
    still.mkdir()
    media.take(still / "colours.mp4", seconds=4)
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments, code, why in (
        ((still,), 3, "holds no work to show"),
        ((empty,), 1, "holds no video"),
        ((tmp_path / "gone",), 1, "no such folder"),
        ((shoot, "--length", "2"), 2, "--length"),
        ((shoot, "--arc", "peple"), 2, "did you mean people"),
        ((shoot, "--music", tmp_path / "gone.mp3"), 1, "no such file"),
    ):
        done = btsclip("story", *arguments, "-o", tmp_path / "out", cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert why in done.stderr and not (tmp_path / "out").exists()


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A take of hands that knead while somebody speaks three sentences."""
    monkeypatch.setenv("BTSCLIP_WHISPER", str(tiny_model()))
    silent = part(tmp_path / "silent.mp4", 5.2, 14, "-an")
    shoot = tmp_path / "spoken"
    shoot.mkdir()
    ffmpeg(
        "-stream_loop", "1", "-i", silent, "-i", SPOKEN, "-map", "0:v", "-map", "1:a", "-t", "15.3",
        "-af", "volume=24dB", "-c:v", "copy", "-c:a", "aac", "-metadata",
        "creation_time=2026-05-03T09:00:00Z", shoot / "told.mp4",
    )  # fmt: skip
    return shoot


@pytest.mark.slow
def test_no_word_is_cut(spoken: Path) -> None:
    (spoken.parent / "look.toml").write_text(LOOK)
    done = btsclip("story", spoken, "--length", "10", "--preset", "look.toml", "--speech", "--json",
                   "--dry-run", cwd=spoken.parent)  # fmt: skip
    assert done.returncode == 0, done.stderr
    spans = json.loads(done.stdout)["spans"]
    assert spans
    # A word lasts until the next begins, and the last of a sentence half a second.
    for start, following in pairwise((*STARTS, STARTS[-1] + 0.5)):
        end = min(following, start + 0.5)
        for span in spans:
            for cut in (span["start"], span["end"]):
                assert not start + 0.1 < cut < end - 0.1, (cut, start, end)
