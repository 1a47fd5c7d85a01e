"""An unusable ledger is moved aside and reported, and costs only time."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from shoots import Clean, Runs, open_to_all, visible

from btsclip.batch.ledger import FILE_NAME, VERSION, Ledger, task_key
from btsclip.errors import OutputError
from btsclip.takes.listing import LEDGER_FOLDER


def fill_with_noise(path: Path) -> None:
    path.write_bytes(random.Random(3).randbytes(40_000))


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def change_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 7}")


def add_column(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE tasks ADD COLUMN more TEXT")


def replace_with_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "mine.txt").write_text("mine")


def replace_with_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/null")


HARM: dict[str, Callable[[Path], None]] = {
    f.__name__: f
    for f in (
        fill_with_noise,
        halve,
        empty,
        change_version,
        add_column,
        replace_with_folder,
        replace_with_link,
    )
}


def make_ledger(folder: Path) -> Path:
    """A ledger with 50 finished tasks; the path of its file."""
    (folder / LEDGER_FOLDER).mkdir(parents=True)
    (folder / "clip.mp4").write_text("a clip")
    with Ledger(folder) as ledger:
        for number in range(50):
            key = task_key("test", number=number)
            ledger.begin(key, "render", f"clip {number}")
            ledger.finish(key, [folder / "clip.mp4"])
    return folder / LEDGER_FOLDER / FILE_NAME


@pytest.mark.parametrize("name", HARM)
def test_damaged_ledger_is_moved_aside_and_replaced(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = make_ledger(tmp_path)
    HARM[name](path)
    for _ in range(2):
        with Ledger(tmp_path) as ledger:
            assert ledger.entries() == []
            assert ledger.was_damaged == ("is damaged" in caplog.text)
            if name != "empty":
                assert ledger.was_damaged and list(path.parent.glob("ledger.damaged*"))
        # Damage it again: the earlier backup is still kept.
        HARM[name](path)
        caplog.clear()


def test_changed_bytes_never_cause_an_unexpected_error(tmp_path: Path) -> None:
    """Use 120 ledgers with a few changed bytes as a run does."""
    whole = make_ledger(tmp_path / "whole").read_bytes()
    chance = random.Random(11)
    aside = 0
    for number in range(120):
        folder = tmp_path / str(number)
        (folder / LEDGER_FOLDER).mkdir(parents=True)
        (folder / "clip.mp4").write_text("a clip")
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (folder / LEDGER_FOLDER / FILE_NAME).write_bytes(data)
        try:
            with Ledger(folder) as ledger:
                aside += ledger.was_damaged
                for entry in ledger.entries():
                    assert all(Path(file.name).name == file.name for file in entry.outputs)
                    ledger.find_done(entry.key)
                key = task_key("test", number=3)
                ledger.begin(key, "render", "clip")
                ledger.finish(key, [folder / "clip.mp4"])
                assert ledger.find_done(key)
        except OutputError as error:
            assert error.cure
    assert aside > 10


@pytest.mark.parametrize("name", ["../precious.txt", "/etc/hostname", "a/b", "..", ""])
def test_names_outside_the_folder_are_not_results(name: str, tmp_path: Path) -> None:
    path = make_ledger(tmp_path / "out")
    written = [{"name": name, "size": 4, "changed": 0, "digest": "x"}]
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE tasks SET outputs = ?", (json.dumps(written),))
    with Ledger(tmp_path / "out") as ledger:
        assert ledger.entries() == [] and ledger.find_done(task_key("test", number=1)) is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="gives up root's rights")
def test_unwritable_ledger_is_replaced_or_reported(tmp_path: Path) -> None:
    path = make_ledger(tmp_path / "out")
    for location in (path, path.parent, tmp_path / "out"):
        os.chown(location, 65534, 65534)
    open_to_all(tmp_path)
    path.chmod(0o444)
    os.setresuid(65534, 65534, 0)
    try:
        with Ledger(tmp_path / "out") as ledger:
            assert ledger.was_damaged and ledger.entries() == []
        path.parent.chmod(0o555)
        path.chmod(0o444)
        with pytest.raises(OutputError):
            Ledger(tmp_path / "out")
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fill_with_noise", "replace_with_folder", "change_version"])
def test_finished_shoot_is_cut_again_with_the_same_result(
    name: str, runs: Callable[..., Runs], clean: Clean
) -> None:
    attempt = runs()
    assert attempt.finish()[0] == 0
    HARM[name](attempt.out / LEDGER_FOLDER / FILE_NAME)
    code, output = attempt.finish()
    assert code == 0 and "is damaged" in output and "Traceback" not in output
    assert visible(attempt.out) == clean.files
    # Even then, an edited plan is not overwritten.
    HARM[name](attempt.out / LEDGER_FOLDER / FILE_NAME)
    with (attempt.out / "plan.json").open("a") as file:
        file.write(" ")
    code, output = attempt.finish()
    assert code == 1 and "was edited" in output
