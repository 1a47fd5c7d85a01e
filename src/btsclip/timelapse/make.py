"""`timelapse`: make time-lapses of steady stretches, with the true time passed on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from btsclip.analysis import Analysis, Report, analyze_footage, ask_track, report_nothing
from btsclip.captions import captions_for, duration_in_words, reading_seconds
from btsclip.errors import NothingFound
from btsclip.limits import TIMELAPSE_SECONDS
from btsclip.media import Footage, distinct, probe, slug
from btsclip.moments import Refusal
from btsclip.plan import BlurFaces, Caption, Clip, CutPlan, Span
from btsclip.planning import (
    PLAN_NAME,
    ClipRequest,
    CutResult,
    KnownPeople,
    PeopleInClip,
    PlanContext,
    Progress,
    RenderOptions,
    assemble_plan,
    branded,
    clip_title,
    people_in_clip,
    prepare_context,
    prepare_output,
    render_new_plan,
    take_facts,
)
from btsclip.presets import Preset
from btsclip.render import MAX_STRETCH_SPEED
from btsclip.takes import distinct_moments, join_takes
from btsclip.timelapse.counter import CounterStage, counter_captions, place_counter
from btsclip.timelapse.framing import FramedPart, frame_parts
from btsclip.timelapse.schedule import CLOSING_SECONDS, TimelapseSpan, schedule
from btsclip.timelapse.series import Series, SeriesPart, find_series

# Seconds of the shortest clip.
MIN_SECONDS = TIMELAPSE_SECONDS.min
# Decibels by which the sound of the place is quieter in the lapse.
LAPSE_GAIN_DB = -8.0
# Seconds over which it fades in and out beside sound in real time.
LAPSE_FADE_SECONDS = 0.4


def default_folder(paths: Sequence[Path]) -> Path:
    """NAME-timelapse in the current folder, after the first file."""
    return Path(f"{paths[0].stem}-timelapse")


def make_timelapses(
    paths: Sequence[Path],
    out: Path,
    preset_name: str,
    *,
    length: float | None = None,
    hook: str | None = None,
    blur_faces: BlurFaces | None = None,
    audio_track: int | None = None,
    brand: Path | None = None,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> CutResult:
    """Make the time-lapses of `paths` and their plan in the folder `out`.

    A dry run writes nothing. Raises what `plan_timelapses` and `render` raise.
    """
    request = ClipRequest(hook=hook, blur_faces=blur_faces, brand=brand, audio_track=audio_track)
    preset, request = branded(preset_name, request, paths)
    plan_path = out / PLAN_NAME
    options = prepare_output(plan_path, options)
    plan = plan_timelapses(
        paths, preset, preset_name, request, length=length, report=progress.analysis
    )
    return render_new_plan(plan, plan_path, preset, options, progress.rendering)


def plan_timelapses(
    paths: Sequence[str | Path],
    preset: Preset,
    preset_name: str,
    request: ClipRequest | None = None,
    *,
    length: float | None = None,
    report: Report = report_nothing,
) -> CutPlan:
    """Analyze all files and plan a time-lapse of each thing that simmers, proofs or bakes in them.

    A clip has `length` seconds, or the preset's target. Raises FootageError for a file that can't
    be read, CaptionError for a text that can't be drawn, NotesError for notes with mistakes, and
    NothingFound if nothing is steady for long enough.
    """
    TIMELAPSE_SECONDS.check("--length", length)
    length = max(MIN_SECONDS, preset.length.target) if length is None else length
    files = [probe(path) for path in distinct(paths)]
    moments = distinct_moments(files)
    request = request or ClipRequest()
    footages = [ask_track(take, request.audio_track) for take in join_takes(moments.kept)]
    context = prepare_context(footages, preset, preset_name, request)
    analyses = {a.footage: a for a in (analyze_footage(f, report) for f in footages)}
    footages = list(analyses)
    all_series, refused = find_series(analyses, length)
    if not all_series:
        longest = max(refused, key=lambda r: r.end - r.start)
        raise NothingFound(
            footages[0].path if len(footages) == 1 else f"{len(footages)} takes",
            f"nothing to make a time-lapse of ({longest.why})",
            "film it for longer with a still camera",
        )  # fmt: skip
    clips = [
        make_timelapse(series, number, length, analyses, context)
        for number, series in enumerate(all_series[: context.count], 1)
    ]
    over_count = f"{context.count} others span more time"
    refused += [
        Refusal(part.footage, part.start, part.end, over_count)
        for series in all_series[context.count :]
        for part in series.parts
    ]
    warnings = [f"{file.path.name} is left out: {file.why}" for file in moments.left_out]
    return assemble_plan(footages, clips, refused, context, warnings)


def make_timelapse(
    series: Series,
    number: int,
    length: float,
    analyses: Mapping[Footage, Analysis],
    context: PlanContext,
) -> Clip:
    """The clip of one series: framed, timed and captioned."""
    preset = context.preset
    lapse = schedule(series.parts, length, closing_seconds(series, preset))
    framed = frame_parts(series, preset)
    seconds = sum(span.seconds for span in lapse)
    name = slug(series.footages[0].path.stem)
    elapsed = series.elapsed
    fastest = max(span.speed for span in lapse)
    captions = _write_captions(series, lapse, framed, context)
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
        spans=[
            _plan_span(span, framed[span.part], context.known_people, analyses[span.part.footage])
            for span in lapse
        ],
        captions=captions,
        title=clip_title(captions) or (duration_in_words(elapsed) if elapsed is not None else ""),
        warnings=[f"{series.doubt}: no time is shown"] if series.doubt else [],
    )


def closing_seconds(series: Series, preset: Preset) -> float:
    """Seconds in real time at the end, long enough to read the total."""
    if series.elapsed is None:
        return CLOSING_SECONDS
    stage = CounterStage(CLOSING_SECONDS, series.elapsed, series.elapsed)
    captions = counter_captions([stage], preset)
    return max([CLOSING_SECONDS, *(reading_seconds(caption.text) for caption in captions)])


def _plan_span(
    span: TimelapseSpan, framed: FramedPart, guests: KnownPeople, analysis: Analysis
) -> Span:
    """The plan's span of a framed part."""
    is_fast, is_ambience = span.speed > 1, span.speed > MAX_STRETCH_SPEED
    footage = span.part.footage
    if is_fast:
        # Hours are not searched for faces; those that flash by are found on the finished clip.
        people = PeopleInClip(guests.blur_faces(footage.path))
    else:
        max_faces = int(analysis.signals.faces.max(initial=0))
        people = people_in_clip(footage, span.start, span.end, guests, max_faces)
    return Span.model_validate(
        {
            "source": str(footage.path),
            "start": span.start,
            "end": span.end,
            "layout": framed.framing.layout,
            "framing": framed.framing.subject_kind,
            "crop": framed.keys_at(span.start),
            "blur": people.blur,
            "blur_faces": people.blur_faces,
            "may_be_seen": people.may_be_seen,
            "speeds": [(span.start, span.speed)] if is_fast else [],
            "lead": LAPSE_FADE_SECONDS if is_ambience else 0.0,
            "tail": LAPSE_FADE_SECONDS if is_ambience else 0.0,
            "gain": LAPSE_GAIN_DB if is_ambience else 0.0,
            "reason": f"{span.speed:,.0f} times as fast" if is_fast else "as it is",
        }
    )


