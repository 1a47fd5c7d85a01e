"""Results as tables for people, on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from btsclip.cli.reporting import one_line
from btsclip.cli.rows import Row, print_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from btsclip.analysis.analyze import Analysis
    from btsclip.batch.outcome import Outcome
    from btsclip.measure.run import MeasureResult
    from btsclip.moments.find import Moment
    from btsclip.plan.model import CutPlan
    from btsclip.planning.cut import CutResult
    from btsclip.presets.load import PresetListing
    from btsclip.reply.make import Replies
    from btsclip.story.make import StoryResult

# Characters of a comment that a table shows.
LONGEST = 120


# Posts without a clip that are named, at most.
MOST_UNKNOWN = 20


def print_presets(found: Sequence[PresetListing]) -> None:
    """Presets with what they are for, and where those lie that are the user's own."""
    rows = []
    for preset in found:
        place = "built in" if preset.built_in else str(preset.path)
        rows.append(Row((preset.name, place), (preset.description,)))
    print_rows(("preset", "where"), rows)


def print_result(result: CutResult) -> None:
    """The clips of a plan, rendered or not, and where things are."""
    console = Console()
    print_clips(result.plan)
    if result.clips:
        _say(console, f"{_count(len(result.clips), 'clip')} in {result.clips[0].path.parent}")
    elif result.plan_path:
        _say(console, f"To make the clips: btsclip render {result.plan_path}")
    else:
        _say(console, "Dry run: nothing was written.")


def print_clips(plan: CutPlan) -> None:
    """The clips of a plan; those that are left out are marked, and say why."""
    sources = {clip.source for clip in plan.clips}
    rows = []
    for clip in plan.clips:
        span = f"{clock(clip.start)}-{clock(clip.end)}"
        if len(sources) > 1:
            span = f"{Path(clip.source).name} {span}"
        kind, name = _kind(clip.kind, clip.action), clip.id if clip.enabled else f"- {clip.id}"
        style = "" if clip.enabled else "dim"
        rows.append(Row((name, span, kind, f"{clip.score:.2f}"), (clip.why,), style))
    print_rows(("clip", "span", "kind", "score"), rows)
    left_out = len(plan.skipped)
    Console().print(f"{_count(left_out, 'other span')} left out; the plan says why.", style="dim")


def print_story(result: StoryResult) -> None:
    """The spans of a story in order, what share of it shows what, and where things are."""
    from btsclip.story.compose import describe_shares
    from btsclip.story.spans import shares_of

    console = Console()
    story, clip = result.planned.story, result.planned.plan.clips[0]
    rows = []
    for at, shown, span in zip(
        story.laid.starts, story.laid.spans, clip.spans, strict=True
    ):  # fmt: skip
        if span.card:
            cells = (clock(at - span.card.seconds), "card", "", "", f"{span.card.seconds:.1f}")
            rows.append(Row(cells, (span.card.text,)))
        cut = shown.cut
        times = f"{clock(cut.start)}-{clock(cut.end)}"
        cells = (clock(at), shown.act, cut.footage.path.name, times, f"{shown.seconds:.1f}")
        rows.append(Row(cells, (shown.reason,)))
    print_rows(("at", "act", "take", "span", "seconds"), rows)
    shares = describe_shares(shares_of(story.laid.spans))
    _say(console, f"{clip.seconds_in_all:.1f} seconds: {shares}")
    if result.cut.clips:
        _say(console, f"The video: {result.cut.clips[0].path}")
    else:
        _say(console, "Dry run: nothing was written.")


def print_replies(result: Replies) -> None:
    """The questions, those that most ask first, and what answers each."""
    console = Console()
    rows = []
    for each in result.replies:
        question, match = each.question, each.match
        answer = each.near
        if not each.clip:
            answer = each.why + (f" (nearest: {each.near})" if each.near else "")
        figures = str(len(question.comments)), str(question.likes)
        sure = f"{match.sure:.2f}" if match else "-"
        by = ", ".join(match.by) if match else ""
        notes = (question.first.text[:LONGEST], f"-> {answer}")
        rows.append(Row((*figures, sure, by), notes, "" if each.clip else "dim"))
    print_rows(("asked", "likes", "sure", "by"), rows)
    if result.silent:
        console.print(f"{_count(result.silent, 'other comment')} without a question.", style="dim")
    if result.clips:
        replies = "reply" if len(result.clips) == 1 else "replies"
        _say(console, f"{len(result.clips)} {replies} in {result.clips[0].path.parent}")
    else:
        _say(console, "Dry run: nothing was written.")


