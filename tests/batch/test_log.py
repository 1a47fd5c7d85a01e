"""The log next to the clips, with the records of workers."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from btsclip.batch import log as runlog
from btsclip.batch.ledger import Ledger
from btsclip.batch.log import RunLog
from btsclip.batch.scheduler import Engine, Task
from btsclip.batch.workers import LOG_NAME, LocalPool
from btsclip.errors import RenderError


def warn(name: str) -> str:
    logging.getLogger("btsclip.somewhere").warning("the oven of %s is cold", name)
    logging.getLogger("libav.h264").warning("chatter")
    return name


def warn_and_fail(name: str) -> str:
    warn(name)
    raise RenderError(name, "burnt", "bake it again")


def test_log_has_records_and_failures_of_workers(tmp_path: Path) -> None:
    (tmp_path / ".btsclip").mkdir()
    tasks = [
        Task("good", "render", "a", "good", warn, ("a\nb",)),
        Task("bad", "render", "b", "bad", warn_and_fail, ("b",)),
        Task("odd", "plan", "c", "odd", int, ("not a number",)),
    ]
    with RunLog(tmp_path) as log, Ledger(tmp_path) as ledger, LocalPool(1, 1) as pool:
        engine = Engine(pool, ledger, log.write_event)
        engine.run(tasks)
    lines = (tmp_path / LOG_NAME).read_text("utf-8").splitlines()
    text = "\n".join(lines)
    assert "WARNING the oven of a\n    b is cold" in text and "the oven of b is cold" in text
    assert "chatter" not in text
    assert "failed render bad" in text and "in warn_and_fail" in text
    assert "ValueError: invalid literal" in text and "done render good in" in text
    # Only records start at the margin.
    assert all(line[:2] == "20" or line.startswith("    ") for line in lines if line)
    by_name = {failure.subject: failure for failure in engine.failures}
    assert (by_name["bad"].cause, by_name["bad"].cure) == ("burnt", "bake it again")
    assert LOG_NAME in by_name["odd"].cure
    # No handler is left for the next run in this process.
    handlers = logging.getLogger(runlog.RUN_LOGGER).handlers
    assert not [handler for handler in handlers if isinstance(handler, logging.FileHandler)]


def test_log_is_appended_to_and_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runlog, "MAX_BYTES", 2000)
    for _ in range(40):
        with RunLog(tmp_path) as log:
            log.write_start(tmp_path, {"preset": "x", "top": None, "speech": False})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [LOG_NAME, f"{LOG_NAME}.1"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())
    assert "top" not in (tmp_path / LOG_NAME).read_text()


def test_interruption_and_error_are_logged(tmp_path: Path) -> None:
    for error in (KeyboardInterrupt(), RenderError("a", "burnt"), KeyError("x")):
        with pytest.raises(type(error)), RunLog(tmp_path):
            raise error
    text = (tmp_path / LOG_NAME).read_text()
    assert "interrupted after" in text and "a: burnt" in text and "Traceback" in text


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_unwritable_log_does_not_stop_the_run(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / LOG_NAME).symlink_to(precious)
    with RunLog(tmp_path / "out") as log:
        log.write_start(tmp_path, {})
    assert precious.read_text() == "mine" and (tmp_path / "out" / LOG_NAME).is_file()
    (tmp_path / "other" / LOG_NAME).mkdir(parents=True)
    with RunLog(tmp_path / "other") as log:
        log.write_start(tmp_path, {})
