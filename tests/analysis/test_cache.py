from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_signals import signals
from media import Media

from btsclip.analysis import analysis, cache
from btsclip.analysis.cache import SignalCache, cache_key, pack, unpack
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
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


def test_measurement_is_found_under_another_file_name(tmp_path: Path, take: Footage) -> None:
    store = SignalCache(tmp_path / "cache")
    made = signals(12, ((2, 6),))
    assert store.get(take, FINE, Signals) is None
    store.put(take, FINE, made)
    moved = take.path.rename(tmp_path / "другое имя 🍞.mp4")
    got = store.get(replace(take, path=moved), FINE, Signals)
    assert got is not None and equal(got, made)
    assert store.info().takes == 1
    store.clear()
    assert store.info().takes == 0


def test_content_parameters_and_version_change_the_key(
    take: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cache_key(take, FINE, Signals)
    assert cache_key(take, {"fine": True}, Signals) != first
    monkeypatch.setattr(cache, "VERSION", cache.VERSION + 1)
    assert cache_key(take, FINE, Signals) != first
    monkeypatch.undo()
    data = bytearray(take.path.read_bytes())
    data[len(data) // 2] ^= 1
    take.path.write_bytes(data)
    assert cache_key(take, FINE, Signals) != first


def test_damaged_cache_is_set_aside(tmp_path: Path, take: Footage) -> None:
    store = SignalCache(tmp_path / "cache")
    store.put(take, FINE, signals(5))
    store.path.write_bytes(b"no database" * 500)
    assert store.get(take, FINE, Signals) is None
    store.put(take, FINE, signals(5))
    assert store.get(take, FINE, Signals) is not None
    assert store.path.with_suffix(".damaged").exists()


def test_damaged_entry_is_ignored(tmp_path: Path, take: Footage) -> None:
    store = SignalCache(tmp_path / "cache")
    store.put(take, FINE, signals(5))
    with sqlite3.connect(store.path) as base:
        base.execute("UPDATE signals SET data = ?", (b"PK garbage",))
    assert store.get(take, FINE, Signals) is None


def test_unusable_folder_stops_nothing(tmp_path: Path, take: Footage) -> None:
    (tmp_path / "file").write_text("in the way")
    store = SignalCache(tmp_path / "file" / "cache")
    store.put(take, FINE, signals(5))
    assert store.get(take, FINE, Signals) is None and store.info().takes == 0


def test_oldest_measurement_is_deleted_first(
    tmp_path: Path, take: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SignalCache(tmp_path / "cache")
    made = signals(20)
    monkeypatch.setenv("BTSCLIP_CACHE_SIZE", str(int(2.5 * len(pack(made)))))
    for number in (1, 2):
        store.put(take, {"number": number}, made)
    assert store.get(take, {"number": 1}, Signals) is not None
    store.put(take, {"number": 3}, made)
    cached = [n for n in (1, 2, 3) if store.get(take, {"number": n}, Signals) is not None]
    assert cached == [1, 3]


@pytest.mark.slow
def test_four_processes_write_at_once(tmp_path: Path, take: Footage) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[3])\n"
        "from pathlib import Path\nfrom made_signals import signals\n"
        "from btsclip.media.probing import probe\nfrom btsclip.analysis.cache import SignalCache\n"
        "take, store = probe(sys.argv[1]), SignalCache(Path(sys.argv[2]))\n"
        "for n in range(15): store.put(take, {'who': sys.argv[4], 'n': n}, signals(30))\n"
    )
    folder, tests = tmp_path / "cache", Path(__file__).parents[1]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(take.path), str(folder), str(tests), who])
        for who in "abcd"
    ]
    assert [child.wait(60) for child in running] == [0] * 4
    info = SignalCache(folder).info()
    assert (info.entries, info.takes) == (60, 1)


def test_second_analysis_measures_nothing(
    take: Footage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BTSCLIP_CACHE", str(tmp_path / "cache"))
    first = analysis.analyze_footage(take)

    def refuse(*arguments: object, **named: object) -> Signals:
        raise AssertionError("measured again")

    monkeypatch.setattr(analysis, "measure_signals", refuse)
    second = analysis.analyze_footage(take)
    assert second.moments == first.moments and equal(second.signals, first.signals)
    monkeypatch.setenv("BTSCLIP_CACHE", "off")
    with pytest.raises(AssertionError, match="measured again"):
        analysis.analyze_footage(take)


def test_clear_deletes_only_old_measurements(tmp_path: Path, take: Footage) -> None:
    store = SignalCache(tmp_path / "cache")
    for number in (1, 2):
        store.put(take, {"number": number}, signals(20))
    with sqlite3.connect(store.path) as base:
        old = cache_key(take, {"number": 1}, Signals)
        base.execute("UPDATE signals SET used = used - 40 * 86400 WHERE key = ?", (old,))
    base.close()
    assert store.clear(30 * cache.DAY)[0] == 1
    assert store.get(take, {"number": 2}, Signals) and not store.get(take, {"number": 1}, Signals)


def test_cache_of_an_older_version_is_read(tmp_path: Path, take: Footage) -> None:
    store, made = SignalCache(tmp_path / "cache"), signals(20)
    store.path.parent.mkdir()
    with sqlite3.connect(store.path) as base:
        base.execute("CREATE TABLE signals (key TEXT PRIMARY KEY, used REAL, size, data BLOB)")
        row = (cache_key(take, FINE, Signals), 1.0, 5, pack(made))
        base.execute("INSERT INTO signals VALUES (?, ?, ?, ?)", row)
    base.close()
    got = store.get(take, FINE, Signals)
    assert got is not None and equal(got, made)
    store.put(take, {"fine": True}, made)
    assert store.info().entries == 2 and store.info().takes == 1
