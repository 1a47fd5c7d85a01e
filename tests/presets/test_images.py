"""Pictures that a preset names: found from its own folder, checked on loading."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from btsclip.errors import PresetError
from btsclip.presets.load import find_faults, load_preset
from btsclip.presets.schema import Preset
from btsclip.presets.toml_errors import known_keys
from btsclip.presets.write import json_schema, resolved_toml


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a preset and its logo, and another folder as the current one."""
    folder = tmp_path / "brand"
    folder.mkdir()
    Image.new("RGBA", (20, 10), (255, 0, 0, 120)).save(folder / "logo.png")
    (folder / "base.toml").write_text('[watermark]\nimage = "logo.png"\n', "utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


def test_picture_path_is_relative_to_the_preset(brand: Path) -> None:
    assert load_preset(str(brand / "base.toml")).watermark.image == str(brand / "logo.png")


def test_picture_of_the_base_is_relative_to_the_base(brand: Path) -> None:
    Path("mine.toml").write_text('extends = "../brand/base.toml"\n[watermark]\nwidth = 0.2\n')
    mine = load_preset("mine.toml").watermark
    assert mine.image == str(brand / "logo.png") and mine.width == 0.2
    Path("none.toml").write_text('extends = "../brand/base.toml"\n[watermark]\nimage = ""\n')
    assert load_preset("none.toml").watermark.image == ""


def test_resolved_preset_still_finds_the_picture(brand: Path) -> None:
    Path("whole.toml").write_text(resolved_toml(load_preset(str(brand / "base.toml"))), "utf-8")
    assert load_preset("whole.toml").watermark.image == str(brand / "logo.png")


@pytest.mark.parametrize(("table", "line"), [("watermark", 3), ("end_card", 3)])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such file; check its name"),
        (b"GIF89a", "is a GIF, not a PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\nbroken", "can't be read"),
    ],
)
def test_unusable_picture_is_reported_with_its_line(
    content: bytes | None, says: str, table: str, line: int
) -> None:
    if content:
        Path("logo.png").write_bytes(content)
    path = Path("a.toml")
    path.write_text(f'\n[{table}]\nimage = "logo.png"\n')
    with pytest.raises(PresetError, match=rf"a\.toml:{line}: {table}\.image: .*{says}"):
        load_preset("a.toml")
    (fault,) = find_faults(path)
    assert says in str(fault) and f"a.toml:{line}" in str(fault)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[pacing]\nlull_speed = 0.5", r"a\.toml:2: pacing\.lull_speed: .*greater than or equal"),
        ("[pacing]\nspeed = 5", r"a\.toml:2: pacing\.speed: .*less than or equal to 4"),
        ("[quotas.mishap]\nleast = 3\nmost = 1", r"a\.toml:1: quotas\.mishap: .*least <= most"),
        ("[quotas.mishap]\nleest = 3", r"a\.toml:2: .*quotas\.mishap\.leest; did you mean least"),
        ("[quotas.misshap]\nleast = 3", r"a\.toml:1: .*quotas\.misshap; did you mean mishap"),
        ("[quotas]\nmishap = 3", r"a\.toml:2: quotas\.mishap: must be a table"),
        ("[framing]\nlayouts = []", r"a\.toml:2: framing\.layouts: must hold crop or fit-blur"),
        ("[framing]\nlayouts = ['split']", r"a\.toml:2: framing\.layouts: must hold crop"),
        ("[framing]\nlayouts = ['crap']", r"a\.toml:2: framing\.layouts\.0: .*did you mean crop"),
        ("[framing]\nzoom = 0.5", r"a\.toml:2: framing\.zoom: "),
        ("[framing]\nbackdrop = 'red'", r"a\.toml:2: framing\.backdrop: "),
        ("[cover]\nat = 'first'", r"a\.toml:2: cover\.at: must be a share .* or \"best\""),
        ("[cover]\nat = 1.5", r"a\.toml:2: cover\.at: must be a share"),
        ("[watermark]\nplace = 'left'", r"a\.toml:2: watermark\.place: .*did you mean top-left"),
        ("[watermark]\nimage = 3", r"a\.toml:2: watermark\.image: should be a valid string"),
        ("[end_card]\nseconds = 9", r"a\.toml:2: end_card\.seconds: .*less than or equal to 5"),
        ("[end_card]\ntext = '{dsh}'", r"a\.toml:2: end_card\.text: .*the fields are"),
    ],
)
def test_errors_name_file_line_key_and_cure(text: str, says: str) -> None:
    Path("a.toml").write_text(text)
    with pytest.raises(PresetError, match=says):
        load_preset("a.toml")


def test_keys_within_tables_by_kind_are_known() -> None:
    assert known_keys(Preset, ["quotas", "mishap"]) == ["least", "most"]
    assert "mishap" in known_keys(Preset, ["quotas"]) and "quotas" in known_keys(Preset, [])
    assert known_keys(Preset, ["count"]) == []


def test_schema_has_all_tables_with_their_bounds() -> None:
    schema = json_schema()
    kinds = schema["properties"]["quotas"]
    assert kinds["additionalProperties"] == {"$ref": "#/$defs/Quota"}
    assert "mishap" in kinds["propertyNames"]["enum"]
    parts = schema["$defs"]
    assert parts["Pacing"]["properties"]["lull_speed"]["maximum"] == 8
    mark = {"image", "width", "place", "opacity", "handle"}
    assert set(parts["Watermark"]["properties"]) == mark
    at = parts["Cover"]["properties"]["at"]["anyOf"]
    assert {"const": "best", "type": "string"} in at and at[0]["maximum"] == 1
    layouts = parts["FramingStyle"]["properties"]["layouts"]
    assert layouts["items"]["enum"] == ["crop", "fit-blur", "split"]
    assert all(part["additionalProperties"] is False for part in parts.values())
