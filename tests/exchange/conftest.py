"""Plans that several files of tests export."""

from __future__ import annotations

from pathlib import Path

import media as made
import pytest
from exported import CUTS, RATES, plan, span, take


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take of each rate, a plan of three spans on each."""
    folder = tmp_path_factory.mktemp("takes")
    for name, (_, rate, timecode) in RATES.items():
        path = take(folder, f"take {name}.mp4", rate, timecode)
        spans = [span(path.name, *cut) for cut in CUTS]
        plan(folder / f"{name}.json", [{"spans": spans}], path)
    return folder


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip with everything that a plan can have, on takes at 29.97 and 25."""
    folder = tmp_path_factory.mktemp("story")
    one = take(folder, "one.mp4", "30000/1001", "01:00:00;00", 9)
    two = take(folder, "two.mp4", "25", "10:00:00:00", 9)
    made.ffmpeg("-f", "lavfi", "-i", "sine=d=12", folder / "song.wav")
    clip = {
        "title": "Day “one” <&> 🍞 שלום",
        "captions": [
            {"text": "A \"hook\" & <more>", "start": 0, "end": 1.5, "role": "hook"},
            {"text": "it {rests}", "start": 2.5, "end": 3.5},
            {"text": "🔥", "start": 0, "end": 1, "role": "sticker"},
        ],
        "spans": [
            span("one.mp4", 1, 3, tail=0.3),
            span("two.mp4", 2, 4, enter="dissolve", lead=0.5, reason="the other hand"),
            span("one.mp4", 4, 8, speeds=[[4, 1], [5, 1], [5, 4], [8, 4]],
                 card={"text": "Two hours later", "seconds": 1}),
            span("two.mp4", 5, 7, speeds=[[5, 2]], gain=-6.0,
                 blur=[[[5.5, 0.5, 0.5, 0.1, 0.1], [6.5, 0.5, 0.5, 0.1, 0.1]]]),
        ],
        "lanes": [{"path": "song.wav", "start": 1, "at": 0.5, "seconds": 4, "gain": -12}],
        "comment": {"text": "How long?", "author": "Ann", "start": 1, "end": 2},
        "end_card": {"text": "Recipe tomorrow", "seconds": 1},
    }  # fmt: skip
    return plan(folder / "plan.json", [clip], one, two)


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of two clips on takes with names that need care."""
    folder = tmp_path_factory.mktemp("shoot")
    first = take(folder, "my take #1 שלום 🍞 100%25.mp4", seconds=2)
    second = take(folder, "b's.mp4", seconds=2)
    clips = [span(first.name, 0, 1.5), span(second.name, 0.5, 1.5)]
    return plan(folder / "plan.json", clips, first, second)
