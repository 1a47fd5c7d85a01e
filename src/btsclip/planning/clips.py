"""From analyses to a cut plan: select cuts, frame them and write captions on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from btsclip.analysis import Analysis, Report, analyze_footage, report_nothing
from btsclip.captions import fill_template, watermark_area
from btsclip.media import Footage, distinct, is_remote, probe, recorded_fingerprint, slug
from btsclip.moments import Cut, Refusal
from btsclip.notes import StepMatch, missing_takes
from btsclip.plan import Caption, Clip, CropKey, CutPlan, Skipped, Source, Span, code_of
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.cover_title import place_titles
from btsclip.planning.ends import align_ends
from btsclip.planning.framing import busy_on_screen, frame_cut
from btsclip.planning.lower_thirds import keep_first_introductions, place_lower_thirds
from btsclip.planning.request import ClipRequest, PlanContext, prepare_context
from btsclip.planning.selection import nothing_found_error, select_cuts
from btsclip.planning.template_fields import sort_by_clock
from btsclip.presets import Preset
from btsclip.takes import distinct_moments

# Seconds of the footage before and after a mishap that its replay shows.
REPLAY_BEFORE = 0.8
REPLAY_AFTER = 1.2
REPLAY_SPEED = 0.5
# Values that a replay shares with the span before it.
REPLAY_KEYS = ("source", "layout", "framing", "blur", "blur_faces", "may_be_seen")


def make_plan(
    paths: Sequence[str | Path],
    preset: Preset,
    preset_name: str,
    request: ClipRequest | None = None,
    report: Report = report_nothing,
) -> CutPlan:
    """Analyze all files and plan the best clips of them together.

    All files are probed before the first is analyzed, so that a wrong name fails at once.

    Raises FootageError for a file that can't be read, CaptionError for a text that can't be drawn,
    NotesError for notes with mistakes and NothingFound if no file has work worth cutting.
    """
    footages = [probe(path) for path in distinct(paths)]
    context = prepare_context(footages, preset, preset_name, request or ClipRequest())
    analyses = [analyze_footage(footage, report) for footage in footages]
    # The analysis adds facts to the footage that a probe does not find.
    footages = [analysis.footage for analysis in analyses]
    by_footage = {analysis.footage: analysis for analysis in analyses}
    cuts, refused = select_cuts(analyses, context, context.count)
    if not cuts:
        raise nothing_found_error(footages, refused, context)
    cuts = align_ends(cuts, analyses, context)
    matches = context.texts.match_steps(cuts)
    clips = [
        make_clip(
            cut, clip_id(slug(cut.footage.path.stem), number, cut), by_footage[cut.footage],
            context, match,
        )
        for number, (cut, match) in enumerate(zip(cuts, matches, strict=True), 1)
    ]  # fmt: skip
    takes = [str(footage.path) for footage in sort_by_clock(footages)]
    clips = keep_first_introductions(clips, takes)
    return assemble_plan(footages, clips, refused, context, _same_moment_warnings(footages))


def make_clip(
    cut: Cut, name: str, analysis: Analysis, context: PlanContext, match: StepMatch | None = None
) -> Clip:
    """Make one cut the clip `name` of the plan: framed, paced and captioned.

    `match` is the cut's step in the notes, if it was matched together with other cuts.
    """
    preset, cut = context.preset, context.texts.as_noted(cut, match)
    framed = frame_cut(cut, analysis, context, cover=preset.cover.at == "best")
    texts = write_clip_texts(cut, context.texts, preset, framed.time_map, match)
    seconds, captions = framed.time_map.seconds, list(texts.captions)
    busy_areas = list(framed.busy_areas)
    replay = replay_span(cut, framed.values, preset)
    if replay and seconds + replay.seconds > context.lengths[2]:
        replay = None
    if replay:
        end = seconds + replay.seconds
        captions += replay_captions(seconds, end, preset)
        boxes = [(at, box) for at, box in framed.boxes if replay.start <= at <= replay.end]
        busy_areas += busy_on_screen(boxes, replay.start, replay.time_map, seconds)
        seconds = end
    busy = [*watermark_area(preset, seconds), *busy_areas]
    placed, warnings = place_lower_thirds(captions, framed.lower_thirds, preset, busy)
    clip = Clip.model_validate(
        {
            "id": name,
            "enabled": not cut.danger,
            "kind": cut.kind,
            "action": cut.action,
            "score": cut.score,
            "why": _why(cut, framed.pacing, replay) + framed.people.why,
            "evidence": {
                **cut.evidence,
                "framing_inside": round(framed.inside, 3),
                **framed.people.evidence,
            },
            "spans": [framed.values, *([replay] if replay else [])],
            "captions": placed,
            "title": texts.title,
            "end_card": texts.end_card,
            "warnings": [*texts.warnings, *warnings],
        }
    )
    return place_titles(clip, preset, busy_areas, framed.work_areas)


def clip_id(name: str, number: int, cut: Cut) -> str:
    """The id of a clip and the name of its files: take, number, kind and code of the cut."""
    take = cut.footage
    code = code_of(take.size, take.duration, cut.start, cut.end, cut.kind)
    return f"{name}-{number:02d}-{cut.kind}-{code}"


def replay_span(cut: Cut, values: Mapping[str, Any], preset: Preset) -> Span | None:
    """The slow replay of the mishap in `cut`, framed as its span with `values`.

    None for other cuts, and for presets without replays.
    """
    if cut.kind != "mishap" or preset.pacing.mishap != "replay" or "at" not in cut.evidence:
        return None
    at = cut.evidence["at"]
    start = round(max(cut.start, at - REPLAY_BEFORE), 3)
    end = round(min(cut.end, at + REPLAY_AFTER), 3)
    return Span.model_validate(
        {
            **{key: values[key] for key in REPLAY_KEYS},
            **{key: _keys_within(values[key], start, end) for key in ("crop", "below")},
            "start": start,
            "end": end,
            "speeds": [(start, REPLAY_SPEED)],
            "reason": "again, at half speed",
        }
    )


def _keys_within(keys: Sequence[CropKey], start: float, end: float) -> list[CropKey]:
    """The crop keys from `start` to `end`, with the last one before and the first one after."""
    first = max((i for i, key in enumerate(keys) if key[0] <= start), default=0)
    last = min((i for i, key in enumerate(keys) if key[0] >= end), default=len(keys))
    return list(keys[first : last + 1])


def replay_captions(start: float, end: float, preset: Preset) -> list[Caption]:
    """The preset's caption for a replay from `start` to `end` on the screen, if it has one."""
    text = " ".join(fill_template(preset.captions.replay, {}, hands_seen=False).split())
    return [Caption(text=text, start=round(start, 3), end=round(end, 3))] if text else []


