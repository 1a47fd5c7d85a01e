"""Pictures to files: each by its suffix, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from btsclip.errors import OutputError
from btsclip.media.footage import Footage
from btsclip.media.output import publish, refuse_existing, staging
from btsclip.moments.find import Moment
from btsclip.pictures.curves import Array
from btsclip.pictures.shapes import Drawing
from btsclip.pictures.sheet import draw_sheet
from btsclip.pictures.timeline import draw_timeline
from btsclip.signals.model import Signals

TIMELINE_SUFFIXES = (".svg", ".png")
SHEET_SUFFIXES = (".jpg", ".jpeg", ".png")
CURE = "name another place, or see to room and permission there"
# Hand boxes are thin bright lines: chroma is kept whole for them.
JPEG = {"quality": 88, "subsampling": 0, "optimize": True}


def check_places(
    footage: Path, timelines: Sequence[Path], sheets: Sequence[Path], force: bool
) -> None:
    """Raises OutputError for a picture that could not be written, before anything slow is done.

    That is one with another suffix, one named twice, the footage itself and, without `force`, one
    that is there already, or one in a folder that can't be written to.
    """
    for paths, suffixes in ((timelines, TIMELINE_SUFFIXES), (sheets, SHEET_SUFFIXES)):
        for path in paths:
            if path.suffix.lower() not in suffixes:
                cause = f"no picture has the suffix {path.suffix}" if path.suffix else "no suffix"
                raise OutputError(path, cause, f"end its name in {' or '.join(suffixes)}")
    places = [*timelines, *sheets]
    for i, path in enumerate(places):
        if path.resolve() in [other.resolve() for other in places[:i]]:
            raise OutputError(path, "is named twice", "give each picture a name of its own")
        if path.resolve() == footage.resolve():
            raise OutputError(path, "is the footage itself", "name another file")
    if not force:
        refuse_existing(places)
    for path in places:
        try:
            with staging(path.parent):
                pass
        except OutputError as error:
            raise OutputError(path, error.cause, CURE) from error


def draw_and_write(
    footage: Footage,
    signals: Signals,
    process: Array,
    moments: Sequence[Moment],
    timelines: Sequence[Path],
    sheets: Sequence[Path],
    force: bool,
) -> None:
    """Draws what is asked for, each once, and writes it to all its files; see `write_pictures`."""
    drawings: dict[Path, Drawing] = {}
    if timelines:
        drawings |= dict.fromkeys(timelines, draw_timeline(footage, signals, process, moments))
    if sheets:
        drawings |= dict.fromkeys(sheets, draw_sheet(footage, signals, moments))
    write_pictures(drawings, force)


def write_pictures(drawings: Mapping[Path, Drawing], force: bool) -> None:
    """Writes each drawing to its path, in the format of its suffix; folders are made when missing.

    Raises OutputError when one can't be written or, without `force`, is there; then none is.
    """
    with ExitStack() as stack:
        pairs = []
        for i, (path, drawing) in enumerate(drawings.items()):
            try:
                folder = stack.enter_context(staging(path.parent))
                made = folder / f"{i}{path.suffix.lower()}"
                _save(drawing, made)
            except OSError as error:
                raise OutputError(path, f"can't be written ({error})", CURE) from error
            except OutputError as error:
                # Pictures are named one by one; there is no -o for them.
                raise OutputError(path, error.cause, CURE) from error
            pairs.append((made, path))
        publish(pairs, force)


def _save(drawing: Drawing, path: Path) -> None:
    if path.suffix == ".svg":
        from btsclip.pictures.svg import to_svg

        path.write_bytes(to_svg(drawing))
        return
    from btsclip.pictures.raster import to_image

    image = to_image(drawing)
    if path.suffix == ".png":
        image.save(path, optimize=True)
    else:
        image.save(path, "JPEG", **JPEG)
