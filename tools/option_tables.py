"""Rewrite the option tables in docs/*.md from the commands themselves.

A table is between two HTML comments. The first names a verb, and may name some of its options:

    <!-- options: cut -->
    <!-- options: cut --speech --language -->
    ...
    <!-- end -->

Run: python tools/option_tables.py
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from btsclip.cli import app

DOCS = Path(__file__).parents[1] / "docs"
# A table with its markers: the words of the first marker, then the rows.
TABLE = re.compile(r"(<!-- options: ([^>]+?) -->\n).*?(<!-- end -->)", re.S)
HEAD = "| option | what it does | example |\n|---|---|---|\n"
EXAMPLE = re.compile(r"\s*Example: `([^`]+)`\s*$")
# Where the pages say more about an option.
LINKS = {
    "--blur-faces": "people.md",
    "--brand": "brand.md",
    "--captions": "captions.md",
    "--font": "presets.md#a-font-of-your-own",
    "--language": "speech.md",
    "--mishaps": "mishaps.md",
    "--notes": "shoot.md",
    "--preset": "presets.md",
    "--scheduler": "cluster.md",
    "--series": "brand.md#a-series",
    "--speech": "speech.md",
}


def main() -> None:
    """Rewrite every page whose tables have drifted, and print its path."""
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text("utf-8")
        if (current := with_tables(text, path.name)) != text:
            path.write_text(current, "utf-8")
            print(path)


def with_tables(text: str, page: str) -> str:
    """`text` of the file `page` with all of its option tables made again.

    Raises ValueError if a marker names an unknown verb or option.
    """

    def table(match: re.Match[str]) -> str:
        return f"{match[1]}{_table(match[2].split(), page)}{match[3]}"

    return TABLE.sub(table, text)


def _table(words: Sequence[str], page: str) -> str:
    """The table for the words of a marker, such as "cut --speech"."""
    wanted = [word for word in words if word.startswith("-")]
    known = _options([word for word in words if word not in wanted])
    if unknown := set(wanted) - known.keys():
        raise ValueError(f"{page}: options that do not exist: {', '.join(sorted(unknown))}")
    return HEAD + "".join(_row(known[name], page) for name in wanted or known)


def _options(verb: Sequence[str]) -> dict[str, Any]:
    """The options of a verb by their long names, in the order of its help."""
    command: Any = typer.main.get_command(app)
    for word in verb:
        if word not in getattr(command, "commands", {}):
            raise ValueError(f"{' '.join(verb)} is not a verb")
        command = command.commands[word]
    options = [param for param in command.params if param.param_type_name == "option"]
    return {max(option.opts, key=len): option for option in options}


def _row(option: Any, page: str) -> str:
    names = sorted(option.opts, key=len)
    value = f" {option.metavar}" if option.metavar else ""
    shown = ", ".join(f"`{name}`" for name in names[:-1])
    shown += f"{', ' if shown else ''}`{names[-1]}{value}`"
    example = EXAMPLE.search(option.help)
    sentences = [EXAMPLE.sub("", option.help), _default(option), _link(names[-1], page)]
    cells = (shown, " ".join(filter(None, sentences)), f"`{example[1]}`" if example else "")
    # A bar would end the cell, even between backticks.
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _default(option: Any) -> str:
    """The default value in a sentence; empty if there is none or the help text states it."""
    if option.required:
        return "Required."
    if option.is_flag or option.default in (None, "", ()):
        return ""
    value = option.default
    return f"Default: `{value:g}`." if isinstance(value, float) else f"Default: `{value}`."


def _link(name: str, page: str) -> str:
    target = LINKS.get(name, "")
    file, _, anchor = target.partition("#")
    if not file or (file == page and not anchor):
        return ""
    target = f"#{anchor}" if file == page else target
    return f"See [{file.removesuffix('.md')}]({target})."


if __name__ == "__main__":
    main()
