"""Pictures of any size that cost nothing to make."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path


def png(width: int, height: int, rows: int | None = None) -> bytes:
    """A black picture of one bit a pixel; with `rows` no more than these are in the file."""
    row = b"\0" + bytes((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = {b"IHDR": header, b"IDAT": data + packer.flush(), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts.items())


def bomb(folder: Path) -> Path:
    """A header of 900 million pixels and hardly any of them: were it decoded before it is judged,
    it would be called truncated."""
    path = folder / "bomb.png"
    path.write_bytes(png(30000, 30000, rows=1))
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
