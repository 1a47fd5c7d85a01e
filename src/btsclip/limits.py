"""Minimum and maximum of the numbers in options, requests and presets."""

from __future__ import annotations

from dataclasses import dataclass

from btsclip.errors import UsageError

UNLIMITED = float("inf")


@dataclass(frozen=True)
class Limits:
    """A range from `min` to `max`, both included; by default without a maximum."""

    min: float
    max: float = UNLIMITED

    def __str__(self) -> str:
        """The range in words: "1 to 200" or "1 or more"."""
        return f"{self.min:g} or more" if self.max == UNLIMITED else f"{self.min:g} to {self.max:g}"

    def fault(self, value: float) -> str:
        """The fault of `value`; "" if it is in the range."""
        if value != value:
            return "is not a number"
        if value < self.min:
            return "is too small"
        return "is too large" if value > self.max or value == UNLIMITED else ""

    def check(self, name: str, value: float | None) -> None:
        """Raise UsageError if `value` of the option `name` is out of range; None is valid."""
        if value is not None and (fault := self.fault(value)):
            raise UsageError(f"{name} {value:g}", fault, f"give {self}")


# Number of clips of a run, and of the best clips of a shoot.
COUNT = Limits(1, 200)
TOP = Limits(1)
# Number of an audio track.
AUDIO_TRACK = Limits(1, 64)
# Seconds of a clip, and of the option for the shortest clip.
CLIP_SECONDS = Limits(1, 600)
MIN_CLIP_SECONDS = Limits(0.5, 600)
STORY_SECONDS = Limits(6, 180)
TIMELAPSE_SECONDS = Limits(5, 120)
# A time in a video, in seconds.
TIME = Limits(0)
JOBS = Limits(1, 64)
PORT = Limits(0, 65535)
# Seconds that a file must stay unchanged, and seconds without a new file that end `watch`.
REST_SECONDS = Limits(0.5)
IDLE_SECONDS = Limits(1)
DAYS = Limits(0)
