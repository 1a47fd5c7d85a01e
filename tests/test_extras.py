"""Optional dependencies: what the project names, and the one error that says one is missing."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import get_args

import pytest

from btsclip.errors import ToolError
from btsclip.extras import Extra, not_installed, pip_install, require

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parents[1]


def test_installed_module_is_not_missed() -> None:
    require("json", "music", "--music")


def test_missing_module_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "librosa", None)
    with pytest.raises(ToolError) as raised:
        require("librosa", "music", "--music")
    assert str(raised.value) == (
        '--music: needs librosa, which is not installed; pip install "btsclip[music]"'
    )
    error = not_installed("dlib", "people", "notes", ", or not")
    assert error.cure == pip_install("people") + ", or not"


def test_every_extra_is_one_of_the_project() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(get_args(Extra)) == project["optional-dependencies"].keys() - {"all", "dev"}


def test_missing_extras_have_one_wording() -> None:
    sources = (PROJECT / "src").rglob("*.py")
    asking = [path.name for path in sources if re.search("pip install", path.read_text("utf-8"))]
    assert asking == ["extras.py"]


def test_all_names_every_extra_of_users() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    (line,) = extras["all"]
    name, named = re.fullmatch(r"([\w-]+)\[([\w,-]+)\]", line).groups()  # type: ignore[union-attr]
    assert name == project["name"]
    assert sorted(named.split(",")) == sorted(extras.keys() - {"all", "dev"})


def test_every_extra_in_pages_and_messages_exists() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    sources = (PROJECT / "src").rglob("*.py")
    named = {
        extra
        for path in [*pages, *sources]
        for extras in re.findall(r"btsclip\[([a-z,]+)\]", path.read_text("utf-8"))
        for extra in extras.split(",")
    }
    assert "all" in named and named <= project["optional-dependencies"].keys()
