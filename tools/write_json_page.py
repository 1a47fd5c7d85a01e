"""Write docs/json.md, the keys of all `--json` results, from the models of the results.

Run: python tools/write_json_page.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from btsclip.analysis.result import AnalyzeJson, ProbeJson
from btsclip.batch.result import BatchJson, ReportJson
from btsclip.cli.json_results import CacheClearJson, CacheInfoJson, PageJson
from btsclip.exchange.export import ExportJson
from btsclip.json_result import JsonValues
from btsclip.measure.result import MeasureJson
from btsclip.planning.result import CaptionJson, CutJson
from btsclip.reply.result import RepliesJson
from btsclip.story.result import StoryJson

TARGET = Path(__file__).parents[1] / "docs" / "json.md"
INTRODUCTION = """\
# Results for programs: `--json`

With `--json` a verb prints one JSON object on stdout; messages, warnings and progress go to
stderr. The keys below are those of `version` 1. Later ones may add keys: skip those you don't
know. Times are seconds, boxes are `[center x, center y, width, height]` in fractions of the
upright picture. `[]` after a key stands for each entry of its list.

`btsclip batch` and `btsclip watch` print an object a line: see
[batch.md](batch.md#for-programs---json).

<!-- Written by tools/write_json_page.py from the models of the results. -->
"""
RESULTS: dict[str, type[JsonValues]] = {
    "analyze": AnalyzeJson,
    "probe": ProbeJson,
    "cut, plan, render, timelapse": CutJson,
    "story": StoryJson,
    "reply": RepliesJson,
    "caption": CaptionJson,
    "export": ExportJson,
    "batch, watch: the event `finished`": BatchJson,
    "batch: the file report.json": ReportJson,
    "measure": MeasureJson,
    "report": PageJson,
    "cache info": CacheInfoJson,
    "cache clear": CacheClearJson,
}


def page() -> str:
    """The page in Markdown: a table of keys for each result."""
    parts = [INTRODUCTION]
    for title, model in RESULTS.items():
        schema = model.model_json_schema(mode="serialization")
        rows = [f"| `{key}` | {kind} | {text} |" for key, kind, text in _rows(schema, schema, "")]
        parts.append(
            "\n".join([f"## {title}", "", "| key | value | meaning |", "|---|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _rows(
    part: dict[str, Any], schema: dict[str, Any], prefix: str
) -> Iterator[tuple[str, str, str]]:
    """Yield key, type and description of each property of `part`, a part of `schema`."""
    for name, value in part["properties"].items():
        yield prefix + name, _kind(value, schema), value["description"]
        entry, marks = value, ""
        while entry.get("type") == "array":
            entry, marks = entry["items"], marks + "[]"
        # The keys of a plan have no descriptions here: they are in docs/plan.md.
        model = _resolve(entry, schema)
        if any("description" in entry for entry in model.get("properties", {}).values()):
            yield from _rows(model, schema, f"{prefix}{name}{marks}.")


def _resolve(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """`value`, or the definition in `schema` that it refers to."""
    if "$ref" not in value:
        return value
    definition: dict[str, Any] = schema["$defs"][value["$ref"].rpartition("/")[2]]
    return definition


def _kind(value: dict[str, Any], schema: dict[str, Any], plural: bool = False) -> str:
    """The type of a value in words, in the `plural` for several values."""
    if "anyOf" in value:
        kinds = [kind for kind in value["anyOf"] if kind.get("type") != "null"]
        # The first kind is enough: an integer is a number, too.
        words = _kind(kinds[0], schema, plural)
        return words if kinds == value["anyOf"] else f"{words} or null"
    if "const" in value or "enum" in value:
        values = [value["const"]] if "const" in value else value["enum"]
        return ", ".join(f"`{constant}`" for constant in values)
    value = _resolve(value, schema)
    words = f"{value['type']}s" if plural else value["type"]
    if value["type"] == "array":
        count = f"{value['minItems']} " if "minItems" in value else ""
        words = f"{'lists' if plural else 'list'} of {count}{_kind(value['items'], schema, True)}"
    elif isinstance(value.get("additionalProperties"), dict):
        words += f" of {_kind(value['additionalProperties'], schema, True)}"
    return str(words)


def main() -> None:
    """Write TARGET."""
    TARGET.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
