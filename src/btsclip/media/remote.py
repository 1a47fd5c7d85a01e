"""Shoots and results in an object store, named as `s3://BUCKET/FOLDER`.

Remote paths come from fsspec and have the interface of pathlib, so that code that only names files
works unchanged. Code that reads a remote file gets a local copy; each machine keeps copies up to a
limit. Results are made on the worker's disk and uploaded to the store, which writes each object
atomically.
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
# Bytes of copies that a machine keeps; the least recently used is deleted first.
MAX_BYTES = 100_000_000_000
# Prefix of the folders of copies in use, before the id of the process that uses them.
IN_USE_PREFIX = "used-"
# Bytes of a file name that every system accepts.
MAX_NAME_BYTES = 240


def remote_folder(text: str) -> Path:
    """The folder or store that the user names. Raises ToolError without the extra `cluster`, and
    BtsclipError for an unknown kind of store."""
    if "://" not in text:
        return Path(text)
    if not text.startswith(SCHEME) or not text.removeprefix(SCHEME).strip("/"):
        raise BtsclipError(text, "is not a known store", f"name a folder or {SCHEME}BUCKET")
    for module in ("s3fs", "upath"):
        require(module, "cluster", text)
    from upath import UPath

    # Other machines write to the store, so a cached listing would be outdated.
    folder: Path = UPath(text.rstrip("/"), use_listings_cache=False)
    return folder


def file_stat(path: Path) -> os.stat_result:
    """The status of a file, or of a link itself. Raises OSError."""
    return path.stat() if is_remote(path) else path.lstat()


def local_home(out: Path) -> Path:
    """The folder on this machine for the ledger and the log of the results in `out`."""
    if not is_remote(out):
        return out
    return Path(platformdirs.user_data_dir("btsclip"), "shoots", _short_digest(str(out)))


def check_folder(shoot: Path) -> None:
    """Raise FootageError when `shoot` is not a folder or can't be reached."""
    try:
        is_folder = shoot.is_dir()
    except Exception as error:
        raise FootageError(
            shoot, f"can't be reached ({_error_text(error)})", "see docs/cluster.md on keys"
        ) from error
    if not is_folder:
        raise FootageError(shoot, "is not a folder", "name the folder of a shoot")


def files_in(folder: Path, out: Path) -> Iterator[Path]:
    """All files below the remote `folder`, sorted by name, without hidden files and the results in
    `out`."""
    store: Any = folder
    root = store.path.rstrip("/")
    results = _prefix_within(out, root)
    for key in sorted(store.fs.find(root)):
        name = key[len(root) + 1 :]
        if not name or name.endswith("/") or (results and key.startswith(results)):
            continue
        if not any(part.startswith(".") and part.strip(".") for part in name.split("/")):
            yield type(store)(f"{SCHEME}{key}", **store.storage_options)


def why_unsafe(path: Path) -> str | None:
    """Why a remote file must not be fetched; None if its key is a safe file name."""
    key = str(path).removeprefix(SCHEME)
    parts = key.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in key:
        return "its name leads elsewhere"
    if not key.isprintable() or len(parts[-1].encode()) > MAX_NAME_BYTES:
        return "its name is not a valid file name"
    return None


def content_stamp(path: Path) -> str:
    """A text that changes with the content of a remote file. Raises OSError for a missing file."""
    store: Any = path
    info = store.fs.info(store.path)
    return f"{info.get('ETag') or info.get('LastModified')} {info['size']}"


def upload(files: Iterable[Path], out: Path) -> None:
    """Upload `files` to the remote folder `out`, in order. Raises OutputError."""
    store: Any = out
    for file in files:
        try:
            store.fs.put_file(str(file), (store / file.name).path)
        except Exception as error:
            raise OutputError(
                str(out / file.name), f"can't be written ({_error_text(error)})",
                "see docs/cluster.md on keys",
            ) from error  # fmt: skip


@contextmanager
def fetched(footage: Footage) -> Iterator[Footage]:
    """`footage` with local files, which exist until the block is left."""
    if not is_remote(footage.path):
        yield footage
        return
    with local_copies(footage.files) as copies:
        # A take in one file has no chapters.
        pairs = zip(footage.chapters, copies, strict=False)
        chapters = tuple(replace(chapter, path=copy) for chapter, copy in pairs)
        yield replace(footage, path=copies[0], chapters=chapters)


@contextmanager
def local_copies(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Local copies of the remote files `paths` under their own names, until the block is left.

    An error about a copy is raised again with the path of its remote file. The copies are hard
    links to the kept ones, so that freeing space never removes a copy in use.
    """
    root = _copies_folder()
    prefix = f"{IN_USE_PREFIX}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=root) as folder:
        copies = []
        for number, path in enumerate(paths):
            target = Path(folder, str(number), path.name)
            target.parent.mkdir()
            _copy(path, root, target)
            copies.append(target)
        try:
            yield copies
        except BtsclipError as error:
            for path, copy in zip(paths, copies, strict=True):
                if error.subject == str(copy):
                    raise type(error)(str(path), error.cause, error.cure) from error
            raise


def _copies_folder() -> Path:
    """The folder of the kept copies on this machine."""
    root = Settings.from_env().cache_folder / "footage"
    root.mkdir(parents=True, exist_ok=True)
    return root


def _copy(path: Path, root: Path, target: Path) -> None:
    """Link `target` to the kept copy of `path`, after fetching it if it is missing. Each machine
    fetches one file at a time."""
    from filelock import FileLock

    store: Any = path
    try:
        copy = root / _short_digest(f"{path} {content_stamp(path)}")
        with FileLock(root / "lock"):
            if not copy.exists():
                size = int(store.fs.info(store.path)["size"])
                _free_space(root, size)
                part = root / "part"
                store.fs.get_file(store.path, str(part))
                if part.stat().st_size != size:
                    raise OSError(f"{part.stat().st_size:,} of {size:,} bytes arrived")
                os.replace(part, copy)
            os.utime(copy)
            os.link(copy, target)
    except BtsclipError:
        raise
    except Exception as error:
        raise FootageError(
            str(path), f"can't be fetched ({_error_text(error)})", "see docs/cluster.md on keys"
        ) from error


def _free_space(root: Path, size: int) -> None:
    """Delete copies of killed processes, then the oldest ones, until `size` bytes fit. Raises
    OutputError."""
    import psutil

    for folder in root.glob(f"{IN_USE_PREFIX}*"):
        if not psutil.pid_exists(int(folder.name.split("-")[1])):
            shutil.rmtree(folder, ignore_errors=True)
    copies = [p for p in root.iterdir() if p.is_file() and p.name not in ("lock", "part")]
    total = sum(path.stat().st_size for path in copies)
    for path in sorted(copies, key=lambda path: path.stat().st_mtime):
        if total + size <= MAX_BYTES and shutil.disk_usage(root).free > size:
            return
        total -= path.stat().st_size
        path.unlink()
    if shutil.disk_usage(root).free <= size:
        raise disk_full(root, size)


def _prefix_within(out: Path, root: str) -> str:
    """The prefix of keys in `out` if it is a folder below `root`, else ""."""
    store: Any = out
    prefix = f"{store.path.rstrip('/')}/" if is_remote(out) else ""
    return prefix if prefix.startswith(f"{root}/") and prefix != f"{root}/" else ""


def _short_digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _error_text(error: Exception) -> str:
    return str(error) or type(error).__name__
