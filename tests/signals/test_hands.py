from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from btsclip.media.footage import probe
from btsclip.media.frames import Frame, read_frames
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
    """Two frames a second of the sample, each with the label of its scene."""
    with SAMPLE.with_suffix(".labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    footage = probe(SAMPLE)
    return [
        (frame, next(r for r in reversed(rows) if float(r["start"]) <= frame.time + 1e-3))
        for frame in read_frames(footage, [(0.0, footage.duration)], rate=2.0)
    ]


def anywhere(detector: HandDetector, image: np.ndarray) -> tuple[Hand, ...]:
    """Hands anywhere in `image`; square tiles are searched where the whole shows none."""
    return detector.search(image, [whole_region(image)]) or detector.search(image, tiles(image))


def test_hands_are_found_where_they_are_drawn_and_nowhere_else(
    sampled: list[tuple[Frame, dict[str, str]]],
) -> None:
    detector = HandDetector()
    found = {"0": [0, 0], "1": [0, 0]}
    for frame, label in sampled:
        found[label["hands"]][bool(anywhere(detector, frame.image))] += 1
    assert found["1"][True] >= 0.8 * sum(found["1"])
    assert found["0"][True] == 0


def test_boxes_lie_on_the_hands_and_mirror_with_the_picture(
    sampled: list[tuple[Frame, dict[str, str]]],
) -> None:
    detector = HandDetector()
    image = next(f.image for f, label in sampled if label["source"] == "knead")
    seen = sorted(hand.box[0] for hand in anywhere(detector, image))
    mirrored = np.ascontiguousarray(image[:, ::-1])
    turned = sorted(1 - hand.box[0] for hand in anywhere(detector, mirrored))
    assert len(seen) == 2 == len(turned)
    assert seen == pytest.approx(turned, abs=0.04)


def test_a_small_hand_in_a_corner_is_found_by_a_close_look(
    sampled: list[tuple[Frame, dict[str, str]]],
) -> None:
    detector = HandDetector()
    image = next(f.image for f, label in sampled if label["source"] == "knead")
    small = cv2.copyMakeBorder(image, 0, 500, 900, 0, cv2.BORDER_REPLICATE)
    high, wide = small.shape[:2]
    box = ((900 + 0.3 * 640) / wide, 0.36 * 360 / high, 160 / wide, 100 / high)
    assert detector.search(small, [region_around(small, box)])


def test_grey_and_noise_hold_no_hands() -> None:
    detector = HandDetector()
    noise = np.random.default_rng(4).integers(0, 255, (360, 640, 3)).astype(np.uint8)
    assert anywhere(detector, np.full((360, 640, 3), 128, np.uint8)) == ()
    assert anywhere(detector, noise) == ()


def test_the_anchors_are_those_of_the_model() -> None:
    anchors = palm_anchors()
    assert anchors.shape == (2016, 2)
    assert anchors[0].tolist() == pytest.approx([0.5 / 24] * 2)
    assert anchors[-1].tolist() == pytest.approx([11.5 / 12] * 2)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (400, 400), (640, 480)])
def test_tiles_cover_the_picture(size: tuple[int, int]) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    covered = np.zeros(image.shape[:2], bool)
    for left, top, wide, high in [*tiles(image)] or [whole_region(image)]:
        assert left >= 0 and left + wide <= size[0] and top >= 0 and top + high <= size[1]
        covered[top : top + high, left : left + wide] = True
    assert covered.all()
