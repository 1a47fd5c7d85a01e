"""The extra `all` holds what every other extra for users does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parents[2]


def test_all_names_every_extra_of_users() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    (line,) = extras["all"]
    name, named = re.fullmatch(r"([\w-]+)\[([\w,-]+)\]", line).groups()  # type: ignore[union-attr]
    assert name == project["name"]
    assert sorted(named.split(",")) == sorted(extras.keys() - {"all", "dev"})


def test_every_extra_that_a_page_or_a_message_names_is_there() -> None:
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
