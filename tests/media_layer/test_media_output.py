"""Output is written atomically."""

from __future__ import annotations

from pathlib import Path

import pytest

from btsclip.errors import OutputError
from btsclip.media.output import publish, staging, write_text


def test_interrupted_staging_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staging(tmp_path / "a" / "b") as folder:
        (folder / "half").write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_publish_moves_all_or_rolls_back_new_files(tmp_path: Path) -> None:
    staged = [tmp_path / "1", tmp_path / "2"]
    for path in staged:
        path.write_text(path.name)
    (tmp_path / "taken").mkdir()
    finals = [tmp_path / "first", tmp_path / "taken"]
    with pytest.raises(OutputError, match="taken"):
        publish(zip(staged, finals, strict=True), force=True)
    assert not finals[0].exists()


def test_publish_refuses_existing_files(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    with pytest.raises(OutputError, match="--force"):
        publish([(tmp_path / "new", tmp_path / "old")], force=False)
    assert (tmp_path / "old").read_text() == "old"


def test_write_text_replaces_the_file_and_names_it_in_errors(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    write_text(target, "é🍕\n")
    assert target.read_bytes() == "é🍕\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]
    with pytest.raises(OutputError, match="a file is where a folder is needed"):
        write_text(target / "below.json", "")
