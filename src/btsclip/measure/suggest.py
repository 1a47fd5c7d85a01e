"""Suggest weights for a preset from a comparison. They are written to a preset, never applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from btsclip.errors import NothingFound, PresetError
from btsclip.measure.compare import Comparison, Finding
from btsclip.measure.sentences import sentence
from btsclip.presets import Kind, Preset, load_preset, preset_folders, preset_names, write_own

# A weight changes by at most this factor, up or down: the figures of one year are not a law.
MAX_FACTOR = 1.5
# Smaller relative changes of a weight are dropped.
MIN_CHANGE = 0.02


@dataclass(frozen=True)
class Suggestion:
    """The weight of a kind in the preset, the suggested weight, and the findings behind it."""

    kind: str
    weight: float
    new_weight: float
    findings: tuple[Finding, ...]


def suggest_weights(comparison: Comparison, preset: Preset) -> list[Suggestion]:
    """New weights for the kinds with clear differences: the weight times the geometric mean of the
    kind's clear ratios, each drawn to 1 the less is known."""
    weights = {str(kind): weight for kind, weight in preset.weights.items()}
    by_kind: dict[str, list[Finding]] = {}
    for finding in comparison.sure:
        if finding.question.trait == "kind" and finding.question.name in get_args(Kind):
            by_kind.setdefault(finding.question.name, []).append(finding)
    suggestions = []
    for kind, findings in sorted(by_kind.items()):
        factor = float(np.exp(np.mean([np.log(f.shrunk) for f in findings])))
        factor = min(max(factor, 1 / MAX_FACTOR), MAX_FACTOR)
        weight = weights.get(kind, 1.0)
        if abs(factor - 1) >= MIN_CHANGE and weight > 0:
            new_weight = round(weight * factor, 2)
            suggestions.append(Suggestion(kind, weight, new_weight, tuple(findings)))
    return suggestions


def preset_text(suggestions: Sequence[Suggestion], base: str) -> str:
    """The preset as TOML: `base` with the suggested weights, and the reason for each."""
    lines = [
        "# Weights suggested by btsclip measure from the figures below. Nothing else changes.",
        "# The less the figures say, the less a weight changes. Read this before you use it.",
        f"extends = {_quote(base)}",
        "",
        "[weights]",
    ]
    for suggestion in suggestions:
        lines += [f"# {sentence(finding)}" for finding in suggestion.findings]
        lines += [
            f"# {suggestion.weight:g} in {_printable(base)}.",
            f"{suggestion.kind} = {suggestion.new_weight:g}",
        ]
    return "\n".join(lines) + "\n"


def write_suggestion(comparison: Comparison, name: str, base: str, *, force: bool = False) -> Path:
    """Write the preset `name`, with suggested weights over those of `base`, to the user's presets.

    Raises NothingFound if no kind has a clear difference, PresetError and OutputError as
    `presets new` does.
    """
    suggestions = suggest_weights(comparison, load_preset(base))
    if not suggestions:
        raise NothingFound(
            f"--suggest-preset {name}",
            "nothing is suggested: no kind of moment has a clear difference",
            "measure again when you have more posts",
        )
    own = preset_folders()[0] / f"{name.removesuffix('.toml')}.toml"
    if own.resolve() in (Path(base).resolve(), preset_names().get(base, Path()).resolve()):
        raise PresetError(
            f"preset {name}", "would extend itself", "choose another name, or another --preset"
        )
    # A relative path would be read from the folder of the new preset.
    base_name = str(Path(base).resolve()) if base.endswith(".toml") else base
    return write_own(name, preset_text(suggestions, base_name), force=force)


def most_used_preset(presets: Mapping[str, int], fallback: str) -> str:
    """The preset of most clips, among the presets that exist; `fallback` if none does."""
    known = {name: count for name, count in presets.items() if name in preset_names()}
    return max(known, key=lambda name: known[name]) if known else fallback


def _quote(text: str) -> str:
    import tomli_w

    return tomli_w.dumps({"x": text}).partition("= ")[2].strip()


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
