"""Settings from the environment."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from btsclip.settings import MAX_CACHE_BYTES, UNITS, Settings

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("asked", "size"),
    [("2GB", 2_000_000_000), ("1.5 M", 1_500_000), ("900", 900), ("much", MAX_CACHE_BYTES),
     ("", MAX_CACHE_BYTES), ("-1", MAX_CACHE_BYTES)],
)  # fmt: skip
def test_the_cache_is_as_large_as_asked(
    asked: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BTSCLIP_CACHE_SIZE", asked)
    assert Settings.from_env().cache_bytes == size


@given(st.integers(0, 10**6), st.sampled_from(list(UNITS)), st.sampled_from(["", "b", "iB", "B"]))
def test_sizes_may_have_any_unit(number: int, unit: str, ending: str) -> None:
    for text in (f"{number}{unit}{ending}", f" {number} {unit.upper()}{ending} "):
        assert Settings(cache_size=text).cache_bytes == number * UNITS[unit]


def test_unreadable_size_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert Settings(cache_size="much").cache_bytes == MAX_CACHE_BYTES
    assert "BTSCLIP_CACHE_SIZE" in caplog.text


@pytest.mark.parametrize("off", ["off", "OFF"])
def test_off_keeps_no_measurements_and_names_no_folder(off: str) -> None:
    settings, default = Settings(cache=off), Settings()
    assert not settings.keeps_measurements and default.keeps_measurements
    assert settings.cache_folder == default.cache_folder
    assert Settings(cache="/a/cache").cache_folder == Path("/a/cache")


def test_history_path(tmp_path: Path) -> None:
    assert Settings(history=str(tmp_path / "mine")).history_file == tmp_path / "mine"
    assert Settings().history_file.parts[-2:] == ("btsclip", "history.sqlite3")


def test_settings_are_read_on_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "another"):
        monkeypatch.setenv("BTSCLIP_WHISPER", name)
        assert Settings.from_env().whisper == name


def test_every_variable_is_read_in_one_place_and_explained() -> None:
    pattern = re.compile(r"environ|getenv")
    readers = {
        path.name
        for path in (PROJECT / "src").rglob("*.py")
        if "BTSCLIP_" in (text := path.read_text("utf-8")) and pattern.search(text)
    }
    assert readers == {"settings.py"}
    source = (PROJECT / "src/btsclip/settings.py").read_text("utf-8")
    page = (PROJECT / "docs/trouble.md").read_text("utf-8")
    named = set(re.findall(r'environ\.get\("(BTSCLIP_\w+)"', source))
    assert named == set(re.findall(r"^\| `(BTSCLIP_\w+)`", page, re.MULTILINE))
