"""Print results as tables on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from btsclip.cli.reporting import one_line
from btsclip.cli.rows import Row, print_rows
from btsclip.wording import already_edited, clock, count, lost_pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from btsclip.analysis import Analysis
    from btsclip.batch import Outcome
    from btsclip.measure import MeasureResult
    from btsclip.media import Footage
    from btsclip.moments import Moment
    from btsclip.plan import CutPlan
    from btsclip.planning import CutResult
    from btsclip.presets import PresetListing
    from btsclip.reply import Replies
    from btsclip.story import StoryResult

# Characters of a comment that a table shows.
MAX_COMMENT_LENGTH = 120
# Lines about posts without a clip or a time.
MAX_UNKNOWN = 20


def print_presets(presets: Sequence[PresetListing]) -> None:
    """Print presets with their purpose and location."""
    rows = []
    for preset in presets:
        place = "built in" if preset.built_in else str(preset.path)
        rows.append(Row((preset.name, place), (preset.description,)))
    print_rows(("preset", "where"), rows)


def print_result(result: CutResult) -> None:
    """Print the clips of a plan, rendered or not, and where the files are."""
    console = Console()
    print_clips(result.plan, written=result.plan_path is not None)
    if result.clips:
        print_text_hint(result.plan)
        _print_line(console, f"{count(len(result.clips), 'clip')} in {result.clips[0].path.parent}")
    elif result.plan_path:
        _print_line(console, f"To render the clips: btsclip render {result.plan_path}")
    else:
        _print_line(console, "Dry run: nothing was written.")


def print_clips(plan: CutPlan, *, written: bool) -> None:
    """Print the clips of a plan, `written` or not; disabled clips are marked with a dash."""
    sources = {clip.spans[0].source for clip in plan.clips}
    rows = []
    for clip in plan.clips:
        first = clip.spans[0]
        span = _span(clip.source_start, clip.source_end)
        if len(sources) > 1:
            span = f"{Path(first.source).name} {span}"
        kind, name = _kind(clip.kind, clip.action), clip.id if clip.enabled else f"- {clip.id}"
        style = "" if clip.enabled else "dim"
        rows.append(Row((name, span, kind, f"{clip.score:.2f}"), (clip.why,), style))
    print_rows(("clip", "span", "kind", "score"), rows)
    reasons = "; the plan gives the reasons" if written else ""
    text = f"{count(len(plan.skipped), 'other moment')} left out{reasons}."
    Console().print(text, style="dim")


def print_text_hint(plan: CutPlan) -> None:
    """Say how to add a hook, if some clips have no text because nothing is known about them.

    Silent for presets without hooks.
    """
    from btsclip.presets import load_preset

    look = load_preset(plan.preset).captions
    silent = [c for c in plan.clips if c.enabled and not (c.captions or c.comment)]
    if silent and (look.hook or any(look.hooks.values())):
        text = f"{count(len(silent), 'clip')} without text: nothing is known about"
        text += f" {'it' if len(silent) == 1 else 'them'}. To add a hook: --hook TEXT, the notes of"
        text += " `btsclip shoot init`, or `btsclip review`."
        Console(stderr=True).print(text, style="dim")


def print_story(result: StoryResult) -> None:
    """Print the spans of a story in order, the shares of its kinds, and where the files are."""
    from btsclip.story import describe_shares, shares_of

    console = Console()
    story, clip = result.planned.story, result.planned.plan.clips[0]
    rows = []
    for at, shown, span in zip(
        story.layout.starts, story.layout.spans, clip.spans, strict=True
    ):  # fmt: skip
        if span.card:
            begin = clock(at - span.card.seconds, tenths=True)
            cells = (begin, "card", "", "", f"{span.card.seconds:.1f}")
            rows.append(Row(cells, (span.card.text,)))
        cut = shown.cut
        times = _span(cut.start, cut.end)
        cells = (
            clock(at, tenths=True),
            shown.act,
            cut.footage.path.name,
            times,
            f"{shown.seconds:.1f}",
        )
        rows.append(Row(cells, (shown.reason,)))
    print_rows(("at", "act", "take", "span", "seconds"), rows)
    shares = describe_shares(shares_of(story.layout.spans))
    _print_line(console, f"{clip.seconds_in_all:.1f} seconds: {shares}")
    if result.cut.clips:
        _print_line(console, f"The video: {result.cut.clips[0].path}")
    else:
        _print_line(console, "Dry run: nothing was written.")


def print_replies(result: Replies) -> None:
    """Print the questions with their answers, the most frequent question first."""
    console = Console()
    rows = []
    for reply in result.replies:
        question, match = reply.question, reply.match
        answer = reply.nearest
        if not reply.clip:
            answer = reply.why + (f" (nearest: {reply.nearest})" if reply.nearest else "")
        figures = str(len(question.comments)), str(question.likes)
        sure = f"{match.sure:.2f}" if match else "-"
        by = ", ".join(match.by) if match else ""
        notes = (question.first.text[:MAX_COMMENT_LENGTH], f"-> {answer}")
        rows.append(Row((*figures, sure, by), notes, "" if reply.clip else "dim"))
    print_rows(("asked", "likes", "sure", "by"), rows)
    if result.silent:
        console.print(f"{count(result.silent, 'other comment')} without a question.", style="dim")
    if result.clips:
        replies = count(len(result.clips), "reply", "replies")
        _print_line(console, f"{replies} in {result.clips[0].path.parent}")
    else:
        _print_line(console, "Dry run: nothing was written.")


def print_faults(outcome: Outcome) -> None:
    """Print failures on stderr: fitted to a terminal, otherwise one line each."""
    from btsclip.batch import report

    console = Console(stderr=True)
    head, *rows = report.fault_cells(outcome)
    if not console.is_terminal:
        console.file.write(f"\n{report.faults_table(outcome)}")
        return
    # The file and the stage are columns; the cause and the cure go below them.
    print_rows(head[:2], [Row(row[:2], row[2:]) for row in rows], console=console)


def print_moments(analysis: Analysis) -> None:
    """Print the moments of one take, and faults of its picture and sound."""
    rows = [
        Row(
            (
                moment.id,
                _span(moment.start, moment.end),
                _kind(moment.kind, moment.action),
                f"{moment.score:.2f}",
            ),
            (f"{moment.why}{_best_part(moment)}",),
            "dim" if moment.kind == "idle" else "",
        )
        for moment in analysis.moments
    ]
    print_rows(("moment", "span", "kind", "score"), rows)
    if analysis.footage.has_bars:
        width, height = analysis.footage.picture_size
        _print_line(Console(), f"Picture: {width}x{height} inside bars, which clips crop away")
    if analysis.footage.sound and analysis.footage.sound.why:
        _print_line(Console(), f"Sound: {analysis.footage.sound.why}")
    if analysis.footage.channel:
        _print_line(Console(), f"Sound: {analysis.footage.channel.why}")
    print_oddities(analysis.footage, analysis.footage.cuts)


def _best_part(moment: Moment) -> str:
    """The best part of a long moment, to append to its reason; empty if it has none."""
    if not moment.best:
        return ""
    return f"; best at {_span(*moment.best)}"


def print_measured(measured: MeasureResult) -> None:
    """Print what clips returned: exports, matched posts, comparisons and conclusions."""
    from btsclip.measure import sentences

    console, comparison = Console(), measured.comparison
    for export in measured.exports:
        if export.unknown:
            _print_line(
                console, f"{export.path.name}: unknown columns: {', '.join(export.unknown)}"
            )
        for line in (*export.left_out, *export.untimed[:MAX_UNKNOWN]):
            _print_line(console, f"{export.path.name}: {line}")
        if len(export.untimed) > MAX_UNKNOWN:
            rest = len(export.untimed) - MAX_UNKNOWN
            _print_line(console, f"{export.path.name}: {rest} more posts without a known time")
    unknown = sentences.unmatched_posts(measured.matches)
    for line in (*sentences.summarize_matches(measured.matches), *unknown[:MAX_UNKNOWN]):
        _print_line(console, line)
    if len(unknown) > MAX_UNKNOWN:
        _print_line(
            console, f"and {len(unknown) - MAX_UNKNOWN} more; the page and --json list them all"
        )
    if comparison.findings:
        names = sentences.table_header()
        rows = []
        for answers in sentences.answers_by_question(comparison):
            who, clips, *figures = sentences.table_row(answers)
            parts = [f"{name} {f}" for name, f in zip(names[2:], figures, strict=True) if f]
            rows.append(Row((who, clips), (", ".join(parts),)))
        print_rows(names[:2], rows, right={1})
        _print_line(console, sentences.describe_method(comparison))
    for line in (*sentences.unanswered_reasons(comparison), "", *sentences.conclusions(comparison)):
        _print_line(console, line)


def print_facts(facts: dict[str, Any]) -> None:
    """Print facts, one per line."""
    shown = {name: "-" if value in (None, "") else str(value) for name, value in facts.items()}
    print_rows(("", ""), [Row(row) for row in shown.items()])


def print_oddities(footage: Footage, cuts: int) -> None:
    """Say that a take is already edited, if it has `cuts`, and which parts of it can't be read."""
    name = footage.path.name
    for text in (
        already_edited(name, cuts, footage.duration),
        lost_pictures(name, footage.lost),
    ):
        if text:
            _print_line(Console(), text)


def megabytes(size: int) -> str:
    """Format bytes as megabytes, or as kilobytes below 0.1 MB."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


def _span(start: float, end: float) -> str:
    return f"{clock(start, tenths=True)}-{clock(end, tenths=True)}"


def _kind(kind: str, action: str | None) -> str:
    """A kind with its action, if the action is known."""
    return f"{kind}: {action}" if action and action != "other" else kind


def _print_line(console: Console, text: str) -> None:
    console.print(Text(one_line(text)), soft_wrap=True)
