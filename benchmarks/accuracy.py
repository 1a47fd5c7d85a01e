"""How true the analysis is, beside what others measure.

Run: python benchmarks/accuracy.py [FOLDER ...]

Each FOLDER holds takes NAME.mp4 with NAME.labels.csv (start,end,process,hands,source). Default are
../shared/footage and samples. Average precision is over analysis times. `left out` is that of
weights fitted to the other takes only (tools/fit_belief.py). Changed pixels (frame differences)
and the palm detector's best score of the whole frame are what other tools go by.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from fit_belief import Take, average_precision, fit, odds, read_labels, read_takes

from btsclip.media.frames import frames
from btsclip.media.probe import probe
from btsclip.moments.belief import hand_belief, process_belief
from btsclip.moments.find import Moment, find_moments
from btsclip.moments.select import Cut, candidates, choose
from btsclip.presets.load import load
from btsclip.signals.hands import HandDetector
from btsclip.signals.series import per_step

Spans = list[tuple[float, float]]


@dataclass(frozen=True)
class Hits:
    """Shares of time and the mean distance of borders, in seconds."""

    precision: float
    recall: float
    border: float


def main() -> None:
    """Prints one table after the other."""
    root = Path(__file__).parents[1]
    folders = [Path(name) for name in sys.argv[1:]] or [
        root.parent / "shared" / "footage", root / "samples",
    ]  # fmt: skip
    takes = read_takes(folders)
    print("average precision  process  left out  hands  left out  changed pixels  palm  chance")
    for take in takes:
        print(f"{take.name:17}", *(f"{figure:8.3f}" for figure in precisions(take, takes)))
    print("\nmoments of work    precision  recall  border error  clips  of clips' time work")
    for take in takes:
        moments = find_moments(take.signals, take.footage.duration)
        hits = compare(work(moments), labelled(take), take)
        clips = cuts(take, moments)
        shown = compare([(c.start, c.end) for c in clips], labelled(take), take)
        print(
            f"{take.name:17} {hits.precision:10.2f} {hits.recall:7.2f} {hits.border:11.2f} s"
            f" {len(clips):6} {shown.precision:10.2f}"
        )
    print("\neach feature alone, average precision of process (turned where it speaks against)")
    for name in takes[0].features:
        print(f"{name:10}", *(f"{worth(take, name):8.3f}" for take in takes))


def precisions(take: Take, takes: list[Take]) -> list[float]:
    """The figures of the first table."""
    process, hands = take.labels["process"], take.labels["hands"]
    others = [other for other in takes if other is not take]
    left_out = {belief: odds(fit(belief, others), take) for belief in take.labels} if others else {}
    changed, palm = peers(take)
    return [
        average_precision(process, process_belief(take.signals)),
        average_precision(process, left_out["process"]) if left_out else float("nan"),
        average_precision(hands, hand_belief(take.signals)),
        average_precision(hands, left_out["hands"]) if left_out else float("nan"),
        average_precision(process, changed),
        average_precision(process, palm),
        float(process.mean()),
    ]


def peers(take: Take) -> tuple[np.ndarray, np.ndarray]:
    """Changed pixels and the whole frame's best palm score at the analysis times (n,)."""
    detector = HandDetector()
    at, changed, palms = [], [], []
    last = None
    for frame in frames(take.footage, [(0.0, take.footage.duration)], rate=4.0):
        grey = cv2.cvtColor(frame.small, cv2.COLOR_RGB2GRAY)
        difference = cv2.absdiff(grey, last) if last is not None else np.zeros_like(grey)
        at.append(frame.time)
        changed.append(float((difference > 16).mean()))
        palms.append(detector.survey(frame.image)[1])
        last = grey
    return per_step(take.signals.times, at, changed), per_step(take.signals.times, at, palms)


def worth(take: Take, name: str) -> float:
    """Average precision of one feature by itself."""
    values, truth = take.features[name], take.labels["process"]
    sign = -1 if name in ("still", "pan", "frozen") else 1
    return average_precision(truth, sign * values)


def work(moments: tuple[Moment, ...]) -> Spans:
    """The spans of moments of work."""
    return [(m.start, m.end) for m in moments if m.kind == "process"]


def labelled(take: Take) -> Spans:
    """The spans labelled as work, those that touch as one."""
    spans: Spans = []
    for row in read_labels(take.path):
        if row["process"] != "1":
            continue
        start, end = float(row["start"]), float(row["end"])
        if spans and start <= spans[-1][1] + 1e-6:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def compare(found: Spans, true: Spans, take: Take) -> Hits:
    """How well the spans `found` cover the `true` ones."""
    fine = np.arange(0, take.footage.duration, 0.05)
    hit, truth = inside(fine, found), inside(fine, true)
    both = float((hit & truth).sum())
    ends = [time for span in found for time in span]
    apart = [min(abs(time - end) for end in ends) for span in true for time in span] if ends else []
    near = [distance for distance in apart if distance < 2.0]
    return Hits(
        both / max(1.0, float(hit.sum())),
        both / max(1.0, float(truth.sum())),
        float(np.mean(near)) if near else float("nan"),
    )


def inside(times: np.ndarray, spans: Spans) -> np.ndarray:
    """Which of `times` lie in one of `spans`."""
    result = np.zeros(len(times), bool)
    for start, end in spans:
        result |= (times >= start) & (times < end)
    return result


def cuts(take: Take, moments: tuple[Moment, ...]) -> list[Cut]:
    """What `btsclip cut` would choose with the default preset."""
    preset = load("honest-kitchen")
    lengths = (preset.length.min, preset.length.target, preset.length.max)
    offered, _ = candidates(probe(take.footage.path), take.signals, moments, lengths)
    weights = {str(kind): weight for kind, weight in preset.weights.items()}
    return choose(offered, preset.count, weights)[0]


if __name__ == "__main__":
    main()
