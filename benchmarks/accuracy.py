"""Accuracy of the beliefs in work and hands, on takes of makers left out of the fit.

Run: python benchmarks/accuracy.py [FOLDER ...] [--kept FOLDER]

Each figure is by fits to other makers (tools/fit_belief.py), pooled over all takes; in brackets are
5 and 95 % of a bootstrap over makers. Without folders: ../shared/footage and samples.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from fit_belief import (
    FEATURES,
    average_precision,
    collect_rows,
    predict_left_out,
    steady_rows,
)
from labeled_takes import FOLDERS, Take, read_takes, with_readings

from btsclip.moments import belief as beliefs
from btsclip.moments.find import Moment, find_moments
from btsclip.signals.model import Signals

DRAWS = 200
# Sorts of scenes without work, by words in their notes; the first match counts.
SORTS = {
    "flames": ("flame", "fire", "smoke", "grill", "ember"),
    "machine": ("machine", "oven", "fryer", "conveyor", "mixer"),
    "hands without food": ("hand", "phone", "typing", "desk", "parcel", "beard", "makeup"),
    "finished dish": ("dish", "plate", "food", "drink", "table", "cake", "still"),
    "people": ("guest", "people", "man", "woman", "chef", "talk", "pose", "face", "waiter"),
}
Figure = Callable[[np.ndarray], float]


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--kept", type=Path, help="folder that stores measurements between runs")
    options = parser.parse_args()
    takes = read_takes(options.folders or FOLDERS, options.kept)
    truth = {name: np.concatenate([getattr(take, name) for take in takes]) for name in FEATURES}
    odds = {}
    for name in FEATURES:
        odds[name] = steady_rows(predict_left_out(collect_rows(takes, name), name), takes)
    maker = np.concatenate([take.maker for take in takes])
    single = np.concatenate([np.full(len(take.rows), take.single) for take in takes])
    kind = np.concatenate([take.kind for take in takes])
    note = np.concatenate([take.note for take in takes])
    known = maker != ""
    print(f"{len(takes)} takes, {len(set(maker[known]))} makers, {known.sum()} half seconds")
    print_precisions(truth, odds, maker, single, note)
    print_beliefs(truth["process"], odds["process"] > 0, maker, kind, note)
    moments = [*moments_of(takes, odds)]
    print_moments(takes, moments)
    print_actions(takes, moments)
    print_worst(takes, truth["process"], odds["process"])


def print_precisions(
    truth: dict[str, np.ndarray],
    odds: dict[str, np.ndarray],
    maker: np.ndarray,
    single: np.ndarray,
    note: np.ndarray,
) -> None:
    """Print the average precision of both beliefs, and the share of gloved hands found."""
    for name in FEATURES:
        for title, among in (("all", maker != ""), ("single clips", single & (maker != ""))):
            print(
                f"AP {name}, {title}:",
                with_range(
                    lambda rows, name=name: average_precision(truth[name][rows], odds[name][rows]),
                    maker, among,
                ),
            )  # fmt: skip
    known = maker != ""
    print("precision of work at recall .80:", with_range(
        lambda rows: precision_at(truth["process"][rows], odds["process"][rows], 0.8), maker, known
    ))  # fmt: skip
    threshold = min_score(truth["hands"][known], odds["hands"][known], 0.85)
    gloved = known & (truth["hands"] > 0) & contains(note, ("glove",))
    print(
        f"gloved hands found at 85 % precision: {(odds['hands'][gloved] >= threshold).mean():.2f}"
    )


def print_beliefs(
    truth: np.ndarray, believed: np.ndarray, maker: np.ndarray, kind: np.ndarray, note: np.ndarray
) -> None:
    """Print the shares of work and of not-work that are believed, also by action and sort."""
    known = maker != ""
    for title, value in (("not-work", 0), ("work", 1)):
        among = known & (truth == value)
        print(f"{title} believed:", with_range(lambda rows: believed[rows].mean(), maker, among))
    print("recall by action:")
    for action in sorted(set(kind[known & (truth == 1)])):
        among = known & (truth == 1) & (kind == action)
        makers = len(set(maker[among]))
        print(f"  {action or 'unnamed':9} {believed[among].mean():.2f}  ({makers} makers)")
    print("not-work believed, by sort:")
    rest = known & (truth == 0)
    for sort, words in SORTS.items():
        among = rest & contains(note, words)
        rest &= ~among
        if among.any():
            makers = len(set(maker[among]))
            print(f"  {sort:18} {believed[among].mean():.2f}  ({makers} makers)")
    print(f"  {'other':18} {believed[rest].mean():.2f}")


def moments_of(takes: list[Take], odds: dict[str, np.ndarray]) -> Iterator[tuple[Moment, ...]]:
    """Yield the moments of each take, by these log-odds of its rows."""
    start = 0
    for take in takes:
        part = slice(start, start + len(take.rows))
        start = part.stop
        with believing(take, {name: values[part] for name, values in odds.items()}):
            yield find_moments(with_readings(take.signals), take.footage.duration)


def print_moments(takes: list[Take], found_in: list[tuple[Moment, ...]]) -> None:
    """Print precision and recall of the moments of work."""
    hit, true, maker = [], [], []
    for take, moments in zip(takes, found_in, strict=True):
        times = take.signals.times[take.rows]
        inside = np.zeros(len(times), bool)
        for moment in moments:
            if moment.kind == "process":
                inside |= (times >= moment.start - 1e-6) & (times < moment.end - 1e-6)
        hit.append(inside)
        true.append(take.process > 0)
        maker.append(take.maker)
    found, truth, makers = (np.concatenate(values) for values in (hit, true, maker))
    known = makers != ""
    print("moments of work, precision:", with_range(
        lambda rows: truth[rows][found[rows]].mean(), makers, known
    ))  # fmt: skip
    print("moments of work, recall:", with_range(
        lambda rows: found[rows][truth[rows]].mean(), makers, known
    ))  # fmt: skip


def print_actions(takes: list[Take], found_in: list[tuple[Moment, ...]]) -> None:
    """Print how the labeled spans of work with an action are named."""
    named: Counter[tuple[str, str]] = Counter()
    for take, moments in zip(takes, found_in, strict=True):
        for label in take.labels:
            if not label.process or not label.kind or "AMBIG" in label.note:
                continue
            shared = [
                (min(moment.end, label.end) - max(moment.start, label.start), moment.action)
                for moment in moments
                if moment.kind == "process"
            ]
            seconds, action = max(shared, key=lambda pair: pair[0], default=(0.0, None))
            named[str(action) if seconds > 0 else "no work", label.kind] += 1
    print(f"{sum(named.values())} labeled stretches of work, as named: as labeled")
    for name in sorted({name for name, _ in named}):
        kinds = ", ".join(
            f"{kind} {n}" for (seen, kind), n in sorted(named.items()) if seen == name
        )
        print(f"  {name:9} {kinds}")


@contextmanager
def believing(take: Take, odds: dict[str, np.ndarray]) -> Iterator[None]:
    """Context in which the beliefs are these log-odds (m,) of the take's rows."""
    times = take.signals.times
    per_step = {name: np.interp(times, times[take.rows], values) for name, values in odds.items()}

    def believe(name: str, signals: Signals) -> np.ndarray:
        return 1 / (1 + np.exp(-per_step[name]))

    before, beliefs._belief = beliefs._belief, believe
    try:
        yield
    finally:
        beliefs._belief = before


