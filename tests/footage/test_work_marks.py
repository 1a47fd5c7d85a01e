"""The crop shows where the work is, at places marked by eye in clips of many makers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from btsclip.framing.crop import CropSpan
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.subject import find_subject
from btsclip.media.probing import probe
from btsclip.signals.subject_tracks import track_footage

CLIPS = Path(__file__).parents[3] / "shared" / "footage" / "wild"
MARKS = Path(__file__).with_name("work_marks.csv")
# Boxes of the things that hands work on.
WORKED_ON = Path(__file__).with_name("worked_on_marks.csv")
OUTPUT, REACH = (1080, 1920), 1.0


def test_marks_lie_in_their_boxes() -> None:
    rows = marks()
    assert len(rows) >= 60
    for row in rows:
        x, y, left, top, right, bottom = (
            float(row[k]) for k in ("x", "y", "left", "top", "right", "bottom")
        )
        assert 0 <= left <= x <= right <= 1 and 0 <= top <= y <= bottom <= 1, row


def test_things_worked_on_are_boxes_in_the_picture() -> None:
    rows = marks(WORKED_ON)
    assert len(rows) >= 40
    assert len({row["clip"].split("_")[0] for row in rows}) >= 30
    for row in rows:
        left, top, right, bottom = (float(row[k]) for k in ("left", "top", "right", "bottom"))
        assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1, row


@pytest.mark.slow
@pytest.mark.skipif(not CLIPS.is_dir(), reason="needs the labeled clips")
def test_the_crop_shows_the_work_more_often_than_the_middle_does() -> None:
    first = {
        row["clip"]: row for row in reversed(marks()) if (CLIPS / f"{row['clip']}.mp4").is_file()
    }
    held, middle = [], []
    for row in first.values():
        footage = probe(CLIPS / f"{row['clip']}.mp4")
        time, x = float(row["time"]), float(row["x"])
        start, end = max(0.0, time - REACH), min(footage.duration, time + REACH)
        canvas = Canvas(footage.picture_size, OUTPUT)
        subject = find_subject(track_footage(footage, start, end), at_work=True)
        keys = np.array(frame_subject(subject, CropSpan(start, end), canvas, ("crop",)).keys)
        held.append(abs(x - np.interp(time, keys[:, 0], keys[:, 1])) <= keys[0, 3] / 2)
        middle.append(abs(x - 0.5) <= canvas.largest[0] / 2)
    assert np.mean(held) >= 0.75, np.mean(held)
    assert np.mean(held) > np.mean(middle)


def marks(path: Path = MARKS) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
