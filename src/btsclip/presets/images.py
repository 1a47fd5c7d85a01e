"""The pictures that a preset names: found beside its file, and read before hours of work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Tables with a key `image`.
TABLES = ("watermark", "end_card")
FORMATS = ("PNG", "JPEG")


def located(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """`values` of a preset file in `folder` with whole paths to its pictures."""
    result = dict(values)
    for table, path in _named(values):
        result[table] = {**values[table], "image": str((folder / path).resolve())}
    return result


def unreadable(values: dict[str, Any]) -> Iterator[tuple[list[str], str, str]]:
    """Key, cause and cure of each picture named in `values` (of `located`) that can't be used."""
    from PIL import Image

    for table, path in _named(values):
        keys = [table, "image"]
        if not path.is_file():
            yield keys, f"there is no picture {path}", "paths count from the preset's folder"
            continue
        try:
            with Image.open(path, formats=FORMATS) as picture:
                picture.load()
        except Exception as error:
            # Pillow raises nearly anything for a damaged file.
            cause = str(error).splitlines()[0] if str(error) else "damaged"
            yield keys, f"{path} can't be read ({cause})", "name a PNG or JPEG picture"


def _named(values: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    for table in TABLES:
        part = values.get(table)
        image = part.get("image") if isinstance(part, dict) else None
        if isinstance(image, str) and image:
            yield table, Path(image)
