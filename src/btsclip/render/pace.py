"""A clip's speed in ffmpeg: pictures timed by an expression, sound stretched with its pitch kept.

Sound can only be stretched evenly, so a ramp of speed is taken in steps. Each step is stretched
with a little of its neighbours, cut to its exact length on the screen and faded over into the next,
so that no error adds up and no step is heard as a click.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import ffmpeg

from btsclip.plan.model import Span
from btsclip.plan.speed import SpeedRamp, TimeMap

# Ramps are stretched in steps no longer than this on the screen, in seconds: sound then strays from
# the picture by a few milliseconds at most.
STEP = 0.1
# In a step the speed changes by no more than this, as a logarithm, unless the step would be shorter
# than SHORTEST, in seconds on the screen: what is shorter than a join can't be joined.
CHANGE, SHORTEST = 0.3, 0.02
# Seconds over which a step fades into the next.
JOIN = 0.012
# atempo skips samples beyond this factor and stops below the other; several in a row do not.
MOST_TEMPO, LEAST_TEMPO = 2.0, 0.5
# Speed above which sound gets the quieter the faster it runs: hurried clatter is no sound of work.
LOUD = 2.0
# Speed above which sound is not stretched: nothing would be made out. What is heard instead is the
# place itself at the speed of life, from the middle of what flies by, so much quieter.
MOST_STRETCHED, AMBIENCE = 8.0, 0.3
# Steps of one span: more do not fit into one run of ffmpeg.
MAX_STEPS = 300
# Ticks a second on which pictures are put: exact to a hundredth of a millisecond.
TICKS = 90_000


def timed(picture: Any, time_map: TimeMap) -> Any:
    """The stream `picture`, counted in source seconds from the clip's start, as it is shown."""
    if time_map.plain:
        return picture
    expression = f"({pts_expression(time_map)})/TB"
    return picture.filter("settb", f"1/{TICKS}").filter("setpts", expression)


def pts_expression(time_map: TimeMap) -> str:
    """An ffmpeg expression of T, source seconds, for seconds on the screen. A balanced tree, so
    that many stretches nest only a few deep."""
    parts = time_map.stretches
    pieces = [(0.0, f"T/{parts[0].first:.6f}")]
    pieces += [(part.end, _formula(part)) for part in parts]
    last = parts[-1]
    beyond = f"{time_map.seconds:.6f}+(T-{last.end:.6f})/{last.last:.6f}"
    return _tree([*pieces, (math.inf, beyond)])


def _formula(part: SpeedRamp) -> str:
    past = f"(T-{part.start:.6f})"
    if not part.slope:
        return f"{part.shown:.6f}+{past}/{part.first:.6f}"
    return f"{part.shown:.6f}+log(1+{part.slope / part.first:.9f}*{past})/({part.slope:.9f})"


def _tree(pieces: list[tuple[float, str]]) -> str:
    if len(pieces) == 1:
        return pieces[0][1]
    middle = len(pieces) // 2
    border = pieces[middle - 1][0]
    return f"if(lt(T,{border:.6f}),{_tree(pieces[:middle])},{_tree(pieces[middle:])})"


def sound_steps(time_map: TimeMap) -> list[tuple[float, float]]:
    """Source times between which sound runs at one speed: even stretches, and parts of ramps."""
    cuts = [0.0]
    for part in time_map.stretches:
        start, end = part.shown, part.shown_at(part.end)
        change = abs(math.log(part.last / part.first))
        count = max(1, math.ceil((end - start) / STEP), math.ceil(change / CHANGE))
        count = count if part.slope else 1
        cuts += [part.source_at(start + (end - start) * i / count) for i in range(1, count)]
        cuts.append(part.end)
    kept = cuts[:1]
    for cut in cuts[1:-1]:
        if min(time_map.shown(cut) - time_map.shown(kept[-1]),
               time_map.seconds - time_map.shown(cut)) >= SHORTEST:  # fmt: skip
            kept.append(cut)
    return list(pairwise([*kept, cuts[-1]]))


