"""`btsclip measure` as a person runs it: exit codes, what is printed, what is left."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from made_exports import exports, sidecar
from made_year import year
from schemas import check_schema

from btsclip.measure.result import MeasureJson

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]


def btsclip(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "200", **environment},
    )  # fmt: skip


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    """A folder with clips' sidecars and three exports, in which nothing is planted."""
    (tmp_path / "clips").mkdir()
    joined = year(11, 40)
    for clip in {each.clip.key: each.clip for each in joined if each.clip}.values():
        sidecar(tmp_path / "clips", clip)
    exports(tmp_path, joined)
    return tmp_path


def names(kitchen: Path) -> list[Path]:
    return [kitchen / name for name in ("Table data.csv", "reels.csv", "tiktok.csv")]


@pytest.mark.slow
def test_measure_from_export_to_report(kitchen: Path) -> None:
    own = {"XDG_CONFIG_HOME": str(kitchen / "config"), "HOME": str(kitchen)}
    table = kitchen / "Table data.csv"
    text = table.read_text("utf-8-sig").splitlines()
    text[0] += ",Mood"
    table.write_text("\n".join(text), "utf-8")
    tiktok = kitchen / "tiktok.csv"
    time = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
    untimed = time.sub("3 days ago", tiktok.read_text("utf-8"), count=1)
    tiktok.write_text(untimed, "utf-8")
    history = kitchen / "h.sqlite3"
    done = btsclip(
        "measure", *names(kitchen), "--clips", kitchen / "clips", "--history", history,
        "-o", kitchen / "report.html", "--suggest-preset", "learned", **own,
    )  # fmt: skip
    # All is told, and then that nothing is suggested.
    assert done.returncode == 3, done.stderr
    assert "--suggest-preset learned: nothing is suggested" in done.stderr
    assert not (kitchen / "config").exists()
    for says in ("unknown columns: Mood", "by title", "clips of work", "Nothing can be concluded",
                 "Table data.csv: row 1: the total of all posts",
                 "its time '3 days ago' can't be read as a date"):  # fmt: skip
        assert says in done.stdout, done.stdout
    page = (kitchen / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>") and "time not known: row 1 " in page
    # The same again adds nothing, and needs no clips any more.
    again = btsclip("measure", *names(kitchen), "--json", BTSCLIP_HISTORY=str(history), **own)
    assert again.returncode == 0, again.stderr
    result = json.loads(again.stdout)
    check_schema(MeasureJson, result)
    assert result["version"] == 1 and result["history"] == str(history)
    assert {post["days"] for post in result["posts"]} == {1}
    assert {post["joined_by"] for post in result["posts"]} == {"title"}
    assert result["comparisons"] and not any(each["sure"] for each in result["comparisons"])
    keys = {"trait", "level", "return", "ratio", "low", "high", "adjusted_p", "sentence"}
    assert keys <= result["comparisons"][0].keys()
    later = btsclip(
        "measure", names(kitchen)[2], "--exported", "2099-01-01", "--history", history, "--json"
    )
    days = {post["days"] for post in json.loads(later.stdout)["posts"]}
    assert days == {1, 2}


@pytest.mark.slow
def test_help_has_examples() -> None:
    done = btsclip("measure", "--help")
    assert done.returncode == 0 and done.stdout.count("Example") >= 9


@pytest.mark.slow
def test_errors_are_reported_and_nothing_is_stored(kitchen: Path) -> None:
    history = kitchen / "h.sqlite3"
    good = names(kitchen)
    (kitchen / "book.xlsx").write_bytes(b"PK\x03\x04rest")
    common = ("--clips", kitchen / "clips", "--history", history)
    bad = btsclip("measure", *good, kitchen / "book.xlsx", *common)
    assert bad.returncode == 1 and "Excel workbook" in bad.stderr and not bad.stdout
    assert "Traceback" not in bad.stderr and not history.exists()
    assert btsclip("measure").returncode == 2
    assert btsclip("measure", *good, "--exported", "yesterday").returncode == 2
    lost = btsclip("measure", *good, "--history", history)
    assert lost.returncode == 1 and "--clips" in lost.stderr and not history.exists()
    (kitchen / "report.html").write_text("mine")
    there = btsclip("measure", *good, *common, "-o", kitchen / "report.html")
    assert there.returncode == 1 and "--force" in there.stderr
    assert (kitchen / "report.html").read_text() == "mine"
    before = good[1].read_bytes()
    over = btsclip("measure", *good, *common, "-o", good[1], "--force")
    assert over.returncode == 1 and "would be replaced" in over.stderr
    assert good[1].read_bytes() == before
    nowhere = btsclip("measure", *good, *common, "--map", kitchen / "gone.csv")
    assert nowhere.returncode == 1 and "no such file" in nowhere.stderr
    assert not list(Path(history).parent.glob("h.sqlite3-*"))


@pytest.mark.slow
def test_missing_extra_is_reported_with_its_cure(kitchen: Path) -> None:
    hide = "import sys; sys.modules['scipy'] = None; from btsclip.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", hide, "measure", str(names(kitchen)[0])],
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1 and 'pip install "btsclip[measure]"' in done.stderr
