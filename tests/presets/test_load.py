from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel

from btsclip.errors import PresetError
from btsclip.presets.load import load_preset, merge, preset_names
from btsclip.presets.schema import Preset
from btsclip.presets.toml_errors import line_of


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user's folder for presets, and an empty current folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / "config" / name)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    folder = tmp_path / "config" / "btsclip" / "presets"
    folder.mkdir(parents=True)
    return folder


def test_every_built_in_preset_loads_and_has_a_description() -> None:
    assert "honest-kitchen" in preset_names()
    for name in preset_names():
        assert load_preset(name).name == name and load_preset(name).description


def test_extending_changes_only_the_given_keys() -> None:
    base, fast = load_preset("honest-kitchen"), load_preset("street-food-fast")
    assert fast.length.max == 10 and fast.captions.hook_style.upper
    assert fast.sound == base.sound and fast.captions.actions == base.captions.actions


def test_user_preset_hides_the_built_in_one(own_folder: Path) -> None:
    (own_folder / "honest-kitchen.toml").write_text("count = 2")
    assert load_preset("honest-kitchen").count == 2


def test_user_preset_can_extend_the_built_in_one_of_its_name(own_folder: Path) -> None:
    (own_folder / "honest-kitchen.toml").write_text('extends = "honest-kitchen"\ncount = 2')
    mine = load_preset("honest-kitchen")
    assert mine.count == 2 and mine.captions.kinds["mishap"] == "{step}"


def test_changed_key_keeps_the_other_keys_of_its_style() -> None:
    Path("a.toml").write_text('[captions.hook_style]\ncolour = "#FFD23F"')
    hook = load_preset("a.toml").captions.hook_style
    assert (hook.place, hook.font, hook.seconds) == ("top", "Anton", 3.0)


def test_base_can_be_a_file_next_to_the_preset() -> None:
    Path("looks").mkdir()
    Path("looks/base.toml").write_text("count = 3")
    Path("looks/mine.toml").write_text('extends = "base.toml"')
    assert load_preset("looks/mine.toml").count == 3


def test_default_preset_shows_every_key() -> None:
    text = preset_names()["honest-kitchen"].read_text("utf-8")
    page = (Path(__file__).parents[2] / "docs" / "presets.md").read_text("utf-8")
    for table, model in tables(Preset):
        for key in model.model_fields:
            if key != "name":
                shown = rf"^(# ?\s*)?(\[{re.escape(table + key)}\]|{key} = )"
                assert re.search(shown, text, re.M), f"{table}{key} in honest-kitchen"
                assert re.search(rf"[`.]{key}`", page), f"{table}{key} in docs/presets.md"


def tables(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """A model of the schema and its nested models, each with the name of its table."""
    yield prefix, model
    for key, field in model.model_fields.items():
        if get_origin(field.annotation) is dict:
            model_of_kind = get_args(field.annotation)[1]
            if isinstance(model_of_kind, type) and issubclass(model_of_kind, BaseModel):
                yield from tables(model_of_kind, f"{prefix}{key}.mishap.")
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from tables(field.annotation, f"{prefix}{key}.")


def test_preset_in_the_working_folder_is_found(tmp_path: Path) -> None:
    Path("presets").mkdir()
    Path("presets/mine.toml").write_text('extends = "honest-kitchen"\ncount = 9')
    assert load_preset("mine").count == 9
    assert load_preset("presets/mine.toml").count == 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[lenght]\nmin = 2", r"a\.toml:1: unknown key lenght; did you mean length\?"),
        ("\n[length]\nmim = 2", r"a\.toml:3: unknown key length\.mim; did you mean min\?"),
        ("[sound]\nloudness = -99", r"a\.toml:2: sound\.loudness: .*greater than or equal"),
        ("[length]\nmin = 9\ntarget = 2", r"a\.toml:1: length: .*min <= target <= max"),
        ("count = = 3", r"a\.toml:1: is not TOML: "),
        ('[captions]\nhook = "{dsh}"', r"a\.toml:2: captions\.hook: .*'dsh'; the fields are"),
        ('count = 2\nextends = "nix"', r"a\.toml:2: extends nix, but there is no such preset"),
        ('extends = "asmr-no-txt"', r"a\.toml:1: .*did you mean asmr-no-text\?"),
        ("extends = 3", r"a\.toml:1: extends: should be a valid string"),
        ("length = 3", r"a\.toml:1: length: must be a table; write \[length\]"),
        ("[weights]\nmishaps = 2", r"a\.toml:2: unknown key weights\.mishaps; did you mean mishap"),
        (
            "[captions.kinds]\nDay = ''",
            r"a\.toml:2: .*captions\.kinds\.Day; the known keys are mishap,",
        ),
        ("[captions.hooks]\nwhy = '{Dish}'", r"a\.toml:2: captions\.hooks\.why: .*uses 'Dish'"),
        ("[captions]\nhook = '{seconds:x}'", r"a\.toml:2: captions\.hook: .*only a name may"),
        ("[captions]\nhook = 'so {good'", r"a\.toml:2: captions\.hook: .*write \{\{ for a brace"),
        (
            "[captions.hook_style]\ncolour = 'red'",
            r"a\.toml:2: .*'red' is not a color; write \"#RRG",
        ),
        ("count = 2\n[captons.hook_style]\nsize = 1", r"a\.toml:2: unknown key captons; .*capt"),
        ("[framing]\nlayouts = 'crop'", r"a\.toml:2: framing\.layouts: .*list; .*\[ \]"),
    ],
)
def test_errors_name_file_line_key_and_cure(text: str, says: str) -> None:
    Path("a.toml").write_text(text)
    with pytest.raises(PresetError, match=says):
        load_preset("a.toml")


def test_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(PresetError, match=r"did you mean honest-kitchen\?"):
        load_preset("honest-kichen")


def test_preset_that_extends_itself_is_an_error() -> None:
    Path("presets").mkdir()
    Path("presets/a.toml").write_text('extends = "b"')
    Path("presets/b.toml").write_text('extends = "a"')
    with pytest.raises(PresetError, match="extends itself: a -> b -> a"):
        load_preset("a")


def test_merge_goes_table_by_table() -> None:
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}) == {"a": {"b": 1, "c": 3}}


def test_lines_are_found_under_their_table() -> None:
    text = "min = 1\n[length]\n# min\nmin = 2\n[sound]\nmin = 3"
    assert [line_of(text, keys) for keys in (["min"], ["length", "min"], ["sound", "min"])] == [
        1, 4, 6,
    ]  # fmt: skip
