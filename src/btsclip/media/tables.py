"""Tables and texts that other programs export, in any of the usual encodings and separators."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from btsclip.errors import BtsclipError
from btsclip.media.documents import UTF8, locate, read_limited

# The line of a row in its file, counted from 1, and the row's cells.
Row = tuple[int, list[str]]

# The largest export, in bytes: a million comments.
MAX_EXPORT_BYTES = 200_000_000
# Characters in one cell: a post's text can be long.
MAX_CELL = 10**7
# Characters that the separator is chosen by.
SAMPLE_LENGTH = 50_000
# What Windows programs write in Western Europe. Latin-1 reads any byte.
OLD_ENCODINGS = ("cp1252", "latin-1")
# The first bytes of common files that are not plain text.
SIGNATURES = {
    b"PK\x03\x04": "is an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook",
    b"%PDF": "is a PDF",
}


def read_exported(
    path: Path, error_type: type[BtsclipError], *, old_encodings: bool = False
) -> str:
    r"""Read the text of a file from another program, with `\n` between lines.

    The encoding is UTF-8 or UTF-16, with or without a mark. With `old_encodings`, other bytes are
    read as cp1252. Raises `error_type` for anything but text, with the cause and the cure.
    """
    data = read_limited(path, error_type, max_bytes=MAX_EXPORT_BYTES)
    for signature, cause in SIGNATURES.items():
        if data.startswith(signature):
            raise error_type(path, cause, "export it as CSV or plain text, or unpack it")
    text = _decode(path, data, error_type, OLD_ENCODINGS if old_encodings else ())
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_rows(
    path: Path,
    text: str,
    error_type: type[BtsclipError],
    *,
    score: Callable[[Sequence[Row]], Any],
    separators: str = ",;\t|",
) -> list[Row]:
    """Split `text` into rows, without the blank ones.

    A first line such as `sep=;` names the separator. Without it, each of `separators` splits the
    first SAMPLE_LENGTH characters, and the best `score` wins; in a tie, the earlier one does.
    Raises `error_type` when `text` is not a table.
    """
    csv.field_size_limit(MAX_CELL)
    try:
        if named := re.match(r'\s*"?sep=(.)"?[ \t]*(?:\n|$)', text, re.I):
            return _split(text, named[1])[1:]
        sample = text[:SAMPLE_LENGTH]
        return _split(text, max(separators, key=lambda mark: score(_split(sample, mark))))
    except (csv.Error, TypeError, ValueError) as error:
        # Python refuses some separators, such as quotes.
        raise error_type(path, f"is not a table ({error})", "save it as CSV") from error


def _split(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _decode(
    path: Path, data: bytes, error_type: type[BtsclipError], old_encodings: Sequence[str]
) -> str:
    utf16 = _utf16(data)
    first_fault = None
    for encoding in (utf16,) if utf16 else ("utf-8-sig", *old_encodings):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            first_fault = first_fault or error
            continue
        if "\0" in text:
            raise error_type(path, "is not text", UTF8)
        return text
    start = first_fault.start if first_fault else 0
    raise error_type(locate(path, data, start), "is not UTF-8 text", UTF8) from first_fault


def _utf16(data: bytes) -> str:
    """The UTF-16 encoding of `data`, or "" for another encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Without a mark: Latin letters have a zero as every second byte.
    start = data[:400]
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        bytes_ = start[first::2]
        if len(data) % 2 == 0 and bytes_.count(0) > 0.4 * len(bytes_):
            return encoding
    return ""
