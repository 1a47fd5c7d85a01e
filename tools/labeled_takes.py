"""Labeled takes, to fit and to judge the beliefs, as rows half a second apart.

A folder holds takes NAME.mp4 with NAME.labels.csv (start,end,process,hands,source). It may have a
folder `wild` of single clips with labels.csv (clip,start,end,process,hands,kind,note) and
sources.csv (clip,group,...). The maker of a source is its name up to the first underscore, the
maker of a clip is its group. Labels with the note AMBIG are left out.
"""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from btsclip.analysis.cache import pack, unpack
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.moments.belief import belief_features, shot_edges
from btsclip.moments.dense_frames import needs_dense_frames
from btsclip.signals.measure import measure_signals
from btsclip.signals.model import Signals
from btsclip.signals.scene import CHANNELS, read_scene

ROOT = Path(__file__).parents[1]
FOLDERS = [ROOT.parent / "shared" / "footage", ROOT / "samples"]
# Analysis times from one row to the next: half a second.
STEPS_PER_ROW = 2


@dataclass(frozen=True)
class Label:
    """One labeled span of a take, in seconds."""

    start: float
    end: float
    process: int
    hands: int
    kind: str
    note: str
    maker: str


@dataclass(frozen=True)
class Take:
    """A take with its labels and its signals, whose `scene` (n, 2 * CHANNELS) holds raw channels.

    `rows` (m,) are indices of analysis times; a row without a label has an empty `maker`.
    """

    path: Path
    footage: Footage
    labels: tuple[Label, ...]
    signals: Signals
    single: bool
    rows: np.ndarray
    process: np.ndarray
    hands: np.ndarray
    kind: np.ndarray
    note: np.ndarray
    maker: np.ndarray

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return self.path.stem

    @property
    def edges(self) -> list[int]:
        """Rows at which shots begin, and m at the end."""
        return sorted(
            {min(len(self.rows), -(-edge // STEPS_PER_ROW)) for edge in shot_edges(self.signals)}
        )

    def features(self, names: list[str]) -> np.ndarray:
        """The named features of moments/belief.py, (m, len(names))."""
        values = belief_features(self.signals)
        return np.stack([values[name][self.rows] for name in names], axis=1)


def read_takes(folders: list[Path], kept: Path | None = None) -> list[Take]:
    """Measure all labeled takes in `folders`; measurements are stored in the folder `kept`."""
    return [
        read_take(path, labels, kept, single)
        for folder in folders
        for path, labels, single in find_labeled(folder)
    ]


def find_labeled(folder: Path) -> list[tuple[Path, tuple[Label, ...], bool]]:
    """The takes in a folder with their labels, and whether each is a single clip."""
    takes = [
        (path.with_name(path.name.replace(".labels.csv", ".mp4")), read_joined_labels(path), False)
        for path in sorted(folder.glob("*.labels.csv"))
    ]
    wild = folder / "wild"
    if not (wild / "labels.csv").is_file():
        return takes
    makers = {row["clip"]: row["group"] for row in read_table(wild / "sources.csv")}
    clips: dict[str, list[Label]] = {}
    for row in read_table(wild / "labels.csv"):
        label = make_label(row, row["kind"], row["note"], makers[row["clip"]])
        clips.setdefault(row["clip"], []).append(label)
    paths = ((wild / f"{name}.mp4", tuple(labels), True) for name, labels in sorted(clips.items()))
    return [*takes, *(item for item in paths if item[0].is_file())]


def read_joined_labels(path: Path) -> tuple[Label, ...]:
    """Labels of a take that was joined from parts by several makers."""
    return tuple(
        make_label(row, "", "", (row.get("source") or path.stem).split("_")[0])
        for row in read_table(path)
    )


def make_label(row: dict[str, str], kind: str, note: str, maker: str) -> Label:
    """The label in a row of a CSV file."""
    start, end = float(row["start"]), float(row["end"])
    return Label(start, end, int(row["process"]), int(row["hands"]), kind, note, maker)


def read_labels(video: Path) -> list[dict[str, str]]:
    """The label rows of a joined take."""
    return read_table(video.with_suffix(".labels.csv"))


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_take(path: Path, labels: tuple[Label, ...], kept: Path | None, single: bool) -> Take:
    """Measure a labeled take, and put its labels in rows."""
    footage = probe(path)
    signals = measure(footage, kept)
    rows = np.arange(0, len(signals.times), STEPS_PER_ROW)
    times = signals.times[rows]
    process, hands = np.zeros((2, len(rows)), int)
    kind, note, maker = np.full((3, len(rows)), "", object)
    for label in labels:
        inside = (times >= label.start - 1e-6) & (times < label.end - 1e-6)
        process[inside], hands[inside], kind[inside] = label.process, label.hands, label.kind
        note[inside] = label.note
        maker[inside] = "" if "AMBIG" in label.note else label.maker
    return Take(path, footage, labels, signals, single, rows, process, hands, kind, note, maker)


def measure(footage: Footage, kept: Path | None) -> Signals:
    """Signals as an analysis measures them, but with the raw channels of the scene network."""
    store = kept / f"{footage.path.stem}.npz" if kept else None
    if store and store.is_file():
        return unpack(store.read_bytes(), Signals)
    signals = measure_signals(
        footage,
        needs_dense=lambda signals: needs_dense_frames(with_readings(signals)),
        reading=lambda channels: channels.astype(np.float16),
    )
    signals = replace(signals, scene=signals.scene.astype(np.float16))
    if store:
        store.parent.mkdir(parents=True, exist_ok=True)
        store.write_bytes(pack(signals))
    return signals


def with_readings(signals: Signals) -> Signals:
    """`signals` with the scene readings of an analysis in place of the raw channels."""
    return replace(
        signals, scene=np.stack([read_scene(np.asarray(row, np.float32)) for row in signals.scene])
    )


def smooth_rows(values: np.ndarray, edges: list[int], count: int) -> np.ndarray:
    """Running mean of `values` (m, ...) over `count` rows; `edges` are rows at which shots begin,
    and no mean crosses them."""
    result = np.empty(values.shape, np.float32)
    for first, last in itertools.pairwise(edges):
        part = values[first:last].astype(np.float32)
        total = np.concatenate([np.zeros_like(part[:1]), np.cumsum(part, axis=0)])
        index = np.arange(len(part))
        start = np.maximum(index - count // 2, 0)
        stop = np.minimum(index + count // 2 + 1, len(part))
        result[first:last] = (total[stop] - total[start]) / (stop - start)[:, None]
    return result


def scene_columns(take: Take, rows: int = 3) -> np.ndarray:
    """The columns that the scene heads weigh, (m, 2 * CHANNELS): means over motion, and maxima
    minus the take's mean of them."""
    channels = take.signals.scene[take.rows].astype(np.float32)
    moving = smooth_rows(channels[:, :CHANNELS], take.edges, rows)
    peak = smooth_rows(channels[:, CHANNELS:], take.edges, rows)
    mean = take.signals.scene[:, CHANNELS:].astype(np.float32).mean(0)
    return np.concatenate([moving, peak - mean], axis=1)
