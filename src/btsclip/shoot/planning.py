"""Analyses to a cut plan: choose the moments of all files, frame them and write on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from btsclip.captions import Busy, place, watermark
from btsclip.errors import NothingFound
from btsclip.framing.crop import Span
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.screen import busy_boxes
from btsclip.framing.subject import find_subject
from btsclip.media.probe import Footage, probe
from btsclip.moments.select import Cut, Refusal, candidates, choose
from btsclip.plan.code import code_of
from btsclip.plan.model import Clip, CutPlan, Skipped, Source
from btsclip.plan.speed import TimeMap
from btsclip.presets.schema import Preset, Quota
from btsclip.shoot.analysis import Analysis, Report, analyze_footage, silent, track_span
from btsclip.shoot.brief import Brief, Wishes, prepare
from btsclip.shoot.cover import best_picture, title_spot
from btsclip.shoot.notes import missing_takes
from btsclip.shoot.pacing import pace, told
from btsclip.shoot.spoken import told_whole
from btsclip.shoot.texts import write_on
from btsclip.signals.hands import Box
from btsclip.signals.tracks import LOOK_RATE

# Seconds for which a look at hands and faces holds.
LOOK_STEP = 1 / LOOK_RATE


def make_plan(
    paths: Sequence[str | Path],
    preset: Preset,
    preset_name: str,
    wishes: Wishes | None = None,
    report: Report = silent,
) -> CutPlan:
    """Looks through all files and plans the best clips of them together.

    All files are probed before the first is analysed, so that a wrong name is known at once.
    Raises FootageError for a file that can't be read, CaptionError for a text that can't be drawn,
    NotesError for notes with mistakes and NothingFound when no file holds work worth cutting.
    """
    footages = [probe(path) for path in dict.fromkeys(Path(path).resolve() for path in paths)]
    brief = prepare(footages, preset, preset_name, wishes or Wishes())
    analyses = {footage: analyze_footage(footage, report) for footage in footages}
    chosen, refused = best_of(list(analyses.values()), brief, brief.count)
    if not chosen:
        raise nothing_found(footages, refused)
    chosen = on_borders(chosen, list(analyses.values()), brief)
    clips = [
        make_clip(
            cut, clip_id(slug(cut.footage.path.stem), number, cut), analyses[cut.footage], brief
        )
        for number, cut in enumerate(chosen, 1)
    ]
    return assemble(footages, clips, refused, brief)


def best_of(
    analyses: Sequence[Analysis], brief: Brief, count: int
) -> tuple[list[Cut], list[Refusal]]:
    """The `count` best cuts of all `analyses`, and what was left out and why, in the order of file
    and time."""
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    for analysis in analyses:
        offered, left_out = candidates(
            analysis.footage, analysis.signals, analysis.moments, brief.taken
        )
        cuts += offered
        refused += left_out
    chosen, left_out = choose(cuts, count, *ranking(brief.preset))
    return chosen, sorted(refused + left_out, key=lambda r: (str(r.footage.path), r.start))


def ranking(preset: Preset) -> tuple[dict[str, float], dict[str, Quota]]:
    """The preset's weights and quotas, by kind."""
    weights = {str(kind): weight for kind, weight in preset.weights.items()}
    return weights, {str(kind): quota for kind, quota in preset.quotas.items()}


def on_borders(cuts: list[Cut], analyses: Sequence[Analysis], brief: Brief) -> list[Cut]:
    """`cuts`, where speech is heard those in which somebody tells something at its sentences."""
    if not brief.wishes.speech:
        return cuts
    signals = {analysis.footage: analysis.signals for analysis in analyses}
    return told_whole(cuts, signals, brief.lengths, brief.wishes.language)


def assemble(
    footages: Sequence[Footage], clips: list[Clip], refused: Sequence[Refusal], brief: Brief
) -> CutPlan:
    """The plan of `clips` of these takes, with all that was left out."""
    if clips and (warnings := _unused(brief, clips)):
        first = clips[0].model_copy(update={"warnings": [*clips[0].warnings, *warnings]})
        clips = [first, *clips[1:]]
    return CutPlan(
        preset=brief.preset_name,
        sources=[source_of(footage) for footage in footages],
        clips=clips,
        skipped=[_skipped(refusal) for refusal in refused],
    )


