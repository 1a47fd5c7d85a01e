"""Analyses to a cut plan: choose the moments of all files, frame them and write on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions import Busy, captions_for, check_preset, check_text, place
from btsclip.errors import BtsclipError, NothingFound
from btsclip.framing.crop import Span
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.screen import busy_boxes
from btsclip.framing.subject import find_subject
from btsclip.media.probe import Footage, probe
from btsclip.moments.select import Cut, Refusal, candidates, choose
from btsclip.plan.model import Clip, CutPlan, Skipped, Source
from btsclip.presets.schema import Preset
from btsclip.shoot.analysis import Analysis, Report, analyze_footage, silent, track_span
from btsclip.signals.tracks import LOOK_RATE

# Seconds for which a look at hands and faces holds.
LOOK_STEP = 1 / LOOK_RATE


@dataclass(frozen=True)
class Wishes:
    """What the user asked for beside the preset; None leaves it to the preset. Seconds."""

    count: int | None = None
    min_length: float | None = None
    max_length: float | None = None
    hook: str | None = None

    def lengths(self, preset: Preset) -> tuple[float, float, float]:
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
    Raises FootageError for a file that can't be read, CaptionError for a text that can't be drawn
    and NothingFound when no file holds work worth cutting.
    """
    wishes = wishes or Wishes()
    lengths = wishes.lengths(preset)
    check_preset(preset)
    if wishes.hook and wishes.hook.strip():
        check_text(wishes.hook, preset)
    footages = [probe(path) for path in dict.fromkeys(Path(path).resolve() for path in paths)]
    analyses: dict[Path, Analysis] = {}
    cuts: list[Cut] = []
    refused: list[Refusal] = []
    for footage in footages:
        analysis = analyze_footage(footage, report)
        analyses[footage.path] = analysis
        offered, left_out = candidates(footage, analysis.signals, analysis.moments, lengths)
        cuts += offered
        refused += left_out
    count = preset.count if wishes.count is None else wishes.count
    chosen, left_out = choose(cuts, count, {str(k): v for k, v in preset.weights.items()})
    refused = sorted(refused + left_out, key=lambda r: (str(r.footage.path), r.start))
    if not chosen:
        raise nothing_found(footages, refused)
    clips = [
        make_clip(cut, number, analyses[cut.footage.path], preset, wishes.hook)
        for number, cut in enumerate(chosen, 1)
    ]
    return CutPlan(
        preset=preset_name,
        sources=[_source(footage) for footage in footages],
        clips=clips,
        skipped=[
            Skipped(
                source=str(r.footage.path), start=round(r.start, 3), end=round(r.end, 3), why=r.why
            )
            for r in refused
        ],
    )


def make_clip(cut: Cut, number: int, analysis: Analysis, preset: Preset, hook: str | None) -> Clip:
    """One cut as a clip of the plan: framed, captioned and named."""
    span = Span(cut.start, cut.end, analysis.signals.borders)
    canvas = Canvas(
        (cut.footage.width, cut.footage.height), (preset.output.width, preset.output.height)
    )
    tracks = track_span(cut.footage, cut.start, cut.end)
    framing = frame_subject(find_subject(tracks, span.borders), span, canvas)
    captions = place(
        captions_for(cut.kind, cut.action, cut.end - cut.start, cut.evidence, preset, hook),
        preset,
        [
            Busy(time - cut.start, time - cut.start + LOOK_STEP, box)
            for time, box in busy_boxes(tracks, framing, canvas)
        ],
    )
    texts = [caption.text for caption in captions if caption.role != "sticker"]
    return Clip.model_validate(
        {
            "id": f"{slug(cut.footage.path.stem)}-{number:02d}-{cut.kind}",
            "source": str(cut.footage.path),
            "start": cut.start,
            "end": cut.end,
            "kind": cut.kind,
            "action": cut.action,
            "score": cut.score,
            "why": cut.why,
            "evidence": cut.evidence | {"framing_inside": round(framing.inside, 3)},
            "layout": framing.layout,
            "framing": framing.rung,
            "crop": framing.keys,
            "below": framing.below,
            "captions": captions,
            "title": hook or (texts[-1] if texts else cut.footage.path.stem),
        }
    )


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


def _source(footage: Footage) -> Source:
    return Source(
        path=str(footage.path),
        size=footage.size,
        duration=round(footage.duration, 3),
        created=footage.created.isoformat() if footage.created else None,
    )
