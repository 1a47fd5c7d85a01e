"""`btsclip shoot init` and `btsclip reply` as a person runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from quick import mostly_slow
from small_shoot import look, part
from test_verbs import btsclip


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reply") / "-day; it's 50% [off] 🍞"
    folder.mkdir()
    part(folder / "fold the dough.mp4", 5, 12, created="2026-11-01T08:00:00Z")
    look(folder)
    return folder


def reply(shoot: Path, *more: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return btsclip("reply", shoot, "--preset", shoot / "look.toml", *more, cwd=cwd)


def test_shoot_init_writes_notes_once(shoot: Path, tmp_path: Path) -> None:
    made = btsclip("shoot", "init", shoot, cwd=tmp_path)
    assert made.returncode == 0 and "shoot.toml" in made.stdout
    assert 'name = "Fold the dough"' in (shoot / "shoot.toml").read_text("utf-8")
    again = btsclip("shoot", "init", shoot, cwd=tmp_path)
    assert again.returncode == 1 and "--force" in again.stderr
    assert btsclip("shoot", "init", shoot, "--force", cwd=tmp_path).returncode == 0
    assert btsclip("shoot", "init", tmp_path / "nix", cwd=tmp_path).returncode == 1


def test_any_comment_becomes_a_clip(shoot: Path, tmp_path: Path) -> None:
    """Nothing of it is taken for a command, by ffmpeg's filters or by libass."""
    comment = (
        "how do you knead the dough? '];[0:v]drawtext"
        "=text=%{localtime},null;{\\\\an8}\\\\N:\\\\' 🔥"
    )
    out = tmp_path / "out"
    done = reply(
        shoot, "--comment", comment, "--author", "a'b:c,d;[e]\\\\%{n}", "-o", out, "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)["replies"]
    assert entry["comment"] == comment and Path(entry["path"]).stat().st_size > 1000
    plan = json.loads((out / "reply.json").read_text("utf-8"))
    assert plan["clips"][0]["comment"]["text"] == comment
    again = btsclip("render", out / "reply.json", "-o", tmp_path / "again", cwd=tmp_path)
    assert again.returncode == 0, again.stderr


def test_many_comments_are_listed_in_a_table(shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "Text;Username;Like count\nhow do you knead;ana;2\nhow do you knead?;ben;5\n"
        "what song is this;cat;9\nwow;dan;1\n", "utf-8-sig",
    )  # fmt: skip
    done = reply(shoot, "--csv", "c.csv", "--dry-run", cwd=tmp_path)
    assert done.returncode == 0 and "no footage answers" in " ".join(done.stdout.split())
    assert "1 other comment without a question." in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_comment_without_an_answer_exits_with_3(shoot: Path, tmp_path: Path) -> None:
    done = reply(shoot, "--comment", "what song is this", cwd=tmp_path)
    assert done.returncode == 3 and "no footage answers this" in done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    mostly_slow(
        [[], ["--comment", "a", "--csv", "b.csv"], ["--comment", " "],
         ["--csv", "b.csv", "--author", "c"], ["--comment", "a", "--language", "fr"]],
        [],
    ),
)  # fmt: skip
def test_wrong_usage_is_exit_2(options: list[str], tmp_path: Path) -> None:
    assert btsclip("reply", tmp_path, *options, cwd=tmp_path).returncode == 2


@pytest.mark.slow
def test_unreadable_comments_file_is_named(shoot: Path, tmp_path: Path) -> None:
    for place, name in ((tmp_path / "nix", "nix"), (tmp_path / "nix.json", "nix.json")):
        done = btsclip("reply", place, "--comment", "how do you chop", cwd=tmp_path)
        assert done.returncode == 1 and name in done.stderr
    done = reply(shoot, "--csv", "nix.csv", cwd=tmp_path)
    assert done.returncode == 1 and "nix.csv: no such file" in done.stderr


def test_unreadable_take_is_reported(shoot: Path, tmp_path: Path) -> None:
    broken = shoot / "broken.mp4"
    whole = (shoot / "fold the dough.mp4").read_bytes()
    broken.write_bytes(whole[: len(whole) // 3])
    try:
        done = reply(shoot, "--comment", "how do you knead?", "--dry-run", "--json", cwd=tmp_path)
    finally:
        broken.unlink()
    assert done.returncode == 4 and "left out: broken.mp4" in done.stderr
    assert json.loads(done.stdout)["failed"] and json.loads(done.stdout)["replies"]
