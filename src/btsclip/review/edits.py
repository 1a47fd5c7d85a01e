"""What may be changed in a plan by hand, one small change at a time: plan in, plan out.

An edit names a clip and what is to be otherwise. Texts that no longer fall into a clip that was
shortened are shortened or left out. Whether the outcome can be made is for review.check to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from btsclip.captions.cues import shift_caption
from btsclip.errors import PlanError
from btsclip.plan.faults import first_fault, shorten
from btsclip.plan.model import Caption, Clip, Comment, CutPlan
from btsclip.plan.values import BY_HAND, MAX_SPANS, MAX_TEXT

# Keys of a clip and of its spans that may be edited; times and boxes are checked by the model.
OF_CLIP = frozenset({"enabled", "kind", "action", "title", "captions", "end_card", "comment"})
OF_SPAN = frozenset(
    {"start", "end", "layout", "crop", "below", "speeds", "cover", "blur", "may_be_seen", "card",
     "enter", "lead", "tail", "gain"}
)  # fmt: skip
# A text shown for less, in seconds, is none.
MIN_TEXT_SHOWN = 0.2
# Edits of one request: the page sends one.
MAX_EDITS = 100

ClipId = Annotated[str, Field(max_length=80)]
SpanNumber = Annotated[int, Field(strict=True, ge=0, lt=MAX_SPANS)]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SetClip(_Edit):
    """Other values of a clip."""

    do: Literal["clip"]
    clip: ClipId
    values: dict[str, Any]


class SetSpan(_Edit):
    """Other values of span number `span` of a clip, counted from 0."""

    do: Literal["span"]
    clip: ClipId
    span: SpanNumber
    values: dict[str, Any]


class OrderSpans(_Edit):
    """The spans of a clip in another order; those that are not named go."""

    do: Literal["spans"]
    clip: ClipId
    order: Annotated[list[SpanNumber], Field(min_length=1)]


class OrderClips(_Edit):
    """The clips of the plan in another order."""

    do: Literal["clips"]
    order: list[ClipId]


class SetPreset(_Edit):
    """Another preset for the whole plan."""

    do: Literal["preset"]
    preset: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


Edit = Annotated[SetClip | SetSpan | OrderSpans | OrderClips | SetPreset, Field(discriminator="do")]
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(Annotated[list[Edit], Field(max_length=MAX_EDITS)])


def read_edits(values: Any) -> list[Edit]:
    """Edits from JSON values. Raises PlanError that names the place at fault."""
    try:
        return _EDITS.validate_python(values)
    except ValidationError as error:
        raise _refused(error) from error


def edited(plan: CutPlan, edits: Iterable[Edit]) -> CutPlan:
    """`plan` after `edits`, all or none. Raises PlanError when one makes no valid plan."""
    try:
        for edit in edits:
            plan = _after(plan, edit)
    except ValidationError as error:
        raise _refused(error) from error
    return plan


def _after(plan: CutPlan, edit: Edit) -> CutPlan:
    match edit:
        case SetPreset():
            return _with(plan, {"preset": edit.preset})
        case OrderClips():
            if sorted(edit.order) != sorted(clip.id for clip in plan.clips):
                raise PlanError("order", "must name each clip of the plan once")
            ordered = [_clip(plan, name) for name in edit.order]
            return _with(plan, {"clips": [clip.model_dump() for clip in ordered]})
        case SetClip():
            _check(edit.values, OF_CLIP)
            changed = {**_clip(plan, edit.clip).model_dump(), **edit.values}
        case SetSpan():
            _check(edit.values, OF_SPAN)
            changed = _with_span(_clip(plan, edit.clip), edit.span, edit.values)
        case OrderSpans():
            changed = _in_order(_clip(plan, edit.clip), edit.order)
    before = _clip(plan, edit.clip)
    clip = Clip.model_validate(changed, context=BY_HAND)
    if isinstance(edit, SetClip):
        _check_shown(clip, edit.values)
    else:
        order = edit.order if isinstance(edit, OrderSpans) else range(len(before.spans))
        clip = _carried(clip, before, order)
    clip = _fitting(clip)
    clips = [clip if each.id == clip.id else each for each in plan.clips]
    return _with(plan, {"clips": [each.model_dump() for each in clips]})


def _with(plan: CutPlan, values: Mapping[str, Any]) -> CutPlan:
    return CutPlan.model_validate({**plan.model_dump(), **values}, context=BY_HAND)


def _clip(plan: CutPlan, name: str) -> Clip:
    for clip in plan.clips:
        if clip.id == name:
            return clip
    raise PlanError(f"clip {name}", "is not in the plan")


def _check(values: Mapping[str, Any], allowed: frozenset[str]) -> None:
    if others := set(values) - allowed:
        raise PlanError(f"key {shorten(min(others))!r}", "can't be edited", "edit plan.json itself")


def _with_span(clip: Clip, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The clip's values with those of one span changed."""
    if number >= len(clip.spans):
        raise PlanError(f"span {number} of clip {clip.id}", "is not in the plan")
    whole: dict[str, Any] = clip.model_dump()
    whole["spans"][number] |= values
    return whole


