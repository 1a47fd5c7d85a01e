"""`reply`: answer viewers' comments with clips."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from btsclip.captions import comment_of, set_comment
from btsclip.errors import BtsclipError, CaptionError, NothingFound
from btsclip.media import slug
from btsclip.plan import Clip, CutPlan
from btsclip.planning import ClipRequest, Progress, RenderOptions, prepare_output, render_new_plan
from btsclip.presets import Preset
from btsclip.render import RenderedClip
from btsclip.reply.answer import answer
from btsclip.reply.comments import ViewerComment, ViewerQuestion, questions
from btsclip.reply.match import MIN_SURE, CommentMatch, MomentFacts, matches
from btsclip.reply.result import AnsweredJson, RepliesJson, UnansweredJson
from btsclip.reply.sources import ReplySources, gather_sources, plan_of

PLAN_NAME = "reply.json"
FOLDER = "replies"
NO_FOOTAGE = "no footage answers this"
# The preset if neither the user nor the plan names one.
DEFAULT_PRESET = "honest-kitchen"


@dataclass(frozen=True)
class Reply:
    """A question with its nearest moment, and the clip that answers it.

    Without a clip, `why` is the reason.
    """

    question: ViewerQuestion
    match: CommentMatch | None
    nearest: str
    clip: Clip | None
    why: str = ""


@dataclass(frozen=True)
class Replies:
    """The replies to all questions, with their plan and clips.

    `silent` is the number of comments that ask nothing. `failed` names takes that can't be read.
    """

    replies: tuple[Reply, ...]
    silent: int
    plan: CutPlan
    plan_path: Path | None
    clips: tuple[RenderedClip, ...]
    failed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def default_folder(comments: Sequence[ViewerComment]) -> Path:
    """The folder for the replies in the current folder; a single reply has its own in it."""
    return Path(FOLDER) / _short_name(comments[0].text) if len(comments) == 1 else Path(FOLDER)


def _short_name(text: str) -> str:
    """A short file name for a comment, unique even if a file name can't have its letters."""
    name = slug(text)
    is_complete = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") == name
    return name if is_complete else f"{name}-{zlib.crc32(text.encode('utf-8', 'replace')):08x}"


def make_replies(
    place: Path,
    comments: Sequence[ViewerComment],
    out: Path,
    preset_name: str | None,
    request: ClipRequest,
    *,
    count: int = 1,
    options: RenderOptions = RenderOptions(),
    progress: Progress = Progress(),
) -> Replies:
    """Answer up to `count` of the questions in `comments` with moments of `place`.

    `place` is a shoot's folder, a take or a plan. Similar comments are one question; the most
    frequent come first. Writes the plan `out`/reply.json and renders its clips; a dry run writes
    nothing. Raises NothingFound, with the nearest moment, if no footage answers any question, and
    CaptionError if the only comment can't be drawn.
    """
    asked, silent = questions(comments)
    if not asked:
        raise _no_question_error(comments)
    plan_path = out / PLAN_NAME
    options = prepare_output(plan_path, options)
    request = replace(request, hook="")
    sources = gather_sources(place, out, preset_name, DEFAULT_PRESET, request, progress.analysis)
    replies = _answer_all(asked, sources, count)
    plan = plan_of(sources, [reply.clip for reply in replies if reply.clip])
    if not plan.clips:
        raise _no_answer_error(replies, sources)
    cut = render_new_plan(plan, plan_path, sources.preset, options, progress.rendering)
    return Replies(
        tuple(replies), silent, plan, cut.plan_path, cut.clips, sources.failed, sources.warnings
    )


def replies_json(result: Replies) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    rendered = {clip.clip.id: clip for clip in result.clips}
    return RepliesJson(
        plan=str(result.plan_path) if result.plan_path else None,
        replies=[
            _answered_json(reply, reply.clip, rendered.get(reply.clip.id))
            for reply in result.replies
            if reply.clip
        ],
        unanswered=[
            UnansweredJson(**_question_keys(reply), nearest=reply.nearest or None, why=reply.why)
            for reply in result.replies
            if not reply.clip
        ],
        silent=result.silent,
        failed=list(result.failed),
        warnings=list(result.warnings),
    ).values()


def _question_keys(reply: Reply) -> dict[str, Any]:
    """The keys of QuestionJson."""
    question, match = reply.question, reply.match
    return {
        "comment": question.first.text,
        "author": question.first.author,
        "asked": len(question.comments),
        "likes": question.likes,
        "sure": match.sure if match else 0.0,
        "by": list(match.by) if match else [],
    }


