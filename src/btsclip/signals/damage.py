"""Parts of a take whose pictures can't be read, found while it is measured.

Damaged pictures show where to look closely, and so do keyframes that are missing. Only there is
every picture decoded.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from btsclip.intervals import Span, merge
from btsclip.media import Footage, find_damage, glance_interval
from btsclip.signals.model import Signals
from btsclip.signals.samples import VisualSamples

# Seconds by which the time between two glances may exceed the usual one: glances skip keyframes
# that are closer than 0.4 s, and pictures that no other one refers to.
SLACK_SECONDS = 0.45


def find_lost_spans(footage: Footage, samples: VisualSamples) -> tuple[Span, ...]:
    """The spans of `footage` whose pictures can't be read, in seconds and in order."""
    doubtful = merge(_doubtful_spans(footage, samples), (0.0, footage.duration))
    # The end of a file that was cut short, which is not the last one of its take, is known.
    found = [*footage.lost, *(part for span in doubtful for part in find_damage(footage, span))]
    return tuple(merge(found, (0.0, footage.duration)))


def _doubtful_spans(footage: Footage, samples: VisualSamples) -> list[Span]:
    """The spans between two glances that are too far apart, and around damaged pictures."""
    reach = glance_interval(footage) + SLACK_SECONDS
    times = [footage.first_picture, *samples.still_times, footage.duration]
    holes = [(a, b) for a, b in pairwise(times) if b - a > reach]
    return [*holes, *((time - reach, time + reach) for time in samples.damaged)]


def with_lost_spans(signals: Signals, lost: tuple[Span, ...]) -> Signals:
    """`signals` with the spans that are `lost`, whose ends are borders as those of shots are."""
    inner = [end for span in lost for end in span if 0.0 < end < signals.times[-1]]
    borders = sorted({*signals.borders, *inner})
    distances = signals.border_distances
    if len(distances):
        known = dict(zip(signals.borders, distances, strict=True))
        # Nothing goes on across a lost span.
        distances = np.array([known.get(border, 1.0) for border in borders])
    return replace(signals, lost=lost, borders=tuple(borders), border_distances=distances)
