"""Write presets as TOML, resolved or as a start for a new one, and as a JSON Schema."""

from __future__ import annotations

import re
from typing import Any

from btsclip.presets.schema import Preset


def resolved_toml(preset: Preset) -> str:
    """A preset as TOML with every key, so that it extends no other preset."""
    import tomli_w

    values = preset.model_dump(exclude={"name", "extends"}, exclude_none=True)
    return re.sub(r"(?<= = )\[\n((?: .*\n)*)\]", _join_lines, tomli_w.dumps(values))


def _join_lines(lines: re.Match[str]) -> str:
    """A list on one line; tomli_w writes one line per entry."""
    return "[" + " ".join(line.strip() for line in lines[1].splitlines()).rstrip(",") + "]"


def new_preset_toml(base_name: str, base: Preset) -> str:
    """A new preset that extends `base`, with every key as a comment to uncomment."""
    keys = re.sub(r"^(?=[^\[\n])", "# ", resolved_toml(base), flags=re.M)
    keys = re.sub(r"^# description = .*\n", "", keys)
    return (
        f"# Take the '# ' from a line and change it; all others stay as in {base_name}.\n"
        f'extends = "{base_name}"\n'
        f'description = "Like {base_name}."\n'
        f"{keys}"
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a preset file, for completion and checks in an editor."""
    schema = Preset.model_json_schema()
    schema["properties"].pop("name")
    return schema
