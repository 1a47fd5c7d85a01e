"""Compose the spans of a story into one clip of a plan, with joins, captions and music."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from btsclip.captions import (
    BusyArea,
    Fact,
    captions_for,
    end_card,
    reading_seconds,
    shift_caption,
    watermark_area,
)
from btsclip.media import Footage
from btsclip.moments import Cut
from btsclip.plan import Caption, Clip, EndCard, Lane
from btsclip.planning import (
    MAX_CHOICES,
    PlanContext,
    clip_title,
    place_lower_thirds,
    place_titles,
    template_values,
)
from btsclip.presets import Preset, alternatives, template_fields
from btsclip.signals import Signals
from btsclip.story.arc import Arc
from btsclip.story.joins import Join, joins_of
from btsclip.story.spans import StoryLayout, StorySpan, shares_of
from btsclip.story.why import WhyNote, notes_for

# Seconds between two lines about the picture, so that viewers watch and do not only read.
MIN_LINE_GAP_SECONDS = 2.0
# Pacing of a story: its spans are shown as they were chosen.
EVEN_PACING = {
    "lull_speed": 1.0, "mishap": "none", "jump_cuts": False, "cold_open": 0.0, "loop": False,
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A story that can be composed: its name, its arc, the layout of its framed spans, its end
    card, and the lanes of its music."""

    name: str
    arc: Arc
    layout: StoryLayout
    ending: EndCard | None = None
    lanes: tuple[Lane, ...] = ()


def story_preset(preset: Preset) -> Preset:
    """The preset for a story: all spans run at one speed, mishaps too, and no caption names the
    seconds of a clip."""
    kinds = {
        kind: [t for t in alternatives(texts) if "seconds" not in template_fields(t)]
        for kind, texts in preset.captions.kinds.items()
    }
    pacing = preset.pacing.model_copy(update=EVEN_PACING)
    captions = preset.captions.model_copy(update={"kinds": kinds})
    return preset.model_copy(update={"pacing": pacing, "captions": captions})


def hook_of(arc: Arc, context: PlanContext) -> Fact | None:
    """The user's hook, or else the first question of the notes if the arc asks one.

    None stands for the preset's own hook.
    """
    if context.texts.hook is not None or not arc.asks:
        return context.texts.users_hook
    questions = (
        question
        for notes in context.texts.notes.values()
        for question in notes.questions
        if question.strip() and notes.may_write(question)
    )
    question = next(questions, None)
    return None if question is None else Fact(question, "notes: questions")


def whys_of(context: PlanContext, cuts: Sequence[Cut]) -> list[WhyNote | None]:
    """For each of `cuts` the note that explains it, if there is one."""
    texts = context.texts
    return notes_for(cuts, texts.notes, context.preset, texts.spoken_text if texts.speech else None)


def compose(story: Story, signals: Mapping[Footage, Signals], context: PlanContext) -> Clip:
    """Compose the story into one clip, with the `signals` of its takes to join their sounds."""
    layout, preset = story.layout, context.preset
    spans = layout.spans
    cuts = [span.cut for span in spans]
    joins = joins_of(cuts, signals, layout.cards, preset.pacing.speed)
    if story.lanes:
        # To fall on a beat, a picture has to come at once.
        joins = [replace(join, enter="cut") for join in joins]
    busy = [*watermark_area(preset, layout.seconds), *_busy_areas(layout)]
    hook = _write_hook(story, context)
    lines, warnings = _write_lines(layout, hook, whys_of(context, cuts))
    shares = shares_of(spans)
    captions, crowded = place_lower_thirds([*hook, *lines], _introductions(layout), preset, busy)
    seconds = sum(span.seconds for span in spans)
    clip = Clip.model_validate(
        {
            "id": story.name,
            "kind": "process",
            "score": round(sum(s.cut.score * s.seconds for s in spans) / seconds, 3),
            "why": f"{story.arc.about}: {describe_shares(shares)}",
            "evidence": {f"{name}_share": share for name, share in shares.items()},
            "spans": [
                _span_keys(span, join, following) | covers
                for span, join, following, covers in zip(
                    spans, joins, [*joins[1:], None], _choose_covers(spans), strict=True
                )
            ],
            "captions": captions,
            "title": clip_title([*hook, *lines]),
            "end_card": story.ending,
            "lanes": list(story.lanes),
            "warnings": [*warnings, *crowded],
        }
    )
    return place_titles(clip, preset, [*_busy_areas(layout)], [*_work_areas(layout)])


def describe_shares(shares: Mapping[str, float]) -> str:
    """Shares in words.

    >>> describe_shares({"process": 0.78, "people": 0.22})
    'process 78 %, people 22 %'
    """
    return ", ".join(f"{name} {share:.0%}".replace("%", " %") for name, share in shares.items())


def _span_keys(span: StorySpan, join: Join, following: Join | None) -> dict[str, Any]:
    """The keys of the plan's span, with the join before it and the `following` one."""
    return {
        **span.keys,
        "card": join.card,
        "enter": join.enter,
        "lead": join.lead,
        "tail": following.tail_before if following else 0.0,
        "act": span.act,
        "reason": span.reason,
    }


