"""Hours in seconds: steady stretches as a time-lapse, with the time that truly passed on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.analysis.analyze import Analysis, Report, analyze_footage, report_nothing
from btsclip.captions import captions_for
from btsclip.captions.clock import duration_in_words
from btsclip.captions.timing import reading_seconds
from btsclip.errors import NothingFound
from btsclip.limits import TIMELAPSE_SECONDS
from btsclip.media.footage import Footage, probe
from btsclip.media.paths import distinct, slug
from btsclip.moments.select import Refusal
from btsclip.plan.model import BlurFaces, Caption, Clip, CutPlan, Span
from btsclip.planning.clips import assemble_plan
from btsclip.planning.cut import PLAN_NAME, CutResult, prepare_output, render_new_plan
from btsclip.planning.people import KnownPeople, PeopleInClip, people_in_clip
from btsclip.planning.request import (
    ClipRequest,
    PlanContext,
    Progress,
    RenderOptions,
    prepare_context,
)
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render.pace import MAX_STRETCH_SPEED
from btsclip.takes.chapter_files import takes_of
from btsclip.takes.same_moment import distinct_moments
from btsclip.timelapse.counter import CounterStage, counter_captions, place_counter
from btsclip.timelapse.framing import FramedPart, frame_parts
from btsclip.timelapse.series import Series, SeriesPart, find_series

# Seconds at the speed of life: at first, to see what it is, and at last, to see what came of it and
# to read the whole time.
OPENING, CLOSING = 1.0, 2.0
# No take is shown for less than this, in seconds on the screen.
GLIMPSE = 0.5
# Shortest clip in seconds that has room for all that.
SHORTEST = TIMELAPSE_SECONDS.min
# dB by which the sound of the place is quieter while time flies.
AMBIENCE = -8.0
# Seconds in which it comes and goes under the sound of life beside it.
COMES = 0.4
# Takes that are shown at most: each is read by itself.
MOST_TAKES = 12


@dataclass(frozen=True)
class TimelapseSpan:
    """From `start` to `end` in the take of `part`, at `speed` times that of life."""

    part: SeriesPart
    start: float
    end: float
    speed: float

    @property
    def seconds(self) -> float:
        """Seconds on the screen."""
        return (self.end - self.start) / self.speed


def default_folder(paths: Sequence[Path]) -> Path:
    """Where results go when the user names no folder, beside those of a cut."""
    return Path(f"{paths[0].stem}-timelapse")


def make_timelapses(
    paths: Sequence[Path],
    out: Path,
    preset_name: str,
    *,
    length: float | None = None,
    hook: str | None = None,
    blur_faces: BlurFaces | None = None,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> CutResult:
    """Makes the time-lapses of `paths` and their plan in the folder `out`; in a dry run only plans
    them. See `plan_timelapses`; rendering fails as `render` does."""
    wishes = ClipRequest(hook=hook, blur_faces=blur_faces)
    preset, plan_path = load_preset(preset_name), out / PLAN_NAME
    options = prepare_output(plan_path, options)
    plan = plan_timelapses(
        paths, preset, preset_name, wishes, length=length, report=progress.analysis
    )
    return render_new_plan(plan, plan_path, preset, options, progress.rendering)


def plan_timelapses(
    paths: Sequence[str | Path],
    preset: Preset,
    preset_name: str,
    wishes: ClipRequest | None = None,
    *,
    length: float | None = None,
    report: Report = report_nothing,
) -> CutPlan:
    """Looks through all files and plans a time-lapse of each thing that simmers, proofs or bakes
    in them, of `length` seconds (None: the preset's target).

    Raises FootageError for a file that can't be read, CaptionError for a text that can't be drawn,
    NotesError for notes with mistakes and NothingFound when nothing stays as it is for long enough.
    """
    TIMELAPSE_SECONDS.check("--length", length)
    length = max(SHORTEST, preset.length.target) if length is None else length
    files = [probe(path) for path in distinct(paths)]
    moments = distinct_moments(files)
    footages = takes_of(moments.kept)
    brief = prepare_context(footages, preset, preset_name, wishes or ClipRequest())
    looked = [analyze_footage(footage, report) for footage in footages]
    footages = [analysis.footage for analysis in looked]
    analyses = {analysis.footage: analysis for analysis in looked}
    found, refused = find_series(analyses, length)
    if not found:
        longest = max(refused, key=lambda r: r.end - r.start)
        raise NothingFound(
            footages[0].path if len(footages) == 1 else f"{len(footages)} takes",
            f"nothing to make a time-lapse of ({longest.why})",
            "film it for longer with a still camera",
        )  # fmt: skip
    clips = [
        make_timelapse(series, number, length, analyses, brief)
        for number, series in enumerate(found[: brief.count], 1)
    ]
    over = f"{brief.count} others span more time"
    refused += [
        Refusal(part.footage, part.start, part.end, over)
        for series in found[brief.count :]
        for part in series.parts
    ]
    warnings = [f"{each.path.name} is left out: {each.why}" for each in moments.left_out]
    return assemble_plan(footages, clips, refused, brief, warnings)


def make_timelapse(
    series: Series,
    number: int,
    length: float,
    analyses: Mapping[Footage, Analysis],
    brief: PlanContext,
) -> Clip:
    """The clip of one series: framed, timed and captioned."""
    preset = brief.preset
    shown = schedule(series.parts, length, closing_seconds(series, preset))
    looks = frame_parts(series, preset)
    seconds = sum(each.seconds for each in shown)
    captions = _captions(series, shown, looks, brief)
    name = slug(series.footages[0].path.stem)
    spans = [
        _span(each, looks[each.part], brief.known_people, _faces(analyses[each.part.footage]))
        for each in shown
    ]
    elapsed = series.elapsed
    fastest = max(each.speed for each in shown)
    return Clip(
        id=f"{name}-{number:02d}-timelapse",
        kind="process",
        score=round(1 - series.disturbed, 3),
        why=_why(series, seconds, fastest),
        evidence={
            "steady": round(series.seconds, 3),
            **({"elapsed": round(elapsed, 3)} if elapsed is not None else {}),
            "speed": round(fastest, 3),
            "motion": max(part.steady.motion for part in series.parts),
            "camera": max(part.steady.camera for part in series.parts),
            "changed": series.changed,
        },
        spans=spans,
        captions=captions,
        title=brief.texts.hook or (duration_in_words(elapsed) if elapsed is not None else name),
        warnings=[f"{series.doubt}: no time is shown"] if series.doubt else [],
    )


def closing_seconds(series: Series, preset: Preset) -> float:
    """Seconds at the end at the speed of life: as long as it takes to read the whole time."""
    if series.elapsed is None:
        return CLOSING
    stage = CounterStage(CLOSING, series.elapsed, series.elapsed)
    return max([CLOSING, *(reading_seconds(c.text) for c in counter_captions([stage], preset))])


def schedule(
    parts: Sequence[SeriesPart], length: float, closing: float = CLOSING
) -> list[TimelapseSpan]:
    """What is shown of `parts` in `length` seconds, and how fast: each for as long as its share of
    the footage, but long enough to be seen. Of too many parts some are left out, evenly."""
    closing = min(closing, length / 2, parts[-1].seconds / 2)
    lapse = length - OPENING - closing
    most = max(2, min(MOST_TAKES, int(lapse / GLIMPSE)))
    if len(parts) > most:
        step = (len(parts) - 1) / (most - 1)
        parts = [parts[round(i * step)] for i in range(most)]
    first, last = parts[0], parts[-1]
    pieces = [
        (part, part.start + OPENING * (part is first), part.end - closing * (part is last))
        for part in parts
    ]
    times = _shared([end - start for _, start, end in pieces], lapse)
    return [
        TimelapseSpan(first, first.start, round(first.start + OPENING, 3), 1.0),
        *(
            TimelapseSpan(part, round(start, 3), round(end, 3), round((end - start) / seconds, 6))
            for (part, start, end), seconds in zip(pieces, times, strict=True)
        ),
        TimelapseSpan(last, round(last.end - closing, 3), last.end, 1.0),
    ]


def _shared(lengths: Sequence[float], seconds: float) -> list[float]:
    """`seconds` of the screen shared out by `lengths` of the footage: none gets less than GLIMPSE,
    nor more than it takes at the speed of life."""
    if sum(lengths) <= seconds:
        return list(lengths)
    least = [min(GLIMPSE, length) for length in lengths]
    small = {i for i, length in enumerate(lengths) if length * seconds / sum(lengths) < least[i]}
    while True:
        rest = seconds - sum(least[i] for i in small)
        total = sum(length for i, length in enumerate(lengths) if i not in small)
        more = {
            i for i, length in enumerate(lengths)
            if i not in small and length * rest / total < least[i]
        }  # fmt: skip
        if not more:
            break
        small |= more
    return [least[i] if i in small else length * rest / total for i, length in enumerate(lengths)]


def _faces(analysis: Analysis) -> int:
    """How many faces were seen at once in a take."""
    return int(analysis.signals.faces.max(initial=0))


def _span(shown: TimelapseSpan, look: FramedPart, guests: KnownPeople, most_seen: int) -> Span:
    flies, unheard = shown.speed > 1, shown.speed > MAX_STRETCH_SPEED
    # Hours are not searched for faces; those that flash by are found on the finished clip.
    footage = shown.part.footage
    policy = guests.blur_faces(footage.path)
    cast = (
        PeopleInClip(policy)
        if flies
        else people_in_clip(footage, shown.start, shown.end, guests, most_seen)
    )
    return Span.model_validate(
        {
            "source": str(shown.part.footage.path),
            "start": shown.start,
            "end": shown.end,
            "layout": look.framing.layout,
            "framing": look.framing.subject_kind,
            "crop": look.keys_at(shown.start),
            "blur": cast.blur,
            "blur_faces": cast.blur_faces,
            "may_be_seen": cast.may_be_seen,
            "speeds": [(shown.start, shown.speed)] if flies else [],
            "lead": COMES if unheard else 0.0,
            "tail": COMES if unheard else 0.0,
            "gain": AMBIENCE if unheard else 0.0,
            "reason": f"{shown.speed:,.0f} times as fast" if flies else "as it is",
        }
    )


def _captions(
    series: Series,
    shown: Sequence[TimelapseSpan],
    looks: Mapping[SeriesPart, FramedPart],
    brief: PlanContext,
) -> list[Caption]:
    """The hook, and the time that runs where it is known."""
    preset, texts = brief.preset, brief.texts
    seconds = sum(each.seconds for each in shown)
    notes = texts.notes.get(series.footages[0].path)
    known = notes and notes.dish.strip() and notes.may_write(notes.dish)
    facts = {"dish": notes.dish} if notes and known else {}
    written = captions_for("process", None, seconds, {}, preset, texts.hook, facts, series.seconds)
    hook = [caption for caption in written if caption.role == "hook"]
    stages = []
    for each in shown:
        began, ended = (series.passed(each.part, at) for at in (each.start, each.end))
        if began is None or ended is None:
            return hook
        stages.append(CounterStage(each.seconds, began, ended))
    busy = [box for each in shown for box in looks[each.part].busy(seconds)]
    return [*hook, *place_counter(counter_captions(stages, preset, facts), hook, preset, busy)]


def _why(series: Series, seconds: float, speed: float) -> str:
    """One sentence: what was seen to be steady, and how it is shown."""
    motion = max(part.steady.motion for part in series.parts)
    takes = f" in {len(series.footages)} takes" if len(series.footages) > 1 else ""
    said = [
        f"steady for {duration_in_words(series.seconds)}{takes} ({motion:.2f} widths a second)",
        "steady camera",
        f"shown in {seconds:.0f} s, up to {speed:,.0f} times as fast",
    ]
    if series.elapsed is not None and len(series.footages) > 1:
        said.insert(1, f"{duration_in_words(series.elapsed)} passed by the clock")
    return ", ".join(said)
