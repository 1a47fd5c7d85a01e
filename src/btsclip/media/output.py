"""Outputs that appear whole or not at all: made in a temp folder beside them, then moved."""

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

STAGING_PREFIX = ".btsclip-"
# What the system says when there is no room left, for anybody or for this user.
FULL = {errno.ENOSPC, errno.EDQUOT}

_CURES = {
    errno.ENOSPC: ("the disk is full", "free some space or name another folder"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or name another folder"),
    errno.EROFS: ("the disk is read-only", "name another folder"),
    errno.EACCES: ("no permission to write", "name another folder"),
    errno.EPERM: ("no permission to write", "name another folder"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "name another folder"),
    errno.EEXIST: ("a file stands where a folder is needed", "name another folder"),
    errno.ENAMETOOLONG: ("the name is too long", "name a shorter one"),
}


def output_error(path: Path, error: OSError) -> OutputError:
    """What the system said about writing to `path`, in the user's words."""
    fallback = (error.strerror or str(error)).lower(), "name another folder"
    cause, cure = _CURES.get(error.errno or 0, fallback)
    kind = NoRoomError if error.errno in FULL else OutputError
    return kind(path, f"can't be written: {cause}", cure)


def disk_full(path: Path, need: float | None = None) -> NoRoomError:
    """The error for a disk that a child process found full, or that has no room for the `need`
    bytes of what is to be made."""
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
    """A temp folder inside `out`, so that moving a result there is one rename on the same disk.

    `out` is made when missing. On any exit the temp folder is removed, and so are the folders made
    here that stayed empty. Raises OutputError when `out` can't be written to.
    """
    made = [folder for folder in (out, *out.parents) if not _exists(folder)]
    try:
        try:
            out.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=out))
        except OSError as error:
            raise output_error(out, error) from error
        try:
            # Absolute, since ffmpeg runs with this folder as its own.
            yield folder.resolve()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return False


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raises OutputError for the first of `paths` that is there already."""
    for path in paths:
        if path.exists() or path.is_symlink():
            raise OutputError(path, "is there already", "add --force to replace it")


def _settle(path: Path) -> None:
    """Has the disk itself hold a file, or which files are in a folder: else a power cut may leave
    a new name on an empty file. Raises OSError."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(pairs: Iterable[tuple[Path, Path]], force: bool) -> None:
    """Moves each (made, final) pair into place; when one fails, the new ones are taken back.
    On return they are on the disk itself, so that a power cut takes nothing that was reported.

    Raises OutputError when a final path can't be written or, without `force`, is there already.
    """
    pairs = list(pairs)
    if not force:
        refuse_existing(final for _, final in pairs)
    fresh: list[Path] = []
    try:
        for made, final in pairs:
            new = not final.exists()
            try:
                _settle(made)
                os.replace(made, final)
            except OSError as error:
                raise output_error(final, error) from error
            if new:
                fresh.append(final)
        for folder in {final.parent for _, final in pairs}:
            # Not all systems can do it for folders.
            with contextlib.suppress(OSError):
                _settle(folder)
    except BaseException:
        for final in fresh:
            final.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Writes a text file in UTF-8 so that it is there whole or, after a failure, as it was.

    Raises OutputError when it can't be written.
    """
    try:
        if not isinstance(path, PurePath):
            # An object store's: it takes an object whole or not at all.
            path.write_text(text, encoding="utf-8")
            return
        handle, name = tempfile.mkstemp(prefix=STAGING_PREFIX, dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes private files; results get the mode any new file would have.
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise output_error(path, error) from error
