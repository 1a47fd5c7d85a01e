from __future__ import annotations

from pathlib import Path

import pytest

from btsclip.errors import OutputError, PresetError
from btsclip.presets import load as loading
from btsclip.presets.load import create_preset, find_faults, load_preset, preset_names
from btsclip.presets.write import json_schema, new_preset_toml, resolved_toml


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder for the test, so that no real preset is read or written."""
    builtin = loading.preset_folders()[-1].resolve()
    folder = tmp_path / "settings"
    monkeypatch.setattr(loading, "preset_folders", lambda: [folder, tmp_path / "presets", builtin])
    return folder


@pytest.mark.parametrize("name", sorted(preset_names()))
def test_resolved_preset_is_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / "whole.toml"
    path.write_text(resolved_toml(load_preset(name)), "utf-8")
    apart = {"name", "extends"}
    assert load_preset(str(path)).model_dump(exclude=apart) == load_preset(name).model_dump(
        exclude=apart
    )


@pytest.mark.parametrize("name", sorted(preset_names()))
def test_new_preset_equals_its_base_and_shows_every_key(name: str, own_folder: Path) -> None:
    path = create_preset("mine", name)
    assert path == own_folder / "mine.toml"
    apart = {"name", "extends", "description"}
    assert load_preset("mine").model_dump(exclude=apart) == load_preset(name).model_dump(
        exclude=apart
    )
    text = path.read_text("utf-8")
    taken_up = text.replace("# crf = 19", "crf = 23")
    path.write_text(taken_up, "utf-8")
    assert taken_up != text and load_preset("mine").output.crf == 23


def test_new_preset_replaces_a_file_only_with_force() -> None:
    create_preset("mine", "bakery-slow")
    with pytest.raises(OutputError, match="--force"):
        create_preset("mine", "honest-kitchen")
    create_preset("mine", "honest-kitchen", force=True)
    assert load_preset("mine").extends == "honest-kitchen"
    assert create_preset("other.toml", "bakery-slow").name == "other.toml"
    with pytest.raises(PresetError, match="not a valid file name"):
        create_preset("../mine", "honest-kitchen")
    with pytest.raises(PresetError, match="did you mean bakery-slow"):
        create_preset("other", "bakery-slo")


@pytest.mark.parametrize("force", [False, True])
def test_new_preset_never_hides_a_built_in_one(force: bool, own_folder: Path) -> None:
    for name in ("honest-kitchen", "honest-kitchen.toml"):
        with pytest.raises(PresetError, match=r"is built in, .* such as my-honest-kitchen$"):
            create_preset(name, "bakery-slow", force=force)
    assert not own_folder.exists()


def test_all_faults_of_a_file_are_reported_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "honest-kitchen"\ncuont = 3\n[output]\ncrf = 99\n'
        '[captions.hooks]\nmisshap = "x"\n',
        "utf-8",
    )
    found = [str(fault) for fault in find_faults(path)]
    assert len(found) == 3
    for line, cure in ((2, "count"), (4, ""), (6, "mishap")):
        assert any(f"mine.toml:{line}:" in fault and cure in fault for fault in found), found
    assert "no such file" in str(find_faults(tmp_path / "nope.toml")[0])


def test_schema_has_the_keys_of_a_preset() -> None:
    schema = json_schema()
    assert {"extends", "output", "captions", "weights"} <= set(schema["properties"])
    assert "name" not in schema["properties"] and schema["additionalProperties"] is False


def test_new_preset_starts_with_instructions() -> None:
    assert new_preset_toml("bakery-slow", load_preset("bakery-slow")).startswith(
        "# Take the '# ' from a line"
    )
