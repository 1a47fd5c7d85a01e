"""A story's spans as one clip of a plan: joined, written on, with sound laid under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from btsclip.captions import BusyArea, captions_for, watermark_area
from btsclip.captions.cues import shift_caption
from btsclip.captions.text import end_card
from btsclip.captions.timing import reading_seconds
from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.plan.model import Caption, Clip, EndCard, Lane
from btsclip.planning.cover import title_position
from btsclip.planning.lower_thirds import place_lower_thirds
from btsclip.planning.request import PlanContext
from btsclip.planning.template_fields import template_values
from btsclip.presets.schema import Preset, alternatives, template_fields
from btsclip.signals.model import Signals
from btsclip.story.arc import Arc
from btsclip.story.joins import Join, joins_of
from btsclip.story.spans import StoryLayout, StorySpan, shares_of
from btsclip.story.tasks import FramedSpan
from btsclip.story.why import WhyNote, notes_for

# Seconds between two lines about what is seen, so that a story is looked at and not read.
BETWEEN_LINES = 2.0


@dataclass(frozen=True)
class Story:
    """All that its clip is made of: its name, its spans as they are laid out and as they are shown,
    its end card and the lanes of its music."""

    name: str
    arc: Arc
    laid: StoryLayout
    shown: tuple[FramedSpan, ...]
    ending: EndCard | None = None
    lanes: tuple[Lane, ...] = ()


def story_preset(preset: Preset) -> Preset:
    """The preset as a story uses it: spans run evenly, mishaps too, and lines that count a clip's
    seconds are not said of a span's."""
    kinds = {
        kind: [t for t in alternatives(texts) if "seconds" not in template_fields(t)]
        for kind, texts in preset.captions.kinds.items()
    }
    pacing = preset.pacing.model_copy(update={"lull_speed": 1.0, "mishap": "none"})
    captions = preset.captions.model_copy(update={"kinds": kinds})
    return preset.model_copy(update={"pacing": pacing, "captions": captions})


def hook_of(arc: Arc, brief: PlanContext) -> str | None:
    """What the user wrote, else the first question of the notes where the arc asks one, else
    nothing: the preset's own."""
    if brief.texts.hook is not None or not arc.asks:
        return brief.texts.hook
    questions = (
        question
        for notes in brief.texts.notes.values()
        for question in notes.questions
        if question.strip() and notes.may_write(question)
    )
    return next(questions, None)


def whys_of(brief: PlanContext, cuts: Sequence[Cut]) -> list[WhyNote | None]:
    """For each of `cuts` the note that explains it, if there is one."""
    texts = brief.texts
    return notes_for(cuts, texts.notes, brief.preset, texts.spoken_text if texts.speech else None)


def compose(story: Story, signals: Mapping[Footage, Signals], brief: PlanContext) -> Clip:
    """The story as one clip."""
    spans, preset = story.laid.spans, brief.preset
    cuts = [span.cut for span in spans]
    joins = joins_of(cuts, signals, story.laid.cards, preset.pacing.speed)
    if story.lanes:
        # On a beat a picture comes at once.
        joins = [replace(join, enter="cut") for join in joins]
    best = max(range(len(spans)), key=lambda i: _cover_worth(spans[i], story.shown[i]))
    values = [
        _values(story, i, joins[i], joins[i + 1] if i + 1 < len(joins) else None, i == best)
        for i in range(len(spans))
    ]
    busy = [*watermark_area(preset, story.laid.seconds), *_seen(story)]
    hook = _hook(story, brief)
    lines, warnings = _lines(story, hook, whys_of(brief, cuts))
    shares = shares_of(spans)
    captions, crowded = place_lower_thirds([*hook, *lines], _introductions(story), preset, busy)
    clip = Clip.model_validate(
        {
            "id": story.name,
            "kind": "process",
            "score": round(sum(s.cut.score * s.seconds for s in spans) / _sum(spans), 3),
            "why": f"{story.arc.about}: {describe_shares(shares)}",
            "evidence": {f"{name}_share": share for name, share in shares.items()},
            "spans": values,
            "captions": captions,
            "title": hook[0].text if hook else (lines[0].text if lines else story.name),
            "end_card": story.ending,
            "lanes": list(story.lanes),
            "warnings": [*warnings, *crowded],
        }
    )
    spot = title_position(clip, preset, [each for each in busy if isinstance(each, BusyArea)])
    return clip.model_copy(update={"title_y": spot.y, "title_scale": spot.scale})


def describe_shares(shares: Mapping[str, float]) -> str:
    """Shares in words: "process 78 %, people 13 %, product 9 %"."""
    return ", ".join(f"{name} {share:.0%}".replace("%", " %") for name, share in shares.items())


