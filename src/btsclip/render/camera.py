"""The crop path in pixels: what to cut before scaling, and how the window moves after it.

The part of the picture that the path ever visits is cut first, then scaled, and the window moves
over the scaled picture. So a slow pan moves in steps of one output pixel, and no pixel is scaled
that is never shown.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from btsclip.media import Footage
from btsclip.plan import CropKey, Span
from btsclip.presets import Output

# Seconds of the source between keys while the speed changes.
RAMP_KEY_SECONDS = 0.1
# Output pixels between a key and the straight line past it, up to which the key is left out.
MAX_DEVIATION = 0.25


@dataclass(frozen=True)
class CropAxis:
    """The crop in x or y.

    `length` source pixels from `start` are cut and scaled to `scaled` output pixels; on these a
    window of `shown` pixels is at `offset`, an ffmpeg expression of t.
    """

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
    """Width and height of the largest box of the output's shape inside a box, both as fractions of
    the picture.

    A plan edited by hand may hold any shape; a picture must never be stretched.
    """
    width_px, height_px = width * footage.width, height * footage.height
    shape = output.width / output.height
    width_px, height_px = min(width_px, height_px * shape), min(height_px, width_px / shape)
    return width_px / footage.width, height_px / footage.height


def crop_axes(
    footage: Footage, span: Span, output: Output, keys: list[CropKey], *, fill: bool
) -> tuple[CropAxis, CropAxis]:
    """The crop in x and y along `keys`; with `fill` the window has the shape of the output, else
    the shape of the first key."""
    keys, times = keys_shown(span, keys, output)
    width, height = keys[0][3:]
    if fill:
        width, height = largest_window(footage, output, width, height)
    out_width, out_height = fitted_box(footage, output, width, height)
    columns, rows = coded_size(footage)
    return (
        _crop_axis(times, [key[1] - width / 2 for key in keys], width, columns, out_width),
        _crop_axis(times, [key[2] - height / 2 for key in keys], height, rows, out_height),
    )


def keys_shown(
    span: Span, keys: list[CropKey], output: Output
) -> tuple[list[CropKey], list[float]]:
    """The keys of a path that the span needs, and their times in seconds on the screen."""
    needed = _add_ramp_keys(span, _keys_of_span(span, keys))
    times = [span.time_map.shown(key[0] - span.start) for key in needed]
    return needed, _frame_times(times, output.fps)


def fitted_box(footage: Footage, output: Output, width: float, height: float) -> tuple[int, int]:
    """Width and height in even output pixels of a box (fractions of the picture), scaled to fit
    into the output."""
    width_px, height_px = width * footage.width, height * footage.height
    factor = min(output.width / width_px, output.height / height_px)
    return (
        min(max(2, 2 * round(width_px * factor / 2)), output.width),
        min(max(2, 2 * round(height_px * factor / 2)), output.height),
    )


def _keys_of_span(span: Span, keys: list[CropKey]) -> list[CropKey]:
    """The keys within the span and one on each side, since a span may be shortened by hand."""
    times = [key[0] for key in keys]
    first = max(0, bisect_right(times, span.start) - 1)
    last = bisect_left(times, span.end)
    return keys[first : last + 1]


def _add_ramp_keys(span: Span, keys: list[CropKey]) -> list[CropKey]:
    """`keys` with keys between them where the speed changes: a straight line over source time is a
    curve on the screen there."""
    extra_times: list[float] = []
    for ramp in span.time_map.stretches:
        count = math.ceil((ramp.end - ramp.start) / RAMP_KEY_SECONDS) if ramp.slope else 1
        length = ramp.end - ramp.start
        extra_times += [span.start + ramp.start + length * i / count for i in range(count + 1)]
    result = keys[:1]
    for before, after in pairwise(keys):
        for time in [time for time in extra_times if before[0] < time < after[0]]:
            share = (time - before[0]) / (after[0] - before[0])
            x, y, w, h = (before[k] + (after[k] - before[k]) * share for k in range(1, 5))
            if time > result[-1][0]:
                result.append((time, x, y, w, h))
        result.append(after)
    return result


def _frame_times(times: list[float], fps: int) -> list[float]:
    """Times of keys, those of hard switches moved to where the output's frames show them.

    A hard switch is at the time of a picture of the source. The fps filter shows that picture from
    the nearest output frame on; half a frame earlier, no rounding can move the switch.
    """
    switches = {a for a, b in pairwise(times) if a == b}
    return [(math.floor(t * fps + 0.5) - 0.5) / fps if t in switches else t for t in times]


def _crop_axis(
    times: list[float], lefts: list[float], size: float, pixels: int, out: int
) -> CropAxis:
    """The axis along which a window moves.

    Args:
        lefts: The window's left or top at `times`, in fractions of the picture.
        size: Its width or height, in fractions of the picture.
        pixels: The picture's width or height in pixels.
        out: The window's width or height in output pixels.
    """
    lefts = [min(max(left, 0.0), 1.0 - size) for left in lefts]
    scale = out / (size * pixels)
    moves = (max(lefts) - min(lefts)) * pixels * scale >= 1
    start = even(min(lefts) * pixels, down=True)
    end = even((max(lefts) + size) * pixels)
    if not moves:
        end = start + max(2, even(size * pixels - 0.5))
    # An odd picture has one column more than the last even number.
    end = min(end, pixels)
    start = max(0, min(start, end - 2))
    if not moves:
        return CropAxis(start, end - start, out, out, "0", False)
    scaled = max(out, even((end - start) * scale))
    offsets = [min(max((left * pixels - start) * scale, 0.0), scaled - out) for left in lefts]
    return CropAxis(start, end - start, scaled, out, path_expression(times, offsets), True)


def even(value: float, down: bool = False) -> int:
    return 2 * (math.floor(value / 2 + 1e-6) if down else math.ceil(value / 2 - 1e-6))


def path_expression(times: list[float], values: list[float]) -> str:
    """An ffmpeg expression of t through the keys: straight lines, and a jump where two keys share
    a time.

    >>> path_expression([0.0, 2.0], [10.0, 30.0])
    'if(lt(t,0.00000),10.00,if(lt(t,2.00000),10.00+10.0000*(t-(0.00000)),30.00))'
    """
    keys = _simplify(list(zip(times, values, strict=True)))
    pieces = [(keys[0][0], f"{keys[0][1]:.2f}")]
    for (t0, v0), (t1, v1) in pairwise(keys):
        if t1 > t0:
            slope = (v1 - v0) / (t1 - t0)
            line = f"{v0:.2f}" if abs(v1 - v0) < 0.01 else f"{v0:.2f}+{slope:.4f}*(t-({t0:.5f}))"
            pieces.append((t1, line))
    pieces.append((math.inf, f"{keys[-1][1]:.2f}"))
    return piecewise(pieces, "t", 5)


def piecewise(pieces: list[tuple[float, str]], variable: str, digits: int) -> str:
    """An ffmpeg expression of `variable` that has a value for each piece.

    A balanced tree, so that hundreds of pieces nest only a few levels deep.

    Args:
        pieces: The end of each piece, and its expression.
        digits: Decimals of the ends.
    """
    if len(pieces) == 1:
        return pieces[0][1]
    middle = len(pieces) // 2
    border = pieces[middle - 1][0]
    before = piecewise(pieces[:middle], variable, digits)
    after = piecewise(pieces[middle:], variable, digits)
    return f"if(lt({variable},{border:.{digits}f}),{before},{after})"


def _simplify(keys: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """`keys` (time, value) without those close to the straight line between the keys kept."""
    times, values = np.array(keys).T
    kept, parts = {0, len(keys) - 1}, [(0, len(keys) - 1)]
    # A loop, since recursion would go too deep for a path that turns at every key.
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        length = times[last] - times[first]
        share = (times[inner] - times[first]) / length if length > 0 else 0.0
        deviation = np.abs(values[inner] - values[first] - (values[last] - values[first]) * share)
        worst = int(deviation.argmax())
        if deviation[worst] > MAX_DEVIATION:
            middle = first + 1 + worst
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return [keys[i] for i in sorted(kept)]
