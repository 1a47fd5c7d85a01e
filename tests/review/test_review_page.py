"""The review page in Chromium with real footage: edits on the page are in the plan."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import media
import pytest
from browser import faults, needs_browser, opened, until
from plans import with_first
from result import plan_of
from reviewed import LOOK, served

from btsclip.media.probing import probe
from btsclip.plan import io
from btsclip.plan.model import CoverChoice, CutPlan, Span
from btsclip.plan.texts import Caption

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = needs_browser


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two takes that Chromium plays, and one that it does not: HEVC of 10 bits."""
    folder = tmp_path_factory.mktemp("takes")
    paths = [folder / name for name in ("first take.mp4", "second.mp4", "hevc.mp4")]
    for path in paths[:2]:
        media.take(path, size=(640, 360), seconds=12, flash=6)
    hevc = ("-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none")
    media.take(paths[2], size=(640, 360), seconds=12, flash=6, extra=hevc)
    return paths


@pytest.fixture
def plan(takes: list[Path], tmp_path: Path) -> Path:
    """A plan of three clips, the first of two spans."""
    (tmp_path / "look.toml").write_text(LOOK)
    made = plan_of(*takes, start=4.0, end=7.0, captions=[Caption(text="Flash", start=0, end=2)])
    turn = Span(source=str(takes[1]), start=2, end=4, layout="fit-blur", act="turn")
    spans = [*made.clips[0].spans, turn]
    first = made.clips[0].model_copy(update={"spans": spans, "title": "Two spans"})
    made = made.model_copy(
        update={"clips": [first, *made.clips[1:]], "preset": str(tmp_path / "look.toml")}
    )
    io.write_plan(made, tmp_path / "plan.json")
    return tmp_path / "plan.json"


def first_span(plan: CutPlan) -> Span:
    return plan.clips[0].spans[0]


@contextmanager
def reviewing(plan: Path, **context: Any) -> Iterator[Page]:
    with served(plan) as address, opened(address, **context) as page:
        page.wait_for_selector("#list li")
        yield page


def wait(plan: Path, holds: Callable[[CutPlan], Any]) -> CutPlan:
    """The plan in the file once it `holds`."""
    for _ in range(100):
        current = io.read_plan(plan)
        if holds(current):
            return current
        time.sleep(0.1)
    raise AssertionError(f"the plan has not changed: {current.clips[0]}")


def test_keep_refuse_kind_and_undo(plan: Path) -> None:
    with reviewing(plan) as page:
        page.click("#keep")
        wait(plan, lambda plan: not plan.clips[0].enabled)
        page.wait_for_selector("#list li.refused")
        page.select_option("#kind", "mishap")
        wait(plan, lambda plan: plan.clips[0].kind == "mishap")
        page.click("#undo")
        wait(plan, lambda plan: plan.clips[0].kind == "process")
        page.keyboard.press("u")
        wait(plan, lambda plan: plan.clips[0].enabled)
        page.wait_for_selector("#undo[disabled]")
        page.keyboard.press("j")
        page.keyboard.press("x")
        changed = wait(plan, lambda plan: not plan.clips[1].enabled)
        assert changed.clips[0].enabled


@pytest.mark.slow
def test_take_plays_and_span_is_trimmed(plan: Path) -> None:
    with reviewing(plan) as page:
        until(page, "document.querySelector('.stage video').currentTime > 3.9")
        page.evaluate("document.querySelector('.stage video').muted = true")
        page.click("#play")
        until(page, "document.querySelector('.stage video').currentTime > 4.4")
        page.click("#play")
        handle, track = page.locator("#trim-start"), page.locator(".trim")
        box, whole = handle.bounding_box(), track.bounding_box()
        assert box and whole
        # All of the take is shown: 12 s.
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(whole["x"] + whole["width"] * 3 / 12, box["y"] + 10, steps=5)
        page.mouse.up()
        changed = wait(plan, lambda plan: first_span(plan).start != 4)
        assert first_span(changed).start == pytest.approx(3, abs=0.1)
        page.focus("#trim-end")
        page.keyboard.press("PageUp")
        changed = wait(plan, lambda plan: first_span(plan).end != 7)
        assert first_span(changed).end == pytest.approx(8, abs=0.02)
        until(page, "document.querySelector('.stage video').readyState > 1")
        page.evaluate("document.querySelector('.stage video').currentTime = 3.5")
        page.keyboard.press("i")
        wait(plan, lambda plan: first_span(plan).start == pytest.approx(3.5, abs=0.05))


