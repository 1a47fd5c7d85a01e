"""What was measured, kept from run to run, so that no footage is looked through twice.

One SQLite file holds them, keyed by what the footage contains (not by its name), the parameters of
the analysis and the version of what is measured. Trouble with the cache never stops an analysis.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from btsclip.media import remote
from btsclip.media.fingerprint import make_fingerprint
from btsclip.media.footage import Footage
from btsclip.settings import Settings
from btsclip.signals.face_tracks import FaceTracks
from btsclip.signals.model import Signals
from btsclip.signals.motion import MotionAbout
from btsclip.signals.recognize import FaceDescriptors
from btsclip.signals.speech import Speech
from btsclip.signals.subject_tracks import Tracks

# Raised when the same footage is measured differently than before.
VERSION = 10
DAY = 86400.0

Result = TypeVar("Result")
Kept = Signals | Tracks | MotionAbout | Speech | FaceTracks | FaceDescriptors
Measured = TypeVar("Measured", Signals, Tracks, MotionAbout, Speech, FaceTracks, FaceDescriptors)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CacheInfo:
    """What is kept: measurements and of how many takes, their size and the most it may be in bytes,
    and the Unix time of the longest unused one (None when there is none)."""

    entries: int
    takes: int
    size: int
    most: int
    oldest: float | None


class SignalCache:
    """Signals by content. `folder` None is the user's own; BTSCLIP_CACHE names another one, and
    `off` there means that nothing is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        settings = Settings.from_env()
        self._off = folder is None and not settings.keeps_measurements
        self._folder = folder or settings.cache_folder

    @property
    def path(self) -> Path:
        """The file that holds everything."""
        return self._folder / "signals.sqlite3"

    def get(
        self, footage: Footage, parameters: Mapping[str, Any], what: type[Measured]
    ) -> Measured | None:
        """What was measured of this content with these parameters, if it is kept."""
        name = key(footage, parameters, what)

        def read(base: sqlite3.Connection) -> Measured | None:
            row = base.execute("SELECT data FROM signals WHERE key = ?", (name,)).fetchone()
            if row is None:
                return None
            base.execute("UPDATE signals SET used = ? WHERE key = ?", (time.time(), name))
            return unpack(row[0], what)

        return self._with_base(read)

    def get_or_make(
        self,
        footage: Footage,
        parameters: Mapping[str, Any],
        what: type[Measured],
        make: Callable[[], Measured],
    ) -> Measured:
        """What is kept of this content with these parameters, else what `make` gives, kept."""
        made = self.get(footage, parameters, what)
        if made is None:
            made = make()
            self.put(footage, parameters, made)
        return made

    def put(self, footage: Footage, parameters: Mapping[str, Any], made: Kept) -> None:
        """Keeps what was `made`; what was used longest ago goes if there is too much."""
        name, data = key(footage, parameters, type(made)), pack(made)

        def write(base: sqlite3.Connection) -> None:
            row = (name, time.time(), len(data), data, take_of(footage))
            base.execute(
                "INSERT OR REPLACE INTO signals (key, used, size, data, take)"
                " VALUES (?, ?, ?, ?, ?)",
                row,
            )
            base.execute(
                "DELETE FROM signals WHERE key IN (SELECT key FROM (SELECT key,"
                " SUM(size) OVER (ORDER BY used DESC, key) AS total FROM signals) WHERE total > ?)",
                (Settings.from_env().cache_bytes,),
            )

        self._with_base(write)

    def info(self) -> CacheInfo:
        """How much is kept."""
        query = "SELECT COUNT(*), COUNT(DISTINCT take), SUM(size), MIN(used) FROM signals"
        row = self._with_base(lambda base: base.execute(query).fetchone()) or (0, 0, 0, None)
        entries, takes, size, oldest = row
        return CacheInfo(entries, takes, size or 0, Settings.from_env().cache_bytes, oldest)

    def clear(self, older_than: float = 0.0) -> tuple[int, int]:
        """Forgets everything that was not used for `older_than` seconds, and gives its space back
        to the disk; the number of measurements and their bytes."""
        before = time.time() - older_than

        def forget(base: sqlite3.Connection) -> tuple[int, int]:
            query = "SELECT COUNT(*), SUM(size) FROM signals WHERE used <= ?"
            count, size = base.execute(query, (before,)).fetchone()
            base.execute("DELETE FROM signals WHERE used <= ?", (before,))
            return count, size or 0

        freed = self._with_base(forget) or (0, 0)
        if freed[0]:
            self._shrink()
        return freed

    def _shrink(self) -> None:
        """Has the file hold no more than what is kept. Where another process reads, it stays."""
        try:
            with closing(sqlite3.connect(self.path, timeout=5, isolation_level=None)) as base:
                base.execute("VACUUM")
        except sqlite3.Error as error:
            log.info("the cache %s can't be made smaller now (%s)", self.path, error)

    def _with_base(self, work: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """What `work` returns; None when the cache is off or can't be used."""
        if self._off:
            return None
        try:
            with closing(self._connect()) as base, base:
                return work(base)
        except sqlite3.OperationalError as error:
            log.warning("the cache %s can't be used now (%s)", self.path, error)
        except sqlite3.DatabaseError as error:
            log.warning("the cache %s is damaged and set aside (%s)", self.path, error)
            self._set_aside()
        except (OSError, ValueError, KeyError) as error:
            log.warning("the cache %s can't be used (%s)", self.path, error)
        return None

    def _connect(self) -> sqlite3.Connection:
        """The base inside a transaction that may write from its start: SQLite waits for other
        processes only there, and refuses at once when a reader turns writer."""
        self._folder.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            base.execute("BEGIN IMMEDIATE")
            base.execute(
                "CREATE TABLE IF NOT EXISTS signals"
                " (key TEXT PRIMARY KEY, used REAL, size INTEGER, data BLOB, take TEXT)"
            )
            columns = [row[1] for row in base.execute("PRAGMA table_info (signals)")]
            if "take" not in columns:
                base.execute("ALTER TABLE signals ADD COLUMN take TEXT")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _set_aside(self) -> None:
        """Moves a damaged file away, so that the next run begins a new one."""
        self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
        if self.path.exists():
            self.path.replace(self.path.with_suffix(".damaged"))


def key(footage: Footage, parameters: Mapping[str, Any], what: type[Kept]) -> str:
    """A name for `what` was measured of the content of `footage` with `parameters` by this
    version."""
    digest = hashlib.blake2b(digest_size=20)
    shape = [what.__name__, *(item.name for item in fields(what))]
    digest.update(json.dumps([VERSION, shape, dict(parameters)], sort_keys=True).encode())
    for path in footage.files:
        digest.update(content_digest(path))
    return digest.hexdigest()


def take_of(footage: Footage) -> str:
    """A name for what the footage contains."""
    return hashlib.blake2b(b"".join(map(content_digest, footage.files)), digest_size=20).hexdigest()


def content_digest(path: Path) -> bytes:
    """A digest of what is in a file; of one in a store, of its stamp."""
    if remote.is_in_store(path):
        return hashlib.blake2b(remote.content_stamp(path).encode(), digest_size=20).digest()
    return make_fingerprint(path)


def pack(made: Kept) -> bytes:
    """What was measured as the bytes of a compressed npz file."""
    arrays = {item.name: np.asarray(getattr(made, item.name)) for item in fields(made)}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def unpack(data: bytes, what: type[Measured]) -> Measured:
    """What `pack` made `data` of. Raises ValueError or KeyError for anything else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            values: dict[str, Any] = {item.name: kept[item.name] for item in fields(what)}
    except (OSError, EOFError, BadZipFile) as error:
        raise ValueError(f"unreadable entry: {error}") from error
    for name, value in values.items():
        if value.ndim == 0:
            # `pack` made an array of a single number or text.
            values[name] = value.item()
    for name in values.keys() & {"borders", "picture"}:
        values[name] = tuple(values[name].tolist())
    return what(**values)
