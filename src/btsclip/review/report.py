"""The report beside the clips: one HTML file that opens without a server or a network."""

from __future__ import annotations

from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from btsclip.captions import MEASURED, REFERENCE, ZONES
from btsclip.media import write_text
from btsclip.pictures import palette
from btsclip.review.results import PLAN_NAME, Results, read_results
from btsclip.wording import clock

if TYPE_CHECKING:
    from jinja2 import Environment

# Labels of evidence on the page, in order. Other evidence is not shown.
EVIDENCE_LABELS = {
    "hands_share": "time with hands", "hands": "hands at once",
    "motion": "motion, widths a second", "rhythm": "regularity", "strokes": "strokes a second",
    "voice": "voice", "sizzle": "sizzle", "clatter": "clatter", "sharpness": "sharpness",
    "framing_inside": "hands inside the frame",
}  # fmt: skip
PLATFORM_LABELS = {"all": "All platforms", "tiktok": "TikTok", "reels": "Reels", "shorts": "Shorts"}


def write_page(path: Path) -> Path:
    """Write the report of a results folder, or of the plan at `path`, and return its path.

    It is `report.html`, or has the name of a plan other than `plan.json`. An existing report is
    replaced. Raises PlanError if there are no results, OutputError if it cannot be written.
    """
    results = read_results(path)
    is_other_plan = path.suffix == ".json" and path.name != PLAN_NAME
    page = results.folder / (f"{path.stem}.html" if is_other_plan else "report.html")
    write_text(page, page_html(results))
    return page


def page_html(results: Results) -> str:
    """The report as HTML. It refers to videos and covers beside it; all else is inside."""
    template = environment().get_template("report.html")
    return template.render(
        results=results,
        kinds=_count_kinds(results),
        zones=zones(),
        measured=MEASURED,
        evidence=EVIDENCE_LABELS,
        files=("page.css", "report.css"),
    )


@cache
def environment() -> Environment:
    """The templates, which escape all values."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("btsclip.review"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.filters |= {
        "clock": partial(clock, tenths=True),
        "url": quote,
        "figure": figure,
        "kind_color": palette.kind_color,
    }
    templates.globals["asset"] = asset
    return templates


def asset(name: str) -> str:
    """The text of a static file, to be put into the page."""
    return (resources.files("btsclip.review") / "static" / name).read_text("utf-8")


def figure(value: float) -> str:
    """A number with up to two decimals.

    >>> figure(0.5), figure(3.0)
    ('0.5', '3')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _count_kinds(results: Results) -> dict[str, int]:
    """The number of clips of each kind, in the order of the palette."""
    counts = dict.fromkeys(palette.KINDS, 0)
    for view in results.clips:
        counts[view.clip.kind] += 1
    return {kind: count for kind, count in counts.items() if count}


def zones() -> dict[str, dict[str, Any]]:
    """The label and the safe zone of each platform.

    `inset` is a CSS value in percent: top, right, bottom, left.
    """
    width, height = REFERENCE
    zones_by_platform = {}
    for name, (left, top, right, bottom) in ZONES.items():
        insets = (top / height, 1 - right / width, 1 - bottom / height, left / width)
        inset = " ".join(f"{100 * share:.2f}%" for share in insets)
        zones_by_platform[name] = {"label": PLATFORM_LABELS[name], "inset": inset}
    return zones_by_platform
