"""A close look at pictures that may be a cover: how sharp they truly are, and what they show.

The measurements of a take come from small pictures, a few a second, in which a hand may be still
and is a smear one frame later. So all frames around the best times are decoded at nearly full size,
and the sharpest of them is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.framing import Framing, crop_at
from btsclip.geometry import WHOLE, Box, pixels_of, share_within
from btsclip.intervals import Span, merge
from btsclip.media import Footage, Frame, read_every_frame
from btsclip.signals import (
    HandDetector,
    color_histogram,
    exposure,
    is_another_scene,
    sharpness,
    thumbnail,
    tiles,
    whole_region,
)

# Pixels on the longer side of a picture that is looked at: a blur that is lost at this size is not
# seen on a phone.
LOOK_SIDE = 1280
# Seconds on either side of a time within which the sharpest frame is searched.
SEARCH_SECONDS = 0.25
# Seconds on either side of a time within which the scene must stay the same.
STEADY_SECONDS = 0.35
# Frames a second to look at: the next frame of faster footage shows the same.
MAX_RATE = 40.0
# Pixels of the screen on which its brightness is measured.
SMALL_WIDTH, SMALL_HEIGHT = 90, 160
# Share of the sharpness that counts where the work is; the rest counts on the complete screen.
WORK_SHARE = 0.4
# Brightness, 0 to 1, below which a picture is dark and above which it is burnt out.
EXPOSURE_RANGE = (0.1, 0.92)
# Levels of grey, 0 to 255, by which the cells of a picture must vary: a bare wall or table varies
# less.
MIN_VARIATION = 9.0
# Levels by which pictures before and after a dissolve differ, and the largest distance of the
# picture between them from their mean, as a share of half that difference.
MIN_DISSOLVE_CHANGE = 12.0
MAX_DISSOLVE_DISTANCE = 0.45

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class CoverLook:
    """The sharpest frame near a time.

    `time` is in seconds of the footage. `sharpness` is a measure to compare frames of one clip by.
    `thumb` (16, 9) is what the screen shows, in levels of grey without their mean. `parts` are the
    parts of the screen in RGB: a split screen has two.
    """

    time: float
    sharpness: float
    thumb: Array
    parts: tuple[NDArray[np.uint8], ...]

    def find_hands(self, detector: HandDetector) -> float:
        """The probability, 0 to 1, that the screen shows a hand: of the likeliest hand found anew
        in this very frame."""
        found = [
            hand.presence
            for part in self.parts
            for hand in detector.search(part, [whole_region(part), *tiles(part)])
        ]
        return max(found, default=0.0)


@dataclass(eq=False)
class _Window:
    """The frames around one `time`, `work` being the box of hands and work in the picture."""

    time: float
    work: Box | None
    best: CoverLook | None = None
    best_cells: Array | None = None
    ends: list[Frame] = field(default_factory=list)
    due: float = 0.0

    def add(self, frame: Frame, framing: Framing) -> None:
        """Take in the next frame."""
        if abs(frame.time - self.time) > STEADY_SECONDS:
            return
        self.ends[1:] = [frame]
        if abs(frame.time - self.time) > SEARCH_SECONDS or frame.time < self.due:
            return
        self.due = frame.time + 1 / MAX_RATE
        look = _look_at(frame, framing, self.work)
        if look and (self.best is None or look.sharpness > self.best.sharpness):
            self.best, self.best_cells = look, _cells(frame)

    @property
    def is_steady(self) -> bool:
        """Whether the scene stays the same: no cut, fade or dissolve goes on."""
        if self.best_cells is None or not self.ends:
            return False
        first, last = self.ends[0], self.ends[-1]
        if is_another_scene(color_histogram(first), color_histogram(last)):
            return False
        before, after = _cells(first), _cells(last)
        change = float(np.abs(after - before).mean())
        distance = float(np.abs(self.best_cells - (before + after) / 2).mean())
        return change < MIN_DISSOLVE_CHANGE or distance > MAX_DISSOLVE_DISTANCE * change / 2


def look_closely(
    footage: Footage, framing: Framing, places: Sequence[tuple[float, Box | None]]
) -> dict[float, CoverLook]:
    """The sharpest frame near each time of `places`, by that time.

    Times near a cut, fade or dissolve are left out, and those at which the screen is dark, burnt
    out or empty. Raises FootageError when the footage can't be decoded.

    Args:
        places: Seconds of the footage, each with the box of the hands and the work in the picture;
            None without any.
    """
    windows = [_Window(time, work) for time, work in sorted(places, key=lambda place: place[0])]
    for span in _spans_to_read(windows, footage):
        for frame in read_every_frame(footage, span, LOOK_SIDE):
            for window in windows:
                window.add(frame, framing)
    return {w.time: w.best for w in windows if w.best and w.is_steady}


def _spans_to_read(windows: Sequence[_Window], footage: Footage) -> list[Span]:
    """The spans of all windows; reading on is cheaper than going back to a keyframe."""
    around = [(w.time - STEADY_SECONDS, w.time + STEADY_SECONDS) for w in windows]
    return merge(around, (0.0, footage.duration), footage.keyframe_interval or np.inf)


def _look_at(frame: Frame, framing: Framing, work: Box | None) -> CoverLook | None:
    """What the screen shows of `frame`; None if it is dark, burnt out or empty."""
    image, paths = frame.image, [framing.keys, framing.below]
    crops = [crop_at(keys, frame.time) for keys in paths if keys] or [WHOLE]
    shown = [np.ascontiguousarray(image[pixels_of(crop, image.shape)]) for crop in crops]
    small = np.vstack([_shrink(part, SMALL_WIDTH, SMALL_HEIGHT // len(crops)) for part in shown])
    cells = _shrink(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), 9, 16)
    cells = cells.astype(np.float32)
    dark, bright = EXPOSURE_RANGE
    if not dark <= exposure(small) <= bright or cells.std() < MIN_VARIATION:
        return None
    sharp = float(np.mean([_edges(part) for part in shown]))
    if work and max(share_within(work, crop) for crop in crops) > 0:
        at_work = image[pixels_of(work, image.shape)]
        if min(at_work.shape[:2]) > 8:
            of_work = _edges(np.ascontiguousarray(at_work))
            sharp = sharp ** (1 - WORK_SHARE) * of_work**WORK_SHARE
    return CoverLook(round(frame.time, 3), sharp, cells - cells.mean(), tuple(shown))


def _edges(image: NDArray[np.uint8]) -> float:
    """Sharpness of an RGB picture (h, w, 3) in proportion to how much edges are widened by blur."""
    return float(np.sqrt(sharpness(image)))


def _shrink(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _cells(frame: Frame) -> Array:
    """The small picture of `frame` in a few cells of grey."""
    return thumbnail(frame.small).astype(float)
