"""How far a batch is, how fast, and how long it may still take.

What is left is reckoned in seconds of work: footage to look through at the pace it went so far, and
clips to plan and render at what they took so far. Takes not yet planned count for as many clips as
the planned ones had. How much work is done at once is seen from what has been done.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from btsclip.batch.scheduler import Event

# Less work than this, in seconds, says nothing yet.
LEAST = 2.0


@dataclass
class Forecast:
    """One run over takes of so many `seconds`, by name. `clock` gives seconds."""

    seconds: Mapping[str, float]
    clock: Callable[[], float] = time.monotonic
    _start: float = 0.0
    _begun: dict[str, float] = field(default_factory=dict)
    _work: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _queued: Counter[str] = field(default_factory=Counter)
    _ended: Counter[str] = field(default_factory=Counter)
    _looked: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def heard(self, event: Event) -> None:
        """Something happened to a task."""
        kind, key = event.task.kind, event.task.key
        if event.state == "queued":
            self._queued[kind] += 1
        elif event.state == "begun":
            self._begun[key] = self.clock()
        elif event.state in ("done", "failed"):
            self._ended[kind] += 1
            self._work[kind] += self.clock() - self._begun.pop(key, self.clock())
            if kind == "analyse":
                self._looked[event.task.take] = self.seconds.get(event.task.take, 0.0)
        elif event.state == "lost":
            self._begun.pop(key, None)

    @property
    def looked(self) -> float:
        """Seconds of footage that have been looked through."""
        return sum(self._looked.values())

    @property
    def whole(self) -> float:
        """Seconds of all footage."""
        return sum(self.seconds.values())

    @property
    def rendered(self) -> tuple[int, int]:
        """Numbers of clips that are through, and of those known of so far."""
        return self._ended["render"], self._queued["render"]

    def speed(self) -> float | None:
        """Seconds of footage dealt with, clips and all, in a second; None when not known yet."""
        passed, left = self.clock() - self._start, self.left()
        if left is None or passed < LEAST or not self.looked:
            return None
        return self.whole / (passed + left)

    def left(self) -> float | None:
        """Seconds that the run may still take; None when that is not known yet."""
        passed, work = self.clock() - self._start, sum(self._work.values())
        if work < LEAST or not self.looked:
            return None
        unlooked = self.whole - self.looked
        still = unlooked * self._work["analyse"] / self.looked
        coming = (len(self.seconds) - len(self._looked)) / len(self._looked)
        for kind in ("plan", "render"):
            pending = self._queued[kind] - self._ended[kind]
            if self._ended[kind]:
                pending_all = pending + coming * self._queued[kind]
                still += pending_all * self._work[kind] / self._ended[kind]
        still -= self._under_way()
        at_once = max(1.0, work / passed) if passed > 0 else 1.0
        return max(0.0, still) / at_once

    def _under_way(self) -> float:
        """Seconds of work that have gone into what is being done, no more than one of each kind
        took on average."""
        now = self.clock()
        ended = sum(self._ended.values())
        each = sum(self._work.values()) / ended if ended else 0.0
        return sum(min(each, now - begun) for begun in self._begun.values())
