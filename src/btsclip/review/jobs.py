"""Rendering in the background while the page is open, one run at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from btsclip.errors import BtsclipError
from btsclip.plan import Clip, CutPlan
from btsclip.planning import load_look
from btsclip.render import render
from btsclip.review.report import write_page

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """The progress of a run: `shares` done, 0 to 1, by clip id, and the `error` if it failed."""

    running: bool = False
    shares: dict[str, float] = field(default_factory=dict)
    error: str = ""


class Renderer:
    """Renders clips of the plan at `path` into its folder, in a background thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._progress = Progress()
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress:
        """The progress of the last run."""
        with self._lock:
            return self._progress

    def start(self, plan: CutPlan, clips: Sequence[str]) -> bool:
        """Start to render the clips of `plan` with these ids. Return False during another run."""
        ids = set(clips)
        kept = [clip for clip in plan.clips if clip.id in ids and clip.enabled]
        with self._lock:
            if self._progress.running:
                return False
            self._progress = Progress(True, {clip.id: 0.0 for clip in kept})
        part = plan.model_copy(update={"clips": kept})
        # A daemon, because the server itself waits for its end.
        self._thread = threading.Thread(target=self._render, args=(part,), daemon=True)
        self._thread.start()
        return True

    def wait(self) -> None:
        """Wait for the run to end."""
        if self._thread:
            self._thread.join()

    def _render(self, plan: CutPlan) -> None:
        error = ""
        folder = self._path.parent
        try:
            render(
                plan, load_look(plan.preset, plan.brand), folder, force=True, keep=[self._path],
                progress=self._set_share,
            )  # fmt: skip
            write_page(self._path)
        except BtsclipError as failure:
            error = str(failure)
        except Exception as failure:
            # The page must not wait forever, so it gets any error.
            log.exception("rendering for the review page failed")
            error = f"{type(failure).__name__}: {failure}"
        with self._lock:
            self._progress = replace(self._progress, running=False, error=error)

    def _set_share(self, clip: Clip, share: float) -> None:
        with self._lock:
            shares = {**self._progress.shares, clip.id: round(share, 3)}
            self._progress = replace(self._progress, shares=shares)
