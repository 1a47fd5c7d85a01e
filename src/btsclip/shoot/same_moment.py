"""The same moment never twice: of files that show one, the best is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from btsclip.media.probe import Footage
from btsclip.shoot.cache import content
from btsclip.shoot.likeness import Sketch, alike, sketch
from btsclip.shoot.listing import LeftOut, unreadable
from btsclip.shoot.originals import Resolution, resolve

# Frames by which the lengths of a copy and its original may differ, and seconds at most.
MAX_FRAMES_APART, MAX_SECONDS_APART = 1.5, 0.2
# Seconds by which clocks may differ that tell the same time: many are kept in full seconds.
SAME_TIME = 1.0
# Letters that two names must share, at least.
MIN_SHARED_NAME = 3


# Takes the sketches of takes, in their order: here, or in worker processes.
Sketcher = Callable[[Sequence[Footage]], list[Sketch | None]]


def sketches_of(footages: Sequence[Footage]) -> list[Sketch | None]:
    """What `sketch` makes of each of `footages`, taken in this process."""
    return [sketch(footage) for footage in footages]


def distinct_moments(
    found: Sequence[Footage],
    left_out: Sequence[LeftOut] = (),
    sketcher: Sketcher = sketches_of,
) -> Resolution:
    """Of files that show the same moment the best one: by their names, their content, and by a
    few pictures and sounds where their lengths and clocks or names agree."""
    by_name = resolve(found, left_out)
    kept, doubles = without_doubles(by_name.kept)
    kept, copies = without_copies(kept, sketcher)
    return Resolution(kept, [*by_name.left_out, *doubles, *copies], by_name.words)


def without_doubles(found: Sequence[Footage]) -> tuple[list[Footage], list[LeftOut]]:
    """Files of different content; of files with the same one the first by name."""
    sizes = [footage.size for footage in found]
    seen: dict[tuple[int, bytes], Path] = {}
    kept, doubles = [], []
    for footage in found:
        if sizes.count(footage.size) > 1:
            try:
                digest = content(footage.path)
            except OSError as error:
                doubles.append(unreadable(footage.path, error))
                continue
            first = seen.setdefault((footage.size, digest), footage.path)
            if first != footage.path:
                doubles.append(LeftOut(footage.path, f"the same as {first.name}"))
                continue
        kept.append(footage)
    return kept, doubles


def without_copies(
    found: Sequence[Footage], sketcher: Sketcher
) -> tuple[list[Footage], list[LeftOut]]:
    """Files of different moments; of copies in another size or quality the largest."""
    pairs = _pairs(found)
    if not pairs:
        return list(found), []
    doubtful = list({footage.path: footage for pair in pairs for footage in pair}.values())
    taken = sketcher(doubtful)
    sketches = {f.path: s for f, s in zip(doubtful, taken, strict=True) if s is not None}
    partners: dict[Path, set[Path]] = {}
    for one, other in pairs:
        partners.setdefault(one.path, set()).add(other.path)
        partners.setdefault(other.path, set()).add(one.path)
    same: dict[Path, Footage] = {}
    best: list[Footage] = []
    for footage in sorted(found, key=_worth):
        first = next((b for b in best if b.path in partners.get(footage.path, ())
                      and _is_same(b, footage, sketches)), None)  # fmt: skip
        if first is None:
            best.append(footage)
        else:
            same[footage.path] = first
    left_out = [
        LeftOut(path, f"the same moment as {first.path.name}") for path, first in same.items()
    ]
    return [footage for footage in found if footage.path not in same], left_out


def _worth(footage: Footage) -> tuple[int, int, str]:
    """What makes one of two copies the better one, the best first."""
    return -footage.width * footage.height, -footage.size, str(footage.path)


def _pairs(found: Sequence[Footage]) -> list[tuple[Footage, Footage]]:
    """Files that may be copies of each other, by their facts."""
    ordered = sorted(found, key=lambda footage: footage.duration)
    pairs = []
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.duration - one.duration > MAX_SECONDS_APART:
                break
            if _may_be_same(one, other):
                pairs.append((one, other))
    return pairs


def _may_be_same(one: Footage, other: Footage) -> bool:
    # The pieces of one take may all have its clock and its length, and look alike.
    if _only_counted(one.path, other.path):
        return False
    frame = 1 / max(1.0, min(one.fps, other.fps))
    if abs(one.duration - other.duration) > MAX_FRAMES_APART * frame:
        return False
    return _names_agree(one.path, other.path) or _clocks_agree(one, other)


def _names_agree(one: Path, other: Path) -> bool:
    """Whether one name is the other with something added."""
    shorter, longer = sorted((_letters(one), _letters(other)), key=len)
    return len(shorter) >= MIN_SHARED_NAME and shorter in longer


def _letters(path: Path) -> str:
    return re.sub(r"[\W_]", "", path.stem.casefold())


def _clocks_agree(one: Footage, other: Footage) -> bool:
    """Whether two takes began at the same time, as far as their clocks tell."""
    timecode = one.timecode if re.search("[1-9]", one.timecode) else None
    if timecode and timecode == other.timecode:
        return True
    if not one.created or not other.created:
        return False
    return abs((one.created - other.created).total_seconds()) <= SAME_TIME


def _is_same(one: Footage, other: Footage, sketches: dict[Path, Sketch]) -> bool:
    if one.path not in sketches or other.path not in sketches:
        return False
    return alike(sketches[one.path], sketches[other.path], _clocks_agree(one, other))


def _only_counted(one: Path, other: Path) -> bool:
    """Whether two names differ in their numbers alone."""
    names = one.stem.casefold(), other.stem.casefold()
    return names[0] != names[1] and len({re.sub(r"\d+", "", name) for name in names}) == 1
