"""Fit the beliefs to labeled takes, and write moments/belief.json and models/scene_heads.npz.

Run: python tools/fit_belief.py [FOLDER ...] [--kept FOLDER] [--dry-run]

Ridge logistic regression on the channels of the scene network and a few figures of hands and motion
(tools/labeled_takes.py, moments/belief.py). In the outer cross-validation, whose figures are
printed and stored, and in the inner one, which chooses the strength of the ridge, all rows of a
maker are in one fold. Both classes have the same weight, and a row the inverse root of the number
of its maker's rows. Needs scipy.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from labeled_takes import FOLDERS, ROOT, Take, read_takes, scene_columns
from scipy.optimize import minimize

from btsclip.moments.belief import running_median, shot_edges
from btsclip.signals.model import STEP
from btsclip.signals.scene import CHANNELS

WEIGHTS = ROOT / "src" / "btsclip" / "moments" / "belief.json"
HEADS = ROOT / "src" / "btsclip" / "models" / "scene_heads.npz"
# Features beside the scene, by belief.
FEATURES = {
    "process": ["fast", "still", "pan"],
    "hands": ["hands", "palm"],
}
# Weight that a feature may have, in those of one channel.
SCALE = {"process": 6.0, "hands": 4.0}
# Inverse strengths of the ridge to choose from.
RIDGES = (8e-5, 3.2e-4)
FOLDS = 8
INNER_FOLDS = 3
# Share of true rows that may be below the log-odds from which on hands are searched for.
MAX_MISSED_SHARE = 0.01


@dataclass(frozen=True)
class Rows:
    """All rows of all takes: columns (m, 2 * CHANNELS + f), truth (m,) and maker (m,), empty
    without a label. `starts` are the first rows of the takes, and m."""

    columns: np.ndarray
    truth: np.ndarray
    maker: np.ndarray
    starts: list[int]


@dataclass(frozen=True)
class Head:
    """A fitted belief: the log-odds are `columns @ weights + bias`, by raw columns."""

    weights: np.ndarray
    bias: float
    ridge: float

    def odds(self, columns: np.ndarray) -> np.ndarray:
        """Log-odds (m,) of rows."""
        return columns @ self.weights + self.bias


def main() -> None:
    """Print the figures for makers left out of the fit, and write the fit to all makers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--kept", type=Path, help="folder that stores measurements between runs")
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    takes = read_takes(options.folders or FOLDERS, options.kept)
    heads, thresholds, figures = {}, {}, {}
    for belief in FEATURES:
        rows = collect_rows(takes, belief)
        odds = steady_rows(predict_left_out(rows, belief), takes)
        known = rows.maker != ""
        figures[belief] = {
            "average_precision_makers_left_out": round(
                average_precision(rows.truth[known], odds[known]), 3
            ),
            "makers": len(set(rows.maker[known])),
            "rows": int(known.sum()),
        }
        heads[belief] = fit(rows, known, belief, choose_ridge(rows, known, belief))
        thresholds[belief] = min_odds(heads[belief], takes, belief)
        print(belief, figures[belief], f"ridge {heads[belief].ridge:g}", flush=True)
    if not options.dry_run:
        write(heads, thresholds, figures)


def collect_rows(takes: list[Take], belief: str) -> Rows:
    """The rows of all `takes` for one belief."""
    columns = [
        np.concatenate([scene_columns(take), take.features(FEATURES[belief])], axis=1)
        for take in takes
    ]
    return Rows(
        np.concatenate(columns).astype(np.float32),
        np.concatenate([getattr(take, belief) for take in takes]),
        np.concatenate([take.maker for take in takes]),
        [0, *np.cumsum([len(take.rows) for take in takes])],
    )


def predict_left_out(rows: Rows, belief: str) -> np.ndarray:
    """Log-odds (m,) of each row, by a fit without its maker."""
    odds = np.zeros(len(rows.truth))
    fold = folds(rows.maker, FOLDS)
    for number in range(FOLDS):
        other_makers = (fold != number) & (rows.maker != "")
        head = fit(rows, other_makers, belief, choose_ridge(rows, other_makers, belief))
        odds[fold == number] = head.odds(rows.columns[fold == number])
    return odds


