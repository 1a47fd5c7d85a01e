"""Fingerprints of files: they tell takes apart without reading gigabytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

# Number of blocks that are hashed, spread evenly over the file, and bytes of each.
BLOCKS = 16
BLOCK_BYTES = 1 << 18


def make_fingerprint(path: Path, size: int | None = None) -> bytes:
    """A digest (20 bytes) of the file's size and of blocks spread over it; with `size`, of so many
    bytes at its beginning. Raises OSError."""
    digest = hashlib.blake2b(digest_size=20)
    size = path.stat().st_size if size is None else size
    digest.update(str(size).encode())
    with path.open("rb") as file:
        for number in range(BLOCKS):
            file.seek(max(0, size - BLOCK_BYTES) * number // (BLOCKS - 1))
            digest.update(file.read(min(BLOCK_BYTES, size)))
    return digest.digest()


def recorded_fingerprint(path: Path, size: int | None = None) -> str:
    """The fingerprint as a document records it: size in bytes, then digest; with `size`, that of so
    many bytes at the beginning of the file. Raises OSError."""
    size = path.stat().st_size if size is None else size
    return f"{size}-{make_fingerprint(path, size).hex()}"


def recorded_size(text: str) -> int:
    """The size in bytes of a recorded fingerprint; -1 for any other text."""
    size = text.partition("-")[0]
    return int(size) if size.isdecimal() else -1