def brightness(page: Page) -> float:
    """The mean brightness of the picture in the player, 0 to 255."""
    mean: float = page.evaluate(
        """() => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [8, 8];
            const pen = canvas.getContext("2d");
            pen.drawImage(document.querySelector(".stage video"), 0, 0, 8, 8);
            return pen.getImageData(0, 0, 8, 8).data.reduce((a, b) => a + b) / 256;
        }"""
    )
    return mean


@pytest.mark.slow
def test_player_opens_with_the_first_picture_of_the_clip(plan: Path) -> None:
    """The picture nearest to the clip's start, as in the rendered clip: here the flash, which is a
    little later."""
    made = io.read_plan(plan)
    clips = [
        with_first(clip.model_copy(update={"spans": clip.spans[:1]}), start=5.99)
        for clip in made.clips
    ]
    io.write_plan(made.model_copy(update={"clips": clips}), plan)
    with reviewing(plan) as page:
        until(page, "document.querySelector('.stage video').readyState > 1")
        until(page, "!document.querySelector('.stage video').seeking")
        assert brightness(page) > 200
        page.evaluate("document.querySelector('.stage video').currentTime = 5.9")
        until(page, "!document.querySelector('.stage video').seeking")
        assert brightness(page) < 200, "the pictures before it are darker"


@pytest.mark.slow
def test_picture_is_shown_until_the_take_has_loaded(plan: Path) -> None:
    with served(plan) as address, opened("about:blank") as page:
        waiting: list[Route] = []
        released = threading.Event()

        def hold(route: Route) -> None:
            if released.is_set():
                route.continue_()
            else:
                waiting.append(route)

        page.route("**/media/takes/**", hold)
        page.goto(address)
        page.wait_for_selector("#trim-start")
        head, start = (
            page.evaluate(f"document.querySelector('{name}').style.left")
            for name in (".head", "#trim-start")
        )
        assert head == start
        poster = "fetch(document.querySelector('.stage video').poster)"
        assert page.evaluate(f"{poster}.then((answer) => answer.headers.get('content-type'))") == (
            "image/jpeg"
        )
        page.select_option("#kind", "why")
        wait(plan, lambda plan: plan.clips[0].kind == "why")
        # The player was made again, and only the last one still waits.
        released.set()
        waiting[-1].continue_()
        until(page, "document.querySelector('.stage video').currentTime > 3.9")


@pytest.mark.slow
def test_nothing_is_wider_than_the_page(plan: Path) -> None:
    made = io.read_plan(plan)
    face = [(4.0, 0.3, 0.3, 0.1, 0.2)]
    first = with_first(made.clips[0], blur=[face]).model_copy(
        update={
            "title": "Long" * 40, "why": "why" * 60, "warnings": ["warned" * 40],
            "captions": [Caption(text="word" * 10, start=0, end=1) for _ in range(2)],
            "evidence": {"a_very_long_name_of_a_figure_" * 4: 123456.789},
        }
    )  # fmt: skip
    io.write_plan(made.model_copy(update={"clips": [first, *made.clips[1:]]}), plan)
    overflowing = """[...document.querySelectorAll("body *")]
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
        .map((part) => `${part.tagName} ${part.id} ${part.className}`)"""
    with reviewing(plan) as page:
        page.wait_for_selector("#trim-start")
        page.click("details summary")
        for width in (320, 420, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(overflowing) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_title_with_reversed_letters_reverses_nothing_else(plan: Path) -> None:
    made = io.read_plan(plan)
    first = made.clips[0].model_copy(update={"title": "abc\u202edef"})
    io.write_plan(made.model_copy(update={"clips": [first, *made.clips[1:]]}), plan)
    with reviewing(plan) as page:
        title, kind = page.locator("main h2 bdi"), page.locator("main h2 .kind")
        assert title.inner_text() == first.title
        boxes = title.bounding_box(), kind.bounding_box()
        assert boxes[0] and boxes[1] and boxes[0]["x"] < boxes[1]["x"]


@pytest.mark.slow
def test_crop_is_dragged_and_narrowed(plan: Path) -> None:
    with reviewing(plan) as page:
        until(page, "document.querySelector('.stage video').currentTime > 3.9")
        crop, stage = (
            page.locator("rect.crop").bounding_box(),
            page.locator(".stage").bounding_box(),
        )
        assert crop and stage
        before = first_span(io.read_plan(plan)).crop[0]
        assert crop["width"] / stage["width"] == pytest.approx(before[3], abs=0.02)
        middle = (crop["x"] + crop["width"] / 2, crop["y"] + crop["height"] / 2)
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] + stage["width"] * 0.2, middle[1], steps=4)
        page.mouse.up()
        changed = wait(plan, lambda plan: first_span(plan).crop[0] != before)
        assert first_span(changed).crop[0][1] == pytest.approx(before[1] + 0.2, abs=0.02)
        page.focus("rect.crop")
        page.keyboard.press("ArrowLeft")
        wait(plan, lambda plan: first_span(plan).crop[0][1] < first_span(changed).crop[0][1])
        page.locator("#zoom").evaluate(
            "slide => { slide.value = 0.5; slide.dispatchEvent(new Event('change')); }"
        )
        changed = wait(plan, lambda plan: first_span(plan).crop[0][3] < before[3] * 0.6)
        narrowed = first_span(changed).crop[0]
        assert narrowed[3] / narrowed[4] == pytest.approx(before[3] / before[4])