def print_worst(takes: list[Take], truth: np.ndarray, odds: np.ndarray) -> None:
    """Print the ten takes with the largest shares of the loss."""
    costs, start = [], 0
    for take in takes:
        part = slice(start, start + len(take.rows))
        start = part.stop
        known = take.maker != ""
        if known.any():
            sign = np.where(truth[part][known] > 0, 1, -1)
            cost = np.logaddexp(0, -sign * odds[part][known]).sum()
            believed = 1 / (1 + np.exp(-odds[part][known]))
            costs.append((cost, take.name, truth[part][known].mean(), believed.mean()))
    total = sum(cost[0] for cost in costs)
    print("worst takes: share of the loss, share of work, mean belief")
    for cost, name, work, belief in sorted(costs, reverse=True)[:10]:
        print(f"  {name:20} {cost / total:.2f}  {work:.2f}  {belief:.2f}")


def with_range(figure: Figure, maker: np.ndarray, among: np.ndarray) -> str:
    """`figure` of the rows `among` (m,), with 5 and 95 % over random draws of makers."""
    groups = [np.flatnonzero(among & (maker == name)) for name in sorted(set(maker[among]))]
    draw = np.random.default_rng(0)
    drawn = [
        figure(np.concatenate([groups[i] for i in draw.integers(0, len(groups), len(groups))]))
        for _ in range(DRAWS)
    ]
    low, high = np.nanpercentile(drawn, [5, 95])
    return f"{figure(np.flatnonzero(among)):.3f} [{low:.2f}-{high:.2f}]"


def precision_at(truth: np.ndarray, score: np.ndarray, recall: float) -> float:
    """The precision at this `recall`."""
    hit = np.cumsum(truth[np.argsort(-score, kind="stable")] > 0)
    index = int(np.searchsorted(hit, recall * hit[-1]))
    return float(hit[index] / (index + 1))


def min_score(truth: np.ndarray, score: np.ndarray, precision: float) -> float:
    """The lowest score above which `precision` of the rows are true."""
    order = np.argsort(-score, kind="stable")
    right = np.cumsum(truth[order] > 0) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= precision)
    return float(score[order[good[-1]]]) if len(good) else np.inf


def contains(note: np.ndarray, words: tuple[str, ...]) -> np.ndarray:
    """Which notes (m,) contain one of the `words`."""
    return np.array([any(word in text.lower() for word in words) for text in note])


if __name__ == "__main__":
    main()
