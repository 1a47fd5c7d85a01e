"""The JSON of `report` and `cache`, as models."""

from __future__ import annotations

from pydantic import Field

from btsclip.json_result import JsonResult, JsonValues


class PageJson(JsonResult):
    """What `report --json` prints."""

    path: str = Field(description="The page that was written.")


class StoreJson(JsonValues):
    """Measurements that are kept in one file."""

    name: str = Field(description="What is kept.")
    path: str = Field(description="The file.")
    entries: int = Field(description="Number of measurements.")
    takes: int = Field(description="Number of takes that they are of.")
    size: int = Field(description="Bytes.")
    most: int = Field(description="Bytes that it may have.")
    unused_since: str | None = Field(
        alias="unused since", description="When the longest unused one was used, ISO 8601."
    )


class CacheInfoJson(JsonResult):
    """What `cache info --json` prints."""

    stores: list[StoreJson] = Field(description="What is kept.")


class FreedJson(JsonValues):
    """What was cleared of one file."""

    name: str = Field(description="What is kept in it.")
    entries: int = Field(description="Number of measurements that were cleared.")
    size: int = Field(description="Bytes that this freed.")


class CacheClearJson(JsonResult):
    """What `cache clear --json` prints."""

    freed: list[FreedJson] = Field(description="What was cleared.")
