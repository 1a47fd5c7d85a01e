"""Analyses to a cut plan: choose the moments of all files, frame them and write on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from btsclip.analysis.analyze import Analysis, Report, analyze_footage, report_nothing
from btsclip.captions import watermark_area
from btsclip.media.fingerprint import recorded_fingerprint
from btsclip.media.footage import Footage, probe
from btsclip.media.paths import distinct, is_remote, slug
from btsclip.moments.select import Cut, Refusal, choose_cuts, find_candidates
from btsclip.notes.match import StepMatch
from btsclip.notes.model import missing_takes
from btsclip.plan.code import code_of
from btsclip.plan.model import Clip, CutPlan, Skipped, Source, Span
from btsclip.planning.captions import write_clip_texts
from btsclip.planning.cover import title_position
from btsclip.planning.framing import frame_cut
from btsclip.planning.lower_thirds import keep_first_introductions, place_lower_thirds
from btsclip.planning.nothing import nothing_found_error
from btsclip.planning.replay import replay_captions, replay_span
from btsclip.planning.request import ClipRequest, PlanContext, prepare_context
from btsclip.planning.rests import align_to_rests
from btsclip.planning.seen import busy_on_screen
from btsclip.planning.speech import extend_to_sentences
from btsclip.planning.template_fields import sort_by_clock
from btsclip.presets.schema import Preset, Quota
from btsclip.takes.same_moment import distinct_moments


def make_plan(
    paths: Sequence[str | Path],
    preset: Preset,
    preset_name: str,
    wishes: ClipRequest | None = None,
    report: Report = report_nothing,
) -> CutPlan:
    """Looks through all files and plans the best clips of them together.

    All files are probed before the first is analysed, so that a wrong name is known at once.
    Raises FootageError for a file that can't be read, CaptionError for a text that can't be drawn,
    NotesError for notes with mistakes and NothingFound when no file holds work worth cutting.
    """
    footages = [probe(path) for path in distinct(paths)]
    brief = prepare_context(footages, preset, preset_name, wishes or ClipRequest())
    found = [analyze_footage(footage, report) for footage in footages]
    # Their footage knows more than a probe does.
    footages = [analysis.footage for analysis in found]
    analyses = {analysis.footage: analysis for analysis in found}
    chosen, refused = select_cuts(found, brief, brief.count)
    if not chosen:
        raise nothing_found_error(footages, refused, brief)
    chosen = align_ends(chosen, found, brief)
    clips = [
        make_clip(
            cut, clip_id(slug(cut.footage.path.stem), number, cut), analyses[cut.footage], brief,
            noted,
        )
        for number, (cut, noted) in enumerate(zip(chosen, brief.texts.told(chosen), strict=True), 1)
    ]  # fmt: skip
    filmed = [str(footage.path) for footage in sort_by_clock(footages)]
    clips = keep_first_introductions(clips, filmed)
    return assemble_plan(footages, clips, refused, brief, _same_moments(footages))


def _same_moments(footages: Sequence[Footage]) -> list[str]:
    """Warnings of takes that show the same moment: what the user named is cut all the same."""
    return [
        f"{each.path.name} is {each.why}: the same moment may be in two clips"
        for each in distinct_moments(footages).left_out
    ]


def select_cuts(
    analyses: Sequence[Analysis], brief: PlanContext, count: int
) -> tuple[list[Cut], list[Refusal]]:
    """The `count` best cuts of all `analyses`, and what was left out and why, in the order of file
    and time."""
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    for analysis in analyses:
        offered, left_out = find_candidates(
            analysis.footage, analysis.signals, analysis.moments, brief.taken, brief.wishes.mishaps
        )
        cuts += map(brief.texts.as_noted, offered)
        refused += left_out
    weights, quotas = weights_and_quotas(brief.preset)
    chosen, left_out = choose_cuts([cut for cut in cuts if not cut.danger], count, weights, quotas)
    # Those are switched off and take no other clip's place.
    risky, more = choose_cuts([cut for cut in cuts if cut.danger], count, weights)
    taken = {id(cut) for cut in [*chosen, *risky]}
    refused = sorted(refused + left_out + more, key=lambda r: (str(r.footage.path), r.start))
    return [cut for cut in cuts if id(cut) in taken], refused


def weights_and_quotas(preset: Preset) -> tuple[dict[str, float], dict[str, Quota]]:
    """The preset's weights and quotas, by kind."""
    weights = {str(kind): weight for kind, weight in preset.weights.items()}
    return weights, {str(kind): quota for kind, quota in preset.quotas.items()}


def align_ends(cuts: list[Cut], analyses: Sequence[Analysis], brief: PlanContext) -> list[Cut]:
    """`cuts` with their ends where the motion rests, and where speech is heard those in which
    somebody tells something at its sentences."""
    signals = {analysis.footage: analysis.signals for analysis in analyses}
    cuts = align_to_rests(cuts, signals, brief.taken)
    if not brief.wishes.speech:
        return cuts
    return extend_to_sentences(cuts, signals, brief.lengths, brief.wishes.language)


