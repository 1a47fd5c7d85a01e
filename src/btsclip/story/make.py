"""`story`: a shoot's folder in, one vertical video out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from btsclip.analysis.analyze import Analysis
from btsclip.batch.run import ExecutionOptions
from btsclip.batch.tasks import PoolReader
from btsclip.batch.workers import LocalPool, Pool
from btsclip.captions import check_text
from btsclip.errors import NothingFound
from btsclip.intervals import Span
from btsclip.limits import STORY_SECONDS
from btsclip.media.footage import Footage
from btsclip.media.paths import absolute, slug
from btsclip.moments.select import Cut
from btsclip.plan.model import CutPlan, EndCard, Lane
from btsclip.planning.clips import assemble_plan
from btsclip.planning.cut import PLAN_NAME, CutResult, prepare_output, render_new_plan
from btsclip.planning.request import (
    ClipRequest,
    PlanContext,
    Progress,
    RenderOptions,
    prepare_context,
)
from btsclip.planning.selection import weights_and_quotas
from btsclip.planning.speech import SPEECH_KINDS, hear_span
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.story.action_cuts import SPEAKS
from btsclip.story.arc import Arc, arc_named
from btsclip.story.beats import Music, check_music, read_music
from btsclip.story.choose import Rules, StoryChoice, choose
from btsclip.story.compose import Story, compose, end_card_for, hook_of, story_preset, whys_of
from btsclip.story.joins import cards_for
from btsclip.story.lengths import MISS
from btsclip.story.order import order_takes
from btsclip.story.sequence import order_pieces
from btsclip.story.spans import StoryLayout, layout_story
from btsclip.story.tasks import Report, TakePieces, find_pieces, frame_spans
from btsclip.takes.discover import Discovery, find_takes


@dataclass(frozen=True)
class StoryOptions:
    """What a story is asked to be: its seconds in all, its arc and its music."""

    length: float = 45.0
    arc: str = "making"
    music: Path | None = None


@dataclass(frozen=True)
class StoryPlan:
    """A story and its plan, what the user should know, and what could not be read or looked at."""

    plan: CutPlan
    story: Story
    warnings: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True)
class StoryResult:
    """What was planned, and the plan's file and the finished video as `cut` leaves them."""

    planned: StoryPlan
    cut: CutResult


def default_folder(shoot: Path) -> Path:
    """NAME-story in the current folder."""
    return Path(f"{story_name(shoot)}-story")


def story_name(shoot: Path) -> str:
    """The name of a shoot's folder, or of a take."""
    return (shoot.stem if shoot.is_file() else shoot.resolve().name) or "shoot"


