"""Base models of the `--json` results. The description of a field documents its key.

`tools/write_json_page.py` writes `docs/json.md` from the descriptions.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from btsclip.version import __version__

# A number that keeps its type: an integer is written without a decimal point.
Figure = float | int


class JsonValues(BaseModel):
    """An object in a JSON result, with its fields in the order of the keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def values(self) -> dict[str, Any]:
        """The object as a dict for `json.dumps`."""
        return self.model_dump(by_alias=True)


class JsonResult(JsonValues):
    """A complete JSON result."""

    version: Literal[1] = Field(1, description="Version of this contract.")


class SignedResult(JsonResult):
    """A JSON result that names the program that wrote it."""

    generator: str = Field(f"btsclip {__version__}", description="The program and its version.")
