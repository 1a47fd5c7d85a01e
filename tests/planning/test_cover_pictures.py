"""The pictures for a cover: the sharpest of the work, apart from one another, and no transition."""

from __future__ import annotations

import itertools
from pathlib import Path

import media
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_signals import signals

from btsclip.captions.layout import layout_captions
from btsclip.captions.placement import BusyArea, covered_share
from btsclip.captions.safezones import cover_rows
from btsclip.captions.title import TitlePosition, title_of
from btsclip.framing.layout import Canvas, Framing
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CoverChoice, Span
from btsclip.plan.texts import Caption
from btsclip.planning.cover import (
    MAX_CHOICES,
    MIN_SECONDS_BETWEEN_CHOICES,
    choose_pictures,
    rank_times,
)
from btsclip.planning.cover_title import place_titles
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Cover
from btsclip.signals.subject_tracks import MAX_FACES, Tracks
from btsclip.signals.work_map import MAP_SIDE

KITCHEN = load_preset("honest-kitchen")
SIZE = (640, 360)
CANVAS = Canvas(SIZE, (1080, 1920))
WHOLE = Framing("fit-blur", "hands", (), 1.0)
NARROW = Framing("crop", "hands", ((0, 0.5, 0.5, 0.3, 1.0), (10, 0.5, 0.5, 0.3, 1.0)), 1.0)


def tracks_of(hands: dict[int, float], **changes: np.ndarray) -> Tracks:
    """Ten seconds of tracks; `hands` has the x of a hand by the number of the sample."""
    count = 50
    boxes = np.full((count, 2, 4), np.nan)
    for i, x in hands.items():
        boxes[i, 0] = (x, 0.5, 0.1, 0.1)
    presence = np.where(np.isfinite(boxes[..., 0]), 0.9, 0.0)
    values = {
        "times": np.arange(count) * 0.2, "hands": boxes, "presence": presence,
        "speed": np.zeros((count, 2)), "faces": np.full((count, MAX_FACES, 4), np.nan),
        "work": np.full((count, 4), np.nan), "beside": np.full((count, 4), np.nan),
        "salient": np.full((count, 4), np.nan),
        "place": np.full((count, MAP_SIDE, MAP_SIDE), MAP_SIDE**-2.0),
    }  # fmt: skip
    return Tracks(**(values | changes))


ALWAYS = tracks_of(dict.fromkeys(range(50), 0.5))


def film(path: Path, graph: str) -> Path:
    media.ffmpeg("-f", "lavfi", "-i", graph, *media.FAST, path)
    return path


def pictures_of(
    path: Path, tracks: Tracks = ALWAYS, span: tuple[float, float] = (0.0, 6.0)
) -> list[float]:
    return choose_pictures(probe(path), tracks, WHOLE, CANVAS, signals(10), [span], KITCHEN)


def moving(seconds: float = 6) -> str:
    """Shapes that always move, all of them sharp."""
    return f"testsrc2=s={SIZE[0]}x{SIZE[1]}:r=30:d={seconds}"


def test_best_time_shows_hands_inside_the_crop_that_move() -> None:
    def best(tracks: Tracks) -> float:
        return float(tracks.times[rank_times(tracks, NARROW, signals(10), [(0, 10)]).argmax()])

    assert best(tracks_of({20: 0.5, 30: 0.64})) == pytest.approx(4.0)
    assert best(tracks_of({20: 0.9, 30: 0.6})) == pytest.approx(6.0)
    fast = np.zeros((50, 2))
    fast[30] = 0.5
    assert best(tracks_of({20: 0.5, 30: 0.5}, speed=fast)) == pytest.approx(6.0)
    work = np.full((50, 4), np.nan)
    work[40] = (0.5, 0.6, 0.2, 0.2)
    assert best(tracks_of({}, work=work)) == pytest.approx(8.0), "no hand, but something is made"


def test_no_time_is_near_an_end_or_a_cut() -> None:
    take = signals(10, borders=(4.1,))
    worths = rank_times(ALWAYS, NARROW, take, [(1.0, 9.0)])
    times = ALWAYS.times[worths > 0]
    assert times.min() >= 1.29 and times.max() <= 8.71
    assert np.abs(times - 4.1).min() >= 0.4


@pytest.mark.parametrize("sharp_at", [1.4, 3.0, 4.63])
def test_the_one_sharp_picture_is_found(sharp_at: float, tmp_path: Path) -> None:
    """All others are out of focus, and no time of the tracks falls on the sharp ones."""
    blur = f"gblur=sigma=4:enable='not(between(t,{sharp_at - 0.02},{sharp_at + 0.05}))'"
    best, *_ = pictures_of(film(tmp_path / "take.mp4", f"{moving()},{blur}"))
    assert best == pytest.approx(sharp_at + 0.015, abs=0.05)