@pytest.mark.slow
def test_texts_are_edited(plan: Path) -> None:
    with reviewing(plan) as page:
        page.fill("[aria-label='Caption 1']", "Wh<b>y</b> we wait 🍞")
        page.locator("[aria-label='Caption 1']").blur()
        wait(plan, lambda plan: plan.clips[0].captions[0].text == "Wh<b>y</b> we wait 🍞")
        page.select_option("[aria-label='Style of caption 1']", "hook")
        wait(plan, lambda plan: plan.clips[0].captions[0].role == "hook")
        page.get_by_role("button", name="Add caption").click()
        wait(plan, lambda plan: len(plan.clips[0].captions) == 2)
        page.get_by_role("button", name="Remove caption 1").click()
        wait(plan, lambda plan: len(plan.clips[0].captions) == 1)
        page.fill("#title", "A new title")
        page.locator("#title").blur()
        wait(plan, lambda plan: plan.clips[0].title == "A new title")
        page.wait_for_selector("#list strong:has-text('A new title')")
        page.fill("#ending", "Recipe tomorrow")
        page.locator("#ending").blur()
        wait(plan, lambda plan: plan.clips[0].end_card)
        page.select_option("#preset", "bakery-slow")
        wait(plan, lambda plan: plan.preset == "bakery-slow")


@pytest.mark.slow
def test_spans_are_reordered_and_removed(plan: Path) -> None:
    with reviewing(plan) as page:
        page.get_by_role("button", name="Move span 1 later").click()
        changed = wait(plan, lambda plan: first_span(plan).act == "turn").clips[0]
        assert [span.start for span in changed.spans] == [2, 4]
        page.get_by_role("button", name="2. first take.mp4").click()
        until(page, "document.querySelector('.stage video').currentTime > 3.9")
        page.get_by_role("button", name="Remove span 1").click()
        wait(plan, lambda plan: len(plan.clips[0].spans) == 1)


@pytest.mark.slow
def test_faces_are_shown_only_with_consent(plan: Path) -> None:
    tracks = [[(4.0, 0.3, 0.3, 0.1, 0.2), (7.0, 0.4, 0.3, 0.1, 0.2)], [(5.0, 0.7, 0.3, 0.1, 0.2)]]
    made = io.read_plan(plan)
    first = with_first(made.clips[0], blur=tracks)
    io.write_plan(made.model_copy(update={"clips": [first, *made.clips[1:]]}), plan)
    with reviewing(plan) as page:
        page.check("#face-1")
        changed = wait(plan, lambda plan: len(first_span(plan).blur) == 1).clips[0]
        values = json.loads(plan.read_text())["clips"][0]["spans"][0]
        assert values["may_be_seen"] == [[list(tracks[1][0])]]
        assert changed.spans[0].blur[0] == tracks[0]


def with_choices(plan: Path) -> None:
    """The first clip gets two pictures to choose from, one in each span."""
    made = io.read_plan(plan)
    first, turn = made.clips[0].spans
    spans = [
        first.model_copy(update={"covers": [CoverChoice(at=5.0)], "cover": 5.0}),
        turn.model_copy(update={"covers": [CoverChoice(at=3.0, title_y=0.5)]}),
    ]
    clip = made.clips[0].model_copy(update={"spans": spans})
    io.write_plan(made.model_copy(update={"clips": [clip, *made.clips[1:]]}), plan)


def test_cover_is_picked_with_the_keyboard(plan: Path) -> None:
    with_choices(plan)
    with reviewing(plan) as page:
        assert page.is_checked("#cover-0")
        until(page, "[...document.querySelectorAll('.covers img')].every((i) => i.naturalWidth)")
        page.focus("#cover-0")
        page.keyboard.press("ArrowRight")
        clip = wait(plan, lambda plan: plan.clips[0].spans[1].cover).clips[0]
        assert [span.cover for span in clip.spans] == [None, 3.0] and clip.title_y == 0.5
        until(page, "document.activeElement.id === 'cover-1' && document.activeElement.checked")
        page.keyboard.press("u")
        wait(plan, lambda plan: plan.clips[0].spans[0].cover == 5.0)
        page.wait_for_selector("#cover-0:checked")
        page.click("#line-clip-2 button")
        assert page.locator(".covers").count() == 0, "a clip without choices"


