"""`btsclip export` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import media as made
import pytest
from schemas import check_schema
from test_verbs import btsclip

from btsclip.cli.json_results import PageJson
from btsclip.exchange.export import ExportJson
from btsclip.media.probing import probe


def planned(folder: Path) -> Path:
    """A plan of two clips on a take."""
    made.take(folder / "a.mp4", size=(160, 90), seconds=3)
    facts = probe(folder / "a.mp4")
    span = {
        "source": "a.mp4", "start": 0.5, "end": 2, "crop": [[0.5, 0.5, 0.5, 0.3164, 1]],
        "blur": [[[1, 0.5, 0.5, 0.1, 0.1]]],
    }  # fmt: skip
    clip = {"kind": "process", "score": 0.5, "why": "hands", "spans": [span]}
    values = {
        "version": 3, "preset": "honest-kitchen", "clips": [{**clip, "id": i} for i in ("x", "y")],
        "sources": [{"path": "a.mp4", "size": facts.size, "duration": facts.duration}],
    }  # fmt: skip
    path = folder / "plan.json"
    path.write_text(json.dumps(values), "utf-8")
    return path


def test_files_are_on_stdout_and_losses_on_stderr(tmp_path: Path) -> None:
    path = planned(tmp_path)
    done = btsclip("export", path, "--to", "edl", "-o", "lists", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["lists/x.edl", "lists/y.edl"]
    assert "clip x: faces that the plan blurs are NOT blurred" in done.stderr
    as_json = btsclip("export", path, "--to", "resolve", "--clip", "y", "--json", cwd=tmp_path)
    result = json.loads(as_json.stdout)
    check_schema(ExportJson, result)
    assert result["version"] == 1 and [clip["id"] for clip in result["clips"]] == ["y"]
    assert Path(result["files"][0]).read_text("utf-8").count("<project ") == 1
    assert any("NOT blurred" in note for note in result["clips"][0]["notes"])
    joined = btsclip("export", path, "--to", "shotcut", "--joined", "-o", "all.mlt", cwd=tmp_path)
    assert joined.stdout.splitlines() == ["all.mlt"] and (tmp_path / "all.mlt").is_file()


@pytest.mark.slow
def test_folder_is_accepted_in_place_of_its_plan(tmp_path: Path) -> None:
    shoot = tmp_path / "saturday"
    results = shoot / "btsclip"
    results.mkdir(parents=True)
    planned(results)
    for folder in (results, shoot):
        asked = ("export", folder, "--to", "Markers-CSV", "--force", "-o", "lists")
        done = btsclip(*asked, cwd=tmp_path)
        assert done.returncode == 0 and done.stdout.splitlines() == ["lists/x.csv", "lists/y.csv"]
        shown = btsclip("report", folder, cwd=tmp_path)
        assert shown.returncode == 0 and str(results / "report.html") in shown.stdout
    # What `reply` made is a plan, too.
    (results / "plan.json").rename(results / "reply.json")
    assert btsclip("report", results).stdout.startswith(str(results / "reply.html"))
    check_schema(PageJson, json.loads(btsclip("report", results, "--json").stdout))


def test_failures_are_one_line_and_leave_nothing(tmp_path: Path) -> None:
    path = planned(tmp_path)
    wrong = btsclip("export", path, "--to", "avid", cwd=tmp_path)
    assert wrong.returncode == 2 and "premiere" in wrong.stderr
    assert btsclip("export", path, cwd=tmp_path).returncode == 2
    (tmp_path / "a.mp4").unlink()
    missing = btsclip("export", path, "--to", "premiere", cwd=tmp_path)
    assert missing.returncode == 1 and missing.stdout == ""
    assert missing.stderr.count("\n") == 1 and "a.mp4: no such file" in missing.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.json"]
