"""The crop path in pixels: what to cut before scaling, and how the window moves after it.

The part of the picture that the path ever visits is cut first, then scaled, and the window moves
over the scaled picture. So a slow pan moves in steps of one output pixel, and nothing is scaled
that is never seen.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from btsclip.media.footage import Footage
from btsclip.plan.model import CropKey, Span
from btsclip.presets.schema import Output

# Seconds of the source between keys while the speed changes.
RAMP_KEY = 0.1
# Keys that lie within this many output pixels of the straight line are not needed.
STRAIGHT = 0.25


@dataclass(frozen=True)
class CropAxis:
    """One direction of the crop: `start` and `length` in source pixels are cut and scaled to
    `scaled` output pixels; a window of `shown` pixels then stands at `offset` (an expression of t)
    on them."""

    start: int
    length: int
    scaled: int
    shown: int
    offset: str
    moves: bool


def coded_size(footage: Footage) -> tuple[int, int]:
    """Width and height in pixels of the upright picture as ffmpeg's filters get it."""
    if footage.rotation in (90, 270):
        return footage.coded_height, footage.coded_width
    return footage.coded_width, footage.coded_height


def largest_window(
    footage: Footage, output: Output, width: float, height: float
) -> tuple[float, float]:
    """The largest box of the output's shape inside a box, both as fractions of the picture.

    A plan edited by hand may hold any shape; a picture must never be stretched.
    """
    across, down = width * footage.width, height * footage.height
    shape = output.width / output.height
    across, down = min(across, down * shape), min(down, across / shape)
    return across / footage.width, down / footage.height


def axes(
    footage: Footage, span: Span, output: Output, keys: list[CropKey], *, fill: bool
) -> tuple[CropAxis, CropAxis]:
    """How to cut, scale and move in x and y along `keys`; with `fill` the window has the shape of
    the output, else its own."""
    keys = _at_speed(span, _in_span(span, keys))
    width, height = keys[0][3:]
    if fill:
        width, height = largest_window(footage, output, width, height)
    out_width, out_height = fitted_box(footage, output, width, height)
    times = _output_times([span.time_map.shown(key[0] - span.start) for key in keys], output.fps)
    across, down = coded_size(footage)
    return (
        _axis(times, [key[1] - width / 2 for key in keys], width, across, out_width),
        _axis(times, [key[2] - height / 2 for key in keys], height, down, out_height),
    )


def fitted_box(footage: Footage, output: Output, width: float, height: float) -> tuple[int, int]:
    """Width and height in even output pixels of a box (fractions of the picture) made as large as
    the output has room for."""
    across, down = width * footage.width, height * footage.height
    factor = min(output.width / across, output.height / down)
    return (
        min(max(2, 2 * round(across * factor / 2)), output.width),
        min(max(2, 2 * round(down * factor / 2)), output.height),
    )


def _in_span(span: Span, keys: list[CropKey]) -> list[CropKey]:
    """The keys of the span and their neighbours: the span may have been cut by hand."""
    times = [key[0] for key in keys]
    first = max(0, bisect_right(times, span.start) - 1)
    last = bisect_left(times, span.end)
    return keys[first : last + 1]


def _at_speed(span: Span, keys: list[CropKey]) -> list[CropKey]:
    """`keys` with more of them where the speed changes: what is a straight line over source time is
    none on the screen then."""
    more = []
    for part in span.time_map.stretches:
        count = math.ceil((part.end - part.start) / RAMP_KEY) if part.slope else 1
        length = part.end - part.start
        more += [span.start + part.start + length * i / count for i in range(count + 1)]
    result = keys[:1]
    for before, after in pairwise(keys):
        for time in [time for time in more if before[0] < time < after[0]]:
            share = (time - before[0]) / (after[0] - before[0])
            x, y = (before[k] + (after[k] - before[k]) * share for k in (1, 2))
            if time > result[-1][0]:
                result.append((time, x, y, before[3], before[4]))
        result.append(after)
    return result


def _output_times(times: list[float], fps: int) -> list[float]:
    """Times of keys as the output's frames meet them.

    A hard switch stands where the source's picture changes; the fps filter shows that picture from
    the nearest output frame on, and half a frame more keeps rounding from deciding.
    """
    switches = {a for a, b in pairwise(times) if a == b}
    return [(math.floor(t * fps + 0.5) - 0.5) / fps if t in switches else t for t in times]


def _axis(times: list[float], lefts: list[float], size: float, pixels: int, out: int) -> CropAxis:
    """`lefts` and `size` are fractions of `pixels`; the window becomes `out` pixels."""
    lefts = [min(max(left, 0.0), 1.0 - size) for left in lefts]
    scale = out / (size * pixels)
    moves = (max(lefts) - min(lefts)) * pixels * scale >= 1
    start = _even(min(lefts) * pixels, down=True)
    end = _even((max(lefts) + size) * pixels)
    if not moves:
        end = start + max(2, _even(size * pixels - 0.5))
    # An odd picture has one column more than the last even number.
    end = min(end, pixels)
    start = max(0, min(start, end - 2))
    if not moves:
        return CropAxis(start, end - start, out, out, "0", False)
    scaled = max(out, _even((end - start) * scale))
    offsets = [min(max((left * pixels - start) * scale, 0.0), scaled - out) for left in lefts]
    return CropAxis(start, end - start, scaled, out, path_expression(times, offsets), True)


def _even(value: float, down: bool = False) -> int:
    return 2 * (math.floor(value / 2 + 1e-6) if down else math.ceil(value / 2 - 1e-6))


def path_expression(times: list[float], values: list[float]) -> str:
    """An ffmpeg expression of t through the keys: straight lines, and a jump where two keys share
    a time. A balanced tree, so that hundreds of keys nest only a few deep."""
    keys = _needed(list(zip(times, values, strict=True)))
    pieces = [(keys[0][0], f"{keys[0][1]:.2f}")]  # (valid until, expression)
    for (t0, v0), (t1, v1) in pairwise(keys):
        if t1 > t0:
            slope = (v1 - v0) / (t1 - t0)
            line = f"{v0:.2f}" if abs(v1 - v0) < 0.01 else f"{v0:.2f}+{slope:.4f}*(t-({t0:.5f}))"
            pieces.append((t1, line))
    pieces.append((math.inf, f"{keys[-1][1]:.2f}"))
    return _tree(pieces)


def _tree(pieces: list[tuple[float, str]]) -> str:
    if len(pieces) == 1:
        return pieces[0][1]
    middle = len(pieces) // 2
    border = pieces[middle - 1][0]
    return f"if(lt(t,{border:.5f}),{_tree(pieces[:middle])},{_tree(pieces[middle:])})"


def _needed(keys: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The keys without those that the straight line between their neighbours passes through."""
    times, values = np.array(keys).T
    kept, parts = {0, len(keys) - 1}, [(0, len(keys) - 1)]
    # Not by recursion: a path that turns at every key would go too deep.
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        long = times[last] - times[first]
        share = (times[inner] - times[first]) / long if long > 0 else 0.0
        away = np.abs(values[inner] - values[first] - (values[last] - values[first]) * share)
        worst = int(away.argmax())
        if away[worst] > STRAIGHT:
            middle = first + 1 + worst
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return [keys[i] for i in sorted(kept)]
