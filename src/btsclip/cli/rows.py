"""Tables whose columns are never truncated, with a line of reasons for each row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from btsclip.cli.reporting import one_line

# Spaces between two columns.
GAP = 2
# Spaces before a reason on its own line.
INDENT = 4


@dataclass(frozen=True)
class Row:
    """The cells of a row, its reasons, and its style in rich's words."""

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
    """Print `rows` under `head`; the columns numbered in `right` are right-aligned.

    Reasons follow the cells if every reason fits there, otherwise they go on their own lines.
    A terminal wraps these; elsewhere they stay on one line, so that they can be searched.
    """
    console, rows = console or Console(), list(rows)
    table = [[one_line(cell) for cell in cells] for cells in (head, *(row.cells for row in rows))]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    lines = [_join_cells(cells, widths, right) for cells in table]
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
            _print_indented(console, Text(one_line(reason), row.style))


def _print_indented(console: Console, text: Text) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, INDENT)))
    else:
        console.print(Text(" " * INDENT) + text, soft_wrap=True)


def _join_cells(cells: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    parts = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - cell_len(cell))
        parts.append(space + cell if column in right else cell + space)
    return (" " * GAP).join(parts)
