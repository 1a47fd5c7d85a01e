"""From analyses to a cut plan: select cuts, frame them and write captions on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from btsclip.analysis import Analysis, Report, analyze_footage, ask_track, report_nothing
from btsclip.captions import watermark_area
from btsclip.media import (
    Footage,
    SoundChoice,
    distinct,
    is_remote,
    probe,
    recorded_fingerprint,
    slug,
)
from btsclip.moments import Cut, Refusal
from btsclip.notes import StepMatch, missing_takes
from btsclip.plan import Clip, CutPlan, Skipped, Source, code_of
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.cover_title import place_titles
from btsclip.planning.ends import align_ends
from btsclip.planning.framing import frame_cut
from btsclip.planning.lower_thirds import place_lower_thirds
from btsclip.planning.once import keep_first_introductions, keep_first_lines
from btsclip.planning.request import ClipRequest, PlanContext, prepare_context
from btsclip.planning.selection import nothing_found_error, select_cuts
from btsclip.planning.series import number_series
from btsclip.planning.spans import AGAIN, AHEAD, ClipScreen, screen_of
from btsclip.planning.template_fields import sort_by_clock
from btsclip.presets import Preset
from btsclip.takes import distinct_moments
from btsclip.wording import already_edited, lost_pictures


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
    request = request or ClipRequest()
    footages = [ask_track(probe(path), request.audio_track) for path in distinct(paths)]
    context = prepare_context(footages, preset, preset_name, request)
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
    # Numbered titles of a series are not repeated.
    clips = number_series(keep_first_introductions(clips, takes), takes, context.request.series)
    clips = keep_first_lines(clips, takes)
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
    screen = screen_of(cut, framed, texts.captions, preset, context.lengths[2])
    busy = [*watermark_area(preset, screen.seconds), *screen.busy, *screen.work]
    placed, warnings = place_lower_thirds(screen.captions, screen.introductions, preset, busy)
    clip = Clip.model_validate(
        {
            "id": name,
            "enabled": not cut.danger,
            "kind": cut.kind,
            "action": cut.action,
            "score": cut.score,
            "why": _why(cut, framed.pacing, screen) + framed.people.why,
            "evidence": {
                **cut.evidence,
                "framing_inside": round(framed.inside, 3),
                **framed.people.evidence,
                **framed.jumps.evidence,
            },
            "spans": screen.spans,
            "captions": placed,
            "title": texts.title,
            "end_card": texts.end_card,
            "warnings": [*texts.warnings, *warnings],
        }
    )
    return place_titles(clip, preset, screen.busy, screen.work)


def clip_id(name: str, number: int, cut: Cut) -> str:
    """The id of a clip and the name of its files: take, number, kind and code of the cut."""
    take = cut.footage
    code = code_of(take.size, take.duration, cut.start, cut.end, cut.kind)
    return f"{name}-{number:02d}-{cut.kind}-{code}"


def _why(cut: Cut, pacing: str, screen: ClipScreen) -> str:
    """Why the clip was chosen, how it is paced, and why it is switched off if it is."""
    extras = {AGAIN: ", shown again at half speed", AHEAD: ", opens with a look ahead"}
    shown = {span.reason for span in screen.spans}
    why = cut.why + pacing + "".join(text for reason, text in extras.items() if reason in shown)
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
        brand=str(context.request.brand or ""),
        series=context.request.series or "",
        sources=sources,
        clips=add_source_warnings(clips, sources),
        skipped=[_skipped(refusal) for refusal in refused],
    )


def add_source_warnings(clips: Sequence[Clip], sources: Sequence[Source]) -> list[Clip]:
    """Warn, in the first clip of each source, of sound from other audio tracks than expected or
    from one channel only, of a take that is already edited, and of pictures that can't be read."""
    warned = list(clips)
    for source in sources:
        name = Path(source.path).name
        whys = [SoundChoice((), source.audio_why).warning]
        whys += [source.channel_why] if source.channel is not None else []
        sound = [f"{name}: {why}" for why in whys if why]
        edited = already_edited(name, source.cuts, source.duration)
        texts = [text for text in (*sound, edited, lost_pictures(name, source.lost)) if text]
        first = (i for i, clip in enumerate(warned) if source.path in _paths_of(clip))
        if texts and (index := next(first, None)) is not None:
            clip = warned[index]
            warned[index] = clip.model_copy(update={"warnings": [*clip.warnings, *texts]})
    return warned


def _paths_of(clip: Clip) -> set[str]:
    return {span.source for span in clip.spans}


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
        audio_tracks=list(footage.sound.tracks) if footage.sound else [],
        audio_why=footage.sound.why if footage.sound else "",
        channel=footage.channel.number if footage.channel else None,
        channel_why=footage.channel.why if footage.channel else "",
        picture=footage.picture if footage.has_bars else None,
        cuts=footage.cuts,
        lost=[(round(start, 3), round(end, 3)) for start, end in footage.lost],
    )


def _fingerprints(footage: Footage) -> list[str]:
    """A fingerprint of each file; empty for remote takes and for a take that was just removed.

    That of a file that grows is of the part that was planned.
    """
    if is_remote(footage.path):
        return []
    size = None if footage.chapters else footage.size
    try:
        return [recorded_fingerprint(path, size) for path in footage.files]
    except OSError:
        return []
