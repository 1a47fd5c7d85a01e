"""The pictures that a preset names: found beside its file, and read before hours of work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from btsclip.errors import PresetError
from btsclip.media.pictures import read_picture

# Tables with a key `image`.
TABLES = ("watermark", "end_card")


def with_absolute_paths(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """`values` of a preset file in `folder` with whole paths to its pictures."""
    result = dict(values)
    for table, path in _named(values):
        result[table] = {**values[table], "image": str(_whole(folder / path))}
    return result


def unreadable(values: dict[str, Any]) -> Iterator[tuple[list[str], str, str]]:
    """Key, cause and cure of each picture named in `values` (of `located`) that can't be used."""
    for table, path in _named(values):
        try:
            read_picture(path, PresetError)
        except PresetError as error:
            yield [table, "image"], f"{error.subject}: {error.cause}", error.cure


def _whole(path: Path) -> Path:
    """`path` from the root on; as it is where it can't be any file's."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _named(values: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    for table in TABLES:
        part = values.get(table)
        image = part.get("image") if isinstance(part, dict) else None
        if isinstance(image, str) and image:
            yield table, Path(image)
