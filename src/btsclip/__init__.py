"""btsclip: cuts honest vertical behind-the-scenes clips from raw kitchen footage."""

from __future__ import annotations

__version__ = "0.1.0"
