"""Pydantic's validation errors, reworded for the author of a plan."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

# Keys and texts come from the file, and may be long.
MAX_CHARACTERS = 200

_CAUSES = {
    "missing": "is missing",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be a text in quotes",
    "string_too_short": "must not be empty",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object, in braces",
    "model_type": "must be an object, in braces",
    "greater_than": "must be more than {gt:,.10g}",
    "greater_than_equal": "must be at least {ge:,.10g}",
    "less_than_equal": "must be at most {le:,.10g}",
    "too_long": "holds {actual_length:,} entries; {max_length:,} are allowed",
    "too_short": "holds {actual_length:,} entries; {min_length:,} are needed",
}


def first_fault(error: ValidationError) -> tuple[str, str]:
    """The place and the cause of the first fault in `error`.

    The place is such as `clips.0.title`, or "" for the complete document.
    """
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    return shorten(place), shorten(_cause(fault))


def shorten(text: str) -> str:
    """`text`, or its beginning if it is too long for an error message."""
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]} …"


def _cause(fault: ErrorDetails) -> str:
    template = _CAUSES.get(fault["type"])
    if template:
        return template.format_map(fault.get("ctx", {}))
    message = fault["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"
