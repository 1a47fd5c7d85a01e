"""Store the figures of all exports: posts by day, and the known clips.

One SQLite file. A later export of a post adds a day. An export of the same day replaces the stored
figures if it has at least as many views, so reading a file twice changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from btsclip.errors import MeasureError
from btsclip.measure.post import MadeClip, Post

VERSION = 1
_TABLES = """
create table if not exists posts (
    platform text not null, id text not null, seen text not null, views integer not null,
    told text not null, primary key (platform, id, seen)
);
create table if not exists clips (key text primary key, told text not null);
"""


class History:
    """The posts and clips stored in the file at `path`, which is created if missing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, posts: Iterable[Post], clips: Iterable[MadeClip]) -> None:
        """Store `posts` and `clips`: all of them or, after a failure, none."""
        with self._open() as file:
            file.executemany(
                "insert into posts values (?, ?, ?, ?, ?) on conflict do update set"
                " views = excluded.views, told = excluded.told where excluded.views >= views",
                [(p.platform, p.id, p.seen.isoformat(), p.views, p.model_dump_json())
                 for p in posts],
            )  # fmt: skip
            file.executemany(
                "insert or replace into clips values (?, ?)",
                [(clip.key, clip.model_dump_json()) for clip in clips],
            )

    def newest(self) -> list[Post]:
        """The latest figures of each post."""
        query = (
            "select told from posts as a where seen = (select max(seen) from posts as b"
            " where b.platform = a.platform and b.id = a.id) order by platform, id"
        )
        with self._open() as file:
            return [Post.model_validate_json(text) for (text,) in file.execute(query)]

    def snapshots(self) -> dict[tuple[str, str], int]:
        """Number of days with figures, by platform and id of a post."""
        query = "select platform, id, count(*) from posts group by platform, id"
        with self._open() as file:
            return {(platform, name): days for platform, name, days in file.execute(query)}

    def clips(self) -> list[MadeClip]:
        """All clips that were ever stored."""
        with self._open() as file:
            rows = file.execute("select told from clips order by key")
            return [MadeClip.model_validate_json(text) for (text,) in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction. Raises MeasureError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(self.path, timeout=20)
            try:
                with file:
                    (version,) = file.execute("pragma user_version").fetchone()
                    if version > VERSION:
                        raise MeasureError(
                            self.path, "was written by a newer btsclip",
                            "update btsclip, or name another file with --history",
                        )  # fmt: skip
                    if not version:
                        file.executescript(f"{_TABLES} pragma user_version = {VERSION};")
                    yield file
            finally:
                file.close()
        except (sqlite3.Error, OSError, ValidationError) as error:
            cause = f"can't be used as history ({str(error).splitlines()[0]})"
            raise MeasureError(self.path, cause, "name another file with --history") from error
