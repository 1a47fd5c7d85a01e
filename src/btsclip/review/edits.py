"""Edits of a plan by hand, each from one plan to another.

An edit names a clip and its new values. Texts beyond the end of a shortened clip are shortened or
removed. `review.check` decides whether the new plan can be rendered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from btsclip.captions import shift_caption
from btsclip.errors import PlanError
from btsclip.plan import (
    BY_HAND,
    MAX_SPANS,
    MAX_TEXT,
    Caption,
    Clip,
    Comment,
    CutPlan,
    Seconds,
    first_fault,
    pick_cover,
    shorten,
)

# The keys that may be edited. The model checks their values.
CLIP_KEYS = frozenset({"enabled", "kind", "action", "title", "captions", "end_card", "comment"})
SPAN_KEYS = frozenset(
    {"start", "end", "layout", "crop", "below", "speeds", "cover", "blur", "may_be_seen", "card",
     "enter", "lead", "tail", "gain"}
)  # fmt: skip
# A text shown for less than this is removed.
MIN_TEXT_SECONDS = 0.2
# The page sends one edit in a request.
MAX_EDITS = 100

ClipId = Annotated[str, Field(max_length=80)]
SpanNumber = Annotated[int, Field(strict=True, ge=0, lt=MAX_SPANS)]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SetClip(_Edit):
    """New values of a clip."""

    do: Literal["clip"]
    clip: ClipId
    values: dict[str, Any]


class SetSpan(_Edit):
    """New values of span number `span` of a clip, from 0."""

    do: Literal["span"]
    clip: ClipId
    span: SpanNumber
    values: dict[str, Any]


class PickCover(_Edit):
    """The cover, as one of the pictures to choose from: `at` seconds of the source of `span`."""

    do: Literal["cover"]
    clip: ClipId
    span: SpanNumber
    at: Seconds


class OrderSpans(_Edit):
    """A new order of the spans of a clip; spans that it does not name are removed."""

    do: Literal["spans"]
    clip: ClipId
    order: Annotated[list[SpanNumber], Field(min_length=1)]


class OrderClips(_Edit):
    """A new order of the clips of the plan."""

    do: Literal["clips"]
    order: list[ClipId]


class SetPreset(_Edit):
    """A new preset of the plan."""

    do: Literal["preset"]
    preset: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


Edit = Annotated[
    SetClip | SetSpan | PickCover | OrderSpans | OrderClips | SetPreset, Field(discriminator="do")
]
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(Annotated[list[Edit], Field(max_length=MAX_EDITS)])


def read_edits(values: Any) -> list[Edit]:
    """Edits from JSON values. Raises PlanError that names the invalid value."""
    try:
        return _EDITS.validate_python(values)
    except ValidationError as error:
        raise _plan_error(error) from error


def apply_edits(plan: CutPlan, edits: Iterable[Edit]) -> CutPlan:
    """`plan` after all `edits`. Raises PlanError for an edit that gives an invalid plan."""
    try:
        for edit in edits:
            plan = _apply_edit(plan, edit)
    except ValidationError as error:
        raise _plan_error(error) from error
    return plan


def _apply_edit(plan: CutPlan, edit: Edit) -> CutPlan:
    match edit:
        case SetPreset():
            return _replace_values(plan, {"preset": edit.preset})
        case OrderClips():
            if sorted(edit.order) != sorted(clip.id for clip in plan.clips):
                raise PlanError("order", "must name each clip of the plan once")
            return _replace_clips(plan, [_find_clip(plan, clip_id) for clip_id in edit.order])
    before = _find_clip(plan, edit.clip)
    if isinstance(edit, PickCover):
        return _replace_clip(plan, pick_cover(before, edit.span, edit.at))
    match edit:
        case SetClip():
            _check_keys(edit.values, CLIP_KEYS)
            values = {**before.model_dump(), **edit.values}
        case SetSpan():
            _check_keys(edit.values, SPAN_KEYS)
            values = _set_span_values(before, edit.span, edit.values)
        case OrderSpans():
            values = _order_spans(before, edit.order)
    clip = Clip.model_validate(values, context=BY_HAND)
    if isinstance(edit, SetClip):
        _check_new_texts(clip, edit.values)
    else:
        order = edit.order if isinstance(edit, OrderSpans) else range(len(before.spans))
        clip = _move_texts(clip, before, order)
    return _replace_clip(plan, _fit_texts(clip))


def _replace_clip(plan: CutPlan, clip: Clip) -> CutPlan:
    return _replace_clips(plan, [clip if old.id == clip.id else old for old in plan.clips])


def _replace_clips(plan: CutPlan, clips: Iterable[Clip]) -> CutPlan:
    return _replace_values(plan, {"clips": [clip.model_dump() for clip in clips]})


def _replace_values(plan: CutPlan, values: Mapping[str, Any]) -> CutPlan:
    return CutPlan.model_validate({**plan.model_dump(), **values}, context=BY_HAND)


def _find_clip(plan: CutPlan, clip_id: str) -> Clip:
    for clip in plan.clips:
        if clip.id == clip_id:
            return clip
    raise PlanError(f"clip {clip_id}", "is not in the plan")


def _check_keys(values: Mapping[str, Any], allowed: frozenset[str]) -> None:
    if unknown := set(values) - allowed:
        raise PlanError(
            f"key {shorten(min(unknown))!r}", "can't be edited here", "edit plan.json itself"
        )


def _set_span_values(clip: Clip, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the clip, with new `values` of one span."""
    if number >= len(clip.spans):
        raise PlanError(f"span {number} of clip {clip.id}", "is not in the plan")
    clip_values: dict[str, Any] = clip.model_dump()
    clip_values["spans"][number] |= values
    return clip_values