def _write_captions(
    series: Series,
    lapse: Sequence[TimelapseSpan],
    framed: Mapping[SeriesPart, FramedPart],
    context: PlanContext,
) -> list[Caption]:
    """The hook, and the counter if the time passed is known."""
    preset, texts = context.preset, context.texts
    seconds = sum(span.seconds for span in lapse)
    notes = texts.notes.get(series.footages[0].path)
    facts = take_facts(series.footages[0], notes)
    written = captions_for(
        "process", None, seconds, {}, preset, texts.users_hook, facts, series.seconds
    )
    hook = [caption for caption in written if caption.role == "hook"]
    stages = []
    for span in lapse:
        began, ended = (series.passed(span.part, time) for time in (span.start, span.end))
        if began is None or ended is None:
            return hook
        stages.append(CounterStage(span.seconds, began, ended))
    busy = [area for span in lapse for area in framed[span.part].busy(seconds)]
    return [*hook, *place_counter(counter_captions(stages, preset, facts), hook, preset, busy)]


def _why(series: Series, seconds: float, speed: float) -> str:
    """The reasons in one line: what is steady, and how fast it is shown."""
    motion = max(part.steady.motion for part in series.parts)
    takes = f" in {len(series.footages)} takes" if len(series.footages) > 1 else ""
    reasons = [
        f"steady for {duration_in_words(series.seconds)}{takes} ({motion:.2f} widths a second)",
        "steady camera",
        f"shown in {seconds:.0f} s, up to {speed:,.0f} times as fast",
    ]
    if series.elapsed is not None and len(series.footages) > 1:
        reasons.insert(1, f"{duration_in_words(series.elapsed)} passed by the clock")
    return ", ".join(reasons)
