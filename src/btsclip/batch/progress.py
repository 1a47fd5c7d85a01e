"""Progress of a batch: how much is done, how fast it goes, and the time left.

The time left is estimated in seconds of work: the rest of the footage at the pace of the analyses
so far, and the clips left to plan and render at what the finished ones took. Takes that are not
planned yet count for as many clips as the planned ones had. The number of parallel tasks follows
from the work done so far.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from btsclip.batch.scheduler import Event

# Seconds of work below which there is no estimate.
MIN_WORK_SECONDS = 2.0


@dataclass
class Forecast:
    """The forecast of one run; `seconds` is the duration of each take by its name. `clock` returns
    seconds."""

    seconds: Mapping[str, float]
    clock: Callable[[], float] = time.monotonic
    _start: float = 0.0
    _begun: dict[str, float] = field(default_factory=dict)
    _work: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _queued: Counter[str] = field(default_factory=Counter)
    _ended: Counter[str] = field(default_factory=Counter)
    _analyzed: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def update(self, event: Event) -> None:
        """Count an event of a task."""
        kind, key = event.task.kind, event.task.key
        if event.state == "queued":
            self._queued[kind] += 1
        elif event.state == "begun":
            self._begun[key] = self.clock()
        elif event.state in ("done", "failed"):
            self._ended[kind] += 1
            self._work[kind] += self.clock() - self._begun.pop(key, self.clock())
            if kind == "analyse":
                self._analyzed[event.task.take] = self.seconds.get(event.task.take, 0.0)
        elif event.state == "lost":
            self._begun.pop(key, None)

    @property
    def analyzed_seconds(self) -> float:
        """Seconds of footage analyzed so far."""
        return sum(self._analyzed.values())

    @property
    def total_seconds(self) -> float:
        """Seconds of all footage."""
        return sum(self.seconds.values())

    @property
    def clip_counts(self) -> tuple[int, int]:
        """Number of clips rendered or failed, and of clips known so far."""
        return self._ended["render"], self._queued["render"]

    def speed(self) -> float | None:
        """Seconds of footage per second, clips included; None until it is known."""
        elapsed, remaining = self.clock() - self._start, self.remaining()
        if remaining is None or elapsed < MIN_WORK_SECONDS or not self.analyzed_seconds:
            return None
        return self.total_seconds / (elapsed + remaining)

    def remaining(self) -> float | None:
        """Seconds until the run ends; None until that is known."""
        elapsed, work = self.clock() - self._start, sum(self._work.values())
        if work < MIN_WORK_SECONDS or not self.analyzed_seconds:
            return None
        pending_seconds = self.total_seconds - self.analyzed_seconds
        pending_work = pending_seconds * self._work["analyse"] / self.analyzed_seconds
        takes_to_come = (len(self.seconds) - len(self._analyzed)) / len(self._analyzed)
        for kind in ("plan", "render"):
            pending = self._queued[kind] - self._ended[kind]
            if self._ended[kind]:
                pending_all = pending + takes_to_come * self._queued[kind]
                pending_work += pending_all * self._work[kind] / self._ended[kind]
        pending_work -= self._work_in_progress()
        parallel = max(1.0, work / elapsed) if elapsed > 0 else 1.0
        return max(0.0, pending_work) / parallel

    def _work_in_progress(self) -> float:
        """Seconds of work spent on running tasks, for each at most the mean of a finished task."""
        now = self.clock()
        ended = sum(self._ended.values())
        mean = sum(self._work.values()) / ended if ended else 0.0
        return sum(min(mean, now - begun) for begun in self._begun.values())
