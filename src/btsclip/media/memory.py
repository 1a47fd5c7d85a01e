"""Memory that pictures took, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

# glibc's number for the size from which on a block is mapped by itself, and that size: less than
# a picture of a take, more than one of those that are looked at.
M_MMAP_THRESHOLD, LARGE = -3, 1 << 20


def give_back_pictures() -> None:
    """Has decoded pictures go back to the system when they are done with.

    glibc raises its threshold with each large block that is freed; after that, pictures come from
    the heaps of several threads and leave holes in them: a fifth more memory for a take in 1080p.
    Does nothing where the C library is another one.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
