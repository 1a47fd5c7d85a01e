"""Keep the best of the files that show the same moment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from btsclip.analysis.cache import content_digest
from btsclip.media.footage import Footage
from btsclip.takes.likeness import Sketch, same_moment, sketch
from btsclip.takes.listing import LeftOut, unreadable
from btsclip.takes.originals import Resolution, resolve

# Frames by which the lengths of a copy and its original may differ, and seconds at most.
MAX_FRAMES_APART, MAX_SECONDS_APART = 1.5, 0.2
# Seconds by which clocks may differ that tell the same time: many are kept in full seconds.
SAME_TIME = 1.0
# Letters that two names must share, at least.
MIN_SHARED_NAME = 3


# Reads the sketches of takes, in their order, here or in worker processes.
Sketcher = Callable[[Sequence[Footage]], list[Sketch | None]]


def make_sketches(footages: Sequence[Footage]) -> list[Sketch | None]:
    """The sketches of `footages`, read in this process."""
    return [sketch(footage) for footage in footages]


def distinct_moments(
    found: Sequence[Footage],
    left_out: Sequence[LeftOut] = (),
    sketcher: Sketcher = make_sketches,
) -> Resolution:
    """Set apart the files that show a moment of another file once more.

    Names are compared first, then contents, then a few pictures and sounds where lengths agree and
    so do names or clocks.
    """
    by_name = resolve(found, left_out)
    kept, doubles = without_doubles(by_name.kept)
    kept, copies = without_copies(kept, sketcher)
    return Resolution(kept, [*by_name.left_out, *doubles, *copies], by_name.words)


def without_doubles(found: Sequence[Footage]) -> tuple[list[Footage], list[LeftOut]]:
    """The files without copies of the same content, of which the shortest name is kept: systems
    add to the name of what they copy."""
    sizes = Counter(footage.size for footage in found)
    seen: dict[tuple[int, bytes], Path] = {}
    doubles: dict[Path, LeftOut] = {}
    for footage in sorted(found, key=lambda f: (len(f.path.name), str(f.path))):
        if sizes[footage.size] == 1:
            continue
        try:
            digest = content_digest(footage.path)
        except OSError as error:
            doubles[footage.path] = unreadable(footage.path, error)
            continue
        first = seen.setdefault((footage.size, digest), footage.path)
        if first != footage.path:
            doubles[footage.path] = LeftOut(footage.path, f"the same as {first.name}")
    return [f for f in found if f.path not in doubles], list(doubles.values())


def without_copies(
    found: Sequence[Footage], sketcher: Sketcher
) -> tuple[list[Footage], list[LeftOut]]:
    """The files without copies in another size or quality, of which the largest is kept."""
    pairs = _pairs(found)
    if not pairs:
        return list(found), []
    sketches = _sketched(pairs, sketcher)
    partners: dict[Path, set[Path]] = {}
    for first, second in pairs:
        partners.setdefault(first.path, set()).add(second.path)
        partners.setdefault(second.path, set()).add(first.path)
    best: list[Footage] = []
    left_out: dict[Path, LeftOut] = {}
    for footage in sorted(found, key=_worth):
        near = partners.get(footage.path, set())
        match = next((b for b in best if b.path in near and _is_same(b, footage, sketches)), None)
        if match is None:
            best.append(footage)
        else:
            why = f"the same moment as {match.path.name}"
            left_out[footage.path] = LeftOut(footage.path, why)
    kept = [footage for footage in found if footage.path not in left_out]
    return kept, list(left_out.values())


def _sketched(pairs: Sequence[tuple[Footage, Footage]], sketcher: Sketcher) -> dict[Path, Sketch]:
    """The sketches of the files in `pairs` that can be read."""
    footages = list({footage.path: footage for pair in pairs for footage in pair}.values())
    sketches = zip(footages, sketcher(footages), strict=True)
    return {footage.path: taken for footage, taken in sketches if taken is not None}


def _worth(footage: Footage) -> tuple[int, int, str]:
    """Sort key that puts the best copy first."""
    return -footage.width * footage.height, -footage.size, str(footage.path)


def _pairs(found: Sequence[Footage]) -> list[tuple[Footage, Footage]]:
    """Pairs of files that may be copies, by their facts."""
    ordered = sorted(found, key=lambda footage: footage.duration)
    pairs = []
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.duration - first.duration > MAX_SECONDS_APART:
                break
            if _may_be_same(first, second):
                pairs.append((first, second))
    return pairs


def _may_be_same(first: Footage, second: Footage) -> bool:
    # The pieces of one take may all have its clock and its length, and look alike.
    if _only_counted(first.path, second.path):
        return False
    frame = 1 / max(1.0, min(first.fps, second.fps))
    if abs(first.duration - second.duration) > MAX_FRAMES_APART * frame:
        return False
    return _names_agree(first.path, second.path) or _clocks_agree(first, second)


def _names_agree(first: Path, second: Path) -> bool:
    """Whether the longer name holds the shorter one."""
    shorter, longer = sorted((_letters(first), _letters(second)), key=len)
    return len(shorter) >= MIN_SHARED_NAME and shorter in longer


def _letters(path: Path) -> str:
    return re.sub(r"[\W_]", "", path.stem.casefold())


def _clocks_agree(first: Footage, second: Footage) -> bool:
    """Whether two takes began at the same time by their timecodes or clocks."""
    timecode = first.timecode if re.search("[1-9]", first.timecode) else None
    if timecode and timecode == second.timecode:
        return True
    if not first.created or not second.created:
        return False
    return abs((first.created - second.created).total_seconds()) <= SAME_TIME


def _is_same(first: Footage, second: Footage, sketches: dict[Path, Sketch]) -> bool:
    if first.path not in sketches or second.path not in sketches:
        return False
    return same_moment(sketches[first.path], sketches[second.path], _clocks_agree(first, second))


def _only_counted(first: Path, second: Path) -> bool:
    """Whether two names differ in their numbers alone."""
    names = first.stem.casefold(), second.stem.casefold()
    return names[0] != names[1] and len({re.sub(r"\d+", "", name) for name in names}) == 1
