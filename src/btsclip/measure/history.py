"""What earlier exports told: posts by day, and the clips that were known then.

One SQLite file. A later export of the same post is a further day; one of the same day replaces it
where it counts more views, so that the same file read again changes nothing.
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
    """The posts and clips kept in the file at `path`, which is made when missing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, posts: Iterable[Post], clips: Iterable[MadeClip]) -> None:
        """Keeps `posts` and `clips`, all of them or, after a failure, none."""
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
        """Each post as it was last told."""
        query = (
            "select told from posts as a where seen = (select max(seen) from posts as b"
            " where b.platform = a.platform and b.id = a.id) order by platform, id"
        )
        with self._open() as file:
            return [Post.model_validate_json(told) for (told,) in file.execute(query)]

    def snapshots(self) -> dict[tuple[str, str], int]:
        """On how many days each post was told of."""
        query = "select platform, id, count(*) from posts group by platform, id"
        with self._open() as file:
            return {(platform, name): days for platform, name, days in file.execute(query)}

    def clips(self) -> list[MadeClip]:
        """All clips that were ever found."""
        with self._open() as file:
            rows = file.execute("select told from clips order by key")
            return [MadeClip.model_validate_json(told) for (told,) in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, changed as a whole or not at all. Raises MeasureError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(self.path, timeout=20)
            try:
                with file:
                    (version,) = file.execute("pragma user_version").fetchone()
                    if version > VERSION:
                        raise MeasureError(
                            self.path, "was kept by a newer btsclip", "use that, or another file"
                        )
                    if not version:
                        file.executescript(f"{_TABLES} pragma user_version = {VERSION};")
                    yield file
            finally:
                file.close()
        except (sqlite3.Error, OSError, ValidationError) as error:
            what = str(error).splitlines()[0]
            raise MeasureError(
                self.path, f"can't be used as history ({what})", "name another file with --history"
            ) from error
