"""Waits within work are cut out on pictures that look alike, in rests of the sound."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, strategies as st
from made_signals import signals
from media import ffmpeg
from small_shoot import look

from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.moments.select import Cut
from btsclip.plan.speed import TimeMap
from btsclip.planning.cut import cut as cut_takes
from btsclip.planning.jumps import MIN_PIECE, JumpCuts, cut_out_waits, find_waits
from btsclip.planning.request import ClipRequest
from btsclip.planning.spans import piece_spans
from btsclip.signals.looks import Looks, measure_looks
from btsclip.signals.model import Signals
from btsclip.signals.subject_tracks import Tracks

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
# Seconds at which the movement of the made take stops and goes on, and at which something clicks.
WAIT = (4.0, 8.0)
CLICKS = (2.0, 4.3, 10.0)
SPAN = (0.0, 12.0)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """A patterned square goes right over a patterned ground, waits, and goes on."""
    path = tmp_path_factory.mktemp("jumps") / "take.mp4"
    x = f"if(lt(t,{WAIT[0]}),80*t,if(lt(t,{WAIT[1]}),{80 * WAIT[0]},80*(t-{WAIT[1] - WAIT[0]})))"
    clicks = "+".join(f"0.6*sin(2*PI*900*t)*between(t,{at},{at + 0.15})" for at in CLICKS)
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:s=1280x720:r=30:d=12",
        "-f", "lavfi", "-i", "testsrc=s=400x400:r=30:d=12",
        "-f", "lavfi", "-i", f"aevalsrc='{clicks}':s=48000:d=12",
        "-filter_complex",
        f"[0]noise=alls=40[ground];[1]trim=end_frame=1,loop=-1:1[box];"
        f"[ground][box]overlay=x='{x}':y=150:shortest=1,format=yuv420p[v]",
        "-map", "[v]", "-map", "2:a", "-t", "12",
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", path,
    )  # fmt: skip
    return probe(path)


def cut(take: Footage) -> Cut:
    return Cut(take, *SPAN, "process", "chop", 0.9, {}, "", np.zeros((9, 16)))


def tracks(hand_until: float = 12.0, hand_from: float = 12.0) -> Tracks:
    """A hand that is seen until and from the given times."""
    times = np.arange(0, 12, 0.2)
    values = {item.name: np.full((60, 4), np.nan) for item in fields(Tracks)}
    seen = (times < hand_until) | (times >= hand_from)
    presence = np.zeros((60, 4))
    presence[seen, 0] = 0.9
    return Tracks(**(values | {"times": times, "presence": presence}))


def work(**changes: object) -> Signals:
    return signals(12, work=(SPAN,), **changes)


def pieces(
    take: Footage, made: Signals, min_seconds: float = 4.0
) -> tuple[tuple[float, float], ...]:
    return cut_out_waits(cut(take), tracks(), made, min_seconds).pieces


def test_wait_is_cut_out(take: Footage) -> None:
    (first, left), (back, last) = pieces(take, work())
    assert (first, last) == SPAN
    assert WAIT[0] - 0.2 <= left <= WAIT[0] + 0.8
    assert WAIT[1] - 0.8 <= back <= WAIT[1] + 0.2


def test_sound_at_the_cut_is_at_rest(take: Footage) -> None:
    left = pieces(take, work())[0][1]
    assert not CLICKS[1] - 0.05 < left < CLICKS[1] + 0.2


@pytest.mark.parametrize("name", ["onsets", "voice", "sizzle"])
def test_what_is_heard_is_no_wait(take: Footage, name: str) -> None:
    assert pieces(take, work(**{name: np.ones(48)})) == (SPAN,)


def test_clip_keeps_its_minimum_length(take: Footage) -> None:
    assert pieces(take, work(), min_seconds=11.0) == (SPAN,)


def test_no_shot_flashes_up_beside_a_jump(take: Footage) -> None:
    """The jump ends at a border that it nearly reaches, as a new shot begins there."""
    assert pieces(take, work(borders=(8.6,)))[1][0] == pytest.approx(8.6, abs=0.5)
    assert pieces(take, work(borders=(8.6,)))[1][0] > WAIT[1] + 0.1


def test_clip_that_begins_at_a_border_keeps_its_first_piece(take: Footage) -> None:
    """The jump over the wait, which begins about 1.1 s later, is not moved to that border."""
    begun = replace(cut(take), start=3.04)
    (first, left), _ = cut_out_waits(begun, tracks(), work(borders=(3.04,)), 4.0).pieces
    assert first == 3.04 and left >= first + MIN_PIECE


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """Poses and cells of looks, all alike."""
    return np.zeros((120, 32, 32), np.uint8), np.zeros((120, 9, 16))


def moving(part: tuple[float, float], motion: float) -> Looks:
    """Motion of 0.1, but `motion` in the `part`."""
    times = np.arange(0, 12, 0.1)
    values = np.where((times >= part[0]) & (times < part[1]), motion, 0.1)
    return Looks(times, values, np.ones(120), *pictures())


def test_picture_without_hands_is_a_wait_sooner_than_hands_at_rest() -> None:
    short = moving((5.0, 6.8), 0.0)
    assert find_waits(SPAN, short, tracks(), work()) == []
    assert len(find_waits(SPAN, short, tracks(5.0, 6.8), work())) == 1


def test_calm_motion_without_hands_is_a_wait() -> None:
    calm = moving((5.0, 7.5), 0.04)
    assert find_waits(SPAN, calm, tracks(), work()) == []
    assert len(find_waits(SPAN, calm, tracks(5.0, 7.5), work())) == 1


@given(st.lists(st.floats(0.0, 0.2), min_size=120, max_size=120))
def test_waits_leave_both_ends_of_a_clip(motion: list[float]) -> None:
    still = Looks(np.arange(0, 12, 0.1), np.array(motion), np.ones(120), *pictures())
    waits = find_waits(SPAN, still, tracks(), work())
    assert all(SPAN[0] + MIN_PIECE <= a < b <= SPAN[1] - MIN_PIECE for a, b in waits)
    assert all(end <= start for (_, end), (start, _) in pairwise(waits))


def test_spans_of_a_clip_hold_their_own_keys() -> None:
    jumps = JumpCuts(((0.0, 4.0), (7.0, 12.0)))
    values = {
        "source": "a.mp4", "start": 0.0, "end": 12.0, "layout": "crop", "framing": "hands",
        "crop": [(t, 0.4 + t / 100, 0.5, 0.3, 1.0) for t in (0.0, 3.0, 5.0, 6.0, 9.0, 12.0)],
        "below": [], "speeds": [], "cover": 8.0, "may_be_seen": [],
        "covers": [{"at": at} for at in (2.0, 5.0, 8.0)],
        "blur": [[(1.0, 0.5, 0.5, 0.1, 0.1), (2.0, 0.5, 0.5, 0.1, 0.1)]],
    }  # fmt: skip
    first, second = piece_spans(values, jumps)
    assert [key[0] for key in first.crop] == [0.0, 3.0, 5.0]
    assert [key[0] for key in second.crop] == [6.0, 9.0, 12.0]
    assert (first.cover, second.cover) == (None, 8.0)
    assert [[c.at for c in span.covers] for span in (first, second)] == [[2.0], [8.0]]
    assert (len(first.blur), len(second.blur)) == (1, 0)
    assert second.reason == "after 3.0 s of waiting"
    assert jumps.why == ", 1 wait cut out, 3 s"
    assert jumps.evidence == {"seconds_cut_out": 3.0}


@given(st.lists(st.tuples(st.floats(0.5, 5), st.floats(0.5, 5)), min_size=1, max_size=5))
def test_times_on_the_screen_skip_what_is_cut_out(lengths: list[tuple[float, float]]) -> None:
    spans, at = [], 0.0
    for shown, left_out in lengths:
        spans.append((at, at + shown))
        at += shown + left_out
    time_map = TimeMap.joined([], spans)
    assert time_map.seconds == pytest.approx(sum(shown for shown, _ in lengths))
    for (_, end), (start, _) in pairwise(spans):
        middle = (end + start) / 2
        assert time_map.shown(middle) == pytest.approx(time_map.shown(end))
        assert time_map.shown(start) == pytest.approx(time_map.shown(end))
    for share in (0.1, 0.5, 0.9):
        shown = share * time_map.seconds
        assert time_map.shown(time_map.source(shown)) == pytest.approx(shown)


def test_looks_say_what_moves_and_what_looks_alike(take: Footage) -> None:
    seen = measure_looks(take, 2.0, 7.0)
    moves, rests = seen.times < WAIT[0] - 0.2, seen.times > WAIT[0] + 0.2
    assert seen.motion[moves].min() > 3 * seen.motion[rests].max()
    alike = int(np.flatnonzero(rests)[0])
    assert seen.difference(alike, seen, len(seen.times) - 1) < seen.difference(0, seen, alike)


@pytest.mark.slow
def test_clip_of_a_real_run_jumps_over_the_wait(tmp_path: Path) -> None:
    """The sample's chopping, with three seconds in which the picture stands still in silence."""
    take, captions = tmp_path / "wait.mp4", tmp_path / "wait.srt"
    ffmpeg(
        "-i", SAMPLE, "-filter_complex",
        "[0:v]trim=14:18,setpts=PTS-STARTPTS,tpad=stop_mode=clone:stop_duration=3[a];"
        "[0:v]trim=18:22,setpts=PTS-STARTPTS[b];[a][b]concat=n=2:v=1[v];"
        "[0:a]atrim=14:18,asetpts=PTS-STARTPTS,apad=pad_dur=3[c];"
        "[0:a]atrim=18:22,asetpts=PTS-STARTPTS[d];[c][d]concat=n=2:v=0:a=1[s]",
        "-map", "[v]", "-map", "[s]", "-c:v", "libx264", "-preset", "fast", "-g", "30", take,
    )  # fmt: skip
    captions.write_text(
        "1\n00:00:05,200 --> 00:00:06,200\nNobody\n\n2\n00:00:08,000 --> 00:00:09,500\nAgain\n"
    )
    request = ClipRequest(captions=captions, min_length=4, max_length=20)
    result = cut_takes([take], tmp_path / "clips", str(look(tmp_path)), request)
    (clip,) = result.plan.clips
    first, second = clip.spans
    assert 1.5 < second.start - first.end < 3
    assert "1 wait cut out" in clip.why
    assert (clip.source_start, clip.source_end) == (first.start, second.end)
    (text,) = (caption for caption in clip.captions if caption.role == "speech")
    assert text.text == "Again"
    assert text.start == pytest.approx(8.0 - first.start - (second.start - first.end), abs=0.01)
    with av.open(str(result.clips[0].path)) as file:
        assert (file.duration or 0) / 1e6 == pytest.approx(clip.seconds_in_all, abs=0.1)
