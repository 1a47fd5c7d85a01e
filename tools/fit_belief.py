"""Fits the weights of the beliefs to labelled takes and writes src/btsclip/moments/belief.json.

Run: python tools/fit_belief.py [FOLDER ...] [--dry-run]

Each FOLDER holds takes NAME.mp4 with NAME.labels.csv (start,end,process,hands,source); default are
../shared/footage and samples. With so few takes the fit only corrects weights that were thought
out: logistic regression with a ridge that pulls each weight to its prior. Every take counts the
same, however long. Printed is the average precision on each take of a fit to the others.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from btsclip.media.probe import Footage, probe
from btsclip.moments.belief import features, worth_watching
from btsclip.signals.measure import measure
from btsclip.signals.series import Signals

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "btsclip" / "moments" / "belief.json"
# Log-odds thought out beforehand: hands nearly decide, stillness and pans speak against.
PRIORS = {
    "process": {
        "bias": -1.2, "hands": 4.0, "palm": 2.0, "frozen": -3.0, "fast": 2.0, "still": -3.0,
        "pan": -2.0, "rhythm": 1.5,
    },
    "hands": {"bias": -1.2, "hands": 4.0, "palm": 1.5, "pan": -1.0},
}  # fmt: skip
RIDGE, BIAS_RIDGE = 0.1, 0.001


@dataclass(frozen=True)
class Take:
    """Signals, features by name, each (n,), and labels by belief, each (n,) of 0 and 1."""

    path: Path
    footage: Footage
    signals: Signals
    features: dict[str, np.ndarray]
    labels: dict[str, np.ndarray]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.stem


def main() -> None:
    """Prints leave-one-take-out figures and writes the fit to all takes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--dry-run", action="store_true")
    asked = parser.parse_args()
    folders = asked.folders or [ROOT.parent / "shared" / "footage", ROOT / "samples"]
    takes = read_takes(folders)
    fitted = {}
    for belief in PRIORS:
        for left_out in takes:
            weights = fit(belief, [take for take in takes if take is not left_out])
            truth = left_out.labels[belief]
            score = odds(weights, left_out)
            print(f"{belief:8} {left_out.name:16} {average_precision(truth, score):.3f}")
        fitted[belief] = fit(belief, takes)
        print(belief, fitted[belief])
    if not asked.dry_run:
        TARGET.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")


def read_takes(folders: list[Path]) -> list[Take]:
    """All labelled takes in `folders`, measured."""
    return [
        read(labels.with_name(labels.name.replace(".labels.csv", ".mp4")))
        for folder in folders
        for labels in sorted(folder.glob("*.labels.csv"))
    ]


def read(video: Path) -> Take:
    """A labelled take, measured."""
    footage = probe(video)
    signals = measure(footage, worth=worth_watching)
    truth = {belief: np.zeros(len(signals.times)) for belief in PRIORS}
    for row in read_labels(video):
        inside = (signals.times >= float(row["start"])) & (signals.times < float(row["end"]))
        for belief, values in truth.items():
            values[inside] = float(row[belief])
    return Take(video, footage, signals, features(signals), truth)


def read_labels(video: Path) -> list[dict[str, str]]:
    """The rows of a take's labels."""
    with video.with_suffix(".labels.csv").open() as file:
        return list(csv.DictReader(file))


def fit(belief: str, takes: list[Take]) -> dict[str, float]:
    """Weights by Newton's method on the ridge-penalised log-likelihood."""
    prior = np.array(list(PRIORS[belief].values()))
    names = list(PRIORS[belief])[1:]
    x = np.concatenate([design(names, take) for take in takes])
    y = np.concatenate([take.labels[belief] for take in takes])
    share = np.concatenate(
        [np.full(len(t.labels[belief]), 1 / len(t.labels[belief])) for t in takes]
    )
    share /= share.sum()
    ridge = np.diag([BIAS_RIDGE, *[RIDGE] * len(names)])
    weights = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (share * (p - y)) + ridge @ (weights - prior)
        curve = (x * (share * p * (1 - p))[:, None]).T @ x + ridge
        weights = weights - np.linalg.solve(curve, slope)
    return dict(zip(PRIORS[belief], (round(float(w), 3) for w in weights), strict=True))


def design(names: list[str], take: Take) -> np.ndarray:
    """Columns of one and the named features, (n, 1 + k)."""
    columns = [take.features[name] for name in names]
    return np.stack([np.ones(len(columns[0])), *columns], axis=1)


def odds(weights: dict[str, float], take: Take) -> np.ndarray:
    """Log-odds (n,) of a take under `weights`."""
    return design(list(weights)[1:], take) @ np.array(list(weights.values()))


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Mean of the precision at each true time, in the order of falling score."""
    hit = truth[np.argsort(-score, kind="stable")] > 0
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    return float(precision[hit].mean())


if __name__ == "__main__":
    main()