def _order_spans(clip: Clip, order: list[int]) -> dict[str, Any]:
    """The values of the clip, with its spans in `order`."""
    if len(set(order)) < len(order) or not all(0 <= n < len(clip.spans) for n in order):
        raise PlanError("order", f"must name spans 0 to {len(clip.spans) - 1}, each once at most")
    clip_values: dict[str, Any] = clip.model_dump()
    return {**clip_values, "spans": [clip_values["spans"][n] for n in order]}


def _move_texts(clip: Clip, before: Clip, order: Sequence[int]) -> Clip:
    """`clip`, with the spans of `before` in `order`, and each text moved along with its span.

    A hook stays at the start of the clip. A running clock is removed: it counted over the old
    spans.
    """
    starts_before, starts = _span_starts(before), _span_starts(clip)
    captions = []
    for caption in clip.captions:
        if caption.role == "clock":
            continue
        span = max(n for n, at in enumerate(starts_before) if n == 0 or at <= caption.start)
        if caption.role == "hook" and span == 0:
            captions.append(caption)
        elif span in order:
            shift = starts[list(order).index(span)] - starts_before[span]
            captions.append(shift_caption(caption, shift))
    values: dict[str, Any] = {"captions": captions}
    if any(caption.role == "clock" for caption in clip.captions):
        warning = "the running clock was removed: it no longer matched the spans"
        values["warnings"] = [*clip.warnings, warning]
    return clip.model_copy(update=values)


def _span_starts(clip: Clip) -> list[float]:
    """The second at which each span, or the card before it, starts in the clip."""
    starts, seconds = [], 0.0
    for span in clip.spans:
        starts.append(seconds)
        seconds += span.seconds + (span.card.seconds if span.card else 0.0)
    return starts


def _check_new_texts(clip: Clip, edited_keys: Collection[str]) -> None:
    """Raise PlanError for a text in one of `edited_keys` that the clip would hardly show."""
    seconds = clip.seconds_shown
    texts: list[Caption | Comment] = [*clip.captions] if "captions" in edited_keys else []
    if clip.comment and "comment" in edited_keys:
        texts.append(clip.comment)
    for text in texts:
        if not _is_shown(text, seconds):
            raise PlanError(
                f"text {shorten(text.text)!r}",
                f"is shown for less than {MIN_TEXT_SECONDS:g} s; its clip ends at {seconds:.2f} s",
                "start it earlier or end it later",
            )


def _is_shown(text: Caption | Comment, seconds: float) -> bool:
    """Whether a clip of `seconds` shows `text` long enough to be seen."""
    return min(text.end, seconds) - text.start >= MIN_TEXT_SECONDS


def _fit_texts(clip: Clip) -> Clip:
    """`clip` with its texts cut at its end."""
    seconds = clip.seconds_shown
    captions: list[Caption] = []
    for caption in clip.captions:
        if _is_shown(caption, seconds):
            end = min(caption.end, seconds)
            words = [word for word in caption.words if word.end <= end]
            captions.append(caption.model_copy(update={"end": end, "words": words}))
    values: dict[str, Any] = {"captions": captions}
    if clip.comment:
        end = min(clip.comment.end, seconds)
        shown = _is_shown(clip.comment, seconds)
        values["comment"] = clip.comment.model_copy(update={"end": end}) if shown else None
    return clip.model_copy(update=values)


def _plan_error(error: ValidationError) -> PlanError:
    location, cause = first_fault(error)
    return PlanError(location or "edit", cause, "nothing was saved")