@pytest.mark.slow
def test_unplayable_take_is_copied(plan: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        with reviewing(plan) as page:
            page.click("#line-clip-3 button")
            until(page, "document.querySelector('.stage video').videoWidth > 0")
            until(page, "document.querySelector('.stage video').currentTime > 3.9")
            page.evaluate("document.querySelector('.stage video').muted = true")
            page.click("#play")
            until(page, "document.querySelector('.stage video').currentTime > 4.3")
    (copy,) = (tmp_path / "cache").rglob("*.mp4")
    facts = probe(copy)
    assert facts.codec == "h264" and facts.has_audio and facts.width <= 640


@pytest.mark.slow
def test_clip_is_rendered_and_played(plan: Path) -> None:
    with reviewing(plan) as page:
        page.click("#render-one")
        page.wait_for_selector("#rendering:text('1 clip rendered')", timeout=60_000)
        assert (plan.parent / "clip-1.mp4").is_file() and (plan.parent / "report.html").is_file()
        video = page.locator(".screen.small video")
        video.evaluate("video => { video.muted = true; return video.play(); }")
        until(page, "document.querySelector('.screen.small video').currentTime > 0.3")


@pytest.mark.slow
def test_second_window_does_not_overwrite_the_first(plan: Path) -> None:
    with served(plan) as address, opened(address, allow=("409",)) as page:
        page.wait_for_selector("#list li")
        second = page.context.new_page()
        second.goto(page.url)
        second.wait_for_selector("#list li")
        page.select_option("#kind", "why")
        wait(plan, lambda plan: plan.clips[0].kind == "why")
        second.select_option("#kind", "mishap")
        second.wait_for_selector("dialog#conflict[open]")
        assert io.read_plan(plan).clips[0].kind == "why"
        second.click("dialog#conflict button")
        until(second, "document.querySelector('#kind').value === 'why'")
        second.select_option("#kind", "people")
        wait(plan, lambda plan: plan.clips[0].kind == "people")


@pytest.mark.slow
def test_invalid_value_is_reported_and_reset(plan: Path) -> None:
    with served(plan) as address, opened(address, allow=("422",)) as page:
        page.wait_for_selector("#list li")
        page.fill("[aria-label='Caption 1 to, seconds']", "0")
        page.locator("[aria-label='Caption 1 to, seconds']").blur()
        page.wait_for_selector("#fault p:text('end after it starts')")
        until(
            page, "document.querySelector('[aria-label=\\'Caption 1 to, seconds\\']').value === '2'"
        )


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_review_page(plan: Path, scheme: str) -> None:
    with_choices(plan)
    with reviewing(plan, color_scheme=scheme, viewport={"width": 1200, "height": 900}) as page:
        until(page, "document.querySelector('.stage video').readyState > 1")
        assert faults(page) == []
        page.keyboard.press("Shift+?")
        page.wait_for_selector("dialog#keys[open]")
        assert faults(page) == []


@pytest.mark.slow
def test_two_hundred_clips_load_and_scroll(plan: Path) -> None:
    made = io.read_plan(plan)
    clips = [
        made.clips[number % 2].model_copy(
            update={"id": f"clip-{number:03d}", "title": f"Clip {number}"}
        )
        for number in range(200)
    ]
    io.write_plan(made.model_copy(update={"clips": clips}), plan)
    with served(plan) as address:
        with opened("about:blank") as page:
            began = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("#line-clip-199", state="attached")
            page.wait_for_selector("#trim-start")
            loaded = time.perf_counter() - began
            page.wait_for_timeout(1000)
            # Frames while the list scrolls from top to bottom.
            gaps = page.evaluate(
                """async () => {
                    const list = document.querySelector("nav"), gaps = [];
                    let last = performance.now();
                    for (let i = 0; i < 60; i += 1) {
                        list.scrollTop = (list.scrollHeight * i) / 60;
                        await new Promise(requestAnimationFrame);
                        const now = performance.now();
                        gaps.push(now - last);
                        last = now;
                    }
                    return gaps.sort((a, b) => a - b);
                }"""
            )
        print(f"200 clips: loaded in {loaded:.2f} s, median frame {gaps[30]:.0f} ms")
        # Coarse limits; benchmarks/RESULTS.md has the measurements.
        assert loaded < 10 and gaps[30] < 200
