"""Presets as TOML text, for reading and for beginning one's own, and as a JSON Schema."""

from __future__ import annotations

import re
from typing import Any

from btsclip.presets.schema import Preset


def resolved_toml(preset: Preset) -> str:
    """All of a preset as TOML, with what it extends in it: a preset that needs no other."""
    import tomli_w

    values = preset.model_dump(exclude={"name", "extends"}, exclude_none=True)
    return re.sub(r"(?<= = )\[\n((?: .*\n)*)\]", _on_one_line, tomli_w.dumps(values))


def _on_one_line(lines: re.Match[str]) -> str:
    """A list that tomli_w wrote with a line for each entry."""
    return "[" + " ".join(line.strip() for line in lines[1].splitlines()).rstrip(",") + "]"


def new_preset_toml(base_name: str, base: Preset) -> str:
    """A new preset that extends `base`, with each key of it in a comment to be taken up."""
    keys = re.sub(r"^(?=[^\[\n])", "# ", resolved_toml(base), flags=re.M)
    keys = re.sub(r"^# description = .*\n", "", keys)
    return (
        f"# Take the '# ' from a line and change it; all others stay as in {base_name}.\n"
        f'extends = "{base_name}"\n'
        f'description = "Like {base_name}."\n'
        f"{keys}"
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a preset file, for editors that complete and check TOML."""
    schema = Preset.model_json_schema()
    schema["properties"].pop("name")
    return schema
