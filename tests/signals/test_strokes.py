"""Fast strokes are counted in every frame: ten frames a second show only every third of some."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_shoot import part

from btsclip import analyze
from btsclip.media.probing import probe
from btsclip.signals.strokes import count_strokes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "end", "strokes"), [(14.0, 23.0, 3.0), (5.2, 14.0, 1.0)], ids=["chop", "knead"]
)
def test_strokes_are_counted(start: float, end: float, strokes: float, tmp_path: Path) -> None:
    path = part(tmp_path / "take.mp4", start, end)
    signals = analyze(path).signals
    assert float(np.median(signals.strokes)) == pytest.approx(strokes, abs=0.15)
    # A count of every third stroke is corrected, and a right count stays.
    third = replace(signals, strokes=np.full(len(signals.times), strokes / 3))
    corrected = count_strokes(probe(path), third).strokes
    assert float(np.median(corrected)) == pytest.approx(strokes, abs=0.15)


def test_irregular_movements_are_not_counted_again(tmp_path: Path) -> None:
    path = part(tmp_path / "take.mp4", 0.0, 4.0)
    signals = analyze(path).signals
    assert not (signals.rhythm >= 0.35).any()
    assert count_strokes(probe(path), signals).strokes.tolist() == signals.strokes.tolist()
