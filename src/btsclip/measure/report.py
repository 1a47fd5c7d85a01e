"""What was measured as one HTML file that opens from the disk, without server and network."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btsclip.errors import OutputError
from btsclip.measure import tell
from btsclip.measure.chart import DARK, LIGHT, draw
from btsclip.measure.columns import PLATFORMS
from btsclip.measure.compare import RETURNS
from btsclip.measure.run import MeasureResult
from btsclip.media.output import refuse_existing, write_text
from btsclip.pictures.svg import to_svg
from btsclip.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment


def write_report(measured: MeasureResult, path: Path, *, force: bool = False) -> None:
    """Writes the page to `path`. Raises OutputError when it can't or, without `force`, is there."""
    if not force:
        refuse_existing([path])
    write_text(path, page(measured))


def check_place(path: Path, inputs: Iterable[Path | None], *, force: bool) -> None:
    """Raises OutputError for a page that would replace one of `inputs` or, without `force`,
    anything else: before anything is done."""
    if any(path.resolve() == each.resolve() for each in inputs if each):
        raise OutputError(path, "is read here, and would be replaced", "name another file")
    if not force:
        refuse_existing([path])


def page(measured: MeasureResult) -> str:
    """The page as HTML, with all that it shows in it."""
    found = measured.found
    sections = []
    for what in RETURNS:
        findings = [finding for finding in found.findings if finding.what == what]
        if findings:
            sections.append({"name": tell.NAMES[what], **_pictures(findings, tell.NAMES[what])})
    return _environment().get_template("measure.html").render(
        generator=f"btsclip {__version__}",
        conclusions=tell.conclusions(found),
        sure=bool(found.sure),
        method=tell.method(found),
        sections=sections,
        head=tell.head(),
        table=[tell.cells(line) for line in tell.table(found)],
        reasons=tell.reasons(found),
        joins=tell.joins(measured.joined),
        posts=measured.joined,
        platforms=PLATFORMS,
        exports=measured.exports,
    )  # fmt: skip


def _pictures(findings: list[Any], name: str) -> dict[str, str]:
    """A chart for light pages and one for dark ones, as addresses that hold them."""
    drawn = {
        look: to_svg(draw(findings, f"Differences in {name}", colours))
        for look, colours in (("light", LIGHT), ("dark", DARK))
    }
    return {
        look: f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
        for look, svg in drawn.items()
    }


@cache
def _environment() -> Environment:
    """Templates in which whatever comes from files is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("btsclip.measure"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
