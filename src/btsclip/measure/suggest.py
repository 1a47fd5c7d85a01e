"""Weights for a preset that follow from what was found. They are written down, never applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from btsclip.errors import NothingFound, PresetError
from btsclip.measure.compare import Comparison, Finding
from btsclip.measure.tell import sentence
from btsclip.presets.load import load_preset, preset_folders, preset_names, write_own
from btsclip.presets.schema import Kind, Preset

# A kind is weighed by no more than this, or less than one by it: figures of one year are no law.
MOST = 1.5
# What changes a weight by less is left as it is.
LEAST = 0.02


@dataclass(frozen=True)
class Suggestion:
    """A kind's weight as it is in the preset and as it would be, and the findings for that."""

    kind: str
    now: float
    then: float
    findings: tuple[Finding, ...]


def suggestions(found: Comparison, preset: Preset) -> list[Suggestion]:
    """New weights for the kinds of which something is sure: as it is times the geometric mean of
    what is sure of its returns, each drawn to 1 by what is not known of it."""
    weights = {str(kind): weight for kind, weight in preset.weights.items()}
    by_kind: dict[str, list[Finding]] = {}
    for finding in found.sure:
        if finding.question.trait == "kind" and finding.question.name in get_args(Kind):
            by_kind.setdefault(finding.question.name, []).append(finding)
    made = []
    for kind, findings in sorted(by_kind.items()):
        factor = float(np.exp(np.mean([np.log(f.shrunk) for f in findings])))
        factor = min(max(factor, 1 / MOST), MOST)
        now = weights.get(kind, 1.0)
        if abs(factor - 1) >= LEAST and now > 0:
            made.append(Suggestion(kind, now, round(now * factor, 2), tuple(findings)))
    return made


def preset_text(made: Sequence[Suggestion], base: str) -> str:
    """The preset as TOML: `base` with the weights of `made`, explained."""
    lines = [
        "# Suggested by btsclip measure from the figures below; nothing else changes.",
        "# Each weight is drawn to what it was by what is not known. Look at it before you use it.",
        f"extends = {_quoted(base)}",
        "",
        "[weights]",
    ]
    for each in made:
        lines += [f"# {sentence(finding)}" for finding in each.findings]
        lines += [f"# {each.now:g} in {_in_comment(base)}.", f"{each.kind} = {each.then:g}"]
    return "\n".join(lines) + "\n"


def write_suggestion(found: Comparison, name: str, base: str, *, force: bool = False) -> Path:
    """Writes the preset `name` that suggests weights over those of `base`, among the user's own.

    Raises NothingFound when nothing can be concluded of any kind, PresetError and OutputError as
    `presets new` does.
    """
    made = suggestions(found, load_preset(base))
    if not made:
        raise NothingFound(
            f"--suggest-preset {name}",
            "nothing is suggested: nothing sure is known of any kind of moment",
            "measure again when there are more posts",
        )
    own = preset_folders()[0] / f"{name.removesuffix('.toml')}.toml"
    if own.resolve() in (Path(base).resolve(), preset_names().get(base, Path()).resolve()):
        raise PresetError(
            f"preset {name}", "would extend itself", "give it another name, or name a --preset"
        )
    # A preset names its base from where it lies.
    place = str(Path(base).resolve()) if base.endswith(".toml") else base
    return write_own(name, preset_text(made, place), force=force)


def most_used(presets: Mapping[str, int], fallback: str) -> str:
    """The preset that most clips have of those that can be loaded."""
    known = {name: count for name, count in presets.items() if name in preset_names()}
    return max(known, key=lambda name: known[name]) if known else fallback


def _quoted(text: str) -> str:
    import tomli_w

    return tomli_w.dumps({"x": text}).partition("= ")[2].strip()


def _in_comment(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
