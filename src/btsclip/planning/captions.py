"""The texts of each clip: the lines of its preset, filled with what is known, and timed texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btsclip.captions import (
    Cue,
    captions_for,
    captions_of,
    clean_line,
    cue_on_screen,
    cues_between,
    end_card,
    fit_reading_time,
    make_readable,
    reading_seconds,
    room_for,
    shift_caption,
)
from btsclip.intervals import overlap
from btsclip.moments import Cut
from btsclip.notes import StepMatch
from btsclip.plan import Caption, EndCard, TimeMap
from btsclip.planning.template_fields import template_values, title_facts
from btsclip.planning.text_sources import CaptionSources, series_line
from btsclip.presets import Preset


@dataclass(frozen=True)
class ClipTexts:
    """The texts of one clip, with warnings about those left out or hard to read."""

    captions: tuple[Caption, ...]
    title: str
    end_card: EndCard | None
    warnings: tuple[str, ...]


def write_clip_texts(
    cut: Cut,
    texts: CaptionSources,
    preset: Preset,
    time_map: TimeMap,
    match: StepMatch | None = None,
) -> ClipTexts:
    """The texts of one clip, with times on the screen; `match` as in `template_values`.

    Cues replace the preset's lines that they overlap, except hooks.
    """
    cut = texts.as_noted(cut, match)
    shown, worked = time_map.seconds, cut.end - cut.start
    facts = template_values(cut, texts.notes.get(cut.footage.path), texts.shoot_start, match)
    action = cut.action if "action" in facts else None
    # A mishap's line must not be shown before the mishap happens.
    at = cut.evidence.get("at", cut.start) if cut.kind == "mishap" else cut.start
    lines = captions_for(
        cut.kind, action, shown, cut.evidence, preset, texts.users_hook, facts, worked,
        happens=time_map.shown(max(0.0, at - cut.start)),
    )  # fmt: skip
    titles = captions_for(
        cut.kind, action, shown, cut.evidence, preset, texts.users_hook,
        title_facts(cut.footage, texts.notes.get(cut.footage.path)) | facts, worked,
    )  # fmt: skip
    cues = [
        cue_on_screen(cue, time_map)
        for cue in texts.cues_in(cut.footage, cut.start, cut.end, preset)
    ]
    # Of a cue that falls into what is cut out, nothing is left.
    cues = [cue for cue in cues if cue.end > cue.start]
    lines = end_before(lines, cues)
    opening = max((c.end for c in lines if c.role == "hook"), default=0.0)
    speech, unread = _speech_after(opening, cues, shown, preset, texts.cues_evidence)
    free = [line for line in lines if line.role != "moment" or not _meets(line, speech, preset)]
    kept = make_readable(free, shown, preset)
    captions = (*kept.captions, *speech)
    return ClipTexts(
        captions=captions,
        title=(
            series_line(texts.series, 1)
            if texts.series
            else clip_title(captions) or clip_title(titles)
        ),
        end_card=end_card(action, worked, cut.evidence, preset, facts),
        warnings=(*kept.warnings, *unread),
    )


def _meets(line: Caption, speech: Sequence[Caption], preset: Preset) -> bool:
    """Whether `line`, shown for as long as reading it takes, meets any of `speech`."""
    end = max([line.end, *(caption.end for caption in speech)])
    parts = make_readable([line], end, preset).captions
    return any(overlap(part, caption) for part in parts for caption in speech)


def clip_title(captions: Sequence[Caption]) -> str:
    """The title of a clip: its hook, or else its first line or words; "" where nothing is known."""
    for role in ("hook", "moment", "speech"):
        for caption in captions:
            if caption.role == role:
                return clean_line(caption.text)
    return ""


def end_before(lines: Sequence[Caption], cues: Sequence[Cue]) -> tuple[Caption, ...]:
    """`lines`, each ending as the first of `cues` in its time begins, but not before it is read."""
    shortened = []
    for line in lines:
        starts = [cue.start for cue in cues if overlap(cue, line)]
        if line.role != "sticker" and starts:
            read = line.start + reading_seconds(clean_line(line.text))
            line = line.model_copy(update={"end": round(min(line.end, max(read, min(starts))), 3)})
        shortened.append(line)
    return tuple(shortened)


def _speech_after(
    opening: float, cues: Sequence[Cue], shown: float, preset: Preset, evidence: str
) -> tuple[tuple[Caption, ...], list[str]]:
    """The cues as captions from `opening` on, when the hook has ended, and warnings.

    Two texts at once would both stay unread.
    """
    later = cues_between(cues, opening, shown)
    timed = fit_reading_time(later, 0.0, shown - opening, room_for("speech", preset))
    hidden = [c for c in cues if not c.words and not cues_between([c], opening, shown)]
    warnings = [f"{cue.text!r} is not shown: the hook is on the picture then" for cue in hidden]
    captions = captions_of(timed.cues, "speech", evidence)
    return tuple(shift_caption(c, opening) for c in captions), [*warnings, *timed.warnings]