def print_faults(outcome: Outcome) -> None:
    """What failed, on stderr: fitted to a terminal, elsewhere a line each."""
    from btsclip.batch import report

    console = Console(stderr=True)
    head, *rows = report.fault_cells(outcome)
    if not console.is_terminal:
        console.file.write(f"\n{report.faults_table(outcome)}")
        return
    # A file and what was done with it in columns, the cause and the cure below them.
    print_rows(head[:2], [Row(row[:2], row[2:]) for row in rows], console=console)


def print_moments(analysis: Analysis) -> None:
    """The moments of one footage, and what is amiss with its picture and sound."""
    rows = [
        Row(
            (
                moment.id,
                f"{clock(moment.start)}-{clock(moment.end)}",
                _kind(moment.kind, moment.action),
                f"{moment.score:.2f}",
            ),
            (f"{moment.why}{_best(moment)}",),
            "dim" if moment.kind == "idle" else "",
        )
        for moment in analysis.moments
    ]
    print_rows(("moment", "span", "kind", "score"), rows)
    if analysis.footage.has_bars:
        width, height = analysis.footage.picture_size
        _say(Console(), f"Picture: {width}x{height} within bars, which clips leave out")
    if analysis.footage.channel:
        _say(Console(), f"Sound: {analysis.footage.channel.why}")


def _best(moment: Moment) -> str:
    """Where the best part of a long moment is."""
    if not moment.best:
        return ""
    return f"; best at {clock(moment.best[0])}-{clock(moment.best[1])}"


def print_measured(measured: MeasureResult) -> None:
    """What clips returned: what was read, how it was joined, all comparisons, what is sure."""
    from btsclip.measure import tell

    console, found = Console(), measured.found
    for export in measured.exports:
        if export.unknown:
            _say(console, f"{export.path.name}: columns not known: {', '.join(export.unknown)}")
        for line in (*export.left_out, *export.untimed[:MOST_UNKNOWN]):
            _say(console, f"{export.path.name}: {line}")
        if len(export.untimed) > MOST_UNKNOWN:
            more = len(export.untimed) - MOST_UNKNOWN
            _say(console, f"{export.path.name}: {more} more posts have no time that is known")
    unknown = tell.not_joined(measured.joined)
    for line in (*tell.joins(measured.joined), *unknown[:MOST_UNKNOWN]):
        _say(console, line)
    if len(unknown) > MOST_UNKNOWN:
        _say(console, f"and {len(unknown) - MOST_UNKNOWN} more; the page and --json name them all")
    if found.findings:
        names = tell.head()
        rows = []
        for answers in tell.table(found):
            who, clips, *figures = tell.cells(answers)
            said = [f"{n} {f}" for n, f in zip(names[2:], figures, strict=True) if f]
            rows.append(Row((who, clips), (", ".join(said),)))
        print_rows(names[:2], rows, right={1})
        _say(console, tell.method(found))
    for line in (*tell.reasons(found), "", *tell.conclusions(found)):
        _say(console, line)


def print_facts(facts: dict[str, Any]) -> None:
    """A file's facts, one a line."""
    rows = [Row((name, "-" if value is None else str(value))) for name, value in facts.items()]
    print_rows(("", ""), rows)


def megabytes(size: int) -> str:
    """Bytes as megabytes, or as kilobytes when they are few."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


def clock(seconds: float) -> str:
    """Seconds as M:SS.s, with hours when there are any."""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{rest:04.1f}" if hours else f"{minutes}:{rest:04.1f}"


def _kind(kind: str, action: str | None) -> str:
    """A kind with its action, where that is known."""
    return f"{kind}: {action}" if action and action != "other" else kind


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _say(console: Console, text: str) -> None:
    console.print(Text(one_line(text)), soft_wrap=True)
