from __future__ import annotations

from pathlib import Path

import pytest

from btsclip.errors import PresetError
from btsclip.presets.load import line_of, load, merge, names


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


def test_every_built_in_preset_loads_and_says_what_it_is() -> None:
    assert "honest-kitchen" in names()
    for name in names():
        assert load(name).name == name and load(name).description


def test_extending_changes_only_what_is_said() -> None:
    base, fast = load("honest-kitchen"), load("street-food-fast")
    assert fast.length.max == 10 and fast.captions.hook_style.upper
    assert fast.sound == base.sound and fast.captions.kinds == base.captions.kinds


def test_the_users_own_preset_goes_before_the_built_in_one(own_folder: Path) -> None:
    (own_folder / "honest-kitchen.toml").write_text("count = 2")
    assert load("honest-kitchen").count == 2


def test_a_preset_beside_the_work_is_found(tmp_path: Path) -> None:
    Path("presets").mkdir()
    Path("presets/mine.toml").write_text('extends = "honest-kitchen"\ncount = 9')
    assert load("mine").count == 9
    assert load("presets/mine.toml").count == 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[lenght]\nmin = 2", r"a\.toml:1: unknown key lenght; did you mean length\?"),
        ("\n[length]\nmim = 2", r"a\.toml:3: unknown key length\.mim; did you mean min\?"),
        ("[sound]\nloudness = -99", r"a\.toml:2: sound\.loudness: .*greater than or equal"),
        ("[length]\nmin = 9\ntarget = 2", r"a\.toml:1: length: .*min <= target <= max"),
        ("count = = 3", r"a\.toml: is not TOML: .*line 1"),
        ('[captions]\nhook = "{dsh}"', r"a\.toml:1: captions: .*'dsh'; the fields are action"),
        ('extends = "nix"', r"preset nix \(extended by .*no such preset"),
        ("[captions.hook_style]\ncolour = 'red'", r"a\.toml:2: captions\.hook_style\.colour"),
    ],
)
def test_errors_name_file_line_key_and_cure(text: str, says: str) -> None:
    Path("a.toml").write_text(text)
    with pytest.raises(PresetError, match=says):
        load("a.toml")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(PresetError, match=r"did you mean honest-kitchen\?"):
        load("honest-kichen")


def test_a_circle_is_noticed() -> None:
    Path("presets").mkdir()
    Path("presets/a.toml").write_text('extends = "b"')
    Path("presets/b.toml").write_text('extends = "a"')
    with pytest.raises(PresetError, match="extends itself: a -> b -> a"):
        load("a")


def test_merging_goes_table_by_table() -> None:
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}) == {"a": {"b": 1, "c": 3}}


def test_lines_are_found_under_their_table() -> None:
    text = "min = 1\n[length]\n# min\nmin = 2\n[sound]\nmin = 3"
    assert [line_of(text, keys) for keys in (["min"], ["length", "min"], ["sound", "min"])] == [
        1, 4, 6,
    ]  # fmt: skip
