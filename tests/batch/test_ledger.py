"""The ledger of a shoot, whatever happens to its files."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from btsclip.batch.ledger import FILE_NAME, Ledger, OutputFile, lock_folder, task_key
from btsclip.errors import OutputError
from btsclip.takes.listing import LEDGER_FOLDER

names = st.text("abcé夜 '.", min_size=1, max_size=12).filter(lambda n: n.strip(" ."))
values = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.integers(), st.text(max_size=5), st.none()), max_size=3
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / LEDGER_FOLDER).mkdir()
    with Ledger(tmp_path) as opened:
        yield opened


@given(values, values)
def test_keys_are_equal_only_if_all_parts_are(one: dict[str, object], other: object) -> None:
    assert (task_key("a", parts=one) == task_key("a", parts=other)) == (one == other)
    assert task_key("a", parts=one) != task_key("b", parts=one)
    assert task_key("a", parts=dict(reversed(one.items()))) == task_key("a", parts=one)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names, st.binary(max_size=200), st.binary(max_size=200))
def test_output_is_unchanged_only_with_the_same_content(
    tmp_path: Path, name: str, first: bytes, second: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(first)
    written = OutputFile.of(path, tmp_path)
    assert written.is_unchanged(tmp_path)
    # A restored copy with another time is the same file.
    os.utime(path, ns=(1, 1))
    assert written.is_unchanged(tmp_path)
    path.write_bytes(second)
    os.utime(path, ns=(2, 2))
    assert written.is_unchanged(tmp_path) == (first == second)
    path.unlink()
    assert not written.is_unchanged(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["begin", "finish", "fail"]))))
def test_reopened_ledger_has_the_same_tasks(
    ledger: Ledger, tmp_path: Path, steps: list[tuple[str, str]]
) -> None:
    ledger.forget("abc")
    last, tries = {}, {}
    for key, step in steps:
        if step == "begin":
            ledger.begin(key, "test", key)
            last[key], tries[key] = "running", tries.get(key, 0) + 1
        elif key in last:
            ledger.finish(key, []) if step == "finish" else ledger.fail(key, "because")
            last[key] = "done" if step == "finish" else "failed"
    with Ledger(tmp_path) as again:
        assert {e.key: (e.state, e.attempts) for e in again.entries()} == {
            key: (state, tries[key]) for key, state in last.items()
        }
        assert all((again.find_done(k) is not None) == (s == "done") for k, s in last.items())


def test_link_is_not_an_unchanged_output(ledger: Ledger, tmp_path: Path) -> None:
    path, other = tmp_path / "a.mp4", tmp_path / "b.mp4"
    path.write_bytes(b"clip")
    ledger.begin("key", "render", "a")
    ledger.finish("key", [path])
    assert ledger.find_done("key")
    path.rename(other)
    path.symlink_to(other)
    assert ledger.find_done("key") is None


@pytest.mark.parametrize("how", ["noise", "cut", "version"])
def test_unreadable_ledger_is_moved_aside(tmp_path: Path, how: str) -> None:
    (tmp_path / LEDGER_FOLDER).mkdir()
    path = tmp_path / LEDGER_FOLDER / FILE_NAME
    with Ledger(tmp_path) as ledger:
        for number in range(200):
            ledger.begin(f"{number}", "test", "x" * 100)
    if how == "noise":
        path.write_bytes(b"no database at all " * 300)
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        with sqlite3.connect(path) as base:
            base.execute("PRAGMA user_version = 99")
        base.close()
    with Ledger(tmp_path) as again:
        assert again.was_damaged and not again.entries()
        again.begin("new", "test", "new")
    assert list((tmp_path / LEDGER_FOLDER).glob("*.damaged"))


HOLD = """
import sys, time
from pathlib import Path
from btsclip.batch.ledger import Ledger, lock_folder
with lock_folder(Path(sys.argv[1])), Ledger(Path(sys.argv[1])) as ledger:
    ledger.begin("cut off", "test", "x")
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_killed_run_leaves_its_ledger_and_no_lock(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout and child.stdout.readline() == "held\n"
    with pytest.raises(OutputError, match="another run is at work"), lock_folder(tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with lock_folder(tmp_path), Ledger(tmp_path) as ledger:
        entry = ledger.find("cut off")
        assert entry and entry.state == "running" and ledger.find_done("cut off") is None


def test_unwritable_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"), lock_folder(tmp_path / "file"):
        pass
