"""The live table of a batch: the stage of every take."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from btsclip.cli.reporting import one_line
from btsclip.wording import clock

if TYPE_CHECKING:
    from rich.console import ConsoleDimensions
    from rich.table import Table

    from btsclip.batch import Event

# Rich styles of the stages of a take.
STYLES = {"failed": "bold red", "done": "green", "waiting": "dim", "nothing found": "dim"}
# Stages of a take while a task of each kind runs.
BUSY = {"analyse": "analyzing", "plan": "planning", "render": "rendering"}
RETRYING = "trying again"
# Terminal lines outside the rows of the live table: its title, head and borders, and the prompt.
OTHER_LINES = 7
MIN_ROWS = 3
# Columns of a terminal from which the table shows how long takes are, and the columns that
# the figures of the table then take, or take without the lengths.
MIN_WIDTH_WITH_LENGTHS = 50
WIDTH_OF_FIGURES = 26
WIDTH_OF_CLIPS = 15
# Characters of a name that the table always shows.
MIN_NAME_WIDTH = 8


@dataclass
class TakeProgress:
    """One take: its stage, and how many of its clips are queued and rendered."""

    name: str
    seconds: float
    stage: str = "waiting"
    queued: int = 0
    rendered: int = 0
    why: str = ""
    # Number of the event that last changed it.
    changed: int = 0


def update(take: TakeProgress, event: Event) -> None:
    """Update the stage and the clips of a take."""
    kind = event.task.kind
    rendering = kind == "render"
    take.queued += rendering and event.state == "queued"
    take.rendered += rendering and event.state == "done"
    if event.state == "failed":
        take.stage, take.why = "failed", getattr(event.error, "cause", event.why)
    elif take.stage == "failed":
        return
    elif event.state == "begun":
        take.stage = BUSY.get(kind, kind)
    elif event.state == "lost":
        take.stage = RETRYING
    elif event.state == "done":
        # If an analysis found something, a `queued` event follows and corrects the stage.
        all_rendered = take.rendered == take.queued
        take.stage = {"analyse": "nothing found", "plan": "done"}.get(kind, "waiting")
        take.stage = "done" if rendering and all_rendered else take.stage
    elif event.state == "queued" and kind != "analyse":
        take.stage = "waiting"


def take_table(takes: Collection[TakeProgress], size: ConsoleDimensions) -> Table:
    """A table that fits a terminal of `size` columns and lines."""
    from rich.table import Table
    from rich.text import Text

    with_lengths = size.width >= MIN_WIDTH_WITH_LENGTHS
    figures = WIDTH_OF_FIGURES if with_lengths else WIDTH_OF_CLIPS
    share = max(MIN_NAME_WIDTH, (size.width - figures) // 2)
    table = Table()
    # The figures keep their width; names and reasons share the rest.
    table.add_column("take", no_wrap=True, overflow="ellipsis", max_width=share)
    table.add_column("stage", no_wrap=True, overflow="ellipsis", max_width=share)
    if with_lengths:
        table.add_column("length", justify="right", no_wrap=True, min_width=7)
    table.add_column("clips", justify="right", no_wrap=True, min_width=5)
    max_rows = max(MIN_ROWS, size.height - OTHER_LINES)
    ordered = sorted(takes, key=_urgency)
    for take in ordered[:max_rows]:
        stage = Text(one_line(f"{take.stage}: {take.why}" if take.why else take.stage))
        stage.stylize(STYLES.get(take.stage, "bold"))
        clips = f"{take.rendered}/{take.queued}" if take.queued else ""
        length = [clock(take.seconds)] if with_lengths else []
        table.add_row(Text(one_line(take.name)), stage, *length, clips)
    if len(ordered) > max_rows:
        table.add_row(Text(f"and {len(ordered) - max_rows} more", style="dim"))
    return table


def _urgency(take: TakeProgress) -> tuple[int, int]:
    """Sort key: takes in progress first, in a stable order, then failed ones, then the latest."""
    if take.stage in (*BUSY.values(), RETRYING):
        return 0, 0
    return (1, 0) if take.stage == "failed" else (2, -take.changed)
