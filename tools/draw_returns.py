"""Make docs/measure.svg: a chart of `btsclip measure` from made figures with known effects.

Run: python tools/draw_returns.py
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from made_year import compared

from btsclip.measure.chart import draw_findings
from btsclip.pictures.write import write_pictures

TARGET = Path(__file__).parents[1] / "docs" / "measure.svg"


def main() -> None:
    """Write TARGET."""
    planted = {("kind", "mishap", "saves"): 1.6, ("kind", "people", "follows"): 1.8}
    found = compared(1, planted, clips=240)
    saves = [finding for finding in found.findings if finding.metric == "saves"]
    title = "Saves per view by kind, preset, hook and length of clips, from made figures"
    write_pictures({TARGET: draw_findings(saves, title)}, force=True)


if __name__ == "__main__":
    main()
