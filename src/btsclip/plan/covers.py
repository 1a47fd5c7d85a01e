"""The pictures of a clip from which its cover is chosen."""

from __future__ import annotations

from btsclip.errors import PlanError
from btsclip.plan.model import Clip, CoverChoice, Span


def cover_choices(clip: Clip) -> list[tuple[int, CoverChoice]]:
    """All choices of `clip` in order, each with the number of its span.

    Those that a trimmed span no longer shows are left out, and so are repeated ones: two spans may
    show the same part of a take.
    """
    choices: dict[tuple[str, float], tuple[int, CoverChoice]] = {}
    for number, span in enumerate(clip.spans):
        for choice in span.covers:
            if shows(span, choice.at):
                choices.setdefault((span.source, choice.at), (number, choice))
    return list(choices.values())


def pick_cover(clip: Clip, number: int, at: float) -> Clip:
    """`clip` with the choice `at` seconds of the source in span `number` as its cover.

    Raises PlanError if the span has no such choice.
    """
    choice = next((c for n, c in cover_choices(clip) if (n, c.at) == (number, at)), None)
    if choice is None:
        raise PlanError(
            f"the cover at {at:g} s of clip {clip.id}", "is not one of its choices",
            "load the plan again, then choose",
        )  # fmt: skip
    spans = [
        span.model_copy(update={"cover": at if n == number else None})
        for n, span in enumerate(clip.spans)
    ]
    title = {"title_y": choice.title_y, "title_scale": choice.title_scale}
    return clip.model_copy(update={"spans": spans, **title})


def shows(span: Span, at: float) -> bool:
    """Whether `span` shows the picture `at` seconds of its source."""
    return span.start <= at <= span.end
