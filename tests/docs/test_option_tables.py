"""The option tables of the pages match the commands."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "option_tables.py"
PAGES = sorted((ROOT / "docs").glob("*.md"))


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("option_tables", TOOL)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


option_tables = load_tool()


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_option_tables_match_the_commands(page: Path) -> None:
    text = page.read_text("utf-8")
    assert option_tables.with_tables(text, page.name) == text, "run python tools/option_tables.py"


def test_markers_come_in_pairs() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        tables = option_tables.TABLE.findall(text)
        assert text.count("<!-- options: ") == text.count("<!-- end -->") == len(tables), page


@pytest.mark.parametrize(
    "verb", ["cut", "batch", "watch", "plan", "render", "story", "timelapse", "reply", "caption"]
)
def test_every_verb_that_makes_videos_has_a_table(verb: str) -> None:
    assert any(f"<!-- options: {verb} -->" in page.read_text("utf-8") for page in PAGES)


def test_a_table_names_values_defaults_and_examples() -> None:
    text = "<!-- options: cut --mishaps --preset -->\nold\n<!-- end -->"
    lines = option_tables.with_tables(text, "cut.md").splitlines()
    assert lines[1].startswith("| option |") and "old" not in lines
    assert lines[3].startswith(r"| `--mishaps keep\|drop\|only` | ")
    assert "Default: `keep`. See [mishaps](mishaps.md). | `--mishaps only` |" in lines[3]
    assert "Default: `honest-kitchen`." in lines[4]


@pytest.mark.parametrize("marker", ["mince", "cut --nix"])
def test_a_marker_with_a_mistake_is_an_error(marker: str) -> None:
    with pytest.raises(ValueError, match=r"mince is not a verb|cut\.md: options .* --nix"):
        option_tables.with_tables(f"<!-- options: {marker} -->\n<!-- end -->", "cut.md")
