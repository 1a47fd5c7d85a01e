"""Time across the page."""

from __future__ import annotations

from dataclasses import dataclass

from btsclip.wording import clock

# Distances between ticks in seconds that a clock reads well.
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
# Pixels between ticks, at least.
APART = 90.0


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
        """The place of a time; what lies outside the footage is at its end."""
        share = seconds / self.duration if self.duration > 0 else 0.0
        return self.left + self.width * min(1.0, max(0.0, share))

    def step(self, distance: float = APART) -> float:
        """The shortest step that sets ticks at least `distance` pixels apart."""
        fitting = (s for s in STEPS if s * self.width >= distance * self.duration)
        return next(fitting, STEPS[-1])

    def ticks(self, distance: float = APART) -> tuple[float, ...]:
        """Times of the ticks from 0 on."""
        step = self.step(distance)
        # A hair more than whole, or 0.3 would not fit three times into 0.9.
        return tuple(round(i * step, 3) for i in range(int(self.duration / step + 1e-6) + 1))


def span(start: float, end: float) -> str:
    """A span with tenths of seconds."""
    return f"{clock(start, tenths=True)}–{clock(end, tenths=True)}"