def _why(cut: Cut, pacing: str, replay: Span | None) -> str:
    """Why the clip was chosen, how it is paced, and why it is switched off if it is."""
    why = cut.why + pacing + (", shown again at half speed" if replay else "")
    return (
        f"{why}; switched off: {cut.danger}, switch it on if nobody was hurt" if cut.danger else why
    )


def assemble_plan(
    footages: Sequence[Footage],
    clips: list[Clip],
    refused: Sequence[Refusal],
    context: PlanContext,
    warnings: Sequence[str] = (),
) -> CutPlan:
    """The plan of `clips` from these takes, with everything that was left out.

    `warnings` about the complete plan are stored in its first clip.
    """
    if clips and (all_warnings := [*warnings, *_unused_text_warnings(context, clips)]):
        first = clips[0].model_copy(update={"warnings": [*clips[0].warnings, *all_warnings]})
        clips = [first, *clips[1:]]
    sources = [source_of(footage) for footage in footages]
    return CutPlan(
        preset=context.preset_name,
        sources=sources,
        clips=add_sound_warnings(clips, sources),
        skipped=[_skipped(refusal) for refusal in refused],
    )


def add_sound_warnings(clips: Sequence[Clip], sources: Sequence[Source]) -> list[Clip]:
    """Warn, in the first clip of each source, if only one channel of its sound is played."""
    warned = list(clips)
    for source in sources:
        for index, clip in enumerate(warned):
            if source.channel is not None and source.path in {span.source for span in clip.spans}:
                text = f"{Path(source.path).name}: {source.channel_why}"
                warned[index] = clip.model_copy(update={"warnings": [*clip.warnings, text]})
                break
    return warned


def _unused_text_warnings(context: PlanContext, clips: Sequence[Clip]) -> list[str]:
    """Warnings about the user's texts that no clip can show."""
    warnings = list(context.texts.warnings)
    captions = context.request.captions
    if captions and not any(c.role == "speech" for clip in clips for c in clip.captions):
        warnings.append(f"no text of {captions} falls into this or any other clip")
    for text in dict.fromkeys(
        t for notes in context.texts.notes.values() for t in notes.withheld()
    ):
        warnings.append(f"{text!r} names somebody without consent in the notes: it is not written")
    for take in missing_takes(context.texts.notes):
        warnings.append(f"the notes name the take {take!r}, but no such file is beside the takes")
    return warnings


def _same_moment_warnings(footages: Sequence[Footage]) -> list[str]:
    """Warnings about takes of the same moment. All are cut, since the user named them."""
    return [
        f"{take.path.name} is {take.why}: the same moment may be in two clips"
        for take in distinct_moments(footages).left_out
    ]


def _skipped(refusal: Refusal) -> Skipped:
    return Skipped(
        source=str(refusal.footage.path),
        start=round(refusal.start, 3),
        end=round(refusal.end, 3),
        why=refusal.why,
    )


def source_of(footage: Footage) -> Source:
    """The plan's entry for a take."""
    return Source(
        path=str(footage.path),
        chapters=[str(chapter.path) for chapter in footage.chapters],
        fingerprints=_fingerprints(footage),
        size=footage.size,
        duration=round(footage.duration, 3),
        created=footage.created.isoformat() if footage.created else None,
        channel=footage.channel.number if footage.channel else None,
        channel_why=footage.channel.why if footage.channel else "",
        picture=footage.picture if footage.has_bars else None,
    )


def _fingerprints(footage: Footage) -> list[str]:
    """A fingerprint of each file; empty for remote takes and for a take that was just removed."""
    if is_remote(footage.path):
        return []
    try:
        return [recorded_fingerprint(path) for path in footage.files]
    except OSError:
        return []
