"""What to say when no take holds anything to cut: what came nearest, and what would show it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from btsclip.errors import NothingFound
from btsclip.limits import MIN_CLIP_SECONDS
from btsclip.media.footage import Footage
from btsclip.moments.select import Refusal
from btsclip.planning.request import PlanContext


def nothing_found_error(
    footages: Sequence[Footage], refused: Sequence[Refusal], brief: PlanContext
) -> NothingFound:
    """The error that says what was looked at and why none of it was cut.

    It names an option only where that option would show something.
    """
    name = footages[0].path if len(footages) == 1 else f"{len(footages)} takes"
    if shown := _at_another_length(refused, brief):
        return NothingFound(name, *shown)
    only = brief.wishes.mishaps == "only"
    cause = "no mishap that can be shown" if only else "nothing worth cutting"
    if any(refusal.option == "--mishaps" for refusal in refused):
        return NothingFound(name, cause, "--mishaps keep shows what else there is")
    if nearest := max(refused, key=lambda r: r.end - r.start, default=None):
        cause += f" ({nearest.start:.1f}-{nearest.end:.1f} s: {nearest.why})"
    return NothingFound(name, cause, "`btsclip analyze` shows what was seen in a take")


def _at_another_length(refused: Sequence[Refusal], brief: PlanContext) -> tuple[str, str] | None:
    """Cause and cure where something is only too short for a clip."""
    short = [refusal for refusal in refused if refusal.option == "--min-length"]
    longest = max(short, key=lambda r: r.end - r.start, default=None)
    if longest is None:
        return None
    seconds = (longest.end - longest.start) / brief.preset.pacing.speed
    # Rounded down, so that it holds.
    enough = math.floor(seconds * 10 + 1e-6) / 10
    if enough < MIN_CLIP_SECONDS.min:
        return None
    cause = (
        f"nothing worth cutting: the longest moment lasts {enough:g} s (at {longest.start:.1f} s of"
        f" {longest.footage.path.name}), a clip {brief.lengths[0]:g} s or more"
    )
    return cause, f"--min-length {enough:g} shows it"
