"""The time axis of a page."""

from __future__ import annotations

from dataclasses import dataclass

from btsclip.wording import clock

# Seconds between ticks, round on a clock.
TICK_STEPS = (
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    43200,
)
# Pixels between ticks.
MIN_TICK_DISTANCE = 90.0


@dataclass(frozen=True)
class TimeAxis:
    """`duration` seconds between the pixels `left` and `right`."""

    left: float
    right: float
    duration: float

    @property
    def width(self) -> float:
        """Pixels from end to end."""
        return self.right - self.left

    def x(self, seconds: float) -> float:
        """The pixel of a time; times outside the footage are at its ends."""
        share = seconds / self.duration if self.duration > 0 else 0.0
        return self.left + self.width * min(1.0, max(0.0, share))

    def step(self, distance: float = MIN_TICK_DISTANCE) -> float:
        """The shortest round step that keeps ticks at least `distance` pixels apart."""
        fitting = (s for s in TICK_STEPS if s * self.width >= distance * self.duration)
        return next(fitting, TICK_STEPS[-1])

    def ticks(self, distance: float = MIN_TICK_DISTANCE) -> tuple[float, ...]:
        """Times of the ticks, from 0."""
        step = self.step(distance)
        # The margin makes 0.3 fit three times into 0.9.
        return tuple(round(i * step, 3) for i in range(int(self.duration / step + 1e-6) + 1))


def format_span(start: float, end: float) -> str:
    """A span with tenths of seconds.

    >>> format_span(3.25, 61)
    '0:03.2–1:01.0'
    """
    return f"{clock(start, tenths=True)}–{clock(end, tenths=True)}"
