"""Models of the JSON that `probe` and `analyze` print, and the facts of a file in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from btsclip.geometry import WHOLE, Box
from btsclip.json_result import Figure, JsonValues, SignedResult
from btsclip.media import MIN_LEVEL_DBFS, Footage, Scan
from btsclip.plan import Action, Kind

BoxValues = Annotated[list[float], Field(min_length=4, max_length=4)]
SpanValues = Annotated[list[float], Field(min_length=2, max_length=2)]


class AudioTrackJson(JsonValues):
    """One audio track of a file."""

    number: int = Field(description="Counted from 1, for `--audio-track`.")
    codec: str = Field(description="Audio codec.")
    rate: int | None = Field(description="Audio samples a second; null if it can't be read.")
    channels: int | None = Field(description="Number of channels; null if it can't be read.")
    layout: str = Field(description="Names of the channels, such as `stereo`.")
    language: str = Field(description="Language code, if the file has one.")
    title: str = Field(description="Title, if the file has one.")
    readable: bool = Field(description="Whether it can be decoded.")
    used: bool = Field(description="Whether clips play it.")
    level: float | None = Field(
        description="Level of its loud parts in dBFS; null if it was not measured, as for the only "
        "track of a file."
    )
    silent: bool | None = Field(description="Whether it is silent; null if it was not measured.")


class ProbeJson(JsonValues):
    """Output of `probe --json`: the facts of a file."""

    path: str = Field(description="The file.")
    duration: float = Field(description="Seconds of the take.")
    width: int = Field(description="Pixels of the upright picture.")
    height: int = Field(description="Pixels of the upright picture.")
    fps: float = Field(description="Frames a second, on average.")
    vfr: bool = Field(description="Whether the frame rate varies.")
    rotation: int = Field(description="Degrees clockwise that turn the coded picture upright.")
    hdr: str | None = Field(description="`hlg`, `pq`, or null.")
    scan: Scan = Field(
        description="`progressive`; `top` or `bottom` for interlaced pictures with that field "
        "first; `segmented` for whole pictures stored as two fields."
    )
    scan_flagged: bool = Field(description="Whether the flags of the pictures say so, too.")
    first_picture: float = Field(description="Seconds at which the first picture is shown.")
    has_audio: bool = Field(description="Whether the file has sound that can be read.")
    created: str | None = Field(
        description="Time of recording, ISO 8601; null if the file does not say."
    )
    codec: str = Field(description="Video codec.")
    bit_depth: int = Field(description="Bits of each color value.")
    audio_rate: int | None = Field(description="Audio samples a second; null without sound.")
    audio_channels: int | None = Field(description="Number of audio channels; null without sound.")
    audio_tracks: list[AudioTrackJson] = Field(description="All audio tracks.")
    audio_why: str = Field(description="Why these tracks are used; empty for an only track.")
    size: int = Field(description="Bytes.")
    lost: list[SpanValues] = Field(
        description="Parts whose pictures can't be read, from and to seconds of the take. `probe` "
        "finds the missing end of a file, `analyze` also damage."
    )
    picture: BoxValues | None = Field(
        description="Box of the picture inside baked-in bars, null without bars."
    )
    cuts: int | None = Field(
        description="Hard cuts of a take that is already edited, 0 for any other; null if the take "
        "is too long to look at."
    )


class AnalyzedFootageJson(ProbeJson):
    """The facts of a file, and those that only an analysis finds."""

    channel: int | None = Field(
        description="The only audio channel to play, counted from 0; null for all."
    )
    channel_why: str = Field(description="Why only that channel plays.")


class SignalsJson(JsonValues):
    """Signals of a take, one value for each time."""

    times: list[float] = Field(description="Seconds of the take.")
    process: list[float] = Field(description="Belief that somebody works, 0 to 1.")
    hands: list[int] = Field(description="Number of hands.")
    hand_belief: list[float] = Field(description="Belief that hands are in the picture, 0 to 1.")
    hand_box: list[BoxValues | None] = Field(
        description="Box around the hands, null without hands."
    )
    motion: list[float] = Field(
        description="Speed of the things in the picture, in picture widths a second."
    )
    camera: list[float] = Field(description="Speed of the camera, in picture widths a second.")
    rhythm: list[float] = Field(description="How regular the movement is, 0 to 1.")
    strokes: list[float] = Field(description="Strokes a second.")
    sound: list[float] = Field(description="Level of the sound, 0 (silence) to 1.")
    onsets: list[int] = Field(description="Number of blows.")
    voice: list[float] = Field(description="How much it sounds like a voice, 0 to 1.")
    sizzle: list[float] = Field(description="How much it sounds like sizzling, 0 to 1.")
    clatter: list[float] = Field(description="How much it sounds like clatter, 0 to 1.")
    faces: list[int] = Field(description="Number of faces.")


class MomentJson(JsonValues):
    """A span of the take with its kind and the figures behind it."""

    id: str = Field(description="The moment's name in this take.")
    kind: Kind = Field(description="Kind of the moment.")
    action: Action | None = Field(description="Action of the hands, for `process`.")
    start: float = Field(description="Seconds of the take.")
    end: float = Field(description="Seconds of the take.")
    best: SpanValues | None = Field(description="Start and end of the best part of long work.")
    score: float = Field(description="Score, 0 to 1.")
    evidence: dict[str, Figure] = Field(description="The figures behind the moment, by name.")
    why: str = Field(description="The reason in one sentence.")


class AnalyzeJson(SignedResult):
    """Output of `analyze --json`."""

    footage: AnalyzedFootageJson = Field(description="The facts of the file.")
    signals: SignalsJson = Field(description="The measured signals, one value for each time.")
    moments: list[MomentJson] = Field(description="The moments, in order of time.")


def probe_json(footage: Footage, picture: Box, cuts: int | None) -> dict[str, Any]:
    """The facts of a file, the box of its picture, and its `cuts` if known, as JSON values."""
    return ProbeJson(**footage_facts(footage), picture=box_values(picture), cuts=cuts).values()


def footage_facts(footage: Footage) -> dict[str, Any]:
    """The facts of a file, by JSON key."""
    return {
        "path": str(footage.path),
        "duration": round(footage.duration, 3),
        "width": footage.width,
        "height": footage.height,
        "fps": round(footage.fps, 3),
        "vfr": footage.vfr,
        "rotation": footage.rotation,
        "hdr": footage.hdr,
        "scan": footage.scan,
        "scan_flagged": footage.scan_flagged,
        "first_picture": round(footage.first_picture, 3),
        "has_audio": footage.has_audio,
        "created": footage.created.isoformat() if footage.created else None,
        "codec": footage.codec,
        "bit_depth": footage.bit_depth,
        "audio_rate": footage.audio_rate,
        "audio_channels": footage.audio_channels,
        "audio_tracks": _track_facts(footage),
        "audio_why": footage.sound.why if footage.sound else "",
        "size": footage.size,
        "lost": [[round(float(time), 3) for time in span] for span in footage.lost],
    }


def _track_facts(footage: Footage) -> list[AudioTrackJson]:
    levels: Sequence[float | None] = footage.sound.levels if footage.sound else ()
    levels = levels or (None,) * len(footage.audio_tracks)
    played = {footage.audio_stream, footage.right_stream}
    return [
        AudioTrackJson(
            number=track.number,
            codec=track.codec,
            rate=track.rate,
            channels=track.channels,
            layout=track.layout,
            language=track.language,
            title=track.title,
            readable=track.is_readable,
            used=track.stream in played,
            level=level,
            silent=None if level is None else level < MIN_LEVEL_DBFS,
        )
        for track, level in zip(footage.audio_tracks, levels, strict=True)
    ]


def box_values(picture: Box) -> list[float] | None:
    """The box of a picture inside baked-in bars; None without bars."""
    return None if picture == WHOLE else [round(float(value), 4) for value in picture]
