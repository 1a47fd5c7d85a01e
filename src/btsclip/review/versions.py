"""The plan file during a review: read, save and undo, with a version for each save.

Each edit names the tag of the plan that it is based on. If the file has changed since, in a second
window or in an editor, nothing is written.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from btsclip.errors import PlanError
from btsclip.media import MAX_RECORD_BYTES, output_error, write_text
from btsclip.plan import CutPlan, io

# A folder beside the plan, with the plan before each save.
VERSIONS_FOLDER = "plan-versions"
VERSION_NAME = "plan-{:04d}.json"


class ConflictError(PlanError):
    """The plan was changed elsewhere after it was read."""


@dataclass(frozen=True)
class StoredPlan:
    """A plan in its file, the file's tag, and the number of versions that can be undone."""

    plan: CutPlan
    tag: str
    versions: int


class PlanFile:
    """The plan file at `path`. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = path.parent / VERSIONS_FOLDER
        self._lock = threading.Lock()

    def read(self) -> StoredPlan:
        """The current plan. Raises PlanError if it cannot be read."""
        with self._lock:
            return self._read()

    def change(self, tag: str, edit: Callable[[CutPlan], CutPlan]) -> StoredPlan:
        """Apply `edit` to the plan with `tag`, save the result, and keep the plan as a version.

        Raises ConflictError if the file has another tag, PlanError if the result could not be read
        again, OutputError if it cannot be written. Then nothing has changed.
        """
        with self._lock:
            stored = self._read_tagged(tag)
            changed = edit(stored.plan)
            if changed == stored.plan:
                return stored
            text = self._text_of(changed)
            try:
                self._folder.mkdir(exist_ok=True)
            except OSError as error:
                raise output_error(self._folder, error) from error
            version = self._folder / VERSION_NAME.format(self._last_version() + 1)
            write_text(version, self.path.read_text("utf-8-sig"))
            try:
                write_text(self.path, text)
            except BaseException:
                version.unlink(missing_ok=True)
                raise
            return self._read()

    def undo(self, tag: str) -> StoredPlan:
        """Put back the last version.

        Raises the errors of `change`, and PlanError if there is no version.
        """
        with self._lock:
            self._read_tagged(tag)
            last = self._last_version()
            if not last:
                raise PlanError(self.path, "has no change to undo")
            version = self._folder / VERSION_NAME.format(last)
            # Only a valid plan is put back, with exactly its text.
            io.read_plan(version, self.path.parent)
            write_text(self.path, version.read_text("utf-8-sig"))
            version.unlink()
            return self._read()

    def _text_of(self, plan: CutPlan) -> str:
        """The file's text for `plan`. Raises PlanError if it could not be read again."""
        text = io.text_of(plan, self.path)
        io.parse_plan(text, self.path)
        if len(text.encode()) > MAX_RECORD_BYTES:
            raise PlanError(
                self.path,
                f"would be larger than {MAX_RECORD_BYTES / 10**6:g} MB, too large for a plan",
                "remove crop keys or captions",
            )
        return text

    def _read_tagged(self, tag: str) -> StoredPlan:
        """The current plan. Raises ConflictError if it has another tag."""
        stored = self._read()
        if stored.tag != tag:
            raise ConflictError(
                self.path, "was changed elsewhere in the meantime", "load it again, then edit"
            )
        return stored

    def _read(self) -> StoredPlan:
        plan = io.read_plan(self.path)
        tag = hashlib.sha256(self.path.read_bytes()).hexdigest()[:32]
        return StoredPlan(plan, tag, self._last_version())

    def _last_version(self) -> int:
        """The number of the last version, 0 without versions."""
        numbers = [path.stem.rpartition("-")[2] for path in self._folder.glob("plan-*.json")]
        return max((int(number) for number in numbers if number.isdecimal()), default=0)
