"""Rows of results: names are never cut off, in a narrow terminal or in a file."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from btsclip.cli.rows import Row, print_rows

NAME = "a-very-long-name-of-a-take-01-process-4gynw"
WHY = "two hands seen for 8.7 of 9.0 s, 1.0 strokes a second, steady camera, a voice for 40% of it"


def printed(*rows: Row, terminal: bool, width: int = 40) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=width, no_color=True)
    print_rows(("clip", "score"), rows, right={1}, console=console)
    return file.getvalue().splitlines()


@pytest.mark.parametrize("terminal", [True, False])
def test_names_are_complete_and_reasons_are_below(terminal: bool) -> None:
    lines = printed(Row((NAME, "0.97"), (WHY, "")), Row(("b", "1.00")), terminal=terminal)
    assert NAME in lines[1] and WHY not in lines[1]
    assert lines[-1].startswith("b ") and lines[-1].endswith("1.00")
    below = lines[2:-1]
    assert all(line.startswith("    ") for line in below)
    assert " ".join(" ".join(below).split()) == WHY


def test_reasons_are_wrapped_only_in_a_terminal() -> None:
    row = Row(("b", "1"), (WHY,))
    assert len(printed(row, terminal=False)) == 3
    wrapped = printed(row, terminal=True)
    assert len(wrapped) > 3 and all(len(line) <= 40 for line in wrapped)


def test_reasons_are_on_the_same_line_if_all_fit() -> None:
    rows = Row((NAME, "0.97"), (WHY,)), Row(("b", "1.00"), ("no hands", "dark"))
    wide = printed(*rows, terminal=False, width=200)
    assert wide[0].split() == ["clip", "score", "why"]
    assert wide[1] == f"{NAME}   0.97  {WHY}" and wide[2].endswith("1.00  no hands; dark")
    narrow = printed(*rows, terminal=False, width=len(wide[1]) - 1)
    assert narrow[0].split() == ["clip", "score"] and narrow[1] == f"{NAME}   0.97"


def test_columns_are_aligned_with_wide_letters() -> None:
    head, dough, bread = printed(Row(("面团", "9")), Row(("[brot]\n2", "10")), terminal=False)
    assert (head, dough, bread) == ("clip      score", "面团          9", "[brot] 2     10")
