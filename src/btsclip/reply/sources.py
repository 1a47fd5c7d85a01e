"""The moments that may answer a comment: of a shoot's takes, or the clips of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from btsclip.analysis import Analysis, Report, analyze_footage, ask_track
from btsclip.errors import FootageError, NothingFound
from btsclip.intervals import overlap
from btsclip.media import ASKED, Footage, join_chapters, probe
from btsclip.moments import Cut, Refusal, find_candidates
from btsclip.notes import MIN_NAME_SHARE, Notes, StepMatch, covered_share, terms
from btsclip.plan import Clip, CutPlan, Source, read_plan
from btsclip.planning import (
    CaptionSources,
    ClipRequest,
    add_source_warnings,
    align_ends,
    branded,
    load_look,
    make_clip,
    nothing_found_error,
    prepare_context,
    source_of,
)
from btsclip.presets import Preset
from btsclip.render import read_source
from btsclip.reply.match import MomentFacts
from btsclip.takes import find_takes

PLAN_SUFFIX = ".json"


@dataclass(frozen=True)
class ReplySources:
    """The moments that may answer a comment.

    `cuts`, `steps` and `moments` have one entry a moment, in order; `steps` are the matching steps
    of the notes. `make_clip` makes the clip of a moment from its index and the clip's id. `footage`
    is by source, `notes` by path of the take. `brand` is the path of the brand.
    `failed` names takes that can't be read.
    """

    preset: Preset
    preset_name: str
    brand: str
    cuts: tuple[Cut, ...]
    steps: tuple[StepMatch | None, ...]
    moments: tuple[MomentFacts, ...]
    footage: dict[str, Footage]
    sources: tuple[Source, ...]
    notes: Mapping[Path, Notes]
    make_clip: Callable[[int, str], Clip]
    failed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def gather_sources(
    place: Path,
    out: Path,
    preset_name: str | None,
    default: str,
    request: ClipRequest,
    report: Report,
) -> ReplySources:
    """The sources at `place`: a shoot's folder without its results in `out`, a take, or a plan.

    The preset is `preset_name`, else the plan's, else the `default`. Takes are analyzed, or their
    cached measurements read. Raises NothingFound if no take shows any work, and the errors of
    reading and probing.
    """
    if place.suffix.lower() == PLAN_SUFFIX and not place.is_dir():
        return sources_of_plan(place, preset_name, request)
    if not place.is_dir():
        take = ask_track(probe(place), request.audio_track)
        return sources_of_takes([take], [], preset_name or default, request, report)
    discovery = find_takes(place, out)
    if not discovery.takes:
        raise discovery.no_takes_error(place)
    footages = [take.footage for take in discovery.takes]
    sources = sources_of_takes(footages, discovery.failed, preset_name or default, request, report)
    return replace(sources, warnings=tuple(discovery.warnings))


def sources_of_takes(
    footages: Sequence[Footage],
    failed: Sequence[str],
    preset_name: str,
    request: ClipRequest,
    report: Report,
) -> ReplySources:
    """The moments of these takes that could be clips.

    Takes that can't be analyzed are added to the messages in `failed`.
    """
    preset, request = branded(preset_name, request, [footage.path for footage in footages])
    context = prepare_context(footages, preset, preset_name, request)
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    all_failed = list(failed)
    analyses: dict[Path, Analysis] = {}
    for footage in footages:
        try:
            asked = ask_track(footage, request.audio_track)
            analysis = analyses[footage.path] = analyze_footage(asked, report)
        except FootageError as error:
            all_failed.append(str(error))
            continue
        offered, left_out = find_candidates(
            analysis.footage, analysis.signals, analysis.moments, context.source_lengths
        )
        # A possible injury or distress is no answer.
        cuts += [context.texts.as_noted(cut) for cut in offered if not cut.danger]
        refused += left_out
    if not cuts:
        raise nothing_found_error(footages, refused, context)
    steps = context.texts.match_steps(cuts)
    cuts = list(map(context.texts.as_noted, cuts, steps))

    def make(index: int, name: str) -> Clip:
        analysis = analyses[cuts[index].footage.path]
        (cut,) = align_ends([cuts[index]], [analysis], context)
        return make_clip(cut, name, analysis, context, steps[index])

    moments = [
        _gather_facts(cut, step, context.texts, context.texts.spoken_text(cut))
        for cut, step in zip(cuts, steps, strict=True)
    ]
    takes = [analyses[f.path].footage if f.path in analyses else f for f in footages]
    return ReplySources(
        preset, context.preset_name, str(request.brand or ""), tuple(cuts), tuple(steps),
        tuple(moments), {str(footage.path): footage for footage in takes},
        tuple(source_of(footage) for footage in takes), context.texts.notes, make,
        tuple(all_failed),
    )  # fmt: skip


def sources_of_plan(path: Path, preset_name: str | None, request: ClipRequest) -> ReplySources:
    """The enabled clips of the plan at `path`. Raises NothingFound if there is none."""
    plan = read_plan(path)
    name = preset_name or plan.preset
    brand = request.brand or (Path(plan.brand) if plan.brand else None)
    preset, request = load_look(name, brand), replace(request, brand=brand)
    clips = [clip for clip in plan.clips if clip.enabled]
    if not clips:
        raise NothingFound(path, "holds no clip that is enabled", "enable one, or plan again")
    used = {span.source for clip in clips for span in clip.spans}
    sources = [source for source in plan.sources if source.path in used]
    footage = {
        source.path: ask_track(join_chapters(read_source(source)), request.audio_track)
        for source in sources
    }
    if request.audio_track is not None:
        # The channel is one of the track that the plan had.
        asked = {"audio_tracks": [request.audio_track], "audio_why": ASKED, "channel": None}
        sources = [source.model_copy(update=asked) for source in sources]
    cuts = [_first_cut(clip, footage) for clip in clips]
    context = prepare_context(list(footage.values()), preset, name, request)
    steps = context.texts.match_steps(cuts)

    def rename(index: int, name: str) -> Clip:
        return clips[index].model_copy(update={"id": name})

    moments = [
        _gather_facts(cut, step, context.texts, context.texts.spoken_text(cut), _caption_text(clip))
        for cut, step, clip in zip(cuts, steps, clips, strict=True)
    ]
    return ReplySources(
        preset, context.preset_name, str(request.brand or ""), tuple(cuts), tuple(steps),
        tuple(moments), footage, tuple(sources), context.texts.notes, rename,
    )  # fmt: skip


def plan_of(reply_sources: ReplySources, clips: Sequence[Clip]) -> CutPlan:
    """A plan of `clips` and their sources."""
    used = {span.source for clip in clips for span in clip.spans}
    sources = [source for source in reply_sources.sources if source.path in used]
    return CutPlan(
        preset=reply_sources.preset_name,
        brand=reply_sources.brand,
        sources=sources,
        clips=add_source_warnings(clips, sources),
    )


def _gather_facts(
    cut: Cut, match: StepMatch | None, texts: CaptionSources, speech: str, captions: str = ""
) -> MomentFacts:
    """The facts of a cut, with its texts by source.

    Args:
        speech: The words spoken in the cut.
        captions: The captions of a planned clip; without any, those of a captions file count.
    """
    step = match.step.name if match and match.step else ""
    cues = [cue for cue in texts.cues.get(cut.footage.path, ()) if overlap(cue, cut)]
    by_source = {
        "step": step,
        "note": match.note if match else "",
        "question": _questions_about(step, texts.notes.get(cut.footage.path)),
        "speech": speech,
        "caption": captions or " ".join(cue.text for cue in cues),
        "take": cut.footage.path.stem,
    }
    by_source = {source: text for source, text in by_source.items() if text.strip()}
    return MomentFacts(by_source, cut.action, cut.kind, cut.score)


def _questions_about(step: str, notes: Notes | None) -> str:
    """The questions of the notes that name the step."""
    name = terms(step)
    questions = notes.questions if notes and name else []
    return " ".join(
        text for text in questions if covered_share(name, terms(text)) >= MIN_NAME_SHARE
    )


def _caption_text(clip: Clip) -> str:
    """The clip's captions without its hook, which may be that of every clip."""
    return " ".join(c.text for c in clip.captions if c.role in ("moment", "speech"))


def _first_cut(clip: Clip, footage: Mapping[str, Footage]) -> Cut:
    """The cut that the clip's first span was made from."""
    first = clip.spans[0]
    return Cut(
        footage[first.source], clip.source_start, clip.source_end, clip.kind, clip.action,
        clip.score, clip.evidence, clip.why, np.zeros(1),
    )  # fmt: skip
