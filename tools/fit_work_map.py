"""Fits where in the picture the work is to marks set by eye; writes signals/work_place.json.

Run: python tools/fit_work_place.py [FOLDER] [--kept FILE] [--dry-run]

A conditional logit: of all places of a picture the one with the mark is to be the likeliest, by a
weighted sum of clues (signals/work_place.py). Printed and stored is how often the marked point is
in the crop of a vertical clip that has the most of the belief, by fits to other makers. Needs
scipy.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from labelled import ROOT, labelled
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from btsclip.signals.tracks import look_closely
from btsclip.signals.work_place import PLACES, add_hands, place_clues, softmax
from fit_belief import folds
from work_marks import CLIPS, MARKS, OUTPUT, Mark, read_marks, span_about

from btsclip.framing.place import best_window
from btsclip.media.footage import probe

WEIGHTS = ROOT / "src" / "btsclip" / "signals" / "work_place.json"
CLUES = ("across", "down", "motion", "hands", "faces", "sharp", "scene")
# Strength of the ridge on the weights of standardized clues, and the width of a mark.
RIDGE, MARK_WIDTH = 0.05, 0.06
FOLDS, SHUFFLES = 8, 5


def main() -> None:
    """Prints the figure of makers left out, and writes the fit to all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--kept", type=Path, help="where the clues are kept from run to run")
    parser.add_argument("--dry-run", action="store_true")
    asked = parser.parse_args()
    marks, makers, wide, values = measured(asked.folder, asked.kept)
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
                belief = softmax(np.tensordot(weights, x[i], 1).reshape(1, PLACES, PLACES))
                belief = add_hands(belief, values[i, -1:])[0]
                centre = best_window(belief.sum(0), wide[i], 0.5)
                held.append(abs(marks[i].point[0] - centre) <= wide[i] / 2)
    middle = [abs(m.point[0] - 0.5) <= w / 2 for m, w in zip(marks, wide, strict=True)]
    figures = {
        "marks_held_makers_left_out": round(float(np.mean(held)), 3),
        "marks_held_by_the_middle": round(float(np.mean(middle)), 3),
        "marks": len(marks),
        "makers": len(set(makers)),
    }
    found = fit(x, goal) / spread
    weights_by_clue = {n: round(float(w), 4) for n, w in zip(CLUES, found, strict=True)}
    print(figures, weights_by_clue)
    if not asked.dry_run:
        text = json.dumps({"weights": weights_by_clue, "figures": figures}, indent=2)
        WEIGHTS.write_text(text + "\n", encoding="utf-8")


def measured(
    folder: Path, kept: Path | None
) -> tuple[list[Mark], np.ndarray, list[float], np.ndarray]:
    """All marks, their makers, the width of a vertical crop in each, and the clues at each, (m,
    k, PLACES, PLACES); the last clue is that of moving hands."""
    clips = {path.stem: (path, labels) for path, labels, _ in labelled(folder)}
    marks = [mark for mark in read_marks(MARKS) if mark.clip in clips]
    makers, wide, rows = [], [], []
    for mark in marks:
        path, labels = clips[mark.clip]
        makers.append(labels[0].maker)
        width, height = probe(path).picture_size
        wide.append(min(1.0, height * OUTPUT[0] / OUTPUT[1] / width))
    if kept and kept.is_file():
        return marks, np.array(makers), wide, np.load(kept)
    for mark in marks:
        path, labels = clips[mark.clip]
        footage = probe(path)
        looks = [look.place for look in look_closely(footage, *span_about(mark, labels, footage))]
        found = place_clues(looks)
        at = int(np.argmin([abs(look.time - mark.time) for look in looks]))
        rows.append(np.stack([found[name][at] for name in (*CLUES, "moving_hands")]))
    values = np.stack(rows)
    if kept:
        np.save(kept, values)
    return marks, np.array(makers), wide, values


def target(mark: Mark) -> np.ndarray:
    """The mark as shares of all places (PLACES * PLACES,)."""
    middles = (np.arange(PLACES) + 0.5) / PLACES
    across, down = (np.exp(-((middles - at) ** 2) / (2 * MARK_WIDTH**2)) for at in mark.point)
    both = down[:, None] * across[None, :]
    return (both / both.sum()).ravel()


def fit(x: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Weights (k,) of the clues `x` (m, k, places) that make `goal` (m, places) likeliest."""

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