def _answered_json(reply: Reply, clip: Clip, files: RenderedClip | None) -> AnsweredJson:
    """The reply with its clip, and with its files if they are rendered."""
    return AnsweredJson(
        **_question_keys(reply),
        id=clip.id,
        path=str(files.path) if files else None,
        sidecar=str(files.sidecar) if files else None,
        cover=str(files.cover) if files else None,
        source=clip.spans[0].source,
        start=clip.source_start,
        kind=clip.kind,
        action=clip.action,
        end=clip.source_end,
        warnings=files.clip.warnings if files else clip.warnings,
    )


def _answer_all(asked: Sequence[ViewerQuestion], sources: ReplySources, count: int) -> list[Reply]:
    """A reply to each question in order; the first `count` that have an answer get a clip."""
    replies: list[Reply] = []
    ids: set[str] = set()
    for question in asked:
        enough = sum(bool(reply.clip) for reply in replies) >= count
        reply = _answer_question(question, sources, ids, enough, is_only=len(asked) == 1)
        if reply.clip:
            ids.add(reply.clip.id)
        replies.append(reply)
    return replies


def _answer_question(
    question: ViewerQuestion, sources: ReplySources, ids: set[str], enough: bool, is_only: bool
) -> Reply:
    """The reply to one question, without a clip if there are `enough`.

    `ids` are those of the clips so far. Raises CaptionError if the only question can't be drawn.
    """
    comment = question.first
    match = matches(comment.text, sources.moments)[0]
    nearest = _describe_moment(sources, match) if match.sure else ""
    if not match.answers:
        return Reply(question, match, nearest, None, NO_FOOTAGE)
    if enough:
        return Reply(question, match, nearest, None, "more ask something else; see --count")
    step = sources.steps[match.moment]
    try:
        _check_drawable(comment, sources.preset)
        clip = answer(
            sources.make_clip(match.moment, _unique_id(comment.text, ids)), comment,
            step.note if step else "", match, sources.footage, sources.preset,
        )  # fmt: skip
    except CaptionError as error:
        if is_only:
            raise
        return Reply(question, match, nearest, None, f"can't be drawn: {error.cause}")
    return Reply(question, match, nearest, clip)


def _check_drawable(comment: ViewerComment, preset: Preset) -> None:
    """Raise CaptionError if the comment can't be drawn, before its moment is framed."""
    style = preset.captions.comment_style
    set_comment(comment_of(comment.text, comment.author, style, 60.0), preset)


def _unique_id(text: str, ids: set[str]) -> str:
    """An id for the clip that answers the comment `text`, not one of `ids`."""
    name = base = f"reply-{_short_name(text)}"
    number = 2
    while name in ids:
        name, number = f"{base}-{number}", number + 1
    return name


def _describe_moment(sources: ReplySources, match: CommentMatch) -> str:
    """The moment in words, such as "board.mp4 2.0-5.5 s (chop)"."""
    cut = sources.cuts[match.moment]
    content = cut.action if cut.action and cut.action != "other" else cut.kind
    return f"{cut.footage.path.name} {cut.start:.1f}-{cut.end:.1f} s ({content})"


def _no_question_error(comments: Sequence[ViewerComment]) -> BtsclipError:
    if len(comments) > 1:
        return NothingFound(f"{len(comments)} comments", "none of them asks anything", "")
    cure = "name what it asks for, such as a step or a tool"
    return NothingFound(f"comment {comments[0].text!r}", "asks nothing that footage shows", cure)


def _no_answer_error(replies: Sequence[Reply], sources: ReplySources) -> BtsclipError:
    """The error with the nearest moment, and with a note that would answer."""
    best = max(replies, key=lambda reply: reply.match.sure if reply.match else 0.0)
    text = best.question.first.text
    subject = f"comment {text!r}" if len(replies) == 1 else f"{len(replies)} questions"
    if best.why != NO_FOOTAGE:
        return NothingFound(subject, best.why, "")
    sure = best.match.sure if best.match else 0.0
    cause = best.why
    if sure:
        cause += f"; nearest is {best.nearest}, {sure:.2f} sure where {MIN_SURE:g} is needed"
    cure = "write what is shown into the shoot.toml beside the takes"
    if note := _find_note(text, sources):
        cure = f"a note says {note!r}: give it as the `note` of a step with its `take`"
    return NothingFound(subject, cause, cure)


def _find_note(text: str, sources: ReplySources) -> str:
    """The note that would answer the comment `text` if it had a moment; empty if there is none."""
    all_notes = {id(notes): notes for notes in sources.notes.values()}.values()
    candidates = [
        note
        for notes in all_notes
        for note in (*notes.notes, *(step.note for step in notes.steps))
        if note.strip()
    ]
    facts = [MomentFacts({"note": note}, None, "process", 0.0) for note in candidates]
    best = next(iter(matches(text, facts)), None)
    return candidates[best.moment] if best and best.answers else ""
