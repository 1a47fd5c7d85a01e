"""The ends of clips move to rests in the motion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from made_signals import signals
from media import ffmpeg

from btsclip.analysis.analysis import Analysis
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.moments.select import Cut
from btsclip.planning.ends import MAX_REST_SHIFT, align_ends, align_to_rests
from btsclip.planning.framing import exact_borders
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.planning.text_sources import read_sources
from btsclip.presets.load import load_preset
from btsclip.signals.damage import with_lost_spans

# Start and end of the rest in the motion, in seconds.
REST = (6.0, 6.5)
LENGTHS = (2.0, 4.0, 8.0)
ROOM = (0.0, 12.0)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """A patterned square goes right over a patterned ground, rests, and goes back."""
    path = tmp_path_factory.mktemp("ends") / "take.mp4"
    x = f"if(lt(t,{REST[0]}),100*t,if(lt(t,{REST[1]}),600,600-100*(t-{REST[1]})))"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=1280x720:r=30:d=12",
        "-f", "lavfi", "-i", "testsrc=s=400x400:r=30:d=12",
        "-filter_complex",
        f"[0]noise=alls=60[ground];[1]trim=end_frame=1,loop=-1:1[box];"
        f"[ground][box]overlay=x='{x}':y=150:shortest=1,format=yuv420p",
        "-t", "12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", path,
    )  # fmt: skip
    return probe(path)


def cut(take: Footage, start: float, end: float) -> Cut:
    return Cut(take, start, end, "process", None, 0.9, {}, "", np.zeros((9, 16)))


def moved(take: Footage, start: float, end: float, **changes: object) -> tuple[float, float]:
    changed = replace(signals(12), **changes)
    aligned = align_to_rests(cut(take, start, end), changed.borders, LENGTHS, ROOM)
    return aligned.start, aligned.end


def test_end_moves_to_a_near_rest(take: Footage) -> None:
    start, end = moved(take, 2.0, 5.8)
    assert REST[0] <= end <= REST[1]
    assert start == pytest.approx(2.0, abs=MAX_REST_SHIFT)


def test_start_moves_to_a_near_rest(take: Footage) -> None:
    assert REST[0] <= moved(take, 6.7, 9.5)[0] <= REST[1]


def test_ends_stay_in_even_motion(take: Footage) -> None:
    assert moved(take, 2.0, 4.0) == (2.0, 4.0)


def test_ends_stay_at_the_border_of_a_shot(take: Footage) -> None:
    assert moved(take, 2.0, 5.8, borders=(5.8,))[1] == 5.8


def test_clip_stays_within_its_lengths(take: Footage) -> None:
    aligned = align_to_rests(cut(take, 2.0, 5.8), signals(12).borders, (3.8, 3.8, 3.8), ROOM)
    assert aligned.end - aligned.start == pytest.approx(3.8)


def test_lost_pictures_beside_a_clip_are_no_border_in_it(take: Footage) -> None:
    """Most changes just before them at any picture, where the crop would jump."""
    made = signals(12, borders=(3.0,))
    assert len(exact_borders(take, 2.0, 5.8, made)) == 1
    assert len(exact_borders(take, 2.0, 5.8, with_lost_spans(made, ((5.9, 7.0),)))) == 1


def aligned_pair(take: Footage, border: float, kind: str) -> list[Cut]:
    """Two cuts that touch at `border`, after their ends were moved."""
    preset = load_preset("honest-kitchen")
    request = ClipRequest(min_length=2.0, max_length=8.0)
    context = PlanContext(preset, "test", request, read_sources([take], preset))
    cuts = [replace(cut(take, *span), kind=kind) for span in ((2.0, border), (border, 10.0))]
    return align_ends(cuts, [Analysis(take, signals(12), np.zeros(48), ())], context)


@settings(deadline=None, max_examples=5)
@given(border=st.floats(5.3, 7.0))
@example(border=5.8)
def test_cuts_side_by_side_stay_apart(take: Footage, border: float) -> None:
    first, second = aligned_pair(take, border, "people")
    assert first.end <= second.start


@pytest.mark.slow
def test_cuts_of_work_side_by_side_stay_apart(take: Footage) -> None:
    first, second = aligned_pair(take, 5.8, "process")
    assert first.end <= second.start
