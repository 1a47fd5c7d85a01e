from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_signals import signals
from media import Media

from btsclip.analysis import analyze, cache
from btsclip.analysis.cache import SignalCache, key, pack, unpack
from btsclip.media.footage import Footage, probe
from btsclip.signals.model import Signals

FINE = {"fine": False}


def equal(a: Signals, b: Signals) -> bool:
    return all(
        np.array_equal(x, y, equal_nan=np.asarray(x).dtype.kind == "f")
        and np.asarray(x).dtype == np.asarray(y).dtype
        for x, y in ((getattr(a, f.name), getattr(b, f.name)) for f in fields(Signals))
    )


@pytest.fixture
def take(tmp_path: Path, media: Media) -> Footage:
    path = tmp_path / "take.mp4"
    path.write_bytes(media("plain.mp4").read_bytes())
    return probe(path)


@settings(deadline=None)
@given(st.floats(1, 60), st.lists(st.floats(0, 60), max_size=4).map(tuple))
def test_packing_keeps_everything(duration: float, borders: tuple[float, ...]) -> None:
    made = signals(duration, ((0, 3),), borders=borders)
    assert equal(unpack(pack(made), Signals), made)


def test_what_was_put_is_got_also_under_another_name(tmp_path: Path, take: Footage) -> None:
    kept = SignalCache(tmp_path / "cache")
    made = signals(12, ((2, 6),))
    assert kept.get(take, FINE, Signals) is None
    kept.put(take, FINE, made)
    moved = take.path.rename(tmp_path / "другое имя 🍞.mp4")
    got = kept.get(replace(take, path=moved), FINE, Signals)
    assert got is not None and equal(got, made)
    assert kept.info().takes == 1
    kept.clear()
    assert kept.info().takes == 0


def test_other_content_parameters_and_versions_are_others(
    take: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = key(take, FINE, Signals)
    assert key(take, {"fine": True}, Signals) != first
    monkeypatch.setattr(cache, "VERSION", cache.VERSION + 1)
    assert key(take, FINE, Signals) != first
    monkeypatch.undo()
    data = bytearray(take.path.read_bytes())
    data[len(data) // 2] ^= 1
    take.path.write_bytes(data)
    assert key(take, FINE, Signals) != first


def test_a_damaged_cache_is_set_aside(tmp_path: Path, take: Footage) -> None:
    kept = SignalCache(tmp_path / "cache")
    kept.put(take, FINE, signals(5))
    kept.path.write_bytes(b"no database" * 500)
    assert kept.get(take, FINE, Signals) is None
    kept.put(take, FINE, signals(5))
    assert kept.get(take, FINE, Signals) is not None
    assert kept.path.with_suffix(".damaged").exists()


def test_a_damaged_entry_is_measured_again(tmp_path: Path, take: Footage) -> None:
    kept = SignalCache(tmp_path / "cache")
    kept.put(take, FINE, signals(5))
    with sqlite3.connect(kept.path) as base:
        base.execute("UPDATE signals SET data = ?", (b"PK garbage",))
    assert kept.get(take, FINE, Signals) is None


def test_a_folder_that_can_not_be_made_stops_nothing(tmp_path: Path, take: Footage) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = SignalCache(tmp_path / "file" / "cache")
    kept.put(take, FINE, signals(5))
    assert kept.get(take, FINE, Signals) is None and kept.info().takes == 0


def test_what_was_used_longest_ago_goes_first(
    tmp_path: Path, take: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = SignalCache(tmp_path / "cache")
    made = signals(20)
    monkeypatch.setenv("BTSCLIP_CACHE_SIZE", str(int(2.5 * len(pack(made)))))
    for number in (1, 2):
        kept.put(take, {"number": number}, made)
    assert kept.get(take, {"number": 1}, Signals) is not None
    kept.put(take, {"number": 3}, made)
    held = [n for n in (1, 2, 3) if kept.get(take, {"number": n}, Signals) is not None]
    assert held == [1, 3]


def test_four_processes_write_at_once(tmp_path: Path, take: Footage) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[3])\n"
        "from pathlib import Path\nfrom made_signals import signals\n"
        "from btsclip.media.footage import probe\nfrom btsclip.analysis.cache import SignalCache\n"
        "take, kept = probe(sys.argv[1]), SignalCache(Path(sys.argv[2]))\n"
        "for n in range(15): kept.put(take, {'who': sys.argv[4], 'n': n}, signals(30))\n"
    )
    folder, tests = tmp_path / "cache", Path(__file__).parents[1]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(take.path), str(folder), str(tests), who])
        for who in "abcd"
    ]
    assert [child.wait(60) for child in running] == [0] * 4
    kept = SignalCache(folder).info()
    assert (kept.entries, kept.takes) == (60, 1)


def test_the_second_analysis_measures_nothing(
    take: Footage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BTSCLIP_CACHE", str(tmp_path / "cache"))
    first = analyze.analyze_footage(take)

    def refuse(*arguments: object, **named: object) -> Signals:
        raise AssertionError("measured again")

    monkeypatch.setattr(analyze, "measure_signals", refuse)
    second = analyze.analyze_footage(take)
    assert second.moments == first.moments and equal(second.signals, first.signals)
    monkeypatch.setenv("BTSCLIP_CACHE", "off")
    with pytest.raises(AssertionError, match="measured again"):
        analyze.analyze_footage(take)


def test_only_what_was_not_used_for_long_is_cleared(tmp_path: Path, take: Footage) -> None:
    kept = SignalCache(tmp_path / "cache")
    for number in (1, 2):
        kept.put(take, {"number": number}, signals(20))
    with sqlite3.connect(kept.path) as base:
        old = key(take, {"number": 1}, Signals)
        base.execute("UPDATE signals SET used = used - 40 * 86400 WHERE key = ?", (old,))
    base.close()
    assert kept.clear(30 * cache.DAY)[0] == 1
    assert kept.get(take, {"number": 2}, Signals) and not kept.get(take, {"number": 1}, Signals)


def test_a_cache_of_before_is_read_on(tmp_path: Path, take: Footage) -> None:
    kept, made = SignalCache(tmp_path / "cache"), signals(20)
    kept.path.parent.mkdir()
    with sqlite3.connect(kept.path) as base:
        base.execute("CREATE TABLE signals (key TEXT PRIMARY KEY, used REAL, size, data BLOB)")
        row = (key(take, FINE, Signals), 1.0, 5, pack(made))
        base.execute("INSERT INTO signals VALUES (?, ?, ?, ?)", row)
    base.close()
    got = kept.get(take, FINE, Signals)
    assert got is not None and equal(got, made)
    kept.put(take, {"fine": True}, made)
    assert kept.info().entries == 2 and kept.info().takes == 1
