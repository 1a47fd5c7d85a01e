"""Write output atomically: make it in a temporary folder next to its place, then move it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from btsclip.errors import NoRoomError, OutputError
from btsclip.media.paths import absolute, check_name

STAGING_PREFIX = ".btsclip-"
# Errors of the system for a full disk and a used-up quota.
FULL = {errno.ENOSPC, errno.EDQUOT}

_CURES = {
    errno.ENOSPC: ("the disk is full", "free some space or name another folder"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or name another folder"),
    errno.EROFS: ("the disk is read-only", "name another folder"),
    errno.EACCES: ("no permission to write", "name another folder"),
    errno.EPERM: ("no permission to write", "name another folder"),
    errno.ENOTDIR: ("a file is where a folder is needed", "name another folder"),
    errno.EEXIST: ("a file is where a folder is needed", "name another folder"),
    errno.ENAMETOOLONG: ("the name is too long", "name a shorter one"),
}


def output_error(path: Path, error: OSError) -> OutputError:
    """The OutputError for an OSError on writing to `path`."""
    fallback = (error.strerror or str(error)).lower(), "name another folder"
    cause, cure = _CURES.get(error.errno or 0, fallback)
    kind = NoRoomError if error.errno in FULL else OutputError
    return kind(path, f"can't be written: {cause}", cure)


def disk_full(path: Path, need: float | None = None) -> NoRoomError:
    """The error for a disk that a child process found full, or that has less free space than the
    `need` bytes of the output."""
    if need is None:
        cause, cure = _CURES[errno.ENOSPC]
        return NoRoomError(path, f"can't be written: {cause}", cure)
    free = shutil.disk_usage(path).free
    return NoRoomError(
        path, f"the disk has {free / 1e9:.1f} GB free and {need / 1e9:.1f} GB may be needed",
        "free some space, name another folder, or ask for fewer clips",
    )  # fmt: skip


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A temporary folder inside `out`, so that moving a result is one rename on the same disk.

    Creates `out` if it is missing. On any exit, removes the temporary folder and those created
    folders that are still empty. Raises OutputError when `out` can't be written to.
    """
    check_name(absolute(out), OutputError)
    created = [folder for folder in (out, *out.parents) if not _exists(folder)]
    try:
        try:
            out.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=out))
        except OSError as error:
            raise output_error(out, error) from error
        try:
            # Absolute, since ffmpeg runs with this folder as its working folder.
            yield folder.resolve()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        for folder in created:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return False


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raise OutputError for the first of `paths` that already exists."""
    for path in paths:
        if path.exists() or path.is_symlink():
            raise OutputError(path, "already exists", "add --force to replace it")


def _flush_to_disk(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk: else a power cut may leave a new name
    on an empty file. Raises OSError."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(pairs: Iterable[tuple[Path, Path]], force: bool) -> None:
    """Move each (staged, final) pair into place; when one fails, remove the new files.

    On return the files are on the disk itself, so that a power cut loses nothing that was reported.
    Raises OutputError when a final path can't be written or, without `force`, already exists.
    """
    pairs = list(pairs)
    if not force:
        refuse_existing(final for _, final in pairs)
    new_files: list[Path] = []
    try:
        for staged, final in pairs:
            is_new = not final.exists()
            try:
                _flush_to_disk(staged)
                os.replace(staged, final)
            except OSError as error:
                raise output_error(final, error) from error
            if is_new:
                new_files.append(final)
        for folder in {final.parent for _, final in pairs}:
            # Not all systems can flush folders.
            with contextlib.suppress(OSError):
                _flush_to_disk(folder)
    except BaseException:
        for final in new_files:
            final.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8; after a failure, the file is as it was before.

    Raises OutputError when it can't be written.
    """
    try:
        if not isinstance(path, PurePath):
            # In an object store, which writes objects atomically.
            path.write_text(text, encoding="utf-8")
            return
        handle, name = tempfile.mkstemp(prefix=STAGING_PREFIX, dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp creates private files; results get the mode of any new file.
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise output_error(path, error) from error