def make_story(
    shoot: Path,
    out: Path,
    preset_name: str,
    wishes: ClipRequest,
    asked: StoryOptions,
    means: ExecutionOptions,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> StoryResult:
    """Makes one video of the takes in the folder `shoot`, or of one take, and writes it and its
    plan to the folder `out`; in a dry run only plans it. See `plan_story` for what is raised;
    rendering fails as `render` does."""
    STORY_SECONDS.check("--length", asked.length)
    arc_named(asked.arc)
    if asked.music:
        check_music(asked.music)
    preset, plan_path = load_preset(preset_name), out / PLAN_NAME
    options = prepare_output(plan_path, options)
    planned = plan_story(shoot, out, preset, preset_name, wishes, asked, means, progress.step)
    done = render_new_plan(planned.plan, plan_path, preset, options, progress.rendering)
    return StoryResult(planned, done)


def plan_story(
    shoot: Path,
    out: Path,
    preset: Preset,
    preset_name: str,
    wishes: ClipRequest,
    asked: StoryOptions,
    means: ExecutionOptions,
    report: Report = lambda what, share: None,
) -> StoryPlan:
    """Looks through the shoot and plans its story.

    A take that can't be read is left out and told of. Raises FootageError for a folder without
    takes, CaptionError for a text that can't be drawn, NotesError, BtsclipError for music that is
    none, ToolError when music or speech lack what they need, and NothingFound.
    """
    arc = arc_named(asked.arc)
    music = _heard(asked.music, report)
    with (
        tempfile.TemporaryDirectory(prefix="btsclip-") as scratch,
        LocalPool(means.processes, means.threads, means.font, Path(scratch)) as pool,
    ):
        found = _discover(shoot, out, pool)
        footages = [take.footage for take in found.takes]
        brief = prepare_context(footages, story_preset(preset), preset_name, wishes)
        if asks := hook_of(arc, brief):
            check_text(asks, preset)
        looked, failed = find_pieces(footages, brief, pool, report)
        order = order_takes([each.analysis.footage for each in looked])
        rules = _rules(arc, asked.length, brief)
        chosen = choose(order_pieces([p for each in looked for p in each.pieces], order), rules)
        _check(chosen, looked, shoot, [*found.failed, *failed])
        laid, ending, lanes = _laid_out(chosen, looked, rules, asked.length, music, brief)
        shown = frame_spans([span.cut for span in laid.spans], looked, brief, pool, report)
    story = Story(
        slug(default_folder(shoot).name), arc, laid, tuple(shown), ending, tuple(lanes)
    )  # fmt: skip
    clip = compose(story, {each.analysis.footage: each.analysis.signals for each in looked}, brief)
    warnings = [*found.warnings, *order.said, *chosen.warnings, *laid.warnings]
    clip = clip.model_copy(update={"warnings": [*warnings, *clip.warnings]})
    refused = [*chosen.refused, *laid.refused, *(r for each in looked for r in each.refused)]
    refused.sort(key=lambda refusal: (str(refusal.footage.path), refusal.start))
    known = {each.analysis.footage.path: each.analysis.footage for each in looked}
    takes = [known.get(footage.path, footage) for footage in footages]
    plan = assemble_plan(takes, [clip], refused, brief)
    return StoryPlan(plan, story, tuple(plan.clips[0].warnings), (*found.failed, *failed))


def _heard(path: Path | None, report: Report) -> Music | None:
    """The music in the file at `path`, if there is one."""
    if path is None:
        return None
    report("listening to the music", 0.0)
    music = read_music(path)
    report("listening to the music", 1.0)
    return music


def _discover(shoot: Path, out: Path, pool: Pool) -> Discovery:
    """The takes of the shoot. Raises FootageError when there are none."""
    reader = PoolReader(pool)
    if shoot.is_file():
        take = absolute(shoot)
        found = find_takes(take.parent, out, reader, only={take})
    else:
        found = find_takes(shoot, out, reader)
    if not found.takes:
        raise found.no_takes(shoot)
    return found


def _rules(arc: Arc, length: float, brief: PlanContext) -> Rules:
    """What holds for a story of `length` seconds in all, with room for the preset's end card."""
    preset = brief.preset
    wants_card = bool(preset.end_card.text or preset.end_card.image)
    weights, quotas = weights_and_quotas(preset)
    seconds = length - (preset.end_card.seconds if wants_card else 0.0)
    return Rules(arc, seconds, weights, quotas, preset.pacing.speed)


def _check(
    chosen: StoryChoice, looked: Sequence[TakePieces], shoot: Path, failed: Sequence[str]
) -> None:
    """Raises NothingFound for a shoot without work: things alone make no story. What `failed` to be
    read may have held it."""
    if not any(part.kind in ("process", "mishap") for part in chosen.parts):
        refused = [refusal for each in looked for refusal in each.refused]
        near = max(refused, key=lambda r: r.end - r.start, default=None)
        said = f" ({near.footage.path.name}: {near.why})" if near else ""
        said += f"; could not be read: {'; '.join(failed[:3])}" if failed else ""
        raise NothingFound(shoot, f"holds no work to tell of{said}", "name a shoot with work in it")


def _laid_out(
    chosen: StoryChoice,
    looked: Sequence[TakePieces],
    rules: Rules,
    length: float,
    music: Music | None,
    brief: PlanContext,
) -> tuple[StoryLayout, EndCard | None, list[Lane]]:
    """The spans of the story with its end card and its music."""
    ending = end_card_for([part.piece.cut for part in chosen.parts], brief)
    rules = replace(rules, seconds=length - (ending.seconds if ending else 0.0))
    analyses = {each.analysis.footage: each.analysis for each in looked}
    beats = music.under(rules.seconds + MISS)[1].tolist() if music else []
    laid = layout_story(
        chosen.parts, analyses, rules, brief.preset.output.fps,
        cards=partial(cards_for, seconds=rules.seconds, whys=partial(whys_of, brief)), beats=beats,
        said=partial(_said, analyses, brief),
    )  # fmt: skip
    lanes = music.under(laid.seconds)[0] if music else []
    return laid, ending, lanes


def _said(
    analyses: Mapping[Footage, Analysis], brief: PlanContext, cut: Cut, room: Span
) -> list[Span]:
    """The words in the `room` of a cut, and where somebody tells something the sentences, as spans
    of the take; nothing unless speech is to be written."""
    signals = analyses[cut.footage].signals
    if not brief.request.speech or signals.voice[signals.between(*room)].max() < SPEAKS:
        return []
    speech = hear_span(cut.footage, *room, brief.request.language)
    spoken = speech.sentences if cut.kind in SPEECH_KINDS else speech.words
    return [(each.start, each.end) for each in spoken]
