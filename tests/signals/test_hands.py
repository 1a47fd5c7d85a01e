from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from btsclip.media.frames import Frame, read_frames
from btsclip.media.probing import probe
from btsclip.signals.hands import (
    Hand,
    HandDetector,
    palm_anchors,
    region_around,
    tiles,
    whole_region,
)

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"


@pytest.fixture(scope="module")
def sampled() -> list[tuple[Frame, dict[str, str]]]:
    """Two frames a second of the sample, with the labels of their scenes."""
    with SAMPLE.with_suffix(".labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    footage = probe(SAMPLE)
    return [
        (frame, next(r for r in reversed(rows) if float(r["start"]) <= frame.time + 1e-3))
        for frame in read_frames(footage, [(0.0, footage.duration)], rate=2.0)
    ]


def search_everywhere(detector: HandDetector, image: np.ndarray) -> tuple[Hand, ...]:
    """Hands search_everywhere in `image`; searches square tiles if the whole picture shows none."""
    return detector.search(image, [whole_region(image)]) or detector.search(image, tiles(image))


@pytest.mark.slow
def test_hands_are_found_where_they_are_drawn_and_nowhere_else(
    sampled: list[tuple[Frame, dict[str, str]]],
) -> None:
    detector = HandDetector()
    found = {"0": [0, 0], "1": [0, 0]}
    for frame, label in sampled:
        found[label["hands"]][bool(search_everywhere(detector, frame.image))] += 1
    assert found["1"][True] >= 0.8 * sum(found["1"])
    assert found["0"][True] == 0


def test_boxes_mirror_with_the_picture(
    sampled: list[tuple[Frame, dict[str, str]]],
) -> None:
    detector = HandDetector()
    image = next(f.image for f, label in sampled if label["source"] == "knead")
    seen = sorted(hand.box[0] for hand in search_everywhere(detector, image))
    mirrored = np.ascontiguousarray(image[:, ::-1])
    turned = sorted(1 - hand.box[0] for hand in search_everywhere(detector, mirrored))
    assert len(seen) == 2 == len(turned)
    assert seen == pytest.approx(turned, abs=0.04)


def test_small_hand_in_a_corner_is_found_in_its_region(
    sampled: list[tuple[Frame, dict[str, str]]],
) -> None:
    detector = HandDetector()
    image = next(f.image for f, label in sampled if label["source"] == "knead")
    small = cv2.copyMakeBorder(image, 0, 500, 900, 0, cv2.BORDER_REPLICATE)
    height, width = small.shape[:2]
    box = ((900 + 0.3 * 640) / width, 0.36 * 360 / height, 160 / width, 100 / height)
    assert detector.search(small, [region_around(small, box)])


def test_grey_and_noise_have_no_hands() -> None:
    detector = HandDetector()
    noise = np.random.default_rng(4).integers(0, 255, (360, 640, 3)).astype(np.uint8)
    assert search_everywhere(detector, np.full((360, 640, 3), 128, np.uint8)) == ()
    assert search_everywhere(detector, noise) == ()


def test_palm_anchors_match_the_model() -> None:
    anchors = palm_anchors()
    assert anchors.shape == (2016, 2)
    assert anchors[0].tolist() == pytest.approx([0.5 / 24] * 2)
    assert anchors[-1].tolist() == pytest.approx([11.5 / 12] * 2)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (400, 400), (640, 480)])
def test_tiles_cover_the_picture(size: tuple[int, int]) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    covered = np.zeros(image.shape[:2], bool)
    for left, top, width, height in [*tiles(image)] or [whole_region(image)]:
        assert left >= 0 and left + width <= size[0] and top >= 0 and top + height <= size[1]
        covered[top : top + height, left : left + width] = True
    assert covered.all()
