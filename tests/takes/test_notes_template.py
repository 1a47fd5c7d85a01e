"""`shoot init`: the shoot.toml it writes is valid as it is."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import media
import pytest
from hypothesis import given, strategies as st
from noted import footage
from small_shoot import part

from btsclip.analysis.analysis import analyze
from btsclip.errors import FootageError, OutputError
from btsclip.notes.model import read_notes
from btsclip.takes.discover import Take
from btsclip.takes.notes_template import notes_template, write_notes_template

NOON = "2026-11-01T12:00:00Z"


def take(folder: Path, name: str, color: str, created: str = NOON) -> None:
    folder.mkdir(exist_ok=True)
    media.ffmpeg(
        "-f", "lavfi", "-i", f"color={color}:s=64x48:d=2:r=10", "-metadata",
        f"creation_time={created}", folder / name,
    )  # fmt: skip


def test_takes_become_steps_in_order_of_time(tmp_path: Path) -> None:
    shoot = tmp_path / "sourdough_focaccia"
    take(shoot, "02-knead the dough.mp4", "red", "2026-11-01T12:10:00Z")
    take(shoot, "IMG_2041.mp4", "green", "2026-11-01T12:05:00Z")
    take(shoot, "01_chop onions.mp4", "blue")
    path = write_notes_template(shoot).path
    notes = read_notes(path)
    # The action is only a guess from the name.
    assert [(s.name, s.action, s.take) for s in notes.steps] == [
        ("Chop onions", None, "01_chop onions.mp4"),
        ("Knead the dough", None, "02-knead the dough.mp4"),
    ]
    assert notes.date == date(2026, 11, 1) and notes.dish == "" and notes.people == []
    text = path.read_text("utf-8")
    assert '# dish = "Sourdough focaccia"' in text and "consent = false" in text
    places = [text.index(name) for name in ("01_chop", "IMG_2041", "02-knead")]
    assert places == sorted(places) and '# take = "IMG_2041.mp4"' in text
    # The file is also valid with all commented lines uncommented.
    offered = re.compile(r"# ((dish|name|role|takes?|action|note|consent) = .*|\[\[\w+\]\])")
    open_lines = [
        line.removeprefix("# ") if offered.fullmatch(line) else line for line in text.splitlines()
    ]
    path.write_text("\n".join(open_lines), "utf-8")
    filled = read_notes(path)
    assert len(filled.steps) == 3 and filled.people[0].consent is False
    assert filled.dish == "Sourdough focaccia" and filled.steps[0].note
    assert [step.action for step in filled.steps] == ["chop", None, "knead"]


def test_existing_notes_are_kept(tmp_path: Path) -> None:
    take(tmp_path, "a.mp4", "red")
    write_notes_template(tmp_path)
    (tmp_path / "shoot.toml").write_text("dish = 'Mine'")
    with pytest.raises(OutputError, match="already exists; add --force to replace it"):
        write_notes_template(tmp_path)
    assert read_notes(tmp_path / "shoot.toml").dish == "Mine"
    write_notes_template(tmp_path, force=True)
    assert read_notes(tmp_path / "shoot.toml").dish == ""


def test_folder_without_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="holds no video"):
        write_notes_template(tmp_path)
    with pytest.raises(FootageError, match="no such folder"):
        write_notes_template(tmp_path / "nix")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_cached_analysis_gives_only_a_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other tests analyze the same part of the sample.
    monkeypatch.setenv("BTSCLIP_CACHE", str(tmp_path / "cache"))
    taken = part(tmp_path / "prep.mp4", 14, 23)
    assert "a guess\n" not in write_notes_template(tmp_path).path.read_text("utf-8")
    analysis = analyze(taken)
    (seen,) = {m.action for m in analysis.moments if m.action not in (None, "other")}
    path = write_notes_template(tmp_path, force=True).path
    assert read_notes(path).steps[0].action is None
    assert f'take = "prep.mp4"\n# action = "{seen}"  # a guess\n' in path.read_text("utf-8")
    names = ("pour the oil.mp4", "IMG_2041.mp4")
    takes = [Take("a", replace(analysis.footage, path=tmp_path / name)) for name in names]
    text = notes_template(tmp_path, takes, [analysis, analysis])
    # The words of the file name come before the picture.
    assert 'take = "pour the oil.mp4"\n# action = "pour"  # a guess\n' in text
    assert f'# name = "{seen.capitalize()}"  # a guess\n# take = "IMG_2041.mp4"\n' in text


@pytest.mark.skipif(os.name == "nt", reason="names on Windows are text")
def test_file_name_that_is_not_text_is_reported(tmp_path: Path) -> None:
    take(tmp_path, "a.mp4", "red")
    shutil.copyfile(tmp_path / "a.mp4", os.fsencode(tmp_path) + b"/dough \xff.mp4")
    (failure,) = write_notes_template(tmp_path).failed
    assert failure.startswith("dough \\xff.mp4: its name is not UTF-8 text; rename the file")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\x00"), min_size=1))
def test_any_file_name_is_read_back(name: str) -> None:
    named = footage(Path("/shoot") / f"{name}.mp4")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shoot.toml"
        path.write_text(
            notes_template(Path("/shoot"), [Take("a", named)], [None]), "utf-8", newline=""
        )
        notes = read_notes(path)
    assert all(step.take == named.path.name and step.name.strip() for step in notes.steps)
