"""The report beside the clips: complete, self-contained, and usable without a mouse."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import media
import pytest
from browser import faults, needs_browser, opened
from quick import mostly_slow
from result import PRESET, plan_of

from btsclip.errors import PlanError
from btsclip.plan import io
from btsclip.plan.model import Skipped
from btsclip.plan.texts import Caption
from btsclip.render import render
from btsclip.review.report import environment, page_html, write_page
from btsclip.review.results import read_results

EVIL = '</script><script>alert(1)</script> & "quoted" \'n <b>bold</b>'


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three clips of two takes, one of them left out, with texts that would break a page."""
    folder = tmp_path_factory.mktemp("a shoot's <results> & more")
    takes = [folder / f"take {number}.mp4" for number in (1, 2)]
    for path in takes:
        media.take(path, size=(320, 180))
    plan = plan_of(*takes, takes[0], captions=[Caption(text=EVIL, start=0, end=2)])
    kinds = ("process", "mishap", "reveal")
    clips = [
        clip.model_copy(
            update={"kind": kind, "title": f"Clip of {kind}", "why": EVIL, "enabled": i < 2,
                    "evidence": {"hands_share": 0.5}, "warnings": ["too long to read"][: i]}
        )
        for i, (clip, kind) in enumerate(zip(plan.clips, kinds, strict=True))
    ]  # fmt: skip
    skipped = [Skipped(source=str(takes[0]), start=1, end=2, why=f"no work: {EVIL}")]
    sources = plan.sources[:2]
    plan = plan.model_copy(update={"clips": clips, "skipped": skipped, "sources": sources})
    out = folder / "clips"
    render(plan, PRESET, out)
    io.write_plan(plan, out / "plan.json")
    failure = {"file": "x.mp4", "stage": "reading", "subject": "x.mp4", "cause": EVIL, "cure": "y"}
    (out / "report.json").write_text(json.dumps({"failures": [failure]}))
    write_page(out)
    return out


def test_everything_is_shown_and_escaped(results: Path) -> None:
    text = (results / "report.html").read_text("utf-8")
    assert text.count("<script>") == 1 and "<b>bold" not in text
    for part in ("Clip of process", "too long to read", "x.mp4", "take 1.mp4", "2 of 3 clips made"):
        assert part in text
    assert "clip-1.mp4" in text and "clip-1.jpg" in text and "clip-1.vtt" in text
    assert "clip-3.mp4" not in text, "a clip that was left out has no file"
    assert not re.search(r"(?:https?:)?//[a-z]", text.replace("http://www.w3.org", ""))


def test_same_folder_gives_the_same_page(results: Path) -> None:
    assert page_html(read_results(results)) == page_html(read_results(results))


def test_page_does_not_depend_on_its_folder(results: Path, tmp_path: Path) -> None:
    shutil.copytree(results, tmp_path / "elsewhere")
    assert page_html(read_results(tmp_path / "elsewhere")) == page_html(read_results(results))


def test_page_is_made_from_incomplete_results(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "clips"
    shutil.copytree(results, out)
    (out / "clip-1.mp4").unlink()
    (out / "clip-2.json").write_text("{ torn")
    (out / "report.json").unlink()
    made = read_results(out)
    assert [view.state for view in made.clips] == ["missing", "made", "left out"]
    assert not made.failures and write_page(out).is_file()


def test_folder_without_results_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"holds no plan\.json"):
        write_page(tmp_path)
    with pytest.raises(PlanError, match="is not a folder"):
        write_page(tmp_path / "gone")


def test_other_plan_has_its_own_page(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "clips"
    shutil.copytree(results, out)
    before = (out / "report.html").read_bytes()
    shutil.copy(out / "plan.json", out / "reply.json")
    assert write_page(out / "reply.json") == out / "reply.html"
    assert (out / "report.html").read_bytes() == before
    assert "x.mp4" not in (out / "reply.html").read_text("utf-8"), (
        "failures of the batch are on report.html only"
    )


def test_used_time_is_counted_once(results: Path) -> None:
    first, second = read_results(results).takes
    assert first.used == pytest.approx(2.5, abs=0.1) and second.used == pytest.approx(2.5, abs=0.1)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00.0"), (65.25, "1:05.2"), (3725, "1:02:05.0"), (59.97, "1:00.0")]
)
def test_times_are_formatted(seconds: float, text: str) -> None:
    assert environment().from_string("{{ seconds | clock }}").render(seconds=seconds) == text


@pytest.mark.slow
@needs_browser
def test_clips_play_from_the_disk(results: Path) -> None:
    with opened((results / "report.html").as_uri()) as page:
        video = page.locator("#clip-1 video")
        video.evaluate("video => { video.muted = true; return video.play(); }")
        page.wait_for_function("document.querySelector('#clip-1 video').currentTime > 0.3")
        assert video.evaluate("video => [video.videoWidth, video.videoHeight]") == [216, 384]
        page.locator("#clip-2 video").evaluate("video => { video.muted = true; video.play(); }")
        page.wait_for_function("document.querySelector('#clip-1 video').paused")


@pytest.mark.slow
@needs_browser
def test_switches_and_keys(results: Path) -> None:
    with opened((results / "report.html").as_uri()) as page:
        page.select_option("#zone", "tiktok")
        style = "getComputedStyle(document.querySelector('#clip-1 .screen'), '::after')"
        left, width = page.evaluate(
            f"[parseFloat({style}.left), document.querySelector('#clip-1 .screen').clientWidth]"
        )
        assert left / width == pytest.approx(60 / 1080, abs=0.01)
        page.select_option("#zone", "")
        assert page.evaluate(f"{style}.content") == "none"
        page.uncheck("input[value=mishap]")
        assert page.locator("#clip-2").is_hidden() and page.locator("#clip-1").is_visible()
        page.locator("h1").click()
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == "clip-1"
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == "clip-3", "hidden clips are skipped"
        page.keyboard.press("k")
        page.keyboard.press("Space")
        page.wait_for_function("!document.querySelector('#clip-1 video').paused")


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("scheme", mostly_slow(["light", "dark"], "dark"))
@pytest.mark.parametrize("width", mostly_slow([1200, 380], 380))
def test_axe_finds_nothing_serious_on_the_report(results: Path, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    with opened((results / "report.html").as_uri(), color_scheme=scheme, viewport=size) as page:
        page.evaluate(
            "document.querySelectorAll('details').forEach(details => { details.open = true; })"
        )
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
