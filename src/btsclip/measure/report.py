"""Write a comparison as a single HTML file that needs no server and no network."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import OutputError
from btsclip.measure import sentences
from btsclip.measure.chart import DARK, LIGHT, draw_findings
from btsclip.measure.columns import PLATFORMS
from btsclip.measure.compare import METRICS, Finding
from btsclip.measure.run import MeasureResult
from btsclip.media import refuse_existing, write_text
from btsclip.pictures import to_svg
from btsclip.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment


def write_report(result: MeasureResult, path: Path, *, force: bool = False) -> None:
    """Write the page to `path`.

    Raises OutputError if it can't be written or, without `force`, already exists.
    """
    if not force:
        refuse_existing([path])
    write_text(path, render_page(result))


def check_report_path(path: Path, inputs: Iterable[Path | None], *, force: bool) -> None:
    """Raise OutputError if the page would replace one of `inputs` or, without `force`, any file."""
    if any(path.resolve() == source.resolve() for source in inputs if source):
        raise OutputError(path, "is an input, and would be replaced", "name another file")
    if not force:
        refuse_existing([path])


def render_page(result: MeasureResult) -> str:
    """The page as HTML, with its style and charts inside."""
    comparison = result.comparison
    charts = []
    for metric in METRICS:
        findings = [finding for finding in comparison.findings if finding.metric == metric]
        if findings:
            name = sentences.METRIC_NAMES[metric]
            charts.append({"name": name, **_chart_urls(findings, name)})
    return _environment().get_template("measure.html").render(
        generator=f"btsclip {__version__}",
        conclusions=sentences.conclusions(comparison),
        clear=bool(comparison.sure),
        method=sentences.describe_method(comparison),
        charts=charts,
        header=sentences.table_header(),
        rows=[
            sentences.table_row(line) for line in sentences.answers_by_question(comparison)
        ],
        reasons=sentences.unanswered_reasons(comparison),
        summary=sentences.summarize_matches(result.matches),
        matches=result.matches,
        platforms=PLATFORMS,
        exports=result.exports,
    )  # fmt: skip


def _chart_urls(findings: list[Finding], name: str) -> dict[str, str]:
    """The chart for light pages and for dark pages, as data URLs."""
    urls = {}
    for look, colors in (("light", LIGHT), ("dark", DARK)):
        svg = to_svg(draw_findings(findings, f"Differences in {name}", colors))
        urls[look] = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    return urls


@cache
def _environment() -> Environment:
    """Templates that escape all text from files."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("btsclip.measure"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
