"""The picture of a clip's cover, and the place of its title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.captions import BusyArea, TitlePosition, cover_text, place_title
from btsclip.framing import CropKey, Framing, crop_at
from btsclip.geometry import WHOLE, share_within
from btsclip.intervals import Span
from btsclip.plan import Clip
from btsclip.presets import Preset
from btsclip.render import still_frame
from btsclip.signals import Signals, Tracks

# Seconds from the clip's ends within which a movement may just begin or end.
MIN_SECONDS_FROM_ENDS = 0.3
# Speed in picture widths a second at which a hand's blur halves its worth.
BLUR_SPEED = 0.1
# The worth of a face; a certain hand has 1.
FACE_WORTH = 0.5


def best_picture(
    tracks: Tracks, framing: Framing, signals: Signals, spans: Sequence[Span]
) -> float | None:
    """The time, in seconds of the footage, that shows most of the hands and faces with least blur.

    It is in one of the `spans` that are shown. None if the screen never shows any.
    """
    crops = [framing.keys, *([framing.below] if framing.below else [])]
    sharpness = np.interp(tracks.times, signals.times, signals.sharpness)
    best, best_time = 0.0, None
    for i, time in enumerate(tracks.times):
        if not any(
            start + MIN_SECONDS_FROM_ENDS <= time <= end - MIN_SECONDS_FROM_ENDS
            for start, end in spans
        ):
            continue
        worth = 0.0
        for box, presence, speed in zip(
            tracks.hands[i], tracks.presence[i], np.nan_to_num(tracks.speed[i]), strict=True
        ):
            worth += presence * share_shown(box, time, crops) / (1 + speed / BLUR_SPEED)
        worth += sum(FACE_WORTH * share_shown(box, time, crops) for box in tracks.faces[i])
        if worth * sharpness[i] > best:
            best, best_time = float(worth * sharpness[i]), round(float(time), 3)
    return best_time


def title_position(clip: Clip, preset: Preset, busy: Sequence[BusyArea]) -> TitlePosition:
    """A place for the cover's title, clear of the `busy` areas in the cover's picture."""
    at = still_frame(clip, preset) / preset.output.fps
    # An area also counts for one sample before it, while the hand moves there.
    near = [area for area in busy if 2 * area.start - area.end < at < area.end]
    return place_title(cover_text(clip, preset), preset, near)


def share_shown(
    box: NDArray[np.floating[Any]], time: float, crops: Sequence[Sequence[CropKey]]
) -> float:
    """The largest share of `box` (4,) that lies in one of the `crops`, 0 to 1."""
    if not np.isfinite(box[0]):
        return 0.0
    x, y, w, h = box.tolist()
    shares = []
    for keys in crops:
        crop = crop_at(keys, time) if keys else WHOLE
        shares.append(share_within((x, y, w, h), crop))
    return max(shares)
