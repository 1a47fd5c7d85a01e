"""The JSON of `measure`, as models."""

from __future__ import annotations

from pydantic import Field

from btsclip.json_result import JsonValues, SignedResult
from btsclip.measure.columns import Platform
from btsclip.measure.compare import Metric
from btsclip.measure.post import Count


class ExportJson(JsonValues):
    """One file of a platform."""

    path: str = Field(description="The file.")
    platform: Platform = Field(description="Where it comes from.")
    posts: int = Field(description="Number of posts.")
    unknown_columns: list[str] = Field(description="Columns that were not read.")
    left_out: list[str] = Field(description="Rows that were left out, and why.")
    untimed: list[str] = Field(description="Posts without a known time, and why.")


class PostJson(JsonValues):
    """One post with its latest figures, and the clip it shows."""

    platform: Platform = Field(description="Where it was posted.")
    id: str = Field(description="The platform's id.")
    title: str = Field(description="Its text.")
    link: str = Field(description="Its address.")
    seen: str = Field(description="The day of these figures, ISO 8601.")
    published: str | None = Field(description="When it was posted, in local time, ISO 8601.")
    timed: bool = Field(description="Whether the hour of `published` is known.")
    seconds: float | None = Field(description="Its length.")
    views: int = Field(description="Views.")
    counts: dict[Count, int] = Field(description="Other counts, by name.")
    watch_seconds: float | None = Field(description="Average watch time in seconds.")
    watched: float | None = Field(description="Part of it watched on average, 0 to 1.")
    finished: float | None = Field(description="Share of viewers who saw all of it, 0 to 1.")
    stayed: float | None = Field(description="Share of viewers who did not swipe away, 0 to 1.")
    clip: str | None = Field(description="The clip it shows, if known.")
    joined_by: str | None = Field(description="How it was matched to the clip.")
    not_joined: str | None = Field(description="Why it has no clip.")
    between: list[str] = Field(description="The possible clips, if there are several.")
    days: int = Field(description="Number of days with figures.")


class ComparisonJson(JsonValues):
    """The returns of clips with a trait, compared with other clips."""

    trait: str = Field(description="The trait: kind, preset, hook or length.")
    level: str = Field(description="The value of the trait.")
    clips_are: str = Field(description="The clips with this value, in words.")
    returned: Metric = Field(alias="return", description="The metric that is compared.")
    clips: int = Field(description="Number of clips with this value.")
    other_clips: int = Field(description="Number of clips they are compared with.")
    posts: int = Field(description="Number of posts of the clips with this value.")
    ratio: float = Field(description="The metric, relative to the other clips.")
    low: float = Field(description="Lower end of the 90% interval of the ratio.")
    high: float = Field(description="Upper end of the 90% interval of the ratio.")
    shrunk: float = Field(description="The ratio to rely on: the less is known, the closer to 1.")
    p: float = Field(description="Chance of such a ratio if there were no difference.")
    adjusted_p: float = Field(description="The same chance among all comparisons.")
    sure: bool = Field(description="Whether the difference is beyond chance.")
    sentence: str = Field(description="The comparison in one sentence.")


class NotComparedJson(JsonValues):
    """A comparison for which there are too few posts."""

    trait: str = Field(description="The trait: kind, preset, hook or length.")
    level: str = Field(description="The value of the trait.")
    returned: Metric = Field(alias="return", description="The metric.")
    clips: int = Field(description="Number of clips with this value.")
    why: str = Field(description="Why there is no answer.")


class MeasureJson(SignedResult):
    """What `measure --json` prints."""

    history: str = Field(description="The file that stores the figures.")
    exports: list[ExportJson] = Field(description="The files that were read.")
    posts: list[PostJson] = Field(description="All posts of the history.")
    conclusions: list[str] = Field(description="The clear differences, in sentences.")
    comparisons: list[ComparisonJson] = Field(description="All comparisons with an answer.")
    not_compared: list[NotComparedJson] = Field(description="Comparisons without an answer.")
