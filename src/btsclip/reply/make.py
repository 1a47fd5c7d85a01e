"""`reply`: viewers' comments in, clips of the moments that answer them out."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from btsclip.captions import comment_of, set_comment
from btsclip.errors import BtsclipError, CaptionError, NothingFound
from btsclip.media.paths import slug
from btsclip.plan.model import Clip, CutPlan
from btsclip.planning.cut import prepare_output, render_new_plan
from btsclip.planning.request import ClipRequest, Progress, RenderOptions
from btsclip.presets.schema import Preset
from btsclip.render import RenderedClip
from btsclip.reply.answer import answer
from btsclip.reply.comments import ViewerComment, ViewerQuestion, questions
from btsclip.reply.match import BAR, CommentMatch, MomentFacts, matches
from btsclip.reply.result import AnsweredJson, RepliesJson, UnansweredJson
from btsclip.reply.sources import ReplySources, gather_sources, plan_of

PLAN_NAME = "reply.json"
FOLDER = "replies"
NO_FOOTAGE = "no footage answers this"
# The preset where neither the user nor the plan names one.
PRESET = "honest-kitchen"


@dataclass(frozen=True)
class Reply:
    """A question and the moment that comes nearest to it: `clip` is what answers it, None where
    nothing does (then `why` says so) or there are enough replies."""

    question: ViewerQuestion
    match: CommentMatch | None
    near: str
    clip: Clip | None
    why: str = ""


@dataclass(frozen=True)
class Replies:
    """All questions with their replies, how many comments ask nothing, the plan and the clips, what
    of the shoot could not be read, and what is to be known of its takes."""

    replies: tuple[Reply, ...]
    silent: int
    plan: CutPlan
    plan_path: Path | None
    clips: tuple[RenderedClip, ...]
    failed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def default_folder(comments: Sequence[ViewerComment]) -> Path:
    """Where replies go when the user names no folder: one reply has a folder of its own, so that
    the next one does not meet it."""
    return Path(FOLDER) / _named(comments[0].text) if len(comments) == 1 else Path(FOLDER)


def _named(text: str) -> str:
    """A short name for a comment, its own also where a file's name can't hold its letters."""
    name = slug(text)
    whole = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") == name
    return name if whole else f"{name}-{zlib.crc32(text.encode('utf-8', 'replace')):08x}"


def make_replies(
    place: Path,
    comments: Sequence[ViewerComment],
    out: Path,
    preset_name: str | None,
    wishes: ClipRequest,
    *,
    count: int = 1,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> Replies:
    """Answers the questions in `comments`, at most `count` of them, with moments of `place`: a
    shoot's folder, a take or a plan.

    Writes `out`/reply.json, an ordinary plan, and renders its clips; a dry run writes nothing.
    Alike comments are one question; those that most ask come first. Raises NothingFound when no
    footage answers any, naming what comes nearest, and CaptionError when the only comment can't be
    drawn.
    """
    grouped, silent_ones = questions(comments)
    if not grouped:
        raise _asks_nothing(comments)
    plan_path = out / PLAN_NAME
    options = prepare_output(plan_path, options)
    asking = replace(wishes, hook="")
    material = gather_sources(place, out, preset_name, PRESET, asking, progress.analysis)
    replies = _replies(grouped, material, count)
    plan = plan_of(material, [each.clip for each in replies if each.clip])
    if not plan.clips:
        raise _no_footage(replies, material)
    made = render_new_plan(plan, plan_path, material.preset, options, progress.rendering)
    return Replies(
        tuple(replies), silent_ones, plan, made.plan_path, made.clips,
        material.failed, material.warnings,
    )  # fmt: skip


def replies_json(result: Replies) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    rendered = {done.clip.id: done for done in result.clips}
    return RepliesJson(
        plan=str(result.plan_path) if result.plan_path else None,
        replies=[
            _answered(reply, reply.clip, rendered.get(reply.clip.id))
            for reply in result.replies
            if reply.clip
        ],
        unanswered=[
            UnansweredJson(**_question(reply), nearest=reply.near or None, why=reply.why)
            for reply in result.replies
            if not reply.clip
        ],
        silent=result.silent,
        failed=list(result.failed),
        warnings=list(result.warnings),
    ).values()


def _question(reply: Reply) -> dict[str, Any]:
    """What is asked and how sure its match is, by the names that they have in JSON."""
    question, match = reply.question, reply.match
    return {
        "comment": question.first.text,
        "author": question.first.author,
        "asked": len(question.comments),
        "likes": question.likes,
        "sure": match.sure if match else 0.0,
        "by": list(match.by) if match else [],
    }


def _answered(reply: Reply, clip: Clip, files: RenderedClip | None) -> AnsweredJson:
    """The reply that is `clip`, with its files once they are rendered."""
    return AnsweredJson(
        **_question(reply),
        id=clip.id,
        path=str(files.path) if files else None,
        sidecar=str(files.sidecar) if files else None,
        cover=str(files.cover) if files else None,
        source=clip.spans[0].source,
        start=clip.spans[0].start,
        kind=clip.kind,
        action=clip.action,
        end=clip.spans[-1].end,
        warnings=clip.warnings,
    )


def _replies(grouped: Sequence[ViewerQuestion], material: ReplySources, count: int) -> list[Reply]:
    """A reply to each question, those with most voices first, until `count` have a clip."""
    found: list[Reply] = []
    names: set[str] = set()
    for question in grouped:
        enough = sum(bool(each.clip) for each in found) >= count
        one = _reply(question, material, names, enough, alone=len(grouped) == 1)
        if one.clip:
            names.add(one.clip.id)
        found.append(one)
    return found


def _reply(
    question: ViewerQuestion, material: ReplySources, names: set[str], enough: bool, alone: bool
) -> Reply:
    text = question.first.text
    match = matches(text, material.moments)[0]
    near = _place(material, match) if match.sure else ""
    if not match.answers:
        return Reply(question, match, near, None, NO_FOOTAGE)
    if enough:
        return Reply(question, match, near, None, "more ask something else; see --count")
    told = material.told[match.moment]
    try:
        _check(question.first, material.preset)
        clip = answer(
            material.clip(match.moment, _id(text, names)), question.first,
            told.note if told else "", match, material.footage, material.preset,
        )  # fmt: skip
    except CaptionError as error:
        if alone:
            raise
        return Reply(question, match, near, None, f"can't be drawn: {error.cause}")
    return Reply(question, match, near, clip)


def _check(one: ViewerComment, preset: Preset) -> None:
    """Raises CaptionError for a comment that can't be drawn: before its moment is looked at."""
    style = preset.captions.comment_style
    set_comment(comment_of(one.text, one.author, style, 60.0), preset)