def _in_order(clip: Clip, order: list[int]) -> dict[str, Any]:
    if len(set(order)) < len(order) or not all(0 <= n < len(clip.spans) for n in order):
        raise PlanError("order", f"must name spans 0 to {len(clip.spans) - 1}, each once at most")
    whole: dict[str, Any] = clip.model_dump()
    return {**whole, "spans": [whole["spans"][n] for n in order]}


def _carried(clip: Clip, before: Clip, order: Sequence[int]) -> Clip:
    """`clip`, whose spans are those of `before` in this `order`, with its texts on the spans they
    were on: what is written of one must not stand on another. A hook stays where it opens the clip.
    A time that runs goes, as it tells of the spans as they were."""
    was, now = _starts(before), _starts(clip)
    captions = []
    for caption in clip.captions:
        if caption.role == "clock":
            continue
        old = max(n for n, start in enumerate(was) if n == 0 or start <= caption.start)
        if caption.role == "hook" and old == 0:
            captions.append(caption)
        elif old in order:
            captions.append(shift_caption(caption, now[list(order).index(old)] - was[old]))
    values: dict[str, Any] = {"captions": captions}
    if any(caption.role == "clock" for caption in clip.captions):
        values["warnings"] = [*clip.warnings, "the time that ran was taken off: it no longer held"]
    return clip.model_copy(update=values)


def _starts(clip: Clip) -> list[float]:
    """When each span, or the card before it, begins on the screen."""
    starts, shown = [], 0.0
    for span in clip.spans:
        starts.append(shown)
        shown += span.seconds + (span.card.seconds if span.card else 0.0)
    return starts


def _check_shown(clip: Clip, written: Collection[str]) -> None:
    """Raises PlanError for a text of `clip` that would be left out, where it stands in one of the
    keys that were just `written`."""
    seconds = clip.seconds_shown
    texts: list[Caption | Comment] = [*clip.captions] if "captions" in written else []
    if clip.comment and "comment" in written:
        texts.append(clip.comment)
    for text in texts:
        if not _is_shown(text, seconds):
            raise PlanError(
                f"text {shorten(text.text)!r}",
                f"is shown for less than {MIN_TEXT_SHOWN:g} s; its clip ends at {seconds:.2f} s",
                "start it earlier or end it later",
            )


def _is_shown(text: Caption | Comment, seconds: float) -> bool:
    """Whether a clip of `seconds` shows `text` for long enough to be seen."""
    return min(text.end, seconds) - text.start >= MIN_TEXT_SHOWN


def _fitting(clip: Clip) -> Clip:
    """`clip` with its texts inside its time."""
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


def _refused(error: ValidationError) -> PlanError:
    place, cause = first_fault(error)
    return PlanError(place or "edit", cause, "nothing was saved")
