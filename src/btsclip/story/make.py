"""`story`: make one vertical video of a shoot's folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from btsclip.analysis import Analysis
from btsclip.batch import ExecutionOptions, LocalPool, Pool, PoolReader
from btsclip.captions import check_text
from btsclip.errors import NothingFound
from btsclip.intervals import Span
from btsclip.limits import STORY_SECONDS
from btsclip.media import Footage, absolute, slug
from btsclip.moments import Cut
from btsclip.plan import CutPlan, EndCard, Lane
from btsclip.planning import (
    PLAN_NAME,
    SPEECH_KINDS,
    ClipRequest,
    CutResult,
    PlanContext,
    Progress,
    RenderOptions,
    assemble_plan,
    branded,
    hear_span,
    prepare_context,
    prepare_output,
    render_new_plan,
    takes_near,
    weights_and_quotas,
)
from btsclip.presets import Preset
from btsclip.story.action_cuts import MIN_SPEECH_VOICE
from btsclip.story.arc import Arc, arc_named
from btsclip.story.beats import Music, check_music, read_music
from btsclip.story.choose import Rules, StoryChoice, choose
from btsclip.story.compose import Story, compose, end_card_for, hook_of, story_preset, whys_of
from btsclip.story.joins import cards_for
from btsclip.story.lengths import MAX_MISS_SECONDS
from btsclip.story.order import order_pieces, order_takes
from btsclip.story.spans import StoryLayout, layout_story
from btsclip.story.tasks import Report, TakePieces, find_pieces, frame_spans
from btsclip.takes import Discovery, find_takes


@dataclass(frozen=True)
class StoryOptions:
    """The asked length of a story in seconds, with its end card, its arc, and its music."""

    length: float = 45.0
    arc: str = "making"
    music: Path | None = None


@dataclass(frozen=True)
class StoryPlan:
    """A story with its plan, warnings for the user, and messages on takes that can't be read."""

    plan: CutPlan
    story: Story
    warnings: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True)
class StoryResult:
    """The planned story, with the plan's file and the video as `cut` returns them."""

    planned: StoryPlan
    cut: CutResult

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings for the user, with those that came up in rendering."""
        rendered = [text for files in self.cut.clips for text in files.clip.warnings]
        return tuple(rendered) or self.planned.warnings


def default_folder(shoot: Path) -> Path:
    """NAME-story in the current folder."""
    return Path(f"{story_name(shoot)}-story")


def story_name(shoot: Path) -> str:
    """The name of a shoot's folder, or of a take without its extension."""
    return (shoot.stem if shoot.is_file() else shoot.resolve().name) or "shoot"


