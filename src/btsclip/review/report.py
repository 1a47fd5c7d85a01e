"""The page beside the clips: one HTML file that opens from the disk, without server and network."""

from __future__ import annotations

from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from btsclip.captions.safezones import MEASURED, REFERENCE, ZONES
from btsclip.media.output import write_text
from btsclip.pictures import palette
from btsclip.review.results import PLAN, Results, read_results
from btsclip.wording import clock

if TYPE_CHECKING:
    from jinja2 import Environment

# How the figures of evidence are called on the page, in the order shown; others are not for people.
EVIDENCE = {
    "hands_share": "time with hands", "hands": "hands at once",
    "motion": "motion, widths a second", "rhythm": "regularity", "strokes": "strokes a second",
    "voice": "voice", "sizzle": "sizzle", "clatter": "clatter", "sharpness": "sharpness",
    "framing_inside": "hands inside the frame",
}  # fmt: skip
PLATFORMS = {"all": "All platforms", "tiktok": "TikTok", "reels": "Reels", "shorts": "Shorts"}


def write_page(place: Path) -> Path:
    """Writes the page of a folder of results or of the plan at `place`, in place of an older one:
    `report.html`, or for another plan than plan.json one of its name. Returns its path.

    Raises PlanError when there are no results, OutputError when it can't be written.
    """
    results = read_results(place)
    other = place.suffix == ".json" and place.name != PLAN
    path = results.folder / (f"{place.stem}.html" if other else "report.html")
    write_text(path, page(results))
    return path


def page(results: Results) -> str:
    """The page as HTML. Videos and covers are named as they lie beside it, all else is inside."""
    template = environment().get_template("report.html")
    return template.render(
        results=results,
        kinds=_kinds(results),
        zones=zones(),
        measured=MEASURED,
        evidence=EVIDENCE,
        files=("page.css", "report.css"),
    )


@cache
def environment() -> Environment:
    """Templates in which whatever comes from files is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("btsclip.review"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "clock": partial(clock, tenths=True),
        "url": quote,
        "figure": figure,
        "kind_colour": palette.kind_color,
    }
    made.globals["asset"] = asset
    return made


def asset(name: str) -> str:
    """The text of one of our own files of style or script, to stand in the page."""
    return (resources.files("btsclip.review") / "static" / name).read_text("utf-8")


def figure(value: float) -> str:
    """A figure with no more places than tell anything."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _kinds(results: Results) -> dict[str, int]:
    """Clips by kind, in the order of the palette."""
    counts = dict.fromkeys(palette.KINDS, 0)
    for each in results.clips:
        counts[each.clip.kind] += 1
    return {kind: count for kind, count in counts.items() if count}


def zones() -> dict[str, dict[str, Any]]:
    """The safe box of each platform as CSS insets in percent: top, right, bottom, left."""
    across, down = REFERENCE
    found = {}
    for name, (left, top, right, bottom) in ZONES.items():
        insets = (top / down, 1 - right / across, 1 - bottom / down, left / across)
        inset = " ".join(f"{100 * share:.2f}%" for share in insets)
        found[name] = {"label": PLATFORMS[name], "inset": inset}
    return found
