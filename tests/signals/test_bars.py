"""Bars are found around any picture; scenes that resemble bars are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from media import Media
from quick import mostly_slow

from btsclip.geometry import WHOLE, Box
from btsclip.media.probing import probe
from btsclip.signals.bars import MIN_PICTURES, find_picture, picture_within

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
TALL = (960, 540)
WIDE = (540, 960)
COUNT = MIN_PICTURES + 2
# Real clips that came with bars, measured by eye.
BARRED = {
    "mengshi_bluebottle": (0.5, 0.5, 0.318, 1.0),
    "nishita_pastry": (0.5, 0.5, 1.0, 0.75),
    "restorator_sushi": (0.5, 0.5, 1.0, 0.85),
    "yinbo_room": (0.5, 0.5, 1.0, 0.75),
}

# Color at half the size would bleed farther than in a video.
WHOLE_COLOR = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]

Picture = np.ndarray
Pictures = Iterator[np.ndarray]


def scenes(shape: tuple[int, int], darkness: float = 1.0, still: bool = False) -> Pictures:
    """Pictures (h, w, 3) of soft shapes; all the same if the camera is `still`."""
    height, width = shape
    for number in range(COUNT):
        random = np.random.default_rng(0 if still else number)
        rough = random.integers(0, 256, (9, 9, 3)).astype(np.uint8)
        smooth = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
        yield np.clip(smooth * darkness, 0, 255).astype(np.uint8)


def barred(
    shape: tuple[int, int], top: int, left: int, color: tuple[int, int, int] = (0, 0, 0),
    darkness: float = 1.0, bottom: int | None = None,
) -> Pictures:  # fmt: skip
    """Pictures of this `shape` with bars of `top` and `bottom` rows, and `left` columns each."""
    height, width = shape
    bottom = top if bottom is None else bottom
    for scene in scenes((height - top - bottom, width - 2 * left), darkness):
        picture = np.full((height, width, 3), color, np.uint8)
        picture[top : height - bottom, left : width - left] = scene
        yield picture


def compressed(pictures: Iterable[Picture], noise: float = 5.0, quality: int = 60) -> Pictures:
    """The pictures with sensor noise, compressed as JPEG."""
    random = np.random.default_rng(8)
    for picture in pictures:
        grain = random.normal(0, noise, picture.shape[:2])[..., None]
        noisy = np.clip(picture + grain, 0, 255).astype(np.uint8)
        data = cv2.imencode(".jpg", noisy, [*WHOLE_COLOR, cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        yield cv2.imdecode(data, cv2.IMREAD_COLOR)


def box_of(shape: tuple[int, int], top: int, left: int, bottom: int | None = None) -> Box:
    height, width = shape
    bottom = top if bottom is None else bottom
    inner = height - top - bottom
    return (0.5, (top + inner / 2) / height, 1 - 2 * left / width, inner / height)


def assert_fits(found: Box, true: Box) -> None:
    """The found box is inside the true one, and hardly smaller."""
    for k in (0, 1):
        assert found[k] - found[k + 2] / 2 >= true[k] - true[k + 2] / 2
        assert found[k] + found[k + 2] / 2 <= true[k] + true[k + 2] / 2 + 1e-9
    assert found[2:] == pytest.approx(true[2:], abs=0.03)


@pytest.mark.parametrize(
    "color", mostly_slow([(0, 0, 0), (255, 255, 255), (200, 60, 30)], (0, 0, 0))
)
@pytest.mark.parametrize(
    ("shape", "top", "left"), [(TALL, 328, 0), (WIDE, 0, 328), (WIDE, 180, 328), (WIDE, 12, 0)]
)
def test_bars_of_any_plain_color_are_found(
    shape: tuple[int, int], top: int, left: int, color: tuple[int, int, int]
) -> None:
    found = picture_within(compressed(barred(shape, top, left, color)))
    assert_fits(found, box_of(shape, top, left))


def test_bars_of_two_sizes_are_found() -> None:
    found = picture_within(compressed(barred(TALL, 220, 0, bottom=430)))
    assert_fits(found, box_of(TALL, 220, 0, 430))


def test_bars_around_a_dark_picture_are_found() -> None:
    assert_fits(
        picture_within(compressed(barred(WIDE, 0, 328, darkness=0.2))), box_of(WIDE, 0, 328)
    )


def test_bars_beside_a_black_worktop_are_found() -> None:
    pictures = list(barred(TALL, 328, 0))
    for picture in pictures:
        for column in range(540):
            picture[530 + column // 9 :, column] = 0
    assert_fits(picture_within(compressed(pictures)), box_of(TALL, 328, 0))


def test_bars_are_found_despite_a_fade_and_an_edge_line() -> None:
    pictures = list(barred(TALL, 328, 0))
    for number, picture in enumerate(pictures):
        picture[-1] = 255
        pictures[number] = np.asarray(picture * min(1.0, number / 2), np.uint8)
    assert_fits(picture_within(pictures), box_of(TALL, 328, 0))


def worktop(pictures: Sequence[Picture]) -> Pictures:
    for picture in pictures:
        picture[-200:] = 3
        yield picture


def wall(pictures: Sequence[Picture]) -> Pictures:
    for picture in pictures:
        picture[:, :200] = 250
        yield picture


def vignette(pictures: Sequence[Picture]) -> Pictures:
    for picture in pictures:
        height, width = picture.shape[:2]
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        yield np.asarray(picture * np.clip(1.6 - 1.6 * (x**2 + y**2), 0, 1)[..., None], np.uint8)


def night(pictures: Sequence[Picture]) -> Pictures:
    """A lamp in the middle of a dark room."""
    for picture in pictures:
        lit = np.zeros_like(picture)
        cv2.circle(lit, (480, 270), 180, (200, 180, 90), -1)
        yield cv2.GaussianBlur(lit, (0, 0), 20)


def fade(pictures: Sequence[Picture]) -> Pictures:
    for number, picture in enumerate(pictures):
        yield np.asarray(picture * min(1.0, number / 3), np.uint8)


def title(pictures: Sequence[Picture]) -> Pictures:
    """A title card, white on black, in the first two pictures."""
    for number, picture in enumerate(pictures):
        if number < 2:
            picture[:] = 0
            cv2.putText(picture, "Bread", (250, 300), cv2.FONT_HERSHEY_DUPLEX, 5, (255,) * 3, 12)
        yield picture


def only_title(pictures: Sequence[Picture]) -> Pictures:
    cards = list(title(pictures))[:2]
    yield from cards * 2


def blurred_bars(pictures: Sequence[Picture]) -> Pictures:
    for picture in pictures:
        picture[:, :400] = cv2.GaussianBlur(picture[:, 400:800], (0, 0), 12)
        picture[:, -400:] = picture[:, :400]
        yield picture


def slanted(pictures: Sequence[Picture]) -> Pictures:
    """Black on both sides, but not quite upright: a doorway."""
    for picture in pictures:
        for row in range(len(picture)):
            picture[row, : 200 + row // 30] = 0
            picture[row, -200 + row // 30 :] = 0
        yield picture


def thin(pictures: Sequence[Picture]) -> Pictures:
    for picture in pictures:
        picture[:4] = picture[-4:] = 0
        yield picture


@pytest.mark.parametrize(
    "effect",
    [worktop, wall, vignette, night, fade, title, only_title, blurred_bars, slanted, thin],
)
@pytest.mark.parametrize("still", mostly_slow([False, True], False))
def test_scenes_that_resemble_bars_are_kept(effect, still: bool) -> None:  # type: ignore[no-untyped-def]
    assert picture_within(compressed(effect(list(scenes(WIDE, still=still))))) == WHOLE


def test_reading_stops_at_the_first_picture_without_bars() -> None:
    pictures = scenes(WIDE)
    assert picture_within(pictures) == WHOLE
    assert len(list(pictures)) == COUNT - 1


def test_plain_take_has_no_bars(media: Media) -> None:
    assert picture_within(iter([])) == WHOLE
    assert picture_within([np.zeros((90, 160, 3), np.uint8)] * 4) == WHOLE
    assert find_picture(probe(media("plain.mp4"))) == WHOLE


@pytest.mark.slow
def test_real_clips() -> None:
    """Bars are found in those of 148 clips that have them, and in no other."""
    clips = sorted(path for path in FOOTAGE.rglob("*") if path.suffix in (".mp4", ".ogv"))
    if not clips:
        pytest.skip("the real takes are missing")
    found = {path.stem: box for path in clips if (box := find_picture(probe(path))) != WHOLE}
    assert found.keys() == BARRED.keys()
    for name, box in found.items():
        assert box == pytest.approx(BARRED[name], abs=0.03)
