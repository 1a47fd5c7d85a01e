"""The plan on the disk while it is being edited: read, saved, and taken back, each save a version.

Whoever edits names the plan they have seen by its tag. When the file is another by then, through a
second window or an editor, nothing is written.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from btsclip.errors import PlanError
from btsclip.media.documents import MAX_RECORD_BYTES
from btsclip.media.output import output_error, write_text
from btsclip.plan import io
from btsclip.plan.model import CutPlan

# Beside the plan, one file a version: what the plan was before each save.
FOLDER, NAME = "plan-versions", "plan-{:04d}.json"


class ConflictError(PlanError):
    """The plan was changed elsewhere since it was read."""


@dataclass(frozen=True)
class StoredPlan:
    """A plan as it lies on the disk, its tag, and how many versions can be gone back."""

    plan: CutPlan
    tag: str
    versions: int


class PlanFile:
    """The plan at `path`. Saves from several threads come one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = path.parent / FOLDER
        self._lock = threading.Lock()

    def read(self) -> StoredPlan:
        """The plan as it is now. Raises PlanError when it can't be read."""
        with self._lock:
            return self._read()

    def change(self, tag: str, edit: Callable[[CutPlan], CutPlan]) -> StoredPlan:
        """Saves what `edit` makes of the plan called `tag`, and keeps that as a version.

        Raises ConflictError when the plan on the disk is another one, PlanError when what was made
        of it could not be read again, OutputError when it can't be written; then all is as it was.
        """
        with self._lock:
            kept = self._seen(tag)
            changed = edit(kept.plan)
            if changed == kept.plan:
                return kept
            text = self._text_of(changed)
            try:
                self._folder.mkdir(exist_ok=True)
            except OSError as error:
                raise output_error(self._folder, error) from error
            version = self._folder / NAME.format(self._last() + 1)
            write_text(version, self.path.read_text("utf-8-sig"))
            try:
                write_text(self.path, text)
            except BaseException:
                version.unlink(missing_ok=True)
                raise
            return self._read()

    def undo(self, tag: str) -> StoredPlan:
        """Makes the last version the plan again. Raises as `change` does, and PlanError when there
        is none."""
        with self._lock:
            self._seen(tag)
            last = self._last()
            if not last:
                raise PlanError(self.path, "there is nothing to take back")
            version = self._folder / NAME.format(last)
            # A plan that can't be read is not put back; its text is, to the letter.
            io.read_plan(version, self.path.parent)
            write_text(self.path, version.read_text("utf-8-sig"))
            version.unlink()
            return self._read()

    def _text_of(self, plan: CutPlan) -> str:
        """The file's text for `plan`. Raises PlanError when it could not be read again."""
        text = io.text_of(plan, self.path)
        io.parse_plan(text, self.path)
        if len(text.encode()) > MAX_RECORD_BYTES:
            raise PlanError(
                self.path,
                f"would have more than {MAX_RECORD_BYTES / 10**6:g} MB, too much for a plan",
                "take out crop keys or texts",
            )
        return text

    def _seen(self, tag: str) -> StoredPlan:
        kept = self._read()
        if kept.tag != tag:
            raise ConflictError(
                self.path, "was changed elsewhere in the meantime", "load it again, then edit"
            )
        return kept

    def _read(self) -> StoredPlan:
        plan = io.read_plan(self.path)
        tag = hashlib.sha256(self.path.read_bytes()).hexdigest()[:32]
        return StoredPlan(plan, tag, self._last())

    def _last(self) -> int:
        """The number of the last version, 0 for none."""
        numbers = [path.stem.rpartition("-")[2] for path in self._folder.glob("plan-*.json")]
        return max((int(number) for number in numbers if number.isdecimal()), default=0)