def _values(
    story: Story, i: int, join: Join, following: Join | None, cover: bool
) -> dict[str, Any]:
    """The keys of span `i` of the plan."""
    span, values = story.laid.spans[i], story.shown[i].framed.values
    return {
        **values,
        "cover": values["cover"] if cover else None,
        "card": join.card,
        "enter": join.enter,
        "lead": join.lead,
        "tail": following.tail_before if following else 0.0,
        "act": span.act,
        "reason": span.reason,
    }


def _cover_worth(span: StorySpan, shown: FramedSpan) -> float:
    """How good a cover the span has: of work that is surely work, with hands to be seen."""
    if shown.framed.values["cover"] is None:
        return 0.0
    return (span.cut.kind == "process") + span.cut.score * shown.framed.inside


def _seen(story: Story) -> Iterator[BusyArea]:
    """What captions make way for, at its times on the screen."""
    for at, shown in zip(story.laid.starts, story.shown, strict=True):
        for each in shown.framed.busy_areas:
            yield replace(each, start=each.start + at, end=each.end + at)


def _introductions(story: Story) -> list[Caption]:
    """A lower third where each of the people who agreed is first seen."""
    first: dict[str, Caption] = {}
    for at, shown in zip(story.laid.starts, story.shown, strict=True):
        for caption in shown.framed.lower_thirds:
            first.setdefault(caption.text, shift_caption(caption, at))
    return list(first.values())


def _hook(story: Story, brief: PlanContext) -> list[Caption]:
    """The text over the first seconds of the story."""
    first = story.laid.spans[0]
    cuts = [span.cut for span in story.laid.spans]
    notes = brief.texts.notes.get(first.cut.footage.path)
    facts = template_values(first.cut, notes, brief.texts.shoot_start)
    made = captions_for(
        "process", None, story.laid.seconds, _mean_evidence(cuts), brief.preset,
        hook_of(story.arc, brief), facts,
    )  # fmt: skip
    hook = [caption for caption in made if caption.role == "hook"]
    return [_before_cards(caption, story) for caption in hook]


def _before_cards(hook: Caption, story: Story) -> Caption:
    """The hook after a card that opens the story and as long as no other one is shown, but long
    enough to be read."""
    hook = shift_caption(hook, story.laid.starts[0])
    starts = [story.laid.starts[i] - card.seconds for i, card in story.laid.cards.items() if i]
    end = min([hook.end, *starts])
    least = hook.start + reading_seconds(hook.text)
    return hook.model_copy(update={"end": round(max(end, min(least, hook.end)), 3)})


def _lines(
    story: Story, hook: Sequence[Caption], whys: Sequence[WhyNote | None]
) -> tuple[list[Caption], list[str]]:
    """What is written on the spans: all that is said, and lines that say something new, with time
    between them; none while the hook is read. A note that explains a span goes before its line."""
    kept: list[Caption] = []
    warnings: list[str] = []
    said: set[str] = {caption.text for caption in hook}
    free = hook[-1].end if hook else 0.0
    for at, span, shown, why in zip(
        story.laid.starts, story.laid.spans, story.shown, whys, strict=True
    ):
        for caption in _explained(shown.captions, why, span.seconds):
            moved = shift_caption(caption, at)
            if caption.role != "speech":
                if caption.text in said or (caption.role == "moment" and moved.start < free):
                    continue
                said.add(caption.text)
            if caption.role == "moment":
                free = moved.end + BETWEEN_LINES
            kept.append(moved)
        if any(caption.role == "speech" for caption in shown.captions):
            warnings += [f"{span.cut.footage.path.name}: {text}" for text in shown.warnings]
    return kept, warnings


def _explained(
    captions: Sequence[Caption], why: WhyNote | None, seconds: float
) -> Sequence[Caption]:
    """`captions` of a span of `seconds`, with a short note in place of its line."""
    if why is None or why.card or why.seconds > seconds:
        return captions
    said = Caption(text=why.text, start=0.0, end=round(why.seconds, 3))
    if any(c.role == "speech" and c.start < said.end for c in captions):
        return captions
    return [said, *(caption for caption in captions if caption.role != "moment")]


def end_card_for(cuts: Sequence[Cut], brief: PlanContext) -> EndCard | None:
    """The preset's end card on a story of `cuts`, with what is known of the last one."""
    last = cuts[-1]
    facts = template_values(last, brief.texts.notes.get(last.footage.path), brief.texts.shoot_start)
    seconds = sum(cut.end - cut.start for cut in cuts)
    return end_card(None, seconds, _mean_evidence(cuts), brief.preset, facts)


def _mean_evidence(cuts: Sequence[Cut]) -> dict[str, float]:
    """What texts about hands hang on, over all `cuts`: one with hands makes no story of hands."""
    seconds = sum(cut.end - cut.start for cut in cuts)
    share = sum(cut.evidence.get("hands_share", 0.0) * (cut.end - cut.start) for cut in cuts)
    return {"hands_share": round(share / seconds, 4)}


def _sum(spans: Sequence[StorySpan]) -> float:
    return sum(span.seconds for span in spans)
