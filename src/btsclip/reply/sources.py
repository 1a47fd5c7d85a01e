"""What a reply may be cut from: the moments of a shoot's takes, or the clips of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from btsclip.analysis.analyze import Analysis, Report, analyze_footage
from btsclip.captions.cues import Cue
from btsclip.errors import FootageError, NothingFound
from btsclip.intervals import overlap
from btsclip.media.chapters import join_chapters
from btsclip.media.footage import Footage, probe
from btsclip.moments.select import Cut, find_candidates
from btsclip.notes.concepts import covered_share, terms
from btsclip.notes.match import NAMED, StepMatch
from btsclip.notes.model import Notes
from btsclip.plan.io import read_plan
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.planning.captions import CaptionSources
from btsclip.planning.clips import add_sound_warnings, make_clip, source_of
from btsclip.planning.ends import align_ends
from btsclip.planning.request import ClipRequest, prepare_context
from btsclip.planning.selection import nothing_found_error
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render.sources import read_source
from btsclip.reply.match import MomentFacts
from btsclip.takes.discover import find_takes

PLAN = ".json"


@dataclass(frozen=True)
class ReplySources:
    """The moments there are, as cuts in order, with what is known of each. `clip` makes the clip of
    one of them, by its place and the clip's id; `footage` is by the names of the `sources`, `notes`
    by takes. `failed` says what could not be read, `warnings` what is to be known of takes."""

    preset: Preset
    preset_name: str
    cuts: tuple[Cut, ...]
    told: tuple[StepMatch | None, ...]
    moments: tuple[MomentFacts, ...]
    footage: dict[str, Footage]
    sources: tuple[Source, ...]
    notes: Mapping[Path, Notes]
    clip: Callable[[int, str], Clip]
    failed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def gather_sources(
    place: Path,
    out: Path,
    preset_name: str | None,
    default: str,
    wishes: ClipRequest,
    report: Report,
) -> ReplySources:
    """The material at `place`: a shoot's folder without its results in `out`, a take, or a plan.

    The preset is the one named, else the plan's, else the `default`. Takes are looked through; what
    was measured before is kept. Raises NothingFound when no take holds any work, and the errors of
    reading and probing.
    """
    if place.suffix.lower() == PLAN and not place.is_dir():
        return sources_of_plan(place, preset_name, wishes)
    if not place.is_dir():
        return sources_of_takes([probe(place)], [], preset_name or default, wishes, report)
    found = find_takes(place, out)
    if not found.takes:
        raise found.no_takes(place)
    footages = [take.footage for take in found.takes]
    material = sources_of_takes(footages, found.failed, preset_name or default, wishes, report)
    return replace(material, warnings=tuple(found.warnings))


def sources_of_takes(
    footages: Sequence[Footage],
    failed: list[str],
    preset_name: str,
    wishes: ClipRequest,
    report: Report,
) -> ReplySources:
    """The moments of these takes that could be clips; one more that can't be looked through joins
    those that have `failed`."""
    preset = load_preset(preset_name)
    brief = prepare_context(footages, preset, preset_name, wishes)
    cuts: list[Cut] = []
    refused = []
    analyses: dict[Path, Analysis] = {}
    for footage in footages:
        try:
            analysis = analyses[footage.path] = analyze_footage(footage, report)
        except FootageError as error:
            failed.append(str(error))
            continue
        offered, left_out = find_candidates(
            analysis.footage, analysis.signals, analysis.moments, brief.source_lengths
        )
        # What may show an injury or distress is nobody's answer unasked.
        cuts += [brief.texts.as_noted(cut) for cut in offered if not cut.danger]
        refused += left_out
    if not cuts:
        raise nothing_found_error(footages, refused, brief)
    told = brief.texts.match_steps(cuts)
    cuts = list(map(brief.texts.as_noted, cuts, told))

    def clip(place: int, name: str) -> Clip:
        analysis = analyses[cuts[place].footage.path]
        (cut,) = align_ends([cuts[place]], [analysis], brief)
        return make_clip(cut, name, analysis, brief, told[place])

    moments = [
        _moment(cut, one, brief.texts, brief.texts.spoken_text(cut))
        for cut, one in zip(cuts, told, strict=True)
    ]
    takes = [analyses[f.path].footage if f.path in analyses else f for f in footages]
    return ReplySources(
        preset, brief.preset_name, tuple(cuts), tuple(told), tuple(moments),
        {str(footage.path): footage for footage in takes},
        tuple(source_of(footage) for footage in takes), brief.texts.notes, clip,
        tuple(failed),
    )  # fmt: skip


def sources_of_plan(path: Path, preset_name: str | None, wishes: ClipRequest) -> ReplySources:
    """The clips of the plan at `path`, as they are planned."""
    plan = read_plan(path)
    name = preset_name or plan.preset
    preset = load_preset(name)
    clips = [clip for clip in plan.clips if clip.enabled]
    if not clips:
        raise NothingFound(path, "holds no clip that is enabled", "enable one, or plan again")
    used = {span.source for clip in clips for span in clip.spans}
    sources = [source for source in plan.sources if source.path in used]
    footage = {source.path: join_chapters(read_source(source)) for source in sources}
    cuts = [_cut(clip, footage) for clip in clips]
    brief = prepare_context(list(footage.values()), preset, name, wishes)
    told = brief.texts.match_steps(cuts)

    def clip(place: int, name: str) -> Clip:
        return clips[place].model_copy(update={"id": name})

    moments = [
        _moment(cut, one, brief.texts, brief.texts.spoken_text(cut), _written(clip))
        for cut, one, clip in zip(cuts, told, clips, strict=True)
    ]
    return ReplySources(
        preset, brief.preset_name, tuple(cuts), tuple(told), tuple(moments), footage,
        tuple(sources), brief.texts.notes, clip,
    )  # fmt: skip


def plan_of(material: ReplySources, clips: Sequence[Clip]) -> CutPlan:
    """A plan of `clips` and the sources they show."""
    used = {span.source for clip in clips for span in clip.spans}
    sources = [source for source in material.sources if source.path in used]
    return CutPlan(
        preset=material.preset_name, sources=sources, clips=add_sound_warnings(clips, sources)
    )


def _moment(
    cut: Cut, told: StepMatch | None, texts: CaptionSources, spoken: str, captions: str = ""
) -> MomentFacts:
    """What is known of a cut, by where it is known from."""
    step = told.step.name if told and told.step else ""
    notes = texts.notes.get(cut.footage.path)
    written = {
        "step": step,
        "note": told.note if told else "",
        "question": _questions(step, notes),
        "speech": spoken,
        "caption": captions or " ".join(cue.text for cue in _cues(cut, texts)),
        "take": cut.footage.path.stem,
    }
    known = {source: text for source, text in written.items() if text.strip()}
    return MomentFacts(known, cut.action, cut.kind, cut.score)


def _cues(cut: Cut, texts: CaptionSources) -> list[Cue]:
    return [cue for cue in texts.cues.get(cut.footage.path, ()) if overlap(cue, cut)]


def _questions(step: str, notes: Notes | None) -> str:
    """The noted questions that are about the step."""
    name = terms(step)
    asked = notes.questions if notes and name else []
    return " ".join(text for text in asked if covered_share(name, terms(text)) >= NAMED)


def _written(clip: Clip) -> str:
    """The clip's own texts: a hook says the same of every clip."""
    return " ".join(c.text for c in clip.captions if c.role in ("moment", "speech"))


def _cut(clip: Clip, footage: Mapping[str, Footage]) -> Cut:
    """The clip's first span as the cut it was made of."""
    first = clip.spans[0]
    return Cut(
        footage[first.source], first.start, first.end, clip.kind, clip.action, clip.score,
        clip.evidence, clip.why, np.zeros(1),
    )  # fmt: skip
