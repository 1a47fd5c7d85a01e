"""Keep the best of several files that show the same moment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from btsclip.analysis import content_digest
from btsclip.media import Footage
from btsclip.takes.likeness import Sketch, same_moment, sketch
from btsclip.takes.listing import LeftOut, unreadable
from btsclip.takes.originals import Resolution, resolve_copies

# Difference of length between a copy and its original, in frames and in seconds.
MAX_FRAMES_APART = 1.5
MAX_SECONDS_APART = 0.2
# Seconds between clocks that show the same time: many have full seconds only.
MAX_CLOCK_DIFFERENCE = 1.0
# Letters that two names must share.
MIN_SHARED_NAME = 3


# Reads the sketches of takes, in their order, in this process or in workers.
Sketcher = Callable[[Sequence[Footage]], list[Sketch | None]]


def make_sketches(footages: Sequence[Footage]) -> list[Sketch | None]:
    """The sketches of `footages`, read in this process."""
    return [sketch(footage) for footage in footages]


def distinct_moments(
    files: Sequence[Footage],
    left_out: Sequence[LeftOut] = (),
    sketcher: Sketcher = make_sketches,
) -> Resolution:
    """Leave out the files that show the same moment as another file.

    Compares names first, then contents. Last, it compares a few pictures and sounds of files with
    the same length and similar names or clocks.
    """
    by_name = resolve_copies(files, left_out)
    kept, doubles = remove_doubles(by_name.kept)
    kept, copies = remove_copies(kept, sketcher)
    return Resolution(kept, [*by_name.left_out, *doubles, *copies], by_name.warnings)


def remove_doubles(files: Sequence[Footage]) -> tuple[list[Footage], list[LeftOut]]:
    """Leave out files with the same content as another file. Keeps the shortest name, because
    systems lengthen the names of copies."""
    sizes = Counter(footage.size for footage in files)
    seen: dict[tuple[int, bytes], Path] = {}
    doubles: dict[Path, LeftOut] = {}
    for footage in sorted(files, key=lambda f: (len(f.path.name), str(f.path))):
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
    return [f for f in files if f.path not in doubles], list(doubles.values())


def remove_copies(
    files: Sequence[Footage], sketcher: Sketcher
) -> tuple[list[Footage], list[LeftOut]]:
    """Leave out copies in another size or quality. Keeps the largest picture."""
    pairs = _likely_pairs(files)
    if not pairs:
        return list(files), []
    sketches = _sketch_pairs(pairs, sketcher)
    partners: dict[Path, set[Path]] = {}
    for first, second in pairs:
        partners.setdefault(first.path, set()).add(second.path)
        partners.setdefault(second.path, set()).add(first.path)
    best: list[Footage] = []
    left_out: dict[Path, LeftOut] = {}
    for footage in sorted(files, key=_best_first):
        similar = partners.get(footage.path, set())
        match = next(
            (b for b in best if b.path in similar and _is_same(b, footage, sketches)), None
        )
        if match is None:
            best.append(footage)
        else:
            why = f"the same moment as {match.path.name}"
            left_out[footage.path] = LeftOut(footage.path, why)
    kept = [footage for footage in files if footage.path not in left_out]
    return kept, list(left_out.values())


def _sketch_pairs(
    pairs: Sequence[tuple[Footage, Footage]], sketcher: Sketcher
) -> dict[Path, Sketch]:
    """The sketches of the readable files in `pairs`, by path."""
    footages = list({footage.path: footage for pair in pairs for footage in pair}.values())
    sketches = zip(footages, sketcher(footages), strict=True)
    return {footage.path: result for footage, result in sketches if result is not None}


def _best_first(footage: Footage) -> tuple[int, int, str]:
    """Sort key: the largest picture, then the largest file."""
    return -footage.width * footage.height, -footage.size, str(footage.path)


def _likely_pairs(files: Sequence[Footage]) -> list[tuple[Footage, Footage]]:
    """Pairs of files that may be copies by length, name and clock."""
    ordered = sorted(files, key=lambda footage: footage.duration)
    pairs = []
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if second.duration - first.duration > MAX_SECONDS_APART:
                break
            if _may_be_same(first, second):
                pairs.append((first, second))
    return pairs


def _may_be_same(first: Footage, second: Footage) -> bool:
    # The parts of one take may have the same clock and length, and look alike.
    if _differ_only_in_numbers(first.path, second.path):
        return False
    frame = 1 / max(1.0, min(first.fps, second.fps))
    if abs(first.duration - second.duration) > MAX_FRAMES_APART * frame:
        return False
    return _names_agree(first.path, second.path) or _clocks_agree(first, second)


def _names_agree(first: Path, second: Path) -> bool:
    """Whether the longer name contains the shorter one."""
    shorter, longer = sorted((_letters(first), _letters(second)), key=len)
    return len(shorter) >= MIN_SHARED_NAME and shorter in longer


def _letters(path: Path) -> str:
    return re.sub(r"[\W_]", "", path.stem.casefold())


def _clocks_agree(first: Footage, second: Footage) -> bool:
    """Whether two takes began at the same time, by their timecodes or clocks."""
    timecode = first.timecode if re.search("[1-9]", first.timecode) else None
    if timecode and timecode == second.timecode:
        return True
    if not first.created or not second.created:
        return False
    return abs((first.created - second.created).total_seconds()) <= MAX_CLOCK_DIFFERENCE


def _is_same(first: Footage, second: Footage, sketches: dict[Path, Sketch]) -> bool:
    if first.path not in sketches or second.path not in sketches:
        return False
    return same_moment(sketches[first.path], sketches[second.path], _clocks_agree(first, second))


def _differ_only_in_numbers(first: Path, second: Path) -> bool:
    """Whether two different names are the same without their numbers."""
    names = first.stem.casefold(), second.stem.casefold()
    return names[0] != names[1] and len({re.sub(r"\d+", "", name) for name in names}) == 1
