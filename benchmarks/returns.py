"""What `btsclip measure` finds in made years whose truth is known: `python benchmarks/returns.py`.

For years with nothing planted and with effects planted it counts in how many anything is called
sure that is not there, and how often what is there is found. It takes some tenths of a second a
year.
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
    asked = parser.parse_args()
    for clips in asked.clips:
        _show(f"{clips} clips, nothing planted", {}, clips, asked.years)
        _show(f"{clips} clips, four effects", MIXED, clips, asked.years)
        for size in SIZES:
            effects = {("kind", "people", "saves"): size}
            _show(f"{clips} clips, saves x{size} with people", effects, clips, asked.years)


def _show(name: str, effects: Effects, clips: int, years: int) -> None:
    wrong = asked = within = 0
    found: Counter[str] = Counter()
    for seed in range(years):
        result = compared(seed, effects, clips)
        asked += len(result.findings)
        wrong += bool(false_claims(result, effects))
        found.update("/".join(key) for key in found_planted(result, effects))
        true = {(trait, what) for trait, _, what in effects}
        still = [f for f in result.findings if (f.question.trait, f.what) not in true]
        within += sum(f.low <= 1 <= f.high for f in still) / max(1, len(still))
    shares = ", ".join(f"{'/'.join(key)} {found['/'.join(key)] / years:.0%}" for key in effects)
    print(
        f"{name}: {asked / years:.0f} comparisons, something false in {wrong} of {years} years, "
        f"90 % intervals hold the truth in {within / years:.1%}"
        + (f"; found {shares}" * bool(shares)),
        flush=True,
    )


if __name__ == "__main__":
    main()
