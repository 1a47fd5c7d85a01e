"""Small pictures laid over a clip: what libass can't draw, such as colour emoji and logos."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Overlay:
    """A picture with its place and its time on a clip.

    `png` is the file's content, with transparency. `x`, `y` are its left upper corner in pixels of
    the output; `start` and `end` count in seconds from the clip's start. It fades in and out in
    `fade` seconds each, and comes from `rise` pixels below its place in the first `rise_seconds`.
    """

    png: bytes
    x: float
    y: float
    start: float
    end: float
    fade: float = 0.0
    rise: float = 0.0
    rise_seconds: float = 0.0
