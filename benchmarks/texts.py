"""The texts of plans: how many stand on two clips of a run, overlap, or have no evidence.

Run `btsclip plan TAKE -o plans/NAME` for some takes, then:
python benchmarks/texts.py plans/*/plan.json
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from btsclip.intervals import overlap
from btsclip.plan.io import read_plan
from btsclip.plan.model import Clip
from btsclip.plan.texts import Caption

ROLES = ("hook", "moment", "speech")


def lines_of(clip: Clip) -> list[Caption]:
    """The texts of a clip that viewers read one after the other."""
    return [caption for caption in clip.captions if caption.role in ROLES]


def count_texts(clips: Sequence[Clip]) -> Counter[str]:
    """The figures of one run, by name."""
    figures: Counter[str] = Counter()
    seen: set[str] = set()
    for clip in clips:
        lines = lines_of(clip)
        texts = {line.text.casefold() for line in lines if line.role != "speech"}
        figures["clips"] += 1
        figures["clips without text"] += not lines
        figures["texts"] += len(lines)
        figures["without evidence"] += sum(not line.evidence for line in lines)
        figures["pairs shown at once"] += sum(overlap(a, b) for a, b in combinations(lines, 2))
        figures["on an earlier clip, too"] += len(texts & seen)
        seen |= texts
    return figures


def main() -> None:
    """Print the figures of all plans together, and where texts are known from."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plans", nargs="+", type=Path)
    total: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for path in parser.parse_args().plans:
        clips = [clip for clip in read_plan(path).clips if clip.enabled]
        total += count_texts(clips)
        known = (line.evidence for clip in clips for line in lines_of(clip))
        sources.update(" ".join(evidence.split(":")[0].split()[:2]) for evidence in known)
    names = ["clips", "clips without text", "texts", "without evidence", "pairs shown at once",
             "on an earlier clip, too"]  # fmt: skip
    for name in names:
        print(f"{name:24} {total[name]:5}")
    for source, number in sources.most_common():
        print(f"known from {source or 'nothing':13} {number:5}")


if __name__ == "__main__":
    main()
