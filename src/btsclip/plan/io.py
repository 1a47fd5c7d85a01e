"""Reading and writing cut plans: JSON that people edit, so errors must say where."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import ValidationError

from btsclip.errors import PlanError
from btsclip.media.documents import MAX_RECORD_BYTES, read_document
from btsclip.media.output import write_text
from btsclip.plan import json_text, older
from btsclip.plan.faults import first_fault
from btsclip.plan.model import PLAN_VERSION, CutPlan
from btsclip.plan.places import plan_from_document, plan_to_document
from btsclip.plan.values import BY_HAND


def read_plan(path: Path, folder: Path | None = None) -> CutPlan:
    """The plan in the file at `path`, with absolute paths of all that it names.

    Relative ones count from `folder`, by default the file's own. Takes that were moved are looked
    for near the plan. Raises PlanError naming the file, the line or entry at fault and what to do.
    """
    text = read_document(
        path, PlanError, max_bytes=MAX_RECORD_BYTES,
        if_missing="make one with `btsclip plan`", if_folder="name the plan.json in it",
    )  # fmt: skip
    # A link to a plan names what lies near the plan itself.
    return plan_from_document(parse_plan(text, path), folder or path.resolve().parent)


def parse_plan(text: str, path: Path) -> CutPlan:
    """The plan in the `text` of the file at `path`, with paths as they are written there.

    Raises PlanError as `read` does.
    """
    try:
        found = json_text.loads(text)
    except json.JSONDecodeError as error:
        raise PlanError(
            f"{path}:{error.lineno}", f"is not JSON ({error.msg})", "correct that line"
        ) from error
    except ValueError as error:
        raise PlanError(path, f"is not JSON that can be read ({error})", "make it again") from error
    if not isinstance(found, dict) or "clips" not in found:
        raise PlanError(path, "is not a cut plan", "make one with `btsclip plan`")
    version = found.get("version")
    if version in older.VERSIONS:
        found = older.upgraded(found)
    elif version != PLAN_VERSION:
        raise PlanError(
            path,
            f"is of version {str(version)[:20]}, this btsclip reads 1 to {PLAN_VERSION}",
            "make the plan again or use the btsclip that made it",
        )
    try:
        return CutPlan.model_validate(found, context=BY_HAND)
    except ValidationError as error:
        place, cause = first_fault(error)
        if version in older.VERSIONS:
            place = older.place_in_older(place)
        raise PlanError(path, f"{place or 'plan'}: {cause}", "correct it there") from error


def write_plan(plan: CutPlan, path: Path) -> None:
    """Writes `plan` as JSON; the file is there whole or as it was.

    Raises OutputError when it can't be written.
    """
    write_text(path, text_of(plan, path))


def text_of(plan: CutPlan, path: Path) -> str:
    """The text of `plan` in the file at `path`: JSON, its paths as seen from there where that is
    near, one crop key a line."""
    return to_json(plan_to_document(plan, path.parent))


def to_json(plan: CutPlan) -> str:
    """The plan as indented JSON in which short lists of numbers stay on one line."""
    text = json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=2)
    # A bracket before a line break is never inside a string: there a break is written "\\n".
    numbers = r"\[\n\s*(-?[\d.eE+-]+(?:,\s*-?[\d.eE+-]+)*)\n\s*\]"
    return re.sub(numbers, lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text) + "\n"
