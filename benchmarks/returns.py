"""Errors of `btsclip measure` on made years with known effects.

Run: python benchmarks/returns.py

For years without and with planted effects, it counts the years in which an effect is called sure
that does not exist, and the share of planted effects that are found. A year takes some tenths of a
second.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from made_year import Effects, compared, false_claims, found_planted

MIXED: Effects = {
    ("kind", "mishap", "saves"): 1.6,
    ("kind", "people", "follows"): 1.8,
    ("kind", "why", "shares"): 0.6,
    ("hook", "question", "watched"): 1.15,
}
SIZES = (1.25, 1.5, 2.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=100, help="made years of each kind")
    parser.add_argument("--clips", type=int, nargs="+", default=[60, 150, 300])
    options = parser.parse_args()
    for clips in options.clips:
        _show(f"{clips} clips, nothing planted", {}, clips, options.years)
        _show(f"{clips} clips, four effects", MIXED, clips, options.years)
        for size in SIZES:
            effects = {("kind", "people", "saves"): size}
            _show(f"{clips} clips, saves x{size} with people", effects, clips, options.years)


def _show(name: str, effects: Effects, clips: int, years: int) -> None:
    wrong = count = within = 0
    found: Counter[str] = Counter()
    for seed in range(years):
        result = compared(seed, effects, clips)
        count += len(result.findings)
        wrong += bool(false_claims(result, effects))
        found.update("/".join(key) for key in found_planted(result, effects))
        true = {(trait, what) for trait, _, what in effects}
        still = [f for f in result.findings if (f.question.trait, f.metric) not in true]
        within += sum(f.low <= 1 <= f.high for f in still) / max(1, len(still))
    shares = ", ".join(f"{'/'.join(key)} {found['/'.join(key)] / years:.0%}" for key in effects)
    print(
        f"{name}: {count / years:.0f} comparisons, something false in {wrong} of {years} years, "
        f"90 % intervals hold the truth in {within / years:.1%}"
        + (f"; found {shares}" * bool(shares)),
        flush=True,
    )


if __name__ == "__main__":
    main()
