"""The JSON of `probe` and `analyze`, as models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from btsclip.json_result import Figure, JsonValues, SignedResult
from btsclip.plan.model import Action, Kind

BoxValues = Annotated[list[float], Field(min_length=4, max_length=4)]
SpanValues = Annotated[list[float], Field(min_length=2, max_length=2)]


class ProbeJson(JsonValues):
    """What `probe --json` prints: the facts of a file."""

    path: str = Field(description="The file.")
    duration: float = Field(description="Seconds of the take.")
    width: int = Field(description="Pixels of the upright picture.")
    height: int = Field(description="Pixels of the upright picture.")
    fps: float = Field(description="Pictures a second, on average.")
    vfr: bool = Field(description="Whether that rate varies.")
    rotation: int = Field(description="Degrees clockwise that set the coded picture upright.")
    hdr: str | None = Field(description="`hlg`, `pq`, or null.")
    first_picture: float = Field(description="Seconds at which the first picture is shown.")
    has_audio: bool = Field(description="Whether it has sound.")
    created: str | None = Field(description="When it was recorded, ISO 8601, if the file says so.")
    codec: str = Field(description="The codec of its pictures.")
    bit_depth: int = Field(description="Bits of each color value.")
    audio_rate: int | None = Field(description="Samples of sound a second.")
    audio_channels: int | None = Field(description="Channels of sound.")
    size: int = Field(description="Bytes.")
    picture: BoxValues | None = Field(
        description="Box of the picture within bars baked in, null without bars."
    )


class AnalyzedFootageJson(ProbeJson):
    """The facts of a file, with those that only an analysis finds."""

    channel: int | None = Field(
        description="The only channel of the sound to play, counted from 0; null for all."
    )
    channel_why: str = Field(description="Why only that channel is played.")


class SignalsJson(JsonValues):
    """What was measured, one value for each time."""

    times: list[float] = Field(description="Seconds of the take.")
    process: list[float] = Field(description="How sure it is that work goes on, 0 to 1.")
    hands: list[int] = Field(description="Number of hands.")
    hand_belief: list[float] = Field(description="How sure it is that hands are seen, 0 to 1.")
    hand_box: list[BoxValues | None] = Field(
        description="Box about the hands, null where there are none."
    )
    motion: list[float] = Field(description="Speed of things, in picture widths a second.")
    camera: list[float] = Field(description="Speed of the camera, in picture widths a second.")
    rhythm: list[float] = Field(description="How regular the movement is, 0 to 1.")
    strokes: list[float] = Field(description="Strokes of the movement a second.")
    sound: list[float] = Field(description="Level, 0 (silence) to 1.")
    onsets: list[int] = Field(description="Blows in the step.")
    voice: list[float] = Field(description="How much it sounds like a voice, 0 to 1.")
    sizzle: list[float] = Field(description="How much it sounds like sizzling, 0 to 1.")
    clatter: list[float] = Field(description="How much it sounds like clatter, 0 to 1.")
    faces: list[int] = Field(description="Number of faces.")


class MomentJson(JsonValues):
    """A span of the take with its kind and the figures behind it."""

    id: str = Field(description="The moment's name in this take.")
    kind: Kind = Field(description="What is seen.")
    action: Action | None = Field(description="What the hands do, for `process`.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    best: SpanValues | None = Field(description="Start and end of the best part of long work.")
    score: float = Field(description="How good it is, 0 to 1.")
    evidence: dict[str, Figure] = Field(description="The figures behind it, by name.")
    why: str = Field(description="The reason in one sentence.")


class AnalyzeJson(SignedResult):
    """What `analyze --json` prints."""

    footage: AnalyzedFootageJson = Field(description="The facts of the file.")
    signals: SignalsJson = Field(description="What was measured, a value for each time.")
    moments: list[MomentJson] = Field(description="What was found, in the order of time.")
