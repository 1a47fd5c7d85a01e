"""Every command line of the README and of docs/ works as it is written.

The lines of a page are typed in their order into one folder, whose name has a blank in it. A line
that can't run here has its reason behind it in the page: `<!-- not run: needs S3 -->`. With `-s`
all lines are listed with their exit codes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from given import GivenFiles
from pages import PAGES, DocLine, command_lines, mentions, read_page
from quick import mostly_slow
from spoken_takes import tiny_model
from typing_lines import Outcome, Reader, port_is_free

pytestmark = pytest.mark.skipif(os.name == "nt", reason="lines for a POSIX shell")

# What a reader of each page has before, and lines that an earlier page had them type.
GIVEN: dict[str, tuple[str, ...]] = {
    "README.md": ("take.mp4", "dough.mp4", "proofing.mp4", "saturday", "exports", "videos"),
    "docs/analyze.md": ("dough.mp4",),
    "docs/batch.md": ("saturday",),
    "docs/brand.md": ("dough.mp4", "brand.toml"),
    "docs/captions.md": ("dough.mp4", "dough.srt", "holiday.mov", "holiday.srt"),
    "docs/cluster.md": ("saturday",),
    "docs/cut.md": ("dough.mp4", "oven.mov", "plating.mp4"),
    "docs/export.md": ("dough.mp4",),
    "docs/measure.md": ("exports", "videos", "take.mp4"),
    "docs/mishaps.md": ("dinner.mp4",),
    "docs/people.md": ("dough.mp4",),
    "docs/plan.md": ("dough.mp4",),
    "docs/presets.md": ("dough.mp4", "mine.toml", "Lobster-Regular.ttf"),
    "docs/reply.md": ("saturday", "comments.csv"),
    "docs/review.md": ("kitchen.mp4",),
    "docs/shoot.md": ("saturday",),
    "docs/speech.md": ("talk.mp4",),
    "docs/story.md": ("saturday", "song.mp3"),
    "docs/timelapse.md": ("proofing.mp4", "dough-1.mp4", "dough-2.mp4", "dough-3.mp4"),
    "docs/trouble.md": ("take.mp4", "dough.mp4"),
}
BEFORE: dict[str, tuple[str, ...]] = {
    "README.md": ("btsclip plan dough.mp4 -o clips",),
    "docs/reply.md": (
        "btsclip shoot init saturday",
        'btsclip plan "saturday/01 chop the onions.mp4" -o clips',
    ),
    "docs/review.md": ("btsclip cut kitchen.mp4 -o kitchen-clips",),
}
# Lines that neither analyze nor render run in the quick suite, too.
QUICK = ("btsclip probe", "btsclip doctor", "btsclip cache", "btsclip presets list", "--help")
# The answer of these does not depend on the folder: each is asked once.
ALIKE = ("btsclip doctor", "--help")
# A scheduler listens there where no port is named.
DASK = 8786


def is_quick(line: DocLine) -> bool:
    """Whether the line takes a second or two."""
    return line.text.startswith(QUICK) or line.text.endswith(QUICK)


def has_slow(page: str) -> bool:
    return any(not line.reason and not is_quick(line) for line in command_lines(page))


def names_a_folder(page: str) -> bool:
    return any(line for line in command_lines(page) if not line.reason and _tells(line))


def _tells(line: DocLine) -> bool:
    return Reader(Path(), blank=True).typed(line) != line.text


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> GivenFiles:
    return GivenFiles(tmp_path_factory.mktemp("given"))


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[Outcome]]:
    """All that came of lines; listed at the end."""
    found: list[Outcome] = []
    yield found
    print("\n" + "\n".join(map(str, found)))
    marked = {outcome.line for outcome in found if outcome.line.reason}
    ran = {outcome.line for outcome in found} - marked
    named = sum(len(mentions(page)) for page in PAGES)
    print(
        f"{len(ran)} lines ran, in {len(found) - len(marked)} runs; "
        f"{len(marked)} are marked with a reason; {named} only name a verb"
    )


Typing = Callable[..., list[Outcome]]


@pytest.fixture
def type_lines(given: GivenFiles, outcomes: list[Outcome], tmp_path: Path) -> Iterator[Typing]:
    """Types lines of a page into a folder that holds what its reader has."""
    readers: list[Reader] = []

    def outcome(reader: Reader, line: DocLine) -> Outcome:
        if line.reason:
            return Outcome(line, line.text)
        asked = (o for o in outcomes if o.typed == line.text and o.typed.endswith(ALIKE))
        known = next(asked, None)
        return replace(known, line=line) if known else reader.type(line)

    def type_them(page: str, lines: list[DocLine], blank: bool = False) -> list[Outcome]:
        speaks = any("--speech" in line.words for line in lines)
        own = {"BTSCLIP_WHISPER": str(tiny_model())} if speaks else {}
        reader = Reader(tmp_path / "my kitchen", blank, own)
        readers.append(reader)
        quick = all(map(is_quick, lines))
        words = {word for line in lines for word in line.words}
        names = [name for name in GIVEN.get(page, ()) if not quick or name in words]
        reader.lay(given, tuple(names))
        for text in () if quick else BEFORE.get(page, ()):
            before = reader.type(DocLine(page, 0, text))
            assert not before.faults, before.faults
        came = []
        for line in lines:
            came.append(outcome(reader, line))
            outcomes.append(came[-1])
        return came

    yield type_them
    for reader in readers:
        reader.end_servers()


def check(came: list[Outcome]) -> None:
    faults = [f"{o.line.where}: {o.typed}\n  {fault}" for o in came for fault in o.faults]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "page",
    mostly_slow([p for p in PAGES if any(map(is_quick, command_lines(p)))], "README.md"),
)
def test_quick_lines_work(page: str, type_lines: Typing) -> None:
    check(type_lines(page, [line for line in command_lines(page) if is_quick(line)]))


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("page", [p for p in PAGES if has_slow(p)])
def test_all_lines_work_in_their_order(page: str, type_lines: Typing) -> None:
    if page == "docs/cluster.md" and not port_is_free(DASK):
        pytest.skip(f"something else listens at port {DASK}")
    check(type_lines(page, command_lines(page)))


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("page", [p for p in PAGES if names_a_folder(p) and p != "docs/cluster.md"])
def test_lines_work_with_a_blank_in_a_folders_name(page: str, type_lines: Typing) -> None:
    lines = [line for line in command_lines(page) if not line.reason and _tells(line)]
    check(type_lines(page, lines, blank=True))


def test_each_mark_belongs_to_a_line() -> None:
    for page in PAGES:
        assert not read_page(page).unused_marks, f"{page}: a mark without a line"
        for line in command_lines(page):
            assert line.reason == line.reason.strip()


def test_every_prepared_file_belongs_to_a_page() -> None:
    assert {*GIVEN, *BEFORE} <= set(PAGES)
