"""The pictures to choose a clip's cover from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from btsclip.captions import BusyArea, title_room
from btsclip.framing import (
    Canvas,
    CropKey,
    Framing,
    busy_boxes,
    crop_at,
    on_screen,
    work_region,
)
from btsclip.geometry import WHOLE, Box, hull, share_within
from btsclip.intervals import Span
from btsclip.media import Footage
from btsclip.planning.cover_looks import CoverLook, look_closely
from btsclip.presets import Preset
from btsclip.signals import HandDetector, Signals, Tracks

# One share, or the shares of many pictures.
ShareT = TypeVar("ShareT", float, NDArray[np.floating[Any]])

# Pictures to choose from.
MAX_CHOICES = 3
# Seconds from the clip's ends within which a movement may just begin or end.
MIN_SECONDS_FROM_ENDS = 0.3
# Seconds from a border of shots within which a picture may belong to a transition.
MIN_SECONDS_FROM_BORDERS = 0.4
# Times to look at closely, and the seconds between two of them.
MAX_LOOKS = 8
MIN_SECONDS_BETWEEN_LOOKS = 0.5
# Seconds between two choices.
MIN_SECONDS_BETWEEN_CHOICES = 1.0
# The worth of a face, of the work and of flames on the screen; a certain hand has 1. A picture with
# nothing of these has the least worth.
FACE_WORTH = 0.5
WORK_WORTH = 0.5
FLAME_WORTH = 0.5
MIN_WORTH = 0.05
# Shares of the picture that shine like fire, beyond what always does: from the first on there are
# flames, from the second on they are high. A copper pan or a lamp that comes into view shines less.
FLAMES = (0.02, 0.06)
# Powers of a picture's sharpness, in medians of the clip's, below the median and above it. Blur
# costs much; grain, such as that of a stone table, looks sharper than a hand in focus.
BLUR_POWER = 1.5
SHARPNESS_POWER = 0.1
# The middle part of the work, in quantiles, that a title keeps clear of: the rest is too wide.
CORE_OF_WORK = (0.2, 0.8)
# Share of the screen from which on a box of moving things is no place to keep clear of.
MAX_MOVING_SHARE = 0.35
# The worth that a picture keeps if nothing moves, if no hand is found in it, and if a title can't
# be clear of what it shows.
WORTH_AT_REST = 0.7
WORTH_WITHOUT_HANDS = 0.6
WORTH_WITHOUT_ROOM = 0.5
# Levels of grey by which two choices that look quite different differ, and the worth that a choice
# keeps if it looks like a better one.
DIFFERENT_LEVELS = 25.0
WORTH_OF_SAME_LOOK = 0.4
# A title to leave room for where the title is not known yet.
USUAL_TITLE = "Two lines of words for a title"


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A picture that was looked at."""

    worth: float
    look: CoverLook


def choose_pictures(
    footage: Footage,
    tracks: Tracks,
    framing: Framing,
    canvas: Canvas,
    signals: Signals,
    spans: Sequence[Span],
    preset: Preset,
) -> list[float]:
    """The times of up to MAX_CHOICES pictures in `spans` of the footage, the best first.

    The best shows the hands and their work while they move, sharp, and with room for a title. The
    others are from other times and look different. Empty if all pictures are dark, empty or part of
    a transition. Raises FootageError when the footage can't be decoded.
    """
    worths = rank_times(tracks, framing, signals, spans)
    rows = {float(tracks.times[i]): i for i in _best_rows(tracks.times, worths)}
    places = [(time, _work_in_picture(tracks, i)) for time, i in rows.items()]
    looks = look_closely(footage, framing, places)
    if not looks:
        return []
    usual = max(1e-9, float(np.median([look.sharpness for look in looks.values()])))
    boxes = list(busy_boxes(tracks, framing, canvas))
    candidates, detector = [], HandDetector()
    for time, look in looks.items():
        work = tuple(work_on_screen(tracks, rows[time], framing, canvas))
        room = title_room(
            USUAL_TITLE, preset, [BusyArea(0, 1, box) for at, box in boxes if at == time],
            [BusyArea(0, 1, box) for box in work],
        )  # fmt: skip
        sharp = look.sharpness / usual
        worth = float(worths[rows[time]]) * sharp ** (SHARPNESS_POWER if sharp > 1 else BLUR_POWER)
        worth *= _part(room, WORTH_WITHOUT_ROOM)
        worth *= _part(look.find_hands(detector), WORTH_WITHOUT_HANDS)
        candidates.append(_Candidate(worth, look))
    return [one.look.time for one in _choose_different(candidates)]