def _id(text: str, names: set[str]) -> str:
    """The clip's id, unlike all other `names`."""
    name = base = f"reply-{_named(text)}"
    number = 2
    while name in names:
        name, number = f"{base}-{number}", number + 1
    return name


def _place(material: ReplySources, match: CommentMatch) -> str:
    """The moment as people name it."""
    cut = material.cuts[match.moment]
    did = cut.action if cut.action and cut.action != "other" else cut.kind
    return f"{cut.footage.path.name} {cut.start:.1f}-{cut.end:.1f} s ({did})"


def _asks_nothing(comments: Sequence[ViewerComment]) -> BtsclipError:
    if len(comments) > 1:
        return NothingFound(f"{len(comments)} comments", "none of them asks anything", "")
    cure = "name what it asks for, such as a step or a tool"
    return NothingFound(f"comment {comments[0].text!r}", "asks nothing that footage shows", cure)


def _no_footage(replies: Sequence[Reply], material: ReplySources) -> BtsclipError:
    """The error that names the moment which comes nearest, and a note that says it."""
    best = max(replies, key=lambda each: each.match.sure if each.match else 0.0)
    text = best.question.first.text
    subject = f"comment {text!r}" if len(replies) == 1 else f"{len(replies)} questions"
    if best.why != NO_FOOTAGE:
        return NothingFound(subject, best.why, "")
    sure = best.match.sure if best.match else 0.0
    near = f"; nearest is {best.near}, {sure:.2f} sure where {BAR:g} is needed" if sure else ""
    cause = f"{best.why}{near}"
    note = _saying(text, material)
    cure = "write what is shown into the shoot.toml beside the takes"
    if note:
        cure = f"a note says {note!r}: give it as the `note` of a step with its `take`"
    return NothingFound(subject, cause, cure)


def _saying(text: str, material: ReplySources) -> str:
    """The free or unplaced note that would answer, if a moment were known for it."""
    noted = {id(n): n for n in material.notes.values()}.values()
    texts = [t for n in noted for t in (*n.notes, *(step.note for step in n.steps)) if t.strip()]
    notes = [MomentFacts({"note": text}, None, "process", 0.0) for text in texts]
    best = next(iter(matches(text, notes)), None)
    return texts[best.moment] if best and best.answers else ""