def _choose_covers(spans: Sequence[StorySpan]) -> list[dict[str, Any]]:
    """The keys of each span for the story's cover: the best picture of the best span, and the
    others to choose from, which come from other spans as far as there are any."""
    by_worth = sorted(range(len(spans)), key=lambda i: -_cover_worth(spans[i]))
    # The best picture of each span, then the second best of each.
    rounds = zip_longest(*(spans[i].keys["covers"] for i in by_worth))
    choices = [
        (i, choice)
        for choices in rounds
        for i, choice in zip(by_worth, choices, strict=True)
        if choice
    ][:MAX_CHOICES]
    keys: list[dict[str, Any]] = [{"cover": None, "covers": []} for _ in spans]
    for number, (i, choice) in enumerate(choices):
        keys[i]["covers"].append(choice)
        if number == 0:
            keys[i]["cover"] = choice["at"]
    return keys


def _cover_worth(span: StorySpan) -> float:
    """How good a cover the span has: one of sure work with the subject in view is best."""
    return (span.cut.kind == "process") + span.cut.score * span.inside


def _busy_areas(layout: StoryLayout) -> Iterator[BusyArea]:
    """The areas that captions must not cover, in seconds of the story."""
    for start, span in zip(layout.starts, layout.spans, strict=True):
        for area in span.busy:
            yield replace(area, start=area.start + start, end=area.end + start)


def _work_areas(layout: StoryLayout) -> Iterator[BusyArea]:
    """What is worked on in the pictures for the cover, in seconds of the story."""
    for start, span in zip(layout.starts, layout.spans, strict=True):
        for area in span.work:
            yield replace(area, start=area.start + start, end=area.end + start)


def _introductions(layout: StoryLayout) -> list[Caption]:
    """A lower third where each person who agreed to it first appears."""
    first: dict[str, Caption] = {}
    for start, span in zip(layout.starts, layout.spans, strict=True):
        for caption in span.introductions:
            first.setdefault(caption.text, shift_caption(caption, start))
    return list(first.values())


def _write_hook(story: Story, context: PlanContext) -> list[Caption]:
    """The captions over the first seconds of the story."""
    cuts = [span.cut for span in story.layout.spans]
    notes = context.texts.notes.get(cuts[0].footage.path)
    facts = template_values(cuts[0], notes, context.texts.shoot_start)
    captions = captions_for(
        "process", None, story.layout.seconds, _mean_evidence(cuts), context.preset,
        hook_of(story.arc, context), facts,
    )  # fmt: skip
    return [_fit_between_cards(c, story.layout) for c in captions if c.role == "hook"]


def _fit_between_cards(hook: Caption, layout: StoryLayout) -> Caption:
    """The hook after an opening card and until the next card, but long enough to be read."""
    hook = shift_caption(hook, layout.starts[0])
    card_starts = [layout.starts[i] - card.seconds for i, card in layout.cards.items() if i]
    end = min([hook.end, *card_starts])
    min_end = hook.start + reading_seconds(hook.text)
    return hook.model_copy(update={"end": round(max(end, min(min_end, hook.end)), 3)})


def _write_lines(
    layout: StoryLayout, hook: Sequence[Caption], whys: Sequence[WhyNote | None]
) -> tuple[list[Caption], list[str]]:
    """The captions on the spans, and their warnings.

    Speech is always written. Lines about the picture are written once each, not before the hook
    ends, and with MIN_LINE_GAP_SECONDS between them. A note that explains a span replaces its line.
    """
    written: list[Caption] = []
    warnings: list[str] = []
    texts: set[str] = {caption.text for caption in hook}
    free_from = hook[-1].end if hook else 0.0
    for start, span, why in zip(layout.starts, layout.spans, whys, strict=True):
        for caption in _add_note(span.captions, why, span.seconds):
            shifted = shift_caption(caption, start)
            if caption.role != "speech":
                too_early = caption.role == "moment" and shifted.start < free_from
                if caption.text in texts or too_early:
                    continue
                texts.add(caption.text)
            if caption.role == "moment":
                free_from = shifted.end + MIN_LINE_GAP_SECONDS
            written.append(shifted)
        if any(caption.role == "speech" for caption in span.captions):
            warnings += [f"{span.cut.footage.path.name}: {text}" for text in span.warnings]
    return written, warnings


def _add_note(
    captions: Sequence[Caption], why: WhyNote | None, seconds: float
) -> Sequence[Caption]:
    """`captions` of a span of `seconds`, with a short note in place of the line if it fits."""
    if why is None or why.card or why.seconds > seconds:
        return captions
    evidence = f"notes: {why.step or 'what to tell'}"
    note = Caption(text=why.text, start=0.0, end=round(why.seconds, 3), evidence=evidence)
    if any(c.role == "speech" and c.start < note.end for c in captions):
        return captions
    return [note, *(caption for caption in captions if caption.role != "moment")]


def end_card_for(cuts: Sequence[Cut], context: PlanContext) -> EndCard | None:
    """The preset's end card for a story of `cuts`, with the facts of the last one."""
    last = cuts[-1]
    facts = template_values(
        last, context.texts.notes.get(last.footage.path), context.texts.shoot_start
    )
    seconds = sum(cut.end - cut.start for cut in cuts)
    return end_card(None, seconds, _mean_evidence(cuts), context.preset, facts)


def _mean_evidence(cuts: Sequence[Cut]) -> dict[str, float]:
    """The mean of what texts about hands depend on: one cut with hands is no story of hands."""
    seconds = sum(cut.end - cut.start for cut in cuts)
    share = sum(cut.evidence.get("hands_share", 0.0) * (cut.end - cut.start) for cut in cuts)
    return {"hands_share": round(share / seconds, 4)}