def clip_id(name: str, number: int, cut: Cut) -> str:
    """The id of a clip, which is also its files' name: that of its take, its number, its kind and
    the code by which its posts are known again."""
    take = cut.footage
    code = code_of(take.size, take.duration, cut.start, cut.end, cut.kind)
    return f"{name}-{number:02d}-{cut.kind}-{code}"


def _unused(brief: Brief, clips: Sequence[Clip]) -> list[str]:
    """Warnings of what the user wrote and no clip can show."""
    warnings = []
    captions = brief.wishes.captions
    if captions and not any(c.role == "speech" for clip in clips for c in clip.captions):
        warnings.append(f"no text of {captions} falls into this or any other clip")
    for take in missing_takes(brief.texts.notes):
        warnings.append(f"the notes name the take {take!r}, but no such file lies beside the takes")
    return warnings


def make_clip(cut: Cut, name: str, analysis: Analysis, brief: Brief) -> Clip:
    """One cut as the clip called `name` of the plan: framed, paced and captioned."""
    preset = brief.preset
    span = Span(cut.start, cut.end, analysis.signals.borders)
    look = preset.framing
    canvas = Canvas(
        (cut.footage.width, cut.footage.height),
        (preset.output.width, preset.output.height),
        look.zoom,
    )
    tracks = track_span(cut.footage, cut.start, cut.end)
    framing = frame_subject(find_subject(tracks, span.borders), span, canvas, look.layouts)
    least = brief.lengths[0]
    speeds = pace(analysis.signals, (cut.start, cut.end), cut.kind, preset.pacing, least)
    time_map = TimeMap.of(speeds, cut.start, cut.end)
    written = write_on(cut, brief.texts, preset, time_map)
    seen = list(_seen(cut, time_map, busy_boxes(tracks, framing, canvas)))
    busy = [*watermark.busy(preset, time_map.seconds), *seen]
    cover = None
    if preset.cover.at == "best":
        cover = best_picture(tracks, framing, analysis.signals, (cut.start, cut.end))
    clip = Clip.model_validate(
        {
            "id": name,
            "source": str(cut.footage.path),
            "start": cut.start,
            "end": cut.end,
            "kind": cut.kind,
            "action": cut.action,
            "score": cut.score,
            "why": cut.why + told(speeds, preset.pacing),
            "evidence": cut.evidence | {"framing_inside": round(framing.inside, 3)},
            "layout": framing.layout,
            "framing": framing.rung,
            "crop": framing.keys,
            "below": framing.below,
            "speeds": speeds,
            "captions": place(written.captions, preset, busy),
            "title": written.title,
            "cover": cover,
            "end_card": written.end_card,
            "warnings": written.warnings,
        }
    )
    spot = title_spot(clip, preset, seen)
    return clip.model_copy(update={"title_y": spot.y, "title_scale": spot.scale})


def _seen(cut: Cut, time_map: TimeMap, boxes: Iterable[tuple[float, Box]]) -> Iterator[Busy]:
    """What captions make way for: the `boxes`, at their times in the footage."""
    for time, box in boxes:
        start, end = (time_map.shown(at - cut.start) for at in (time, time + LOOK_STEP))
        yield Busy(start, end, box)


def slug(name: str) -> str:
    """`name` as a short ASCII file name that any system takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:40].rstrip("-") or "clip"


def nothing_found(footages: Sequence[Footage], refused: Sequence[Refusal]) -> NothingFound:
    """The error that says what was looked at and why none of it was cut."""
    name = footages[0].path if len(footages) == 1 else f"{len(footages)} files"
    nearest = max(refused, key=lambda r: r.end - r.start, default=None)
    seen = f" ({nearest.start:.1f}-{nearest.end:.1f} s: {nearest.why})" if nearest else ""
    return NothingFound(
        name, f"nothing worth cutting{seen}", "a lower --min-length offers shorter moments"
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
        size=footage.size,
        duration=round(footage.duration, 3),
        created=footage.created.isoformat() if footage.created else None,
    )
