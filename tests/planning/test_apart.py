"""Clips of one take do not show the same seconds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings, strategies as st
from made_signals import signals
from noted import footage

from btsclip.intervals import overlap
from btsclip.moments.select import Cut
from btsclip.planning.apart import keep_apart

TAKES = [footage(Path(f"/takes/{name}.mp4")) for name in "ab"]
SIGNALS = {take: signals(60) for take in TAKES}
MIN_SECONDS = 4.0


def cut(take: int, start: float, seconds: float, kind: str, score: float) -> Cut:
    end = round(start + seconds, 2)
    return Cut(TAKES[take], start, end, kind, None, score, {}, "", np.zeros((9, 16)))


cuts = st.lists(
    st.builds(
        cut, st.integers(0, 1), st.integers(0, 400).map(lambda tenth: tenth / 10),
        st.floats(4.0, 15.0), st.sampled_from(("process", "mishap", "why")), st.floats(0.5, 1.0),
    ),
    max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(cuts)
def test_cuts_share_no_seconds_and_all_are_accounted_for(offered: list[Cut]) -> None:
    kept, refused = keep_apart(offered, SIGNALS, MIN_SECONDS, {"mishap": 1.2})
    for take in TAKES:
        of_take = sorted((c for c in kept if c.footage == take), key=lambda c: c.start)
        assert not any(overlap(a, b) for a, b in pairwise(of_take))
    assert len(kept) + len(refused) == len(offered)
    assert all(c.end - c.start >= MIN_SECONDS - 1e-6 for c in kept)
    # What has no rival stays as it is.
    alone = [a for a in offered if not any(
        a is not b and a.footage == b.footage and overlap(a, b) for b in offered
    )]  # fmt: skip
    assert all(any(a is b for b in kept) for a in alone)


def test_the_better_cut_keeps_its_seconds_and_the_other_one_is_shortened() -> None:
    better, worse = cut(0, 8.0, 8.0, "process", 0.9), cut(0, 0.0, 10.0, "process", 0.6)
    (first, second), refused = keep_apart([worse, better], SIGNALS, MIN_SECONDS, {})
    assert (first.start, first.end) == (0.0, 8.0) and second is better and not refused


def test_mishap_stays_complete_and_what_becomes_too_short_is_refused() -> None:
    mishap, work = cut(0, 3.0, 5.0, "mishap", 0.6), cut(0, 0.0, 6.0, "process", 0.9)
    kept, refused = keep_apart([work, mishap], SIGNALS, MIN_SECONDS, {})
    assert kept == [mishap]
    assert refused[0].why == "overlaps the mishap clip at 3.0 s"
