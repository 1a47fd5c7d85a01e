"""Rows in columns, each with its reasons on lines of their own, so that no name is ever cut off."""

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
    """The cells of a row, what is said below them, and how it is drawn, as rich names it."""

    cells: tuple[str, ...]
    notes: tuple[str, ...] = ()
    style: str = ""


def print_rows(
    head: Sequence[str],
    rows: Iterable[Row],
    *,
    right: Collection[int] = (),
    console: Console | None = None,
) -> None:
    """Prints `rows` under `head`; columns whose places are in `right` end below one another.

    In a terminal what is said below a row is wrapped; elsewhere it stays on one line, to be
    searched.
    """
    console, rows = console or Console(), list(rows)
    table = [tuple(head), *(row.cells for row in rows)]
    lines = [[one_line(cell) for cell in cells] for cells in table]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    if any(head):
        console.print(Text(_line(lines[0], widths, right), "bold"), soft_wrap=True)
    for row, cells in zip(rows, lines[1:], strict=True):
        console.print(Text(_line(cells, widths, right), row.style), soft_wrap=True)
        for note in filter(None, row.notes):
            text = Text(one_line(note), row.style)
            if console.is_terminal:
                console.print(Padding(text, (0, 0, 0, INDENT)))
            else:
                console.print(Text(" " * INDENT) + text, soft_wrap=True)


def _line(cells: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    parts = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - cell_len(cell))
        parts.append(space + cell if place in right else cell + space)
    return (" " * GAP).join(parts).rstrip()
