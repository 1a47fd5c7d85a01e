"""The numbers of a series: the parts of a shoot in the order of time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from btsclip.plan import Clip, CutPlan, Source
from btsclip.planning.once import in_order
from btsclip.planning.text_sources import series_line


def number_series(
    clips: Sequence[Clip], takes: Sequence[str], name: str | None, before: int = 0
) -> list[Clip]:
    """`clips` with the numbers of their parts in the series `name`; unchanged without a series.

    Only enabled clips count, in the order of `takes` and of time; the others have no number. Texts
    that somebody has reworded stay.

    Args:
        clips: Some clips of a run, in any order.
        takes: Paths of the takes in the order in which they were filmed.
        before: Number of parts before these.
    """
    numbered = list(clips)
    if name:
        numbers = {index: before + n for n, index in enumerate(in_order(clips, takes), 1)}
        for index, clip in enumerate(clips):
            number = numbers.get(index)
            numbered[index] = _reworded(clip, name, series_line(name, number) if number else name)
    return numbered


def renumber(plan: CutPlan) -> CutPlan:
    """`plan` with the numbers of its series as its clips are now; unchanged without a series."""
    if not plan.series:
        return plan
    takes = [source.path for source in _by_clock(plan.sources)]
    return plan.model_copy(update={"clips": number_series(plan.clips, takes, plan.series)})


def _reworded(clip: Clip, name: str, line: str) -> Clip:
    """`clip` with `line` in place of each line of the series `name`."""
    old = re.compile(rf"{re.escape(name)}(, part \d+)?")
    captions = [
        caption.model_copy(update={"text": line})
        if caption.role == "hook" and old.fullmatch(caption.text)
        else caption
        for caption in clip.captions
    ]
    title = line if old.fullmatch(clip.title) else clip.title
    if captions == clip.captions and title == clip.title:
        return clip
    return clip.model_copy(update={"captions": captions, "title": title})


def _by_clock(sources: Sequence[Source]) -> list[Source]:
    """The takes of a plan in the order of their clocks; in the plan's order if one has none."""
    times = list(_clocks(sources))
    if len(times) < len(sources):
        return list(sources)
    return [source for _, source in sorted(zip(times, sources, strict=True), key=lambda p: p[0])]


def _clocks(sources: Sequence[Source]) -> Iterator[float]:
    """The seconds since 1970 at which takes begin, as far as a plan tells."""
    for source in sources:
        try:
            yield datetime.fromisoformat(source.created or "").timestamp()
        except (ValueError, OverflowError, OSError):
            return
