"""Write drawings to files in the format of their suffixes: all files or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from btsclip.errors import OutputError
from btsclip.media import Footage, publish, refuse_existing, staging
from btsclip.moments import Moment
from btsclip.pictures.curves import Array
from btsclip.pictures.shapes import Drawing
from btsclip.pictures.sheet import draw_sheet
from btsclip.pictures.timeline import draw_timeline
from btsclip.signals import Signals

TIMELINE_SUFFIXES = (".svg", ".png")
SHEET_SUFFIXES = (".jpg", ".jpeg", ".png")
CURE = "name another path, or check disk space and permissions"
# Full chroma keeps hand boxes sharp: they are thin bright lines.
JPEG_OPTIONS = {"quality": 88, "subsampling": 0, "optimize": True}


def check_paths(
    footage: Path, timelines: Sequence[Path], sheets: Sequence[Path], force: bool
) -> None:
    """Raise OutputError if a picture can't be written, before any slow work.

    Checks for unknown suffixes, repeated paths, the path of the footage, folders that can't be
    written to and, without `force`, existing files.
    """
    for paths, suffixes in ((timelines, TIMELINE_SUFFIXES), (sheets, SHEET_SUFFIXES)):
        for path in paths:
            if path.suffix.lower() not in suffixes:
                cause = f"no picture has the suffix {path.suffix}" if path.suffix else "no suffix"
                raise OutputError(path, cause, f"end its name in {' or '.join(suffixes)}")
    paths = [*timelines, *sheets]
    for i, path in enumerate(paths):
        if path.resolve() in [earlier.resolve() for earlier in paths[:i]]:
            raise OutputError(path, "is named twice", "give each picture its own name")
        if path.resolve() == footage.resolve():
            raise OutputError(path, "is the footage itself", "name another file")
    if not force:
        refuse_existing(paths)
    for path in paths:
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
    """Draw the timeline and the sheet once, and write them to all their files; see
    `write_pictures`."""
    drawings: dict[Path, Drawing] = {}
    if timelines:
        drawings |= dict.fromkeys(timelines, draw_timeline(footage, signals, process, moments))
    if sheets:
        drawings |= dict.fromkeys(sheets, draw_sheet(footage, signals, moments))
    write_pictures(drawings, force)


def write_pictures(drawings: Mapping[Path, Drawing], force: bool) -> None:
    """Write each drawing to its path, in the format of its suffix. Creates missing folders.

    Raises OutputError if a file can't be written or, without `force`, already exists. Then no file
    is written.
    """
    with ExitStack() as stack:
        pairs = []
        for i, (path, drawing) in enumerate(drawings.items()):
            try:
                folder = stack.enter_context(staging(path.parent))
                staged = folder / f"{i}{path.suffix.lower()}"
                _save(drawing, staged)
            except OSError as error:
                raise OutputError(path, f"can't be written ({error})", CURE) from error
            except OutputError as error:
                # The usual cure names -o, which pictures don't have.
                raise OutputError(path, error.cause, CURE) from error
            pairs.append((staged, path))
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
        image.save(path, "JPEG", **JPEG_OPTIONS)
