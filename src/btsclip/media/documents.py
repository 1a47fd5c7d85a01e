"""Read text files that people write or edit, such as presets, notes and plans.

Whatever such a file holds, the result is a plain error message, not a traceback or a full memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from btsclip.errors import BtsclipError

# Largest JSON file, such as a plan of thousands of clips, in bytes.
MAX_RECORD_BYTES = 64_000_000
# Depth of nested lists and objects; a plan has seven levels.
MAX_DEPTH = 100
UTF8 = "save it as UTF-8 text"
TOO_DEEP = "nested too deeply"
TOO_LONG = "a number of too many digits"


def read_document(
    path: Path,
    error_type: type[BtsclipError],
    *,
    max_bytes: int,
    if_missing: str = "check the name",
    if_folder: str = "name a file in it",
) -> str:
    """Read the UTF-8 text in the file at `path`.

    Raises `error_type` with the cause and the cure: for a file that can't be read, one of more than
    `max_bytes`, and one that is not UTF-8 text.
    """
    data = read_limited(
        path, error_type, max_bytes=max_bytes, if_missing=if_missing, if_folder=if_folder
    )
    return _decode(path, data, error_type)


def read_limited(
    path: Path,
    error_type: type[BtsclipError],
    *,
    max_bytes: int,
    if_missing: str = "check the name",
    if_folder: str = "name a file in it",
) -> bytes:
    """Read the bytes of the file at `path`.

    Raises `error_type` with the cause and the cure: for a file that can't be read, and for one of
    more than `max_bytes`, without reading all of it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise error_type(path, "no such file", if_missing) from None
    except IsADirectoryError:
        raise error_type(path, "is a folder", if_folder) from None
    except OSError as error:
        cause = f"can't be read ({error.strerror or error})"
        raise error_type(path, cause, "see whether you may read it") from error
    except ValueError as error:
        raise error_type(repr(str(path)), "is not a file's name", "check the name") from error
    if len(data) > max_bytes:
        cause = f"has more than {max_bytes / 10**6:g} MB, too much for such a file"
        raise error_type(path, cause, "check the name")
    return data


def locate(path: Path, data: bytes, offset: int) -> str:
    """The file and the line of the byte at `offset`, such as `notes.toml:7`."""
    return f"{path}:{data.count(10, 0, offset) + 1}"


def parse_json(text: str | bytes, parse_constant: Callable[[str], float] | None = None) -> Any:
    """The values of a JSON text. Raises ValueError for anything but JSON, and for values nested too
    deeply to be written again."""
    try:
        values = json.loads(text, parse_constant=parse_constant)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        # Python's own message names a setting of the interpreter.
        raise ValueError(TOO_LONG if "digits" in str(error) else str(error)) from error
    level = [values]
    for _ in range(MAX_DEPTH):
        level = [value for group in level for value in _nested_in(group)]
        if not level:
            return values
    raise ValueError(TOO_DEEP)


def json_record(path: Path) -> dict[str, Any]:
    """The object in the JSON file at `path`, which may come from another program; an empty one if
    the file is missing, too large or damaged."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_RECORD_BYTES + 1)
        values = parse_json(data) if len(data) <= MAX_RECORD_BYTES else {}
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _nested_in(value: Any) -> list[Any]:
    """The lists and objects that `value` holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in inner if isinstance(item, dict | list)]


def _decode(path: Path, data: bytes, error_type: type[BtsclipError]) -> str:
    """Decode `data` as UTF-8. Raises `error_type` for other files, with their kind."""
    zeros = data[:1000].count(0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or zeros > len(data[:1000]) / 4:
        # Two bytes per letter: in Latin scripts, every other byte is zero.
        binary = zeros > len(data[:1000]) * 0.6
        raise error_type(path, "is not a text" if binary else "is saved as UTF-16", UTF8)
    if (offset := data.find(0)) >= 0:
        raise error_type(locate(path, data, offset), "holds a NUL character: it is damaged", UTF8)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise error_type(locate(path, data, error.start), "is not UTF-8 text", UTF8) from error