def stretch_sound(sound: Any, time_map: TimeMap, rate: int) -> Any:
    """The stream `sound` of a clip, which begins at its start, at the clip's speeds.

    `rate` is its samples a second. It is as long as the clip is on the screen, to the sample.
    """
    if time_map.plain:
        return sound
    parts = sound_steps(time_map)
    sound = sound.filter("apad", whole_len=math.ceil((parts[-1][1] + 1) * rate))
    copies = sound.filter_multi_output("asplit", len(parts))
    borders = [round(time_map.shown(start) * rate) for start, _ in parts]
    borders.append(round(time_map.seconds * rate))
    half = round(JOIN * rate / 2)
    joined = None
    for i, (start, end) in enumerate(parts):
        tempo = (end - start) / (time_map.shown(end) - time_map.shown(start))
        before = half if i else 0
        after = half if i + 1 < len(parts) else 0
        length = borders[i + 1] - borders[i] + before + after
        piece = _piece(copies[i], start, tempo, before / rate, length, rate)
        joined = piece if joined is None else _over(joined, piece, 2 * half)
    return joined


def is_stretched(span: Span) -> bool:
    """Whether the span's own sound is heard, at its speeds."""
    return span.time_map.slowest <= MOST_STRETCHED


def ambience(span: Span, seconds: float) -> Span | None:
    """The span that is heard for `seconds` instead of one that is all too fast to be heard; None
    for any other."""
    if is_stretched(span):
        return None
    start = max(0.0, (span.start + span.end - seconds) / 2)
    return span.model_copy(update={"start": start, "end": start + seconds, "speeds": []})


def _piece(sound: Any, start: float, tempo: float, before: float, length: int, rate: int) -> Any:
    """`length` samples that begin `before` seconds before the source time `start`, at `tempo`."""
    if tempo > MOST_STRETCHED:
        middle = start + (length / 2 / rate - before) * tempo
        first = max(0.0, middle - length / 2 / rate)
        piece = sound.filter("atrim", start=f"{first:.6f}", end=f"{first + length / rate:.6f}")
        return (
            piece.filter("asetpts", "PTS-STARTPTS")
            .filter("volume", f"{AMBIENCE}", precision="float")
            .filter("apad", whole_len=length)
            .filter("atrim", end_sample=length)
        )
    # atempo needs sound beyond both ends to begin and to end well.
    lead = min(max(0.0, start - before * tempo), STEP * tempo)
    first = start - before * tempo - lead
    last = first + lead + (length / rate + STEP) * tempo
    skipped = round(lead / tempo * rate)
    piece = sound.filter("atrim", start=f"{first:.6f}", end=f"{last:.6f}")
    piece = piece.filter("asetpts", "PTS-STARTPTS")
    # atempo shifts pieces of a 24th of a second, whose ends are heard too early the slower it gets;
    # told a lower rate it takes shorter ones.
    if tempo < 1:
        piece = piece.filter("asetrate", rate // math.ceil(1 / tempo))
    for factor in tempos(tempo):
        piece = piece.filter("atempo", f"{factor:.6f}")
    if tempo < 1:
        piece = piece.filter("asetrate", rate)
    if tempo > LOUD:
        piece = piece.filter("volume", f"{LOUD / tempo:.4f}", precision="float")
    return (
        piece.filter("apad", whole_len=skipped + length)
        .filter("atrim", start_sample=skipped, end_sample=skipped + length)
        .filter("asetpts", "PTS-STARTPTS")
    )


def tempos(tempo: float) -> list[float]:
    """Factors that make up `tempo`, each of which atempo does well; none for the speed of life."""
    if abs(tempo - 1) < 1e-6:
        return []
    base = MOST_TEMPO if tempo > 1 else LEAST_TEMPO
    count = max(1, math.ceil(math.log(tempo) / math.log(base) - 1e-9))
    return [tempo ** (1 / count)] * count


def _over(first: Any, second: Any, samples: int) -> Any:
    return ffmpeg.filter([first, second], "acrossfade", nb_samples=samples)
