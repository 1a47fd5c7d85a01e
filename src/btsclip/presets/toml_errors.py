"""Read TOML files that people write, and report faults with file, line, key and cure."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from btsclip.errors import BtsclipError
from btsclip.media import TOO_DEEP, TOO_LONG, read_document

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Files written by hand are far smaller.
MAX_BYTES = 1_000_000
# A key of dozens of parts, as in a.b.c: the time to parse it grows with the square of their number.
_PART = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\.[ \t]*"
LONG_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*(?:{_PART}){{30}}", re.MULTILINE)


def read_toml(path: Path, error_type: type[BtsclipError]) -> tuple[str, dict[str, Any]]:
    """Read a TOML file: its text and its values. Raises `error_type` with the file and line."""
    text = read_document(path, error_type, max_bytes=MAX_BYTES)
    if long := LONG_KEY.search(text):
        where = f"{path}:{text.count(chr(10), 0, long.start()) + 1}"
        raise error_type(where, "holds a key of too many parts", "remove the extra dots")
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{path}:{line[1] if line else max(1, len(text.splitlines()))}"
        raise error_type(where, f"is not TOML: {error}", "correct that line") from error
    except RecursionError:
        raise error_type(path, f"is {TOO_DEEP}", "remove the extra brackets") from None
    except ValueError as error:
        # The only other error of the parser.
        raise error_type(path, f"holds {TOO_LONG}", "shorten it") from error


def explain_fault(
    path: Path,
    text: str,
    fault: ErrorDetails,
    model: type[BaseModel],
    error_type: type[BtsclipError],
) -> BtsclipError:
    """The error for a fault that pydantic found in the values of `text`."""
    # pydantic reports an invalid key of a table as PATH, KEY, "[key]".
    in_table = fault["loc"][-1:] == ("[key]",)
    keys = [str(part) for part in fault["loc"] if part != "[key]"]
    where = f"{path}:{line_of(text, keys)}"
    name = ".".join(keys)
    if fault["type"] == "extra_forbidden" or in_table:
        known = known_keys(model, keys[:-1])
        nearest = difflib.get_close_matches(keys[-1], known, 1, 0.5)
        cure = (
            f"did you mean {nearest[0]}?" if nearest else f"the known keys are {', '.join(known)}"
        )
        if len(keys) > 1 and keys[-1] in known_keys(model, []) and keys[-1] not in nearest:
            cure = "move it above the first table"
        return error_type(where, f"unknown key {name}", cure)
    if fault["type"] == "missing":
        return error_type(where, f"{name} is missing", "add it")
    if fault["type"] in ("model_type", "dict_type"):
        return error_type(where, f"{name}: must be a table", f"write [{name}] and its keys below")
    if fault["type"] == "literal_error":
        nearest = difflib.get_close_matches(str(fault["input"]), _choices(fault), 1, 0.5)
        if nearest:
            cause = f"{name}: {fault['input']!r} is not known"
            return error_type(where, cause, f"did you mean {nearest[0]}?")
    if fault["type"] in ("list_type", "tuple_type"):
        table = isinstance(fault["input"], dict)
        cure = f"write [[{name}]]" if table else "write it in [ ]"
        return error_type(where, f"{name}: must be a list", cure)
    if fault["type"] == "string_pattern_mismatch" and "#" in fault["ctx"]["pattern"]:
        return error_type(where, f"{name}: {fault['input']!r} is not a color", 'write "#RRGGBB"')
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return error_type(where, f"{name}: {message}", "correct it")


def _choices(fault: ErrorDetails) -> list[str]:
    """The valid values of a key, from pydantic's text: 'chop', 'knead' or 'stir'."""
    return re.findall(r"'([^']*)'", str(fault.get("ctx", {}).get("expected", "")))


def known_keys(model: type[BaseModel], tables: Sequence[str]) -> list[str]:
    """The valid keys in the table `tables` of a file of `model`. A number in `tables` is an index
    into a list of tables."""
    kind: Any = model
    for table in tables:
        if get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif not table.isdigit():
            field = kind.model_fields.get(table) if _is_model(kind) else None
            kind = _item_type(field.annotation) if field else None
    if get_origin(kind) is dict:
        return sorted(get_args(get_args(kind)[0]))
    return sorted(kind.model_fields) if _is_model(kind) else []


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _item_type(annotation: Any) -> Any:
    """The type of the items of a list, or of a value that may be None."""
    while get_origin(annotation) in (list, tuple, Union, UnionType):
        annotation = get_args(annotation)[0]
    return annotation


def line_of(text: str, keys: Sequence[str]) -> int:
    """The line (from 1) of a key in TOML text, or of the header of its table if it is missing.

    A number in `keys` is the index of a table in a list such as [[steps]].

    >>> line_of("[sound]\\npeak = -1\\nfade = 2", ["sound", "fade"])
    3
    """
    keys = list(keys)
    table: list[str] = []
    counts: dict[str, int] = {}
    best = 1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[\[?)([^\[\]]+)\]", line)
        if header:
            table = [part.strip().strip("\"'") for part in header[2].split(".")]
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], -1) + 1
                table.append(str(counts[header[2]]))
            if table == keys[: len(table)]:
                best = number
            elif keys == table[: len(keys)]:
                # An unknown table, named with a table inside it or as a list.
                return number
            continue
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if key:
            full_key = table + [part.strip("\"'") for part in key[1].split(".")]
            if full_key == keys[: len(full_key)]:
                return number
    return best
