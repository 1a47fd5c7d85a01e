"""What `--json` prints, as frozen models: each field's description is the documentation of its key.

`docs/json.md` is written from them by `tools/write_json_page.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from btsclip.version import __version__

# A number that is written as it was counted or measured: whole ones without a point.
Figure = float | int


class JsonValues(BaseModel):
    """An object in a JSON result. Its fields stand in the order of its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def values(self) -> dict[str, Any]:
        """The object as plain values for `json.dumps`."""
        return self.model_dump(by_alias=True)


class JsonResult(JsonValues):
    """The whole of a JSON result."""

    version: Literal[1] = Field(1, description="Version of this contract.")


class SignedResult(JsonResult):
    """A JSON result that names the program which made it."""

    generator: str = Field(f"btsclip {__version__}", description="The program and its version.")
