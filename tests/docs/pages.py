"""The pages of the project as data: command lines, marks, options, links and examples."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))

# What a line of a code block begins with when it is a command. Other lines are what commands
# print, or files.
PROGRAMS = ("btsclip", "pip", "python", "python3", "dask", ".")
_FENCE = re.compile(r"```(\w*)")
_MARK = re.compile(r"<!-- not run: (.*?) -->")
# A code span, and the mark behind it.
_SPAN = re.compile(r"`([^`]+)`(?:\s*<!-- not run: (.*?) -->)?")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class DocLine:
    """A command line of a page; `reason` says why the tests don't run it."""

    page: str
    number: int
    text: str
    reason: str = ""

    @property
    def words(self) -> list[str]:
        """The line as a shell takes it apart."""
        return shlex.split(self.text)

    @property
    def where(self) -> str:
        return f"{self.page}:{self.number}"


@dataclass(frozen=True)
class Block:
    """A code block: the number of its first line, its language ("" where none is named), its lines,
    and the mark before it."""

    number: int
    language: str
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Page:
    """A page: its code blocks, and its other lines with those of code left empty."""

    name: str
    blocks: tuple[Block, ...]
    prose: tuple[str, ...]
    unused_marks: tuple[int, ...]


@cache
def read_page(name: str) -> Page:
    """The page `name` of the project, a path from its root."""
    lines = (ROOT / name).read_text("utf-8").split("\n")
    blocks: list[Block] = []
    prose: list[str] = []
    unused: list[int] = []
    mark, marked_at = "", 0
    at = 0
    while at < len(lines):
        block, until = _block(lines, at, mark)
        if block:
            blocks.append(block)
            prose += [""] * (until - at)
            mark, at = "", until
            continue
        if found := _MARK.fullmatch(lines[at].strip()):
            mark, marked_at = found.group(1), at + 1
        elif mark and lines[at].strip():
            unused.append(marked_at)
            mark = ""
        prose.append(lines[at])
        at += 1
    if mark:
        unused.append(marked_at)
    return Page(name, tuple(blocks), tuple(prose), tuple(unused))


def _block(lines: list[str], at: int, mark: str) -> tuple[Block | None, int]:
    """The code block that begins with line `at`, and the line after it."""
    if found := _FENCE.match(lines[at]):
        until = next(i for i in range(at + 1, len(lines)) if lines[i].startswith("```"))
        return Block(at + 2, found.group(1), tuple(lines[at + 1 : until]), mark), until + 1
    if lines[at].startswith("    ") and (at == 0 or not lines[at - 1].strip()):
        until = at
        while until < len(lines) and lines[until].startswith("    "):
            until += 1
        return Block(at + 1, "", tuple(line[4:] for line in lines[at:until]), mark), until
    return None, at


def command_lines(name: str) -> list[DocLine]:
    """All command lines of a page that can be typed, in their order."""
    return [line for line in _all_lines(name) if not is_mention(line)]


def mentions(name: str) -> list[DocLine]:
    """Commands that a page names without what they need, such as `btsclip render`."""
    return [line for line in _all_lines(name) if is_mention(line)]


def _all_lines(name: str) -> list[DocLine]:
    page = read_page(name)
    found = []
    for block in page.blocks:
        for number, text in enumerate(block.lines, block.number):
            if text.split(" ")[0] in PROGRAMS or (block.language == "sh" and text.strip()):
                found.append(DocLine(name, number, text.strip(), block.reason))
    for number, text, reason in spans(name):
        if re.match(r"(btsclip|pip install) ", text):
            found.append(DocLine(name, number, text, reason))
    return sorted(found, key=lambda line: line.number)


def spans(name: str) -> Iterator[tuple[int, str, str]]:
    """The code spans of a page, each with the number of its line and the reason of its mark."""
    text = "\n".join(read_page(name).prose)
    for found in _SPAN.finditer(text):
        words = " ".join(found.group(1).split()).replace("\\|", "|")
        yield text.count("\n", 0, found.start()) + 1, words, found.group(2) or ""


def links(name: str) -> Iterator[tuple[int, str]]:
    """The targets of the links and pictures of a page, each with the number of its line."""
    for number, line in enumerate(read_page(name).prose, 1):
        for target in _LINK.findall(line):
            yield number, target


def headings(name: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = [line.lstrip("#").strip() for line in read_page(name).prose if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def is_mention(line: DocLine) -> bool:
    """Whether the line names a verb without what it must be given."""
    if line.text.split(" ")[0] != "btsclip" or "--help" in line.words:
        return False
    command, rest = resolve(line.words[1:])
    needs = any(p.param_type_name == "argument" and p.required for p in command.params)
    return (needs or hasattr(command, "commands")) and not [w for w in rest if w[0] != "-"]


def resolve(words: list[str]) -> tuple[Any, list[str]]:
    """The click command that `words` after the program's name lead to, and the words after it."""
    command, rest = _btsclip(), list(words)
    while hasattr(command, "commands"):
        # Options before the verb, such as --debug, take no value.
        verb = next((word for word in rest if not word.startswith("-")), None)
        if verb not in command.commands:
            break
        rest = rest[rest.index(verb) + 1 :]
        command = command.commands[verb]
    return command, rest


def options_of(command: Any) -> set[str]:
    """All names of the options of a click command."""
    names = {name for param in command.params for name in param.opts if name.startswith("-")}
    return names | {"--help", "-h"}


@cache
def _btsclip() -> Any:
    import typer

    from btsclip.cli import app

    return typer.main.get_command(app)


def verbs() -> set[str]:
    """The names of all verbs."""
    return set(_btsclip().commands)