def rank_times(
    tracks: Tracks, framing: Framing, signals: Signals, spans: Sequence[Span]
) -> NDArray[np.floating[Any]]:
    """The worth (n,) of the picture at each of the tracks' times by what the screen shows and how
    much it moves; 0 near an end of one of `spans`, outside of them and near a border of shots."""
    crops = [keys for keys in (framing.keys, framing.below) if keys]
    worths = np.zeros(len(tracks.times))
    for i, time in enumerate(tracks.times):
        hands = sum(
            presence * share_shown(box, time, crops)
            for box, presence in zip(tracks.hands[i], tracks.presence[i], strict=True)
        )
        faces = sum(share_shown(box, time, crops) for box in tracks.faces[i])
        things = [tracks.work[i]] + [tracks.salient[i]] * (framing.subject_kind == "salient")
        work = max(share_shown(box, time, crops) for box in things)
        worths[i] = max(MIN_WORTH, hands + FACE_WORTH * faces + WORK_WORTH * work)
    worths += FLAME_WORTH * _flames(tracks, signals)
    shown = np.zeros(len(tracks.times), bool)
    for start, end in spans:
        low, high = start + MIN_SECONDS_FROM_ENDS, end - MIN_SECONDS_FROM_ENDS
        shown |= (tracks.times >= low) & (tracks.times <= high)
    worths[~shown] = 0
    for border in signals.borders:
        worths[np.abs(tracks.times - border) < MIN_SECONDS_FROM_BORDERS] = 0
    return worths * _part(_motion(tracks, signals), WORTH_AT_REST)


def _best_rows(times: NDArray[np.floating[Any]], worths: NDArray[np.floating[Any]]) -> list[int]:
    """The rows of the times to look at, in order of worth and apart from one another."""
    rows: list[int] = []
    for i in np.argsort(-worths, kind="stable").tolist():
        if worths[i] <= 0 or len(rows) == MAX_LOOKS:
            break
        if all(abs(times[i] - times[k]) >= MIN_SECONDS_BETWEEN_LOOKS for k in rows):
            rows.append(i)
    return rows


def _choose_different(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The best candidate, then the next best that are from other times and look different."""
    chosen: list[_Candidate] = []
    apart = list(candidates)

    def worth(candidate: _Candidate) -> float:
        levels = [float(np.abs(candidate.look.thumb - other.look.thumb).mean()) for other in chosen]
        differs = min([1.0, *(level / DIFFERENT_LEVELS for level in levels)])
        return candidate.worth * _part(differs, WORTH_OF_SAME_LOOK)

    while apart and len(chosen) < MAX_CHOICES:
        best = max(apart, key=worth)
        chosen.append(best)
        apart = [
            candidate
            for candidate in apart
            if abs(candidate.look.time - best.look.time) >= MIN_SECONDS_BETWEEN_CHOICES
        ]
    return chosen


def _part(share: ShareT, least: float) -> ShareT:
    """The part of a worth that is kept: from `least` for a `share` of 0 to all for 1."""
    return least + (1 - least) * share


def _motion(tracks: Tracks, signals: Signals) -> NDArray[np.floating[Any]]:
    """How much moves at each of the tracks' times (n,), from 0 to 1 for the fastest tenth: the
    hands, or everything where no hand is seen."""
    hands = np.nan_to_num(tracks.speed).max(1)
    around = np.interp(tracks.times, signals.times, signals.motion)
    speed = np.where(np.isfinite(tracks.hands[..., 0]).any(1), hands, around)
    fast = float(np.percentile(speed, 90)) if len(speed) else 0.0
    return np.clip(speed / max(fast, 1e-9), 0, 1)


def _flames(tracks: Tracks, signals: Signals) -> NDArray[np.floating[Any]]:
    """How high flames are at each of the tracks' times (n,), from 0 to 1. Warm lamps always shine
    and don't count."""
    glow = np.interp(tracks.times, signals.times, signals.glow)
    return np.asarray(np.interp(glow - np.percentile(glow, 10), FLAMES, (0.0, 1.0)))


def _work_in_picture(tracks: Tracks, i: int) -> Box | None:
    """The box of the hands and the work at sample `i`; None without any."""
    boxes = [box for box in (*tracks.hands[i], tracks.work[i]) if np.isfinite(box[0])]
    if not boxes:
        return None
    x, y, w, h = hull(boxes).tolist()
    return x, y, w, h


def work_on_screen(tracks: Tracks, i: int, framing: Framing, canvas: Canvas) -> list[Box]:
    """What moves at sample `i`, and where the work most likely is, as boxes on the screen."""
    time = float(tracks.times[i])
    core = work_region(tracks.place[i : i + 1], canvas.largest, CORE_OF_WORK).box[0]
    shown = on_screen(tuple(core.tolist()), time, framing, canvas)
    if np.isfinite(tracks.work[i, 0]):
        moving = on_screen(tuple(tracks.work[i].tolist()), time, framing, canvas)
        shown += [box for box in moving if box[2] * box[3] <= MAX_MOVING_SHARE]
    return shown


def share_shown(
    box: NDArray[np.floating[Any]], time: float, crops: Sequence[Sequence[CropKey]]
) -> float:
    """The largest share of `box` (4,) that lies in one of the `crops`, 0 to 1; without crops the
    whole picture is shown."""
    if not np.isfinite(box[0]):
        return 0.0
    x, y, w, h = box.tolist()
    shown = [crop_at(keys, time) for keys in crops] or [WHOLE]
    return max(share_within((x, y, w, h), crop) for crop in shown)