def test_choices_are_apart_and_look_different(tmp_path: Path) -> None:
    """A picture that stands still for four seconds, and another for two."""
    still = f"testsrc2=s={SIZE[0]}x{SIZE[1]}:r=30:d=6,loop=loop=-1:size=1"
    other = f"{still},negate,vflip,trim=0:2"
    path = film(tmp_path / "take.mp4", f"{still},trim=0:4[a];{other}[b];[a][b]concat")
    take = signals(10, borders=(4.0,))
    chosen = choose_pictures(probe(path), ALWAYS, WHOLE, CANVAS, take, [(0, 6)], KITCHEN)
    times = chosen
    assert len(times) == MAX_CHOICES
    assert {time < 4 for time in times[:2]} == {True, False}
    for a, b in itertools.combinations(times, 2):
        assert abs(a - b) >= MIN_SECONDS_BETWEEN_CHOICES


def test_short_clip_has_fewer_choices(tmp_path: Path) -> None:
    chosen = pictures_of(film(tmp_path / "take.mp4", moving(2)), span=(0.0, 1.6))
    assert len(chosen) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "drawbox=color=black:t=fill:enable='{}'",
        "drawbox=color=white:t=fill:enable='{}'",
        "drawbox=color=gray:t=fill:enable='{}'",
    ],
    ids=["dark", "burnt out", "empty"],
)
def test_picture_that_shows_nothing_is_never_chosen(bad: str, tmp_path: Path) -> None:
    """Only the first and last second show something."""
    path = film(tmp_path / "take.mp4", f"{moving()},{bad.format('between(t,1,5)')}")
    times = pictures_of(path)
    assert times and all(time < 1 or time > 5 for time in times)


def test_dark_take_has_no_choices(tmp_path: Path) -> None:
    path = film(tmp_path / "take.mp4", f"{moving()},drawbox=color=black:t=fill")
    assert pictures_of(path) == []


def test_dissolve_is_never_chosen(tmp_path: Path) -> None:
    """Two scenes, with a second in which one turns into the other; no border is known."""
    other = f"mandelbrot=s={SIZE[0]}x{SIZE[1]}:r=30:start_scale=1,trim=0:4"
    still = f"smptehdbars=s={SIZE[0]}x{SIZE[1]}:r=30:d=4"
    path = film(
        tmp_path / "take.mp4",
        f"{still},settb=1/30[a];{other},settb=1/30[b];[a][b]xfade=duration=1:offset=2.5",
    )
    times = pictures_of(path)
    assert times and all(time < 2.5 or time > 3.5 for time in times)


boxes = st.tuples(
    st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0.05, 0.6), st.floats(0.03, 0.3)
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(boxes, min_size=1, max_size=3),
    st.sampled_from(["", "Dough", "Flour, water, time and a hot oven"]),
)
def test_each_choice_has_its_own_place_for_the_title(
    areas: list[tuple[float, float, float, float]], title: str
) -> None:
    """In the rows of the square, and no more covered than where it would stand by itself."""
    times = [1.0 + 2 * i for i in range(len(areas))]
    clip = Clip(
        id="c", kind="process", score=1, why="", title=title,
        captions=[Caption(text="a", start=0, end=1)],
        spans=[
            Span(
                source="a", start=0, end=8, layout="fit-blur", cover=times[0],
                covers=[CoverChoice(at=at) for at in times],
            )
        ],
    )  # fmt: skip
    busy = [BusyArea(at - 0.2, at + 0.2, box) for at, box in zip(times, areas, strict=True)]
    placed = place_titles(clip, KITCHEN, busy)
    covers = placed.spans[0].covers
    assert [choice.at for choice in covers] == times
    assert (placed.title_y, placed.title_scale) == (covers[0].title_y, covers[0].title_scale)
    top, bottom = cover_rows(KITCHEN.output)
    for choice, area in zip(covers, busy, strict=True):
        shares = []
        for spot in (TitlePosition(choice.title_scale, choice.title_y), TitlePosition()):
            made = title_of(title or "A title that is written later", KITCHEN, spot)
            assert made
            (block,) = layout_captions(made.clip.captions, made.preset)
            assert top - 1 <= block.y and block.y + block.height <= bottom + 1
            shares.append(covered_share(block, [area], KITCHEN))
        if title:
            assert shares[0] <= shares[1] + 1e-6


def test_preset_without_titles_needs_no_place() -> None:
    silent = KITCHEN.model_copy(update={"cover": Cover(title=False)})
    clip = Clip(
        id="c", kind="process", score=1, why="", title="Dough",
        spans=[Span(source="a", start=0, end=8, layout="fit-blur")],
    )  # fmt: skip
    placed = place_titles(clip, silent, [BusyArea(0, 8, (0.5, 0.3, 1.0, 0.2))])
    assert (placed.title_y, placed.title_scale) == (None, None)
