from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from media import ffmpeg

from btsclip.media.footage import Footage
from btsclip.media.glances import GLANCE_SECONDS, read_glances
from btsclip.media.probing import probe
from btsclip.moments.belief import process_belief
from btsclip.moments.find import find_moments
from btsclip.signals.measure import measure_signals
from btsclip.signals.model import STEP, Signals

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
SMALL = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-g", "30", "-c:a", "aac"]
# An empty counter for three seconds, then kneading for nine.
PIECE = ["-ss", "2", "-t", "12", "-i", SAMPLE]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Footage, Signals]]:
    """Signals of the piece unchanged, mirrored, and with black and silence at both ends."""
    folder = tmp_path_factory.mktemp("pieces")
    graphs = {
        "plain": (["-vf", "scale=640:-2"]),
        "mirrored": (["-vf", "scale=640:-2,hflip"]),
        "padded": [
            "-vf", "scale=640:-2,tpad=start_duration=4:stop_duration=4:color=black",
            "-af", "adelay=4000:all=1,apad=pad_dur=4",
        ],
    }  # fmt: skip
    measured = {}
    for name, graph in graphs.items():
        path = folder / f"{name}.mp4"
        ffmpeg(*PIECE, *graph, *SMALL, path)
        measured[name] = (probe(path), measure_signals(probe(path)))
    return measured


@pytest.mark.slow
def test_mirrored_take_has_mirrored_boxes(pieces: dict[str, tuple[Footage, Signals]]) -> None:
    plain, mirrored = pieces["plain"][1], pieces["mirrored"][1]
    both = ~np.isnan(plain.hand_box[:, 0]) & ~np.isnan(mirrored.hand_box[:, 0])
    assert both.mean() > 0.5
    difference = np.abs(plain.hand_box[both, 0] - (1 - mirrored.hand_box[both, 0]))
    assert np.median(difference) < 0.05
    assert np.abs(process_belief(plain) - process_belief(mirrored)).mean() < 0.1


@pytest.mark.slow
def test_black_and_silence_at_the_ends_do_not_change_the_rest(
    pieces: dict[str, tuple[Footage, Signals]],
) -> None:
    (_, plain), (footage, padded) = pieces["plain"], pieces["padded"]
    by = round(4 / STEP)
    inside = slice(by + 4, by + len(plain.times) - 4)
    belief = process_belief(padded)
    assert np.abs(belief[inside] - process_belief(plain)[4:-4]).mean() < 0.1
    assert belief[: by - 4].max() < 0.4 and belief[-by + 4 :].max() < 0.4
    plain_work = [m for m in find_moments(plain, 12.0) if m.kind == "process"]
    later = [m for m in find_moments(padded, footage.duration) if m.kind == "process"]
    assert [m.action for m in later] == [m.action for m in plain_work]
    assert later[0].start - 4 == pytest.approx(plain_work[0].start, abs=0.5)


def test_glance_is_a_keyframe_and_a_frame_after_it() -> None:
    pairs = list(read_glances(probe(SAMPLE)))
    assert all(frame.key for frame, _ in pairs)
    gaps = [later.time - frame.time for frame, later in pairs if later]
    assert len(gaps) >= len(pairs) - 1
    assert all(GLANCE_SECONDS - 0.04 <= gap <= 3 * GLANCE_SECONDS for gap in gaps)
    times = [frame.time for frame, _ in pairs]
    assert times == sorted(times) and times[0] == 0


@pytest.mark.slow
def test_damaged_file_is_measured(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mkv"
    ffmpeg(*PIECE, "-vf", "scale=320:-2", *SMALL, whole)
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(data)
    assert len(measure_signals(probe(broken)).times) > 8


@pytest.mark.slow
def test_dense_frames_are_read_only_where_asked(
    pieces: dict[str, tuple[Footage, Signals]],
) -> None:
    footage, everywhere = pieces["plain"]
    nowhere = measure_signals(footage, needs_dense=lambda draft: np.zeros(len(draft.times), bool))
    late = measure_signals(footage, needs_dense=lambda draft: draft.times >= 8)
    # The cut to the kneading scene is read in any case.
    assert not nowhere.dense[round(6 / STEP) :].any()
    assert late.dense[round(8 / STEP) :].mean() > 0.9
    assert late.dense[round(5 / STEP) : round(7 / STEP)].sum() == 0
    assert everywhere.dense[round(5 / STEP) :].mean() > 0.9
    # Glances alone still show the hands.
    assert np.abs(nowhere.presence - everywhere.presence)[round(5 / STEP) :].mean() < 0.25
