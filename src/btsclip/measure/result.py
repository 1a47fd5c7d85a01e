"""The JSON of `measure`, as models."""

from __future__ import annotations

from pydantic import Field

from btsclip.json_result import JsonValues, SignedResult
from btsclip.measure.columns import Platform
from btsclip.measure.compare import Return
from btsclip.measure.post import Count


class ExportJson(JsonValues):
    """One file of a platform."""

    path: str = Field(description="The file.")
    platform: Platform = Field(description="Where it comes from.")
    posts: int = Field(description="How many posts it holds.")
    unknown_columns: list[str] = Field(description="Columns that were not read.")
    left_out: list[str] = Field(description="Rows that are not posts, and why.")
    untimed: list[str] = Field(description="Posts whose time is not known.")


class PostJson(JsonValues):
    """One post, as its platform reported it last, and the clip it shows."""

    platform: Platform = Field(description="Where it was posted.")
    id: str = Field(description="The platform's id.")
    title: str = Field(description="Its text.")
    link: str = Field(description="Its address.")
    seen: str = Field(description="The day of these figures, ISO 8601.")
    published: str | None = Field(description="When it was posted, by the clock of its place.")
    timed: bool = Field(description="Whether the hour of that is known.")
    seconds: float | None = Field(description="Its length.")
    views: int = Field(description="Views.")
    counts: dict[Count, int] = Field(description="What else is counted, by name.")
    watch_seconds: float | None = Field(description="Seconds that it is watched on average.")
    watched: float | None = Field(description="Part of it that is watched on average, 0 to 1.")
    finished: float | None = Field(description="Part of viewers who saw all of it.")
    stayed: float | None = Field(description="Part of viewers who did not swipe it away.")
    clip: str | None = Field(description="The clip it shows, if that is known.")
    joined_by: str | None = Field(description="How the clip is known.")
    not_joined: str | None = Field(description="Why the clip is not known.")
    between: list[str] = Field(description="Clips between which it could not be told.")
    days: int = Field(description="Number of days with figures of it.")


class ComparisonJson(JsonValues):
    """What clips with a trait returned against the others."""

    trait: str = Field(description="What the clips are compared by.")
    level: str = Field(description="The value of the trait that is asked about.")
    clips_are: str = Field(description="The clips with it, in words.")
    returned: Return = Field(alias="return", description="What is compared.")
    clips: int = Field(description="Clips with the trait.")
    other_clips: int = Field(description="Clips without it.")
    posts: int = Field(description="Posts of all of them.")
    ratio: float = Field(description="How many times the others' return it is.")
    low: float = Field(description="Lower end of the interval about the ratio.")
    high: float = Field(description="Upper end of that interval.")
    shrunk: float = Field(description="The ratio to go by: nearer to 1 the less is known.")
    p: float = Field(description="Chance of such a ratio if there were no difference.")
    adjusted_p: float = Field(description="The same among all comparisons.")
    sure: bool = Field(description="Whether it is beyond chance.")
    sentence: str = Field(description="The comparison in one sentence.")


class NotComparedJson(JsonValues):
    """A comparison for which there are too few posts."""

    trait: str = Field(description="What the clips would be compared by.")
    level: str = Field(description="The value of the trait that is asked about.")
    returned: Return = Field(alias="return", description="What would be compared.")
    clips: int = Field(description="Clips with the trait.")
    why: str = Field(description="Why nothing can be said.")


class MeasureJson(SignedResult):
    """What `measure --json` prints."""

    history: str = Field(description="The file in which figures are kept.")
    exports: list[ExportJson] = Field(description="The files that were read.")
    posts: list[PostJson] = Field(description="All posts of the history.")
    conclusions: list[str] = Field(description="What is sure, in sentences.")
    comparisons: list[ComparisonJson] = Field(description="All that could be compared.")
    not_compared: list[NotComparedJson] = Field(description="What could not, and why.")
