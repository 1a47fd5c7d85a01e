"""docs/json.md documents all keys of all results."""

from __future__ import annotations

import runpy

from pages import ROOT


def test_json_page_matches_the_models() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "write_json_page.py"))
    said = tool["page"]()
    assert (ROOT / "docs" / "json.md").read_text("utf-8") == said, "run tools/write_json_page.py"
    # Keys of what `--json` promises for good.
    for key in ("footage.has_audio", "signals.hand_box", "moments[].evidence", "skipped[].why"):
        assert f"| `{key}` |" in said
