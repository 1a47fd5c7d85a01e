"""Settings from the environment: every BTSCLIP_* variable is read here and nowhere else."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

# Bytes that the cache of measurements may hold: a few kilobytes for a minute of footage.
MAX_CACHE_BYTES = 500_000_000
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """The variables' texts, empty where they are not set (see docs/trouble.md).

    Taken when something asks for them, so that they may change while a program runs.
    """

    ffmpeg: str = ""
    cache: str = ""
    cache_size: str = ""
    whisper: str = ""
    history: str = ""

    @classmethod
    def from_env(cls) -> Settings:
        """The settings as they are now."""
        return cls(
            ffmpeg=os.environ.get("BTSCLIP_FFMPEG", ""),
            cache=os.environ.get("BTSCLIP_CACHE", ""),
            cache_size=os.environ.get("BTSCLIP_CACHE_SIZE", ""),
            whisper=os.environ.get("BTSCLIP_WHISPER", ""),
            history=os.environ.get("BTSCLIP_HISTORY", ""),
        )

    @property
    def keeps_measurements(self) -> bool:
        """Whether measurements are cached at all."""
        return self.cache.lower() != "off"

    @property
    def cache_folder(self) -> Path:
        """The folder for what can be made again."""
        import platformdirs

        if self.cache and self.keeps_measurements:
            return Path(self.cache)
        return Path(platformdirs.user_cache_dir("btsclip"))

    @property
    def cache_bytes(self) -> int:
        """Bytes that the cache may hold; a size that can't be read is logged and ignored."""
        asked = self.cache_size.strip()
        if not asked:
            return MAX_CACHE_BYTES
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", asked, re.IGNORECASE)
        if not match:
            log.warning("BTSCLIP_CACHE_SIZE is %r and not a size such as 2GB", asked)
            return MAX_CACHE_BYTES
        return int(float(match[1]) * UNITS[match[2].lower()])

    @property
    def history_file(self) -> Path:
        """The file that remembers what earlier exports of figures told."""
        import platformdirs

        if self.history:
            return Path(self.history)
        return Path(platformdirs.user_data_dir("btsclip")) / "history.sqlite3"
