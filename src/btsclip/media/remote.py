"""Shoots and results in an object store: `s3://BUCKET/FOLDER` where a folder's name may stand.

A far path is fsspec's, in the shape of pathlib's; everything that only names files need not know.
What must read a far file gets a copy of it, kept on each machine up to a bounded size. Results are
made on the worker's disk and put into the store, which takes each object whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs

from btsclip.errors import BtsclipError, FootageError, OutputError
from btsclip.extras import require
from btsclip.media.footage import Footage
from btsclip.media.output import disk_full
from btsclip.media.paths import is_remote
from btsclip.settings import Settings

SCHEME = "s3://"
# Copies that a machine keeps, in bytes; the one used longest ago goes first.
MOST_BYTES = 100_000_000_000
# What a copy in use is called by, with the id of the process that uses it.
USED = "used-"
# Bytes of a file's name that every system takes.
LONGEST = 240


def remote_folder(text: str) -> Path:
    """The folder that the user names. Raises ToolError without the extra `cluster` and
    BtsclipError for an address of another kind."""
    if "://" not in text:
        return Path(text)
    if not text.startswith(SCHEME) or not text.removeprefix(SCHEME).strip("/"):
        raise BtsclipError(text, "is no store that is known", f"name a folder or {SCHEME}BUCKET")
    for module in ("s3fs", "upath"):
        require(module, "cluster", text)
    from upath import UPath

    # Other machines write there meanwhile: no listing holds.
    far: Path = UPath(text.rstrip("/"), use_listings_cache=False)
    return far


def is_in_store(path: object) -> bool:
    """Whether `path` lies in a store."""
    return is_remote(path)


def file_stat(path: Path) -> os.stat_result:
    """Size and times of a file, or of the link that is there. Raises OSError."""
    return path.stat() if is_in_store(path) else path.lstat()


def local_home(out: Path) -> Path:
    """The folder on this machine that holds what is noted of the results in `out`."""
    if not is_in_store(out):
        return out
    return Path(platformdirs.user_data_dir("btsclip"), "shoots", _short(str(out)))


def check_folder(shoot: Path) -> None:
    """Raises FootageError when `shoot` is no folder or can't be reached."""
    try:
        there = shoot.is_dir()
    except Exception as error:
        raise FootageError(
            shoot, f"can't be reached ({_said(error)})", "see docs/cluster.md on keys"
        ) from error
    if not there:
        raise FootageError(shoot, "is not a folder", "name the folder of a shoot")


def files_in(folder: Path, out: Path) -> Iterator[Path]:
    """All files below the far `folder` in the order of their names, without hidden ones and
    results in `out`."""
    store: Any = folder
    root = store.path.rstrip("/")
    results = _inside(out, root)
    for key in sorted(store.fs.find(root)):
        inside = key[len(root) + 1 :]
        if not inside or inside.endswith("/") or (results and key.startswith(results)):
            continue
        if not any(part.startswith(".") and part.strip(".") for part in inside.split("/")):
            yield type(store)(f"{SCHEME}{key}", **store.storage_options)


def why_unsafe(path: Path) -> str | None:
    """Why a far file is not fetched: its key is no name of a file."""
    key = str(path).removeprefix(SCHEME)
    parts = key.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in key:
        return "its name leads elsewhere"
    if not key.isprintable() or len(parts[-1].encode()) > LONGEST:
        return "its name is none for a file"
    return None


def content_stamp(path: Path) -> str:
    """What changes when the content of a far file does. Raises OSError when it is not there."""
    store: Any = path
    info = store.fs.info(store.path)
    return f"{info.get('ETag') or info.get('LastModified')} {info['size']}"


def upload(files: Iterable[Path], out: Path) -> None:
    """Puts `files` into the far folder `out`, in their order. Raises OutputError."""
    store: Any = out
    for file in files:
        try:
            store.fs.put_file(str(file), (store / file.name).path)
        except Exception as error:
            raise OutputError(
                str(out / file.name), f"can't be written ({_said(error)})",
                "see docs/cluster.md on keys",
            ) from error  # fmt: skip


@contextmanager
def fetched(footage: Footage) -> Iterator[Footage]:
    """`footage` with files of this machine, which are there until the block is left."""
    if not is_in_store(footage.path):
        yield footage
        return
    with local_copies(footage.files) as near:
        # A take in one file has no chapters.
        chapters = [replace(c, path=n) for c, n in zip(footage.chapters, near, strict=False)]
        yield replace(footage, path=near[0], chapters=tuple(chapters))


@contextmanager
def local_copies(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Copies of the far files `paths` under their own names, there until the block is left; an
    error about one of them names the far one.

    They are links to those that are kept, so that none that is in use is lost when room is made.
    """
    root = _kept()
    with tempfile.TemporaryDirectory(prefix=f"{USED}{os.getpid()}-", dir=root) as folder:
        near = []
        for number, path in enumerate(paths):
            target = Path(folder, str(number), path.name)
            target.parent.mkdir()
            _copy(path, root, target)
            near.append(target)
        try:
            yield near
        except BtsclipError as error:
            for path, copy in zip(paths, near, strict=True):
                if error.subject == str(copy):
                    raise type(error)(str(path), error.cause, error.cure) from error
            raise


def _kept() -> Path:
    """The folder of the copies on this machine."""
    root = Settings.from_env().cache_folder / "footage"
    root.mkdir(parents=True, exist_ok=True)
    return root


def _copy(path: Path, root: Path, target: Path) -> None:
    """Links `target` to the copy of `path`, which is fetched if it is not there: one at a time on
    each machine."""
    from filelock import FileLock

    store: Any = path
    try:
        kept = root / _short(f"{path} {content_stamp(path)}")
        with FileLock(root / "lock"):
            if not kept.exists():
                size = int(store.fs.info(store.path)["size"])
                _make_room(root, size)
                part = root / "part"
                store.fs.get_file(store.path, str(part))
                if part.stat().st_size != size:
                    raise OSError(f"{part.stat().st_size:,} of {size:,} bytes came")
                os.replace(part, kept)
            os.utime(kept)
            os.link(kept, target)
    except BtsclipError:
        raise
    except Exception as error:
        raise FootageError(
            str(path), f"can't be fetched ({_said(error)})", "see docs/cluster.md on keys"
        ) from error


def _make_room(root: Path, size: int) -> None:
    """Takes away what killed processes left, then the oldest copies. Raises OutputError."""
    import psutil

    for folder in root.glob(f"{USED}*"):
        if not psutil.pid_exists(int(folder.name.split("-")[1])):
            shutil.rmtree(folder, ignore_errors=True)
    kept = [p for p in root.iterdir() if p.is_file() and p.name not in ("lock", "part")]
    total = sum(path.stat().st_size for path in kept)
    for path in sorted(kept, key=lambda path: path.stat().st_mtime):
        if total + size <= MOST_BYTES and shutil.disk_usage(root).free > size:
            return
        total -= path.stat().st_size
        path.unlink()
    if shutil.disk_usage(root).free <= size:
        raise disk_full(root, size)


def _inside(out: Path, root: str) -> str:
    """How keys in `out` begin, if that is a folder below `root`."""
    store: Any = out
    start = f"{store.path.rstrip('/')}/" if is_in_store(out) else ""
    return start if start.startswith(f"{root}/") and start != f"{root}/" else ""


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
