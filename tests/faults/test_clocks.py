"""Wrong clocks, or clocks that go back, affect only the order of takes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import media
import numpy as np
import pytest
from shoots import Clean, make_shoot, visible

from btsclip.analysis.cache import SignalCache
from btsclip.batch.ledger import Ledger, task_key
from btsclip.batch.outcome import Outcome
from btsclip.batch.scheduler import Event
from btsclip.media.probing import probe
from btsclip.signals.subject_tracks import Tracks
from btsclip.takes.discover import find_takes
from btsclip.takes.listing import LEDGER_FOLDER

# Unix times in 1970 and in 2096.
PAST = 1_000_000.0
FUTURE = 4_000_000_000.0


@pytest.mark.parametrize("when", ["1904-01-01T00:00:00Z", "2040-02-30T25:61:00Z", "0000", "9" * 40])
def test_impossible_recording_time_is_ignored(when: str, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    media.ffmpeg("-f", "lavfi", "-i", "testsrc=d=1:s=160x90", *media.FAST, path)
    tagged = tmp_path / "tagged.mkv"
    media.ffmpeg("-i", path, "-c", "copy", "-metadata", f"DATE_RECORDED={when}", tagged)
    os.utime(path, (FUTURE, FUTURE))
    os.utime(tagged, (PAST, PAST))
    assert len(find_takes(tmp_path, tmp_path / "out").takes) == 2


def test_takes_from_1904_and_2040_and_without_a_time(tmp_path: Path) -> None:
    for name, when in (("a", "2040-05-01T00:00:00Z"), ("b", "1904-01-01T00:00:00Z"), ("c", "")):
        tags = ["-metadata", f"creation_time={when}"] if when else []
        graph = f"color=c={ {'a': 'red', 'b': 'blue', 'c': 'green'}[name] }:d=1:s=160x90"
        media.ffmpeg("-f", "lavfi", "-i", graph, *media.FAST, *tags, tmp_path / f"{name}.mp4")
    takes = find_takes(tmp_path, tmp_path / "out").takes
    # The camera of 1904 has no clock; takes without a time come last, by name.
    assert [take.name for take in takes] == ["a", "b", "c"]


def test_ledger_compares_contents_when_times_differ(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FOLDER).mkdir()
    clip = tmp_path / "clip.mp4"
    clip.write_text("a clip")
    key = task_key("test")
    with Ledger(tmp_path) as ledger:
        ledger.begin(key, "render", "clip")
        ledger.finish(key, [clip])
        for when in (PAST, FUTURE, 0.0):
            os.utime(clip, (when, when))
            assert ledger.find_done(key)
        clip.write_text("b clip")
        os.utime(clip, (when, when))
        assert ledger.find_done(key) is None


def test_cache_works_when_the_clock_goes_back(
    media: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    footage, cache = probe(media("one_second.mp4")), SignalCache(tmp_path)
    empty = np.zeros(0, np.float32)
    fields = dict.fromkeys(Tracks.__dataclass_fields__, empty)
    tracks = Tracks(**{**fields, "borders": ()} if "borders" in fields else fields)
    for number, now in enumerate((FUTURE, PAST, -5.0)):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        cache.put(footage, {"number": number}, tracks)
        assert all(cache.get(footage, {"number": n}, Tracks) for n in range(number + 1))


@pytest.mark.slow
def test_shoot_from_the_future_is_cut(
    tmp_path: Path, cut: Callable[..., Outcome], clean: Clean
) -> None:
    """Other times of the takes change nothing, and other times of the results redo nothing."""
    folder, out = make_shoot(tmp_path / "shoot"), tmp_path / "out"
    for number, path in enumerate(sorted(folder.iterdir())):
        when = (PAST, FUTURE)[number % 2]
        os.utime(path, (when, when))
    outcome = cut(folder, out)
    actual, expected = ({n: d for n, d in files.items() if n.endswith((".mp4", ".jpg"))}
                    for files in (visible(out), clean.files))  # fmt: skip
    assert actual == expected
    for path in [*out.iterdir(), *folder.iterdir()]:
        if path.is_file():
            os.utime(path, (1.0, 1.0))
    events: list[Event] = []
    again = cut(folder, out, events.append)
    assert again.kept == len(outcome.clips)
    assert not [event for event in events if event.task.kind == "render"]
