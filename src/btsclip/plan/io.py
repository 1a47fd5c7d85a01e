"""Reading and writing cut plans: JSON that people edit, so errors name the place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from btsclip.errors import PlanError
from btsclip.media import MAX_RECORD_BYTES, read_document, write_text
from btsclip.plan import json_text
from btsclip.plan.faults import first_fault
from btsclip.plan.model import OF_SPANS, PLAN_VERSION, CutPlan
from btsclip.plan.places import plan_from_document, plan_to_document
from btsclip.plan.values import BY_HAND

# In these versions a clip was its first span and kept the others in `then`.
OLDER_VERSIONS = (1, 2)


def read_plan(path: Path, folder: Path | None = None) -> CutPlan:
    """The plan in the file at `path`, with absolute paths.

    Relative paths count from `folder`, by default the folder of the file. Takes that were moved
    are searched near the plan. Raises PlanError with the file, the line or entry, and a cure.
    """
    text = read_document(
        path, PlanError, max_bytes=MAX_RECORD_BYTES,
        if_missing="make one with `btsclip plan`", if_folder="name the plan.json in it",
    )  # fmt: skip
    # Paths in a linked plan count from the plan itself, not from the link.
    return plan_from_document(parse_plan(text, path), folder or path.resolve().parent)


def parse_plan(text: str, path: Path) -> CutPlan:
    """The plan in the `text` of the file at `path`, with paths as in the text.

    Raises PlanError as `read_plan` does.
    """
    try:
        values = json_text.loads(text)
    except json.JSONDecodeError as error:
        raise PlanError(
            f"{path}:{error.lineno}", f"is not JSON ({error.msg})", "correct that line"
        ) from error
    except ValueError as error:
        raise PlanError(path, f"is not JSON that can be read ({error})", "make it again") from error
    if not isinstance(values, dict) or "clips" not in values:
        raise PlanError(path, "is not a cut plan", "make one with `btsclip plan`")
    version = values.get("version")
    if version in OLDER_VERSIONS:
        values = _upgrade(values)
    elif version != PLAN_VERSION:
        raise PlanError(
            path,
            f"is of version {str(version)[:20]}, this btsclip reads 1 to {PLAN_VERSION}",
            "make the plan again or use the btsclip that made it",
        )
    try:
        return CutPlan.model_validate(values, context=BY_HAND)
    except ValidationError as error:
        place, cause = first_fault(error)
        if version in OLDER_VERSIONS:
            place = _older_place(place)
        raise PlanError(path, f"{place or 'plan'}: {cause}", "correct it there") from error


def write_plan(plan: CutPlan, path: Path) -> None:
    """Write `plan` as JSON. After a failure, the file is unchanged.

    Raises OutputError if it can't be written.
    """
    write_text(path, text_of(plan, path))


def text_of(plan: CutPlan, path: Path) -> str:
    """The JSON text of `plan` for the file at `path`, with relative paths of near files."""
    return to_json(plan_to_document(plan, path.parent))


def to_json(plan: CutPlan) -> str:
    """The plan as indented JSON, with each list of numbers, such as a crop key, on one line."""
    text = json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=2)
    # A bracket before a line break is never inside a string, where a break is written as "\\n".
    numbers = r"\[\n\s*(-?[\d.eE+-]+(?:,\s*-?[\d.eE+-]+)*)\n\s*\]"
    return re.sub(numbers, lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text) + "\n"


def _upgrade(values: dict[str, Any]) -> dict[str, Any]:
    """The `values` of a plan of OLDER_VERSIONS in the current form.

    Unknown keys keep their places, and mistakes are left for the validation.
    """
    clips = values["clips"]
    if isinstance(clips, list):
        clips = [_with_spans(clip) if isinstance(clip, dict) else clip for clip in clips]
    return {**values, "version": PLAN_VERSION, "clips": clips}


def _with_spans(clip: dict[str, Any]) -> dict[str, Any]:
    clip_values = {key: value for key, value in clip.items() if key not in OF_SPANS}
    first = {key: value for key, value in clip.items() if key in OF_SPANS}
    others = first.pop("then", [])
    return {**clip_values, "spans": [first, *others] if isinstance(others, list) else others}


def _older_place(place: str) -> str:
    """The place in a plan of OLDER_VERSIONS of a value at `place` in the current form.

    Such as `clips.0.crop` for `clips.0.spans.0.crop`.
    """
    match = re.match(r"(clips\.\d+)\.spans(?:\.(\d+))?(.*)", place)
    if not match:
        return place
    clip, number, rest = match.groups()
    if number == "0":
        return clip + rest
    return f"{clip}.then.{int(number) - 1}{rest}" if number else f"{clip}.then{rest}"
