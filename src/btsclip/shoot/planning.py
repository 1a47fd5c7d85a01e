"""Analyses to a cut plan: choose the moments of all files, frame them and write on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions import Busy, check_preset, check_text, place, watermark
from btsclip.errors import BtsclipError, NothingFound
from btsclip.framing.crop import Span
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.screen import busy_boxes
from btsclip.framing.subject import find_subject
from btsclip.media.probe import Footage, probe
from btsclip.moments.select import Cut, Refusal, candidates, choose
from btsclip.plan.model import Clip, CutPlan, Skipped, Source
from btsclip.plan.speed import TimeMap
from btsclip.presets.schema import Preset
from btsclip.shoot.analysis import Analysis, Report, analyze_footage, silent, track_span
from btsclip.shoot.cover import best_picture
from btsclip.shoot.notes import missing_takes
from btsclip.shoot.pacing import pace, told
from btsclip.shoot.spoken import told_whole
from btsclip.shoot.texts import Texts, gather, write_on
from btsclip.signals.hands import Box
from btsclip.signals.tracks import LOOK_RATE

# Seconds for which a look at hands and faces holds.
LOOK_STEP = 1 / LOOK_RATE


# Least, target and most seconds of a clip.
Lengths = tuple[float, float, float]


@dataclass(frozen=True)
class Wishes:
    """What the user asked for beside the preset; None leaves it to the preset. Seconds.

    `captions` is a file of texts in the time of the only take, `notes` a shoot.toml; `speech`
    writes what is said, in `language` (None: found out) as a code such as "en".
    """

    count: int | None = None
    min_length: float | None = None
    max_length: float | None = None
    hook: str | None = None
    captions: Path | None = None
    notes: Path | None = None
    speech: bool = False
    language: str | None = None

    def lengths(self, preset: Preset) -> Lengths:
        """Least, target and most seconds of a clip. Raises BtsclipError when they cross."""
        least = preset.length.min if self.min_length is None else self.min_length
        most = preset.length.max if self.max_length is None else self.max_length
        # Only one of them given: the other one of the preset gives way.
        if self.max_length is None:
            most = max(most, least)
        if self.min_length is None:
            least = min(least, most)
        if not 0 < least <= most:
            raise BtsclipError(
                "--min-length", f"{least:g} s is more than --max-length {most:g} s", "swap them"
            )
        return least, min(max(preset.length.target, least), most), most


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
    wishes = wishes or Wishes()
    lengths = wishes.lengths(preset)
    check_preset(preset)
    if wishes.hook and wishes.hook.strip():
        check_text(wishes.hook, preset)
    footages = [probe(path) for path in dict.fromkeys(Path(path).resolve() for path in paths)]
    texts = gather(
        footages, preset, hook=wishes.hook, captions=wishes.captions, notes=wishes.notes,
        speech=wishes.speech, language=wishes.language,
    )  # fmt: skip
    analyses: dict[Path, Analysis] = {}
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    for footage in footages:
        analysis = analyze_footage(footage, report)
        analyses[footage.path] = analysis
        offered, left_out = candidates(
            footage, analysis.signals, analysis.moments, _taken(lengths, preset)
        )
        cuts += offered
        refused += left_out
    chosen, left_out = choose(
        cuts,
        preset.count if wishes.count is None else wishes.count,
        {str(kind): weight for kind, weight in preset.weights.items()},
        {str(kind): quota for kind, quota in preset.quotas.items()},
    )
    refused = sorted(refused + left_out, key=lambda r: (str(r.footage.path), r.start))
    if not chosen:
        raise nothing_found(footages, refused)
    if wishes.speech:
        signals = {analysis.footage: analysis.signals for analysis in analyses.values()}
        chosen = told_whole(chosen, signals, lengths, wishes.language)
    clips = [
        make_clip(cut, number, analyses[cut.footage.path], preset, texts, lengths[0])
        for number, cut in enumerate(chosen, 1)
    ]
    if unused := _unused(wishes, texts, clips):
        clips[0] = clips[0].model_copy(update={"warnings": [*clips[0].warnings, *unused]})
    return CutPlan(
        preset=preset_name,
        sources=[_source(footage) for footage in footages],
        clips=clips,
        skipped=[_skipped(refusal) for refusal in refused],
    )


def _unused(wishes: Wishes, texts: Texts, clips: Sequence[Clip]) -> list[str]:
    """Warnings of what the user wrote and no clip can show."""
    warnings = []
    if wishes.captions and not any(c.role == "speech" for clip in clips for c in clip.captions):
        warnings.append(f"no text of {wishes.captions} falls into this or any other clip")
    for take in missing_takes(texts.notes):
        warnings.append(f"the notes name the take {take!r}, but no such file lies beside the takes")
    return warnings


def _taken(lengths: Lengths, preset: Preset) -> Lengths:
    """`lengths` as they are shown in seconds of the footage: twice as fast takes twice as much."""
    least, target, most = lengths
    speed = preset.pacing.speed
    return least * speed, target * speed, most * speed


def make_clip(
    cut: Cut, number: int, analysis: Analysis, preset: Preset, texts: Texts, least: float
) -> Clip:
    """One cut as a clip of the plan, shown for `least` seconds or more: framed, paced, captioned
    and named."""
    span = Span(cut.start, cut.end, analysis.signals.borders)
    look = preset.framing
    canvas = Canvas(
        (cut.footage.width, cut.footage.height),
        (preset.output.width, preset.output.height),
        look.zoom,
    )
    tracks = track_span(cut.footage, cut.start, cut.end)
    framing = frame_subject(find_subject(tracks, span.borders), span, canvas, look.layouts)
    speeds = pace(analysis.signals, (cut.start, cut.end), cut.kind, preset.pacing, least)
    time_map = TimeMap.of(speeds, cut.start, cut.end)
    written = write_on(cut, texts, preset, time_map)
    busy = _busy(cut, time_map, busy_boxes(tracks, framing, canvas), preset)
    cover = None
    if preset.cover.at == "best":
        cover = best_picture(tracks, framing, analysis.signals, (cut.start, cut.end))
    return Clip.model_validate(
        {
            "id": f"{slug(cut.footage.path.stem)}-{number:02d}-{cut.kind}",
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


def _busy(
    cut: Cut, time_map: TimeMap, boxes: Iterable[tuple[float, Box]], preset: Preset
) -> list[Busy]:
    """What captions make way for: the watermark, and the `boxes` at their times in the footage."""
    busy = watermark.busy(preset, time_map.seconds)
    for time, box in boxes:
        start, end = (time_map.shown(at - cut.start) for at in (time, time + LOOK_STEP))
        busy.append(Busy(start, end, box))
    return busy


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


def _source(footage: Footage) -> Source:
    return Source(
        path=str(footage.path),
        size=footage.size,
        duration=round(footage.duration, 3),
        created=footage.created.isoformat() if footage.created else None,
    )