def choose_ridge(rows: Rows, among: np.ndarray, belief: str) -> float:
    """The best ridge by cross-validation over the makers of the rows `among` (m,)."""
    fold = folds(np.where(among, rows.maker, ""), INNER_FOLDS, seed=1)
    scores = []
    for ridge in RIDGES:
        odds = np.zeros(len(rows.truth))
        for number in range(INNER_FOLDS):
            tested = among & (fold == number)
            odds[tested] = fit(rows, among & ~tested, belief, ridge).odds(rows.columns[tested])
        scores.append(average_precision(rows.truth[among], odds[among]))
    return RIDGES[int(np.argmax(scores))]


def folds(maker: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """The fold (m,) of each row's maker; rows without a maker get fold 0."""
    names = sorted(set(maker) - {""})
    order = np.random.default_rng(seed).permutation(len(names))
    number = {"": 0, **{name: int(i) % count for name, i in zip(names, order, strict=True)}}
    return np.array([number[name] for name in maker])


def fit(rows: Rows, among: np.ndarray, belief: str, ridge: float) -> Head:
    """Ridge logistic regression on standardized columns of the rows `among` (m,)."""
    x, truth = rows.columns[among], rows.truth[among]
    mean, spread = x.mean(0), x.std(0) + 1e-3
    scale = np.ones(x.shape[1], np.float32)
    scale[2 * CHANNELS :] = SCALE[belief]
    x = (x - mean) / spread * scale
    share = row_weights(truth, rows.maker[among])
    sign = np.where(truth > 0, 1.0, -1.0).astype(np.float32)

    def loss(v: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ v[:-1].astype(np.float32) + np.float32(v[-1]))
        pull = -share * sign / (1 + np.exp(np.minimum(margin, 60)))
        slope = np.append(x.T @ pull + v[:-1] / ridge, pull.sum())
        value = float((share * np.logaddexp(0, -margin)).sum() + (v[:-1] ** 2).sum() / (2 * ridge))
        return value, slope.astype(float)

    solution = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = solution[:-1] * scale / spread
    return Head(weights.astype(np.float32), float(solution[-1] - mean @ weights), ridge)


def row_weights(truth: np.ndarray, maker: np.ndarray) -> np.ndarray:
    """Weights (m,) with mean 1: balanced classes, and the inverse root of a maker's rows."""
    _, which, count = np.unique(maker.astype(str), return_inverse=True, return_counts=True)
    share = 1 / np.sqrt(count[which])
    for value in (0, 1):
        share[truth == value] *= 0.5 / share[truth == value].sum()
    return (share * len(truth)).astype(np.float32)


def steady_rows(odds: np.ndarray, takes: list[Take]) -> np.ndarray:
    """Log-odds (m,) of all takes, smoothed at every analysis time as the belief is."""
    result, start = [], 0
    for take in takes:
        part = odds[start : start + len(take.rows)]
        per_step = np.interp(take.signals.times, take.signals.times[take.rows], part)
        result.append(running_median(per_step, shot_edges(take.signals))[take.rows])
        start += len(part)
    assert STEP == 0.25
    return np.concatenate(result)


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Mean precision over the true rows, in the order of falling score."""
    hit = truth[np.argsort(-score, kind="stable")] > 0
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    return float(precision[hit].mean())


def min_odds(head: Head, takes: list[Take], belief: str) -> float:
    """The log-odds by the channels of one picture that all true rows but MAX_MISSED_SHARE reach."""
    weights = head.weights[: 2 * CHANNELS]
    odds = [
        take.signals.scene[take.rows[(getattr(take, belief) > 0) & (take.maker != "")]] @ weights
        for take in takes
    ]
    return float(np.quantile(np.concatenate(odds), MAX_MISSED_SHARE))


def write(
    heads: dict[str, Head], thresholds: dict[str, float], figures: dict[str, dict[str, float]]
) -> None:
    """Store the fit: weights of channels as float16, weights of features as JSON."""
    moving = np.stack([head.weights[:CHANNELS] for head in heads.values()])
    relative = np.stack([head.weights[CHANNELS : 2 * CHANNELS] for head in heads.values()])
    np.savez_compressed(
        HEADS,
        names=np.array(list(heads)),
        moving=moving.astype(np.float16),
        relative=relative.astype(np.float16),
        least=np.array([thresholds[name] for name in heads], np.float16),
    )
    weights = {
        belief: {
            "bias": round(head.bias, 4),
            **{
                name: round(float(weight), 4)
                for name, weight in zip(FEATURES[belief], head.weights[2 * CHANNELS :], strict=True)
            },
        }
        for belief, head in heads.items()
    }
    text = json.dumps({"weights": weights, "figures": figures}, indent=2)
    WEIGHTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