def make_story(
    shoot: Path,
    out: Path,
    preset_name: str,
    request: ClipRequest,
    story_options: StoryOptions,
    means: ExecutionOptions,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> StoryResult:
    """Make one video of the takes in the folder `shoot`, or of one take, in the folder `out`.

    The plan is written beside the video; a dry run writes nothing. Raises what `plan_story` and
    `render` raise.
    """
    STORY_SECONDS.check("--length", story_options.length)
    arc_named(story_options.arc)
    if story_options.music:
        check_music(story_options.music)
    preset, request = branded(preset_name, request, takes_near(shoot, out))
    plan_path = out / PLAN_NAME
    options = prepare_output(plan_path, options)
    planned = plan_story(
        shoot, out, preset, preset_name, request, story_options, means, progress.step
    )
    result = render_new_plan(planned.plan, plan_path, preset, options, progress.rendering)
    return StoryResult(planned, result)


def plan_story(
    shoot: Path,
    out: Path,
    preset: Preset,
    preset_name: str,
    request: ClipRequest,
    story_options: StoryOptions,
    means: ExecutionOptions,
    report: Report = lambda step, share: None,
) -> StoryPlan:
    """Analyze the takes of the shoot and plan its story.

    A take that can't be read is left out and reported in `failed`. Raises FootageError for a folder
    without takes, NothingFound for takes without work, CaptionError for a text that can't be drawn,
    NotesError for notes with mistakes, BtsclipError for music without a beat, and ToolError if an
    extra for music or speech is missing.
    """
    arc = arc_named(story_options.arc)
    music = _listen(story_options.music, report)
    with (
        tempfile.TemporaryDirectory(prefix="btsclip-") as scratch,
        LocalPool(means.processes, means.threads, means.font, Path(scratch)) as pool,
    ):
        discovery = _discover(shoot, out, pool)
        footages = [take.footage for take in discovery.takes]
        context = prepare_context(footages, story_preset(preset), preset_name, request)
        if hook := hook_of(arc, context):
            check_text(hook.text, preset)
        takes, unanalyzed = find_pieces(footages, context, pool, report)
        failed = (*discovery.failed, *unanalyzed)
        order = order_takes([take.analysis.footage for take in takes])
        rules = _rules(arc, story_options.length, context)
        pieces = [piece for take in takes for piece in take.pieces]
        choice = choose(order_pieces(pieces, order), rules)
        _check_work(choice, takes, shoot, failed)
        layout, ending, lanes = _layout(choice, takes, rules, story_options.length, music, context)
        framed = frame_spans(layout.spans, takes, context, pool, report)
    story = Story(
        slug(default_folder(shoot).name), arc, replace(layout, spans=framed), ending, tuple(lanes)
    )  # fmt: skip
    clip = compose(story, {take.analysis.footage: take.analysis.signals for take in takes}, context)
    warnings = [*discovery.warnings, *order.warnings, *choice.warnings, *layout.warnings]
    clip = clip.model_copy(update={"warnings": [*warnings, *clip.warnings]})
    refused = [*choice.refused, *layout.refused, *(r for take in takes for r in take.refused)]
    refused.sort(key=lambda refusal: (str(refusal.footage.path), refusal.start))
    analyzed = {take.analysis.footage.path: take.analysis.footage for take in takes}
    sources = [analyzed.get(footage.path, footage) for footage in footages]
    plan = assemble_plan(sources, [clip], refused, context)
    return StoryPlan(plan, story, tuple(plan.clips[0].warnings), failed)


def _listen(path: Path | None, report: Report) -> Music | None:
    """The music in the file at `path`, if there is one."""
    if path is None:
        return None
    report("listening to the music", 0.0)
    music = read_music(path)
    report("listening to the music", 1.0)
    return music


def _discover(shoot: Path, out: Path, pool: Pool) -> Discovery:
    """The takes of the shoot. Raises FootageError if there are none."""
    reader = PoolReader(pool)
    if shoot.is_file():
        take = absolute(shoot)
        discovery = find_takes(take.parent, out, reader, only={take})
    else:
        discovery = find_takes(shoot, out, reader)
    if not discovery.takes:
        raise discovery.no_takes_error(shoot)
    return discovery


def _rules(arc: Arc, length: float, context: PlanContext) -> Rules:
    """The rules for a story of `length` seconds, less those of the preset's end card."""
    preset = context.preset
    wants_card = bool(preset.end_card.text or preset.end_card.image)
    weights, quotas = weights_and_quotas(preset)
    seconds = length - (preset.end_card.seconds if wants_card else 0.0)
    return Rules(arc, seconds, weights, quotas, preset.pacing.speed)


def _check_work(
    choice: StoryChoice, takes: Sequence[TakePieces], shoot: Path, failed: Sequence[str]
) -> None:
    """Raise NothingFound if no piece shows work: things alone make no story.

    The error names the `failed` takes, which may contain some.
    """
    if not any(part.kind in ("process", "mishap") for part in choice.parts):
        refused = [refusal for take in takes for refusal in take.refused]
        longest = max(refused, key=lambda r: r.end - r.start, default=None)
        cause = "holds no work to show"
        cause += f" ({longest.footage.path.name}: {longest.why})" if longest else ""
        cause += f"; could not be read: {'; '.join(failed[:3])}" if failed else ""
        raise NothingFound(shoot, cause, "name a shoot with work in it")


def _layout(
    choice: StoryChoice,
    takes: Sequence[TakePieces],
    rules: Rules,
    length: float,
    music: Music | None,
    context: PlanContext,
) -> tuple[StoryLayout, EndCard | None, list[Lane]]:
    """The layout of the story, its end card, and the lanes of its music."""
    ending = end_card_for([part.cut for part in choice.parts], context)
    rules = replace(rules, seconds=length - (ending.seconds if ending else 0.0))
    analyses = {take.analysis.footage: take.analysis for take in takes}
    beats = music.under(rules.seconds + MAX_MISS_SECONDS)[1].tolist() if music else []
    layout = layout_story(
        choice.parts, analyses, rules, context.preset.output.fps,
        cards=partial(cards_for, seconds=rules.seconds, whys=partial(whys_of, context)),
        beats=beats, speech=partial(_find_speech, analyses, context),
    )  # fmt: skip
    lanes = music.under(layout.seconds)[0] if music else []
    return layout, ending, lanes


def _find_speech(
    analyses: Mapping[Footage, Analysis], context: PlanContext, cut: Cut, room: Span
) -> list[Span]:
    """The spans of words in the `room` of a cut, or of sentences if somebody explains something.

    In seconds of the take; empty without `--speech`.
    """
    signals = analyses[cut.footage].signals
    voice = signals.voice[signals.between(*room)]
    if not context.request.speech or voice.max() < MIN_SPEECH_VOICE:
        return []
    speech = hear_span(cut.footage, *room, context.request.language)
    spoken = speech.sentences if cut.kind in SPEECH_KINDS else speech.words
    return [(span.start, span.end) for span in spoken]
