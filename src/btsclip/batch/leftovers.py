"""What earlier runs left in the folder of results, and is of no use any more."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from btsclip.batch.ledger import Entry, Ledger
from btsclip.media import STAGING_PREFIX, Footage, from_document, is_remote, json_record
from btsclip.planning import source_of


def remove_old_clips(
    out: Path,
    ledger: Ledger,
    keys: Collection[str],
    names: Collection[str],
    takes: Sequence[Footage],
) -> None:
    """Remove the clips that an earlier run with other options left in `out`.

    Args:
        keys: The keys of the tasks that rendered the clips of this run.
        names: The names of the files of these clips.
        takes: The takes of the shoot.
    """
    for entry in ledger.entries():
        if entry.kind == "render" and entry.key not in keys:
            if not _can_be_rendered_again(entry, out, takes):
                continue
            for output in entry.outputs:
                # A file that somebody has changed since belongs to them.
                if output.name not in names and output.is_unchanged(out):
                    (out / output.name).unlink(missing_ok=True)
            ledger.forget([entry.key])


def _can_be_rendered_again(entry: Entry, out: Path, takes: Sequence[Footage]) -> bool:
    """Whether the take of an older clip still exists, or is in the shoot under another name.
    Clips of takes that were moved away stay, because they cannot be rendered again."""
    names = [output.name for output in entry.outputs if output.name.endswith(".json")]
    try:
        source = json_record(out / names[0])["source"]
        path = Path(from_document(source["path"], out))
        exists, facts = path.exists(), (source["size"], source["duration"])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return True
    sources = map(source_of, takes)
    return exists or facts in [(source.size, source.duration) for source in sources]


def remove_leftovers(out: Path) -> None:
    """Remove the unfinished files of killed processes from `out`. No other run may be at work
    there."""
    if is_remote(out):
        return
    for folder in out.glob(f"{STAGING_PREFIX}*"):
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.unlink(missing_ok=True)
