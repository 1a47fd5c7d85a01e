"""Results held to the JSON Schema of their models."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from btsclip.json_result import JsonValues


def check_schema(model: type[JsonValues], value: Any) -> None:
    """Fails unless `value`, as it is read back from JSON, fits the schema of `model` and holds its
    keys in their order."""
    read = json.loads(json.dumps(value, allow_nan=False))
    jsonschema.validate(read, model.model_json_schema(mode="serialization"))
    assert json.dumps(model.model_validate(read).values()) == json.dumps(read)
