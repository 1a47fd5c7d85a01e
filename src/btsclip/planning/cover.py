"""Which picture of a clip its cover is made of, and where on it the title stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.captions import BusyArea
from btsclip.captions.title import TitlePosition, cover_text, place_title
from btsclip.framing.crop import CropKey as Key
from btsclip.framing.layout import Framing
from btsclip.framing.screen import crop_at
from btsclip.geometry import WHOLE, share_within
from btsclip.plan.model import Clip
from btsclip.presets.schema import Preset
from btsclip.render.timeline import still_frame
from btsclip.signals.model import Signals
from btsclip.signals.subject_tracks import Tracks

# Pictures this near to the clip's ends, in seconds, are of a movement that begins or ends.
FROM_ENDS = 0.3
# Speed in picture widths a second at which a hand's blur halves its worth.
BLURS = 0.1
# What a face counts beside a hand that is surely one.
FACE = 0.5


def best_picture(
    tracks: Tracks, framing: Framing, signals: Signals, span: tuple[float, float]
) -> float | None:
    """Seconds of the footage at which the screen shows most of the hands, and of faces, with the
    least blur; None when it never shows any."""
    windows = [framing.keys, *([framing.below] if framing.below else [])]
    sharp = np.interp(tracks.times, signals.times, signals.sharpness)
    best, at = 0.0, None
    for i, time in enumerate(tracks.times):
        if not span[0] + FROM_ENDS <= time <= span[1] - FROM_ENDS:
            continue
        worth = 0.0
        for box, sure, speed in zip(
            tracks.hands[i], tracks.presence[i], np.nan_to_num(tracks.speed[i]), strict=True
        ):
            worth += sure * _shown(box, time, windows) / (1 + speed / BLURS)
        worth += sum(FACE * _shown(box, time, windows) for box in tracks.faces[i])
        if worth * sharp[i] > best:
            best, at = float(worth * sharp[i]), round(float(time), 3)
    return at


def title_position(clip: Clip, preset: Preset, seen: Sequence[BusyArea]) -> TitlePosition:
    """Where the cover's title is clear of what is `seen` in the cover's picture."""
    at = still_frame(clip, preset) / preset.output.fps
    # Between two looks a hand is on its way from the one place to the other.
    near = [each for each in seen if 2 * each.start - each.end < at < each.end]
    return place_title(cover_text(clip, preset), preset, near)


def _shown(box: NDArray[np.floating[Any]], time: float, windows: Sequence[Sequence[Key]]) -> float:
    """How much of `box` (4,) is in one of the crops, 0 to 1: the most in any of them."""
    if not np.isfinite(box[0]):
        return 0.0
    x, y, w, h = box.tolist()
    shares = []
    for keys in windows:
        crop = crop_at(keys, time) if keys else WHOLE
        shares.append(share_within((x, y, w, h), crop))
    return max(shares)
