"""The smallest and largest numbers that options, requests and presets may hold."""

from __future__ import annotations

from dataclasses import dataclass

from btsclip.errors import UsageError

ENDLESS = float("inf")


@dataclass(frozen=True)
class Limits:
    """Numbers from `min` to `max`, both included; without a `max` any larger one will do."""

    min: float
    max: float = ENDLESS

    def __str__(self) -> str:
        """The numbers in words: "1 to 200" or "1 or more"."""
        return f"{self.min:g} or more" if self.max == ENDLESS else f"{self.min:g} to {self.max:g}"

    def fault(self, value: float) -> str:
        """What is wrong with `value`; empty when nothing is."""
        if value != value:
            return "is not a number"
        if value < self.min:
            return "is too small"
        return "is too large" if value > self.max or value == ENDLESS else ""

    def check(self, name: str, value: float | None) -> None:
        """Raises UsageError when the option `name` can't have `value`; None is always right."""
        if value is not None and (fault := self.fault(value)):
            raise UsageError(f"{name} {value:g}", fault, f"give {self}")


# Clips of one run, and of the best ones of a shoot.
COUNT = Limits(1, 200)
TOP = Limits(1)
# Seconds of a clip, and what the shortest one may be asked to be.
CLIP_SECONDS = Limits(1, 600)
MIN_CLIP_SECONDS = Limits(0.5, 600)
STORY_SECONDS = Limits(6, 180)
TIMELAPSE_SECONDS = Limits(5, 120)
# A time in a video, in seconds.
TIME = Limits(0)
JOBS = Limits(1, 64)
PORT = Limits(0, 65535)
# Seconds that a file must rest to count as copied, and that nothing must come for an end.
REST_SECONDS = Limits(0.5)
IDLE_SECONDS = Limits(1)
DAYS = Limits(0)