def assemble_plan(
    footages: Sequence[Footage],
    clips: list[Clip],
    refused: Sequence[Refusal],
    brief: PlanContext,
    warnings: Sequence[str] = (),
) -> CutPlan:
    """The plan of `clips` of these takes, with all that was left out. `warnings` are about all of
    it and stand with the first clip."""
    if clips and (found := [*warnings, *_unused(brief, clips)]):
        first = clips[0].model_copy(update={"warnings": [*clips[0].warnings, *found]})
        clips = [first, *clips[1:]]
    sources = [source_of(footage) for footage in footages]
    return CutPlan(
        preset=brief.preset_name,
        sources=sources,
        clips=add_sound_warnings(clips, sources),
        skipped=[_skipped(refusal) for refusal in refused],
    )


def add_sound_warnings(clips: Sequence[Clip], sources: Sequence[Source]) -> list[Clip]:
    """`clips`, the first of each source of which one channel is played with a warning that says
    so."""
    warned = list(clips)
    for source in sources:
        for number, clip in enumerate(warned):
            if source.channel is not None and source.path in {span.source for span in clip.spans}:
                text = f"{Path(source.path).name}: {source.channel_why}"
                warned[number] = clip.model_copy(update={"warnings": [*clip.warnings, text]})
                break
    return warned


def clip_id(name: str, number: int, cut: Cut) -> str:
    """The id of a clip, which is also its files' name: that of its take, its number, its kind and
    the code by which its posts are known again."""
    take = cut.footage
    code = code_of(take.size, take.duration, cut.start, cut.end, cut.kind)
    return f"{name}-{number:02d}-{cut.kind}-{code}"


def _unused(brief: PlanContext, clips: Sequence[Clip]) -> list[str]:
    """Warnings of what the user wrote and no clip can show."""
    warnings = list(brief.texts.warnings)
    captions = brief.wishes.captions
    if captions and not any(c.role == "speech" for clip in clips for c in clip.captions):
        warnings.append(f"no text of {captions} falls into this or any other clip")
    for text in dict.fromkeys(t for notes in brief.texts.notes.values() for t in notes.withheld()):
        warnings.append(f"{text!r} names somebody without consent in the notes: it is not written")
    for take in missing_takes(brief.texts.notes):
        warnings.append(f"the notes name the take {take!r}, but no such file lies beside the takes")
    return warnings


def make_clip(
    cut: Cut, name: str, analysis: Analysis, brief: PlanContext, noted: StepMatch | None = None
) -> Clip:
    """One cut as the clip called `name` of the plan: framed, paced and captioned. `noted` is what
    the notes tell of it, where that was found beside other cuts."""
    preset, cut = brief.preset, brief.texts.as_noted(cut, noted)
    framed = frame_cut(cut, analysis, brief, cover=preset.cover.at == "best")
    written = write_clip_texts(cut, brief.texts, preset, framed.time_map, noted)
    seconds, seen, lines = framed.time_map.seconds, list(framed.seen), list(written.captions)
    again = replay_span(cut, {**framed.values, "cover": None}, preset)
    if again and seconds + again.seconds > brief.lengths[2]:
        again = None
    if again:
        end = seconds + again.seconds
        lines += replay_captions(seconds, end, preset)
        shown = [(at, box) for at, box in framed.boxes if again.start <= at <= again.end]
        seen += busy_on_screen(shown, again.start, again.time_map, seconds)
        seconds = end
    busy = [*watermark_area(preset, seconds), *seen]
    captions, crowded = place_lower_thirds(lines, framed.introduces, preset, busy)
    clip = Clip.model_validate(
        {
            "id": name,
            "enabled": not cut.danger,
            "kind": cut.kind,
            "action": cut.action,
            "score": cut.score,
            "why": _why(cut, framed.told, again) + framed.cast.why,
            "evidence": {
                **cut.evidence,
                "framing_inside": round(framed.inside, 3),
                **framed.cast.evidence,
            },
            "spans": [framed.values, *([again] if again else [])],
            "captions": captions,
            "title": written.title,
            "end_card": written.end_card,
            "warnings": [*written.warnings, *crowded],
        }
    )
    spot = title_position(clip, preset, seen)
    return clip.model_copy(update={"title_y": spot.y, "title_scale": spot.scale})


def _why(cut: Cut, pace_told: str, again: Span | None) -> str:
    """Why the clip is there, how it is shown, and why it is switched off if it is."""
    why = cut.why + pace_told + (", shown again at half speed" if again else "")
    return (
        f"{why}; switched off: {cut.danger}, switch it on if nobody was hurt" if cut.danger else why
    )


def _skipped(refusal: Refusal) -> Skipped:
    return Skipped(
        source=str(refusal.footage.path),
        start=round(refusal.start, 3),
        end=round(refusal.end, 3),
        why=refusal.why,
    )


def source_of(footage: Footage) -> Source:
    """What the plan says of a take."""
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
    """What each file of the take holds; nothing in a store, or of a take that has just gone."""
    if is_remote(footage.path):
        return []
    try:
        return [recorded_fingerprint(path) for path in footage.files]
    except OSError:
        return []
