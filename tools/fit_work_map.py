"""Fit the weights of the work map to marks set by eye, and write signals/work_map.json.

Run: python tools/fit_work_map.py [FOLDER] [--kept FILE] [--dry-run]

A conditional logit: a weighted sum of clues (signals/work_map.py) makes the cell with the mark the
likeliest of all cells. Printed and stored is how often a vertical crop with the most of the work
map shows the mark, by fits without the mark's maker. Needs scipy.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from labeled_takes import ROOT, find_labeled
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from fit_belief import folds
from work_marks import CLIPS, MARKS, OUTPUT, Mark, read_marks, span_around

from btsclip.framing.work_map import best_window
from btsclip.media.probing import probe
from btsclip.signals.subject_tracks import sample_frames
from btsclip.signals.work_map import MAP_SIDE, add_hands, softmax, work_clues

WEIGHTS = ROOT / "src" / "btsclip" / "signals" / "work_map.json"
CLUES = ("across", "down", "motion", "hands", "faces", "sharp", "scene")
# Strength of the ridge on the weights of standardized clues.
RIDGE = 0.05
# Standard deviation of a mark, in picture widths and heights.
MARK_WIDTH = 0.06
FOLDS = 8
SHUFFLES = 5


def main() -> None:
    """Print the figures for makers left out of the fit, and write the fit to all makers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--kept", type=Path, help="file that stores the clues between runs")
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    marks, makers, widths, values = measure(options.folder, options.kept)
    x = values[:, : len(CLUES)].reshape(len(marks), len(CLUES), -1)
    spread = x.std((0, 2)) + 1e-6
    x = x / spread[:, None]
    goal = np.stack([target(mark) for mark in marks])
    held = []
    for seed in range(SHUFFLES):
        fold = folds(makers, FOLDS, seed)
        for number in range(FOLDS):
            weights = fit(x[fold != number], goal[fold != number])
            for i in np.flatnonzero(fold == number):
                belief = softmax(np.tensordot(weights, x[i], 1).reshape(1, MAP_SIDE, MAP_SIDE))
                belief = add_hands(belief, values[i, -1:])[0]
                center = best_window(belief.sum(0), widths[i], 0.5)
                held.append(abs(marks[i].point[0] - center) <= widths[i] / 2)
    middle = [abs(m.point[0] - 0.5) <= w / 2 for m, w in zip(marks, widths, strict=True)]
    figures = {
        "marks_held_makers_left_out": round(float(np.mean(held)), 3),
        "marks_held_by_the_middle": round(float(np.mean(middle)), 3),
        "marks": len(marks),
        "makers": len(set(makers)),
    }
    fitted = fit(x, goal) / spread
    weights_by_clue = {n: round(float(w), 4) for n, w in zip(CLUES, fitted, strict=True)}
    print(figures, weights_by_clue)
    if not options.dry_run:
        text = json.dumps({"weights": weights_by_clue, "figures": figures}, indent=2)
        WEIGHTS.write_text(text + "\n", encoding="utf-8")


def measure(
    folder: Path, kept: Path | None
) -> tuple[list[Mark], np.ndarray, list[float], np.ndarray]:
    """All marks, their makers, the widths of a vertical crop in their pictures, and their clues (m,
    k, MAP_SIDE, MAP_SIDE), of which the last is moving hands."""
    clips = {path.stem: (path, labels) for path, labels, _ in find_labeled(folder)}
    marks = [mark for mark in read_marks(MARKS) if mark.clip in clips]
    makers, widths, rows = [], [], []
    for mark in marks:
        path, labels = clips[mark.clip]
        makers.append(labels[0].maker)
        width, height = probe(path).picture_size
        widths.append(min(1.0, height * OUTPUT[0] / OUTPUT[1] / width))
    if kept and kept.is_file():
        return marks, np.array(makers), widths, np.load(kept)
    for mark in marks:
        path, labels = clips[mark.clip]
        footage = probe(path)
        samples = sample_frames(footage, *span_around(mark, labels, footage))
        clues = work_clues([sample.work for sample in samples])
        nearest = int(np.argmin([abs(sample.time - mark.time) for sample in samples]))
        rows.append(np.stack([clues[name][nearest] for name in (*CLUES, "moving_hands")]))
    values = np.stack(rows)
    if kept:
        np.save(kept, values)
    return marks, np.array(makers), widths, values


def target(mark: Mark) -> np.ndarray:
    """The mark as shares of all cells (MAP_SIDE * MAP_SIDE,)."""
    middles = (np.arange(MAP_SIDE) + 0.5) / MAP_SIDE
    across, down = (np.exp(-((middles - at) ** 2) / (2 * MARK_WIDTH**2)) for at in mark.point)
    both = down[:, None] * across[None, :]
    return (both / both.sum()).ravel()


def fit(x: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Weights (k,) of the clues `x` (m, k, cells) that make `goal` (m, cells) likeliest."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = np.tensordot(weights, x, (0, 1))
        odds -= odds.max(1, keepdims=True)
        belief = np.exp(odds)
        belief /= belief.sum(1, keepdims=True)
        value = -(goal * np.log(belief + 1e-12)).sum(1).mean() + RIDGE * (weights**2).sum()
        slope = -np.einsum("mp,mkp->k", goal - belief, x) / len(x) + 2 * RIDGE * weights
        return float(value), slope

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x


if __name__ == "__main__":
    main()
