"""Cost of burned-in captions: the ratio of complete renders with and without them.

    python benchmarks/captions_cost.py FOOTAGE [--start 20] [--seconds 12] [--rounds 3]

Each preset renders the same clip in alternation, with two captions shown all the time and without
captions. The overlaid pictures (emoji) are included.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.presets.load import load_preset, preset_names
from btsclip.render import render

HOOK = "This is how it's made 🍞"
LINE = "Kneaded by hand, twenty minutes, no machine"


def main() -> None:
    """Print a line per preset: both medians, and the median ratio of the pairs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("footage", type=Path)
    parser.add_argument("--start", type=float, default=20.0)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--presets", nargs="*", default=sorted(preset_names()))
    options = parser.parse_args()
    footage = probe(options.footage)
    for name in options.presets:
        pairs = []
        for _ in range(options.rounds):
            bare = seconds_for(footage, name, options.start, options.seconds, written=False)
            full = seconds_for(footage, name, options.start, options.seconds, written=True)
            pairs.append((bare, full))
        ratio = statistics.median(full / bare for bare, full in pairs)
        bare, full = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name:20} {bare:6.1f} s bare {full:6.1f} s with captions  {ratio:.2f}", flush=True)


def seconds_for(footage: Footage, name: str, start: float, length: float, written: bool) -> float:
    """Seconds of one complete render; captions are included if `written`."""
    preset = load_preset(name)
    shape = preset.output.width / preset.output.height
    texts = ((HOOK, "hook"), (LINE, "moment")) if written else ()
    span = {
        "source": str(footage.path), "start": start, "end": start + length,
        "crop": [(start, 0.5, 0.5, footage.height * shape / footage.width, 1.0)],
    }  # fmt: skip
    clip = Clip.model_validate(
        {
            "id": "clip", "kind": "process", "score": 1, "why": "", "spans": [span],
            "captions": [{"text": t, "start": 0, "end": length, "role": r} for t, r in texts],
        }
    )  # fmt: skip
    source = Source(path=str(footage.path), size=footage.size, duration=footage.duration)
    plan = CutPlan(preset=name, sources=[source], clips=[clip])
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        render(plan, preset, Path(folder))
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
