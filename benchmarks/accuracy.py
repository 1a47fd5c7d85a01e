"""How true the analysis is: average precision and the share of clips' time that is work.

Run: python benchmarks/accuracy.py [FOLDER ...]

Each FOLDER holds takes NAME.mp4 with NAME.labels.csv (start,end,process,hands,source). Default are
../shared/footage and samples. Nothing in btsclip is fitted on any of them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from btsclip.moments.belief import hand_belief
from btsclip.moments.select import candidates, choose
from btsclip.presets.load import load
from btsclip.shoot.analysis import analyze

ROOT = Path(__file__).parents[1]
LENGTHS = (4.0, 12.0, 20.0)


def main() -> None:
    """Prints one line a take."""
    folders = [Path(name) for name in sys.argv[1:]] or [
        ROOT.parent / "shared" / "footage", ROOT / "samples",
    ]  # fmt: skip
    preset = load("honest-kitchen")
    print("take             AP process  AP hands  clips  time in work  of all work")
    for path in sorted(p for folder in folders for p in folder.glob("*.labels.csv")):
        video = path.with_name(path.name.replace(".labels.csv", ".mp4"))
        rows = list(csv.DictReader(path.open()))
        analysis = analyze(video)
        times = analysis.signals.times
        lengths = (preset.length.min, preset.length.target, preset.length.max)
        cuts, _ = candidates(analysis.footage, analysis.signals, analysis.moments, lengths)
        chosen, _ = choose(cuts, preset.count)
        spans = [(cut.start, cut.end) for cut in chosen]
        shown = sum(b - a for a, b in spans)
        work = [(float(r["start"]), float(r["end"])) for r in rows if r["process"] == "1"]
        good = sum(max(0.0, min(b, e) - max(a, s)) for a, b in spans for s, e in work)
        process = average_precision(truth(times, rows, "process"), analysis.process)
        hands = average_precision(truth(times, rows, "hands"), hand_belief(analysis.signals))
        print(
            f"{video.stem:16} {process:10.3f}  {hands:8.3f}"
            f"  {len(chosen):5}  {good / shown if shown else 0:12.2f}"
            f"  {good / sum(e - s for s, e in work):11.2f}"
        )


def truth(times: np.ndarray, rows: list[dict[str, str]], column: str) -> np.ndarray:
    """The label of each analysis time."""
    labelled = np.zeros(len(times), bool)
    for row in rows:
        if row[column] == "1":
            labelled |= (times >= float(row["start"])) & (times < float(row["end"]))
    return labelled


def average_precision(labelled: np.ndarray, score: np.ndarray) -> float:
    """Mean of the precision at each true time, in the order of falling score."""
    order = labelled[np.argsort(-score, kind="stable")]
    precision = np.cumsum(order) / np.arange(1, len(order) + 1)
    return float(precision[order].mean())


if __name__ == "__main__":
    main()
