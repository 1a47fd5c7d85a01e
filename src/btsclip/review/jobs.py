"""Rendering in the background while the page is open: one run at a time, told as it goes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from btsclip.errors import BtsclipError
from btsclip.plan.model import Clip, CutPlan
from btsclip.presets.load import load_preset
from btsclip.render import render
from btsclip.review.report import write_page

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a run is: each clip's share, 0 to 1, by its id; what went wrong, if anything did."""

    running: bool = False
    shares: dict[str, float] = field(default_factory=dict)
    error: str = ""


class Renderer:
    """Renders clips of the plan at `path` into its folder, in a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._progress = Progress()
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress:
        """How far the last run is."""
        with self._lock:
            return self._progress

    def start(self, plan: CutPlan, clips: Sequence[str]) -> bool:
        """Begins to render these clips of `plan`; False while another run is at work."""
        wanted = set(clips)
        chosen = [clip for clip in plan.clips if clip.id in wanted and clip.enabled]
        with self._lock:
            if self._progress.running:
                return False
            self._progress = Progress(True, {clip.id: 0.0 for clip in chosen})
        part = plan.model_copy(update={"clips": chosen})
        # The server waits for it to end.
        self._thread = threading.Thread(target=self._work, args=(part,), daemon=True)
        self._thread.start()
        return True

    def wait(self) -> None:
        """Waits for the run to end."""
        if self._thread:
            self._thread.join()

    def _work(self, plan: CutPlan) -> None:
        error = ""
        folder = self._path.parent
        try:
            render(
                plan, load_preset(plan.preset), folder, force=True, keep=[self._path],
                progress=self._tell,
            )  # fmt: skip
            write_page(self._path)
        except BtsclipError as failure:
            error = str(failure)
        except Exception as failure:
            # Whatever it is, the page must not wait for ever.
            log.exception("rendering for the review")
            error = f"{type(failure).__name__}: {failure}"
        with self._lock:
            self._progress = replace(self._progress, running=False, error=error)

    def _tell(self, clip: Clip, share: float) -> None:
        with self._lock:
            shares = {**self._progress.shares, clip.id: round(share, 3)}
            self._progress = replace(self._progress, shares=shares)
