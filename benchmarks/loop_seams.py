"""How well the last picture of a clip leads back to its first, beside two neighboring pictures.

Run: python benchmarks/loop_seams.py PLAN.json ...

seam       difference in gray levels between the last shown picture and the first, as shown
neighbors  mean difference of two pictures that follow each other, within the same clip
ratio      seam over neighbors: 1 would be a seam that nobody can see
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from first_pictures import as_shown, process_clips

from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe

# Width and height in pixels of the pictures that are compared.
SIZE = (54, 96)


def main() -> None:
    """Print a line per process clip, and the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("plans", nargs="+", type=Path)
    figures = []
    for clip in process_clips(parser.parse_args().plans):
        first, last = clip.spans[0], clip.spans[-1]
        footage = probe(first.source)
        grays = []
        for span in clip.spans:
            for frame in read_every_frame(footage, (span.start, span.end - 0.5 / footage.fps)):
                part = as_shown(frame, span)[0]
                gray = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
                grays.append(cv2.resize(gray, SIZE, interpolation=cv2.INTER_AREA))
        seam = float(np.abs(grays[-1] - grays[0]).mean())
        neighbors = float(np.mean([np.abs(a - b).mean() for a, b in pairwise(grays)]))
        figures.append((seam, neighbors))
        print(f"{clip.id:44} {first.start:7.2f} {last.end:7.2f} seam {seam:6.2f}"
              f" neighbors {neighbors:5.2f} ratio {seam / neighbors:6.1f}", flush=True)  # fmt: skip
    seams, neighbors_of = zip(*figures, strict=True)
    ratio = np.median([s / n for s, n in figures])
    print(f"{len(figures)} clips: median seam {np.median(seams):.2f},"
          f" neighbors {np.median(neighbors_of):.2f}, ratio {ratio:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
