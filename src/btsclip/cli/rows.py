"""Rows in columns with their reasons, laid out so that no name is ever cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from btsclip.cli.reporting import one_line

# Spaces between two columns, and before a reason.
GAP, INDENT = 2, 4


@dataclass(frozen=True)
class Row:
    """The cells of a row, its reasons, and how it is drawn, as rich names it."""

    cells: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    style: str = ""

    @property
    def reason(self) -> str:
        """All reasons on one line."""
        return "; ".join(filter(None, self.reasons))


def print_rows(
    head: Sequence[str],
    rows: Iterable[Row],
    *,
    right: Collection[int] = (),
    console: Console | None = None,
) -> None:
    """Prints `rows` under `head`; columns whose places are in `right` end below one another.

    Reasons stand behind the cells where all of them have room there, else on lines of their own
    below. Those are wrapped in a terminal; elsewhere they stay whole, to be searched.
    """
    console, rows = console or Console(), list(rows)
    table = [[one_line(cell) for cell in cells] for cells in (head, *(row.cells for row in rows))]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    lines = [_line(cells, widths, right) for cells in table]
    # Where the last column of one row ends, the next column would begin.
    room = console.width - sum(widths) - GAP * len(widths)
    if any(row.reason for row in rows) and all(cell_len(row.reason) <= room for row in rows):
        lines = [
            f"{line}{' ' * GAP}{one_line(why)}".rstrip()
            for line, why in zip(lines, ["why", *(row.reason for row in rows)], strict=True)
        ]
        rows = [Row(row.cells, (), row.style) for row in rows]
    if any(head):
        console.print(Text(lines[0].rstrip(), "bold"), soft_wrap=True)
    for row, line in zip(rows, lines[1:], strict=True):
        console.print(Text(line.rstrip(), row.style), soft_wrap=True)
        for reason in filter(None, row.reasons):
            _print_below(console, Text(one_line(reason), row.style))


def _print_below(console: Console, text: Text) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, INDENT)))
    else:
        console.print(Text(" " * INDENT) + text, soft_wrap=True)


def _line(cells: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    parts = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - cell_len(cell))
        parts.append(space + cell if place in right else cell + space)
    return (" " * GAP).join(parts)
