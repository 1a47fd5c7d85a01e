"""Presets, notes and plans of any content give a plain error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from btsclip.errors import BtsclipError, NotesError, PlanError, PresetError
from btsclip.media.documents import MAX_DEPTH, MAX_RECORD_BYTES, json_record, parse_json
from btsclip.notes.model import read_notes
from btsclip.plan.io import read_plan as read_plan
from btsclip.presets.load import find_faults, load_preset

Reader = Callable[[Path], Any]
PRESET: tuple[Reader, type[BtsclipError]] = (lambda path: load_preset(str(path)), PresetError)
NOTES: tuple[Reader, type[BtsclipError]] = (read_notes, NotesError)
PLAN: tuple[Reader, type[BtsclipError]] = (read_plan, PlanError)
DEEP = 100_000


def error_text(of: tuple[Reader, type[BtsclipError]], path: Path, data: bytes | None) -> str:
    if data is not None:
        path.write_bytes(data)
    reader, error_type = of
    with pytest.raises(error_type) as raised:
        reader(path)
    assert str(path) in raised.value.subject and raised.value.cure
    assert "\n" not in str(raised.value)
    return f"{raised.value.subject.rpartition('/')[2]}: {raised.value.cause}"


@pytest.mark.parametrize("of", [PRESET, NOTES, PLAN], ids=["preset", "notes", "plan"])
@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('dish = "a"'.encode("utf-16"), "a.toml: is saved as UTF-16"),
        ('dish = "a"'.encode("utf-16-be"), "a.toml: is saved as UTF-16"),
        (b'\n\ndish = "a\0"', "a.toml:3: holds a NUL character"),
        (b'\ndish = "\xff"', "a.toml:2: is not UTF-8 text"),
        (bytes(5000), "a.toml: is not a text"),
        (bytes(MAX_RECORD_BYTES + 1), "a.toml: has more than"),
    ],
    ids=["utf-16", "utf-16 unmarked", "NUL", "latin", "zeros", "huge"],
)
def test_files_other_than_text_are_errors(
    of: tuple[Reader, type[BtsclipError]], data: bytes, says: str, tmp_path: Path
) -> None:
    assert error_text(of, tmp_path / "a.toml", data).startswith(says)


def test_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfdish = "Bread"')
    assert read_notes(tmp_path / "a.toml").dish == "Bread"


@pytest.mark.parametrize("of", [PRESET, NOTES, PLAN], ids=["preset", "notes", "plan"])
def test_paths_other_than_text_files_are_errors(
    of: tuple[Reader, type[BtsclipError]], tmp_path: Path
) -> None:
    assert error_text(of, tmp_path / "none.toml", None) == "none.toml: no such file"
    (tmp_path / "folder.toml").mkdir()
    assert error_text(of, tmp_path / "folder.toml", None) == "folder.toml: is a folder"
    if Path("/dev/zero").exists():
        # An endless file.
        assert "has more than" in error_text(of, Path("/dev/zero"), None) or of is PRESET


@pytest.mark.parametrize("of", [PRESET, NOTES], ids=["preset", "notes"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dish = " + "[" * DEEP, "a.toml: is nested too deeply"),
        ("dish = " + "{a = " * DEEP, "a.toml: is nested too deeply"),
        ("[" * DEEP, "a.toml:1: is not TOML"),
        ("count = " + "1" * 5000, "a.toml: holds a number of too many digits"),
        # These once took minutes.
        ("\n" + "a." * 100_000 + "b = 1", "a.toml:2: holds a key of too many parts"),
        ("[a" + ".b" * 100_000 + "]", "a.toml:1: holds a key of too many parts"),
        ('x = {"a"' + ' . "b"' * 100_000 + " = 1}", "a.toml:1: holds a key of too many parts"),
        ("date = 9999-99-99", "a.toml:1: is not TOML"),
        ("#" * 2_000_000, "a.toml: has more than 1 MB"),
    ],
    ids=["[", "{", "header", "number", "key", "table", "quoted key", "date", "huge"],
)
def test_odd_toml_gives_a_plain_error(
    of: tuple[Reader, type[BtsclipError]], text: str, says: str, tmp_path: Path
) -> None:
    assert error_text(of, tmp_path / "a.toml", text.encode()).startswith(says)
    if of is PRESET:
        (fault,) = find_faults(tmp_path / "a.toml")
        assert says.partition(": ")[2] in str(fault)


def test_text_with_many_dots_is_not_a_key(tmp_path: Path) -> None:
    dots = "1.2." * 40
    (tmp_path / "a.toml").write_text(f'# {dots}\ndish = "{dots}"\nnotes = ["{dots} a", "{dots}"]')
    assert read_notes(tmp_path / "a.toml").dish == dots


@pytest.mark.parametrize("depth", [40, 300])
def test_nesting_in_place_of_text_is_an_error(depth: int, tmp_path: Path) -> None:
    nested = "[" * depth + "]" * depth
    for line in (f"dish = {nested}", f"steps = {nested}", f"people = [{{name = {nested}}}]"):
        assert error_text(NOTES, tmp_path / "a.toml", line.encode()).startswith("a.toml:1: ")
    for line in (f"count = {nested}", f"captions.hook = {nested}", f"weights = {nested}"):
        assert error_text(PRESET, tmp_path / "a.toml", line.encode()).startswith("a.toml:1: ")


def test_names_too_long_for_a_file_are_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f'extends = "{"x" * 5000}"')
    with pytest.raises(PresetError, match="there is no such preset"):
        load_preset(str(tmp_path / "a.toml"))
    with pytest.raises(PresetError, match="no such preset"):
        load_preset("x" * 5000)


PLAN_WITH = '{"version": 2, "preset": "a", "sources": [], "clips": [], "x": %s}'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * DEEP, "nested too deeply"),
        ('{"a":' * DEEP, "nested too deeply"),
        (PLAN_WITH % ("[" * 900 + "]" * 900), "nested too deeply"),
        (PLAN_WITH % ("[" * 240 + "]" * 240), "nested too deeply"),
        (PLAN_WITH % ("1" * 5000), "a number of too many digits"),
        (PLAN_WITH.replace("2", '"%s"' % ("9" * 5000), 1) % 1, "is of version 99999"),
    ],
    ids=["[", "{", "900", "240", "number", "version"],
)
def test_odd_plans_give_a_plain_error(text: str, says: str, tmp_path: Path) -> None:
    cause = error_text(PLAN, tmp_path / "plan.json", text.encode())
    assert says in cause and len(cause) < 200


def test_deepest_readable_json_can_be_written(tmp_path: Path) -> None:
    from btsclip.plan.io import to_json

    depth = MAX_DEPTH - 1
    (tmp_path / "plan.json").write_text(PLAN_WITH % ("[" * depth + "]" * depth))
    plan = read_plan(tmp_path / "plan.json")
    assert parse_json(to_json(plan))["x"]
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_json("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)


@pytest.mark.parametrize(
    "data", [b"[" * DEEP, b"[]", b"3", b"{", b"\xff", b"", bytes(MAX_RECORD_BYTES + 1)]
)
def test_foreign_records_are_empty(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "take.json"
    assert json_record(path) == {} and json_record(tmp_path) == {}
    path.write_bytes(data)
    assert json_record(path) == {}
    path.write_text('{"generator": "btsclip"}')
    assert json_record(path) == {"generator": "btsclip"}
