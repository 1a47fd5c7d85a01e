"""The audio tracks of a file: what each holds, whether it can be decoded, and which are played.

Cameras and recorders write one track for each microphone, and phones a spatial one that ffmpeg
can't decode. `probe` plays the first track that can be decoded; an analysis listens to all of them
and chooses (see `analysis.sound_choice`).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btsclip.media.ffmpeg import INPUT_PROTOCOLS, process
from btsclip.wording import listed

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

    from btsclip.media.footage import Footage

# Codecs of spatial sound, beside which phones write a plain track (ISO base media sample entries).
SPATIAL_CODECS = {"apac"}
# Why tracks are played, where the user need not be warned.
ASKED = "--audio-track asks for it"
ONLY_ONE_HEARD = "the other sound tracks are silent, or copies of it"
BOTH_SIDES = "they are the left and the right side"
QUIET_REASONS = {ASKED, ONLY_ONE_HEARD, BOTH_SIDES}
_STREAM_LINE = re.compile(r"Stream #0:(\d+).*?: Audio: (\w+)(?:[^,]*?\((\w+) / 0x[0-9A-Fa-f]+\))?")


@dataclass(frozen=True)
class AudioTrack:
    """One audio track of a file.

    Attributes:
        number: Counted from 1 among the audio tracks, as editing programs do.
        stream: Index among all streams of the file.
        codec: Name of the codec; for one that can't be decoded, its code in the file.
        rate, channels, layout: None and "" for a codec that can't be decoded.
        language, title: As the file has them, else "".
        start: Seconds from the first packet of the file.
        is_readable: Whether it can be decoded.
        is_default: Whether the file marks it as one that players play by themselves.
    """

    number: int
    stream: int
    codec: str
    rate: int | None
    channels: int | None
    layout: str
    language: str
    title: str
    start: float
    is_readable: bool
    is_default: bool


@dataclass(frozen=True)
class SoundChoice:
    """The numbers of the tracks to play, and why these.

    Two tracks are the left and the right side; no track is silence. `levels` are those of all
    tracks in dBFS, None for a track that can't be decoded; empty if they were not measured.
    """

    tracks: tuple[int, ...]
    why: str
    levels: tuple[float | None, ...] = ()

    @property
    def warning(self) -> str:
        """The reason, if the user should know it; "" for a choice that everybody expects."""
        return "" if self.why in QUIET_REASONS else self.why


def read_tracks(container: InputContainer, path: Path, start: float) -> tuple[AudioTrack, ...]:
    """All audio tracks of the open file at `path`, whose first packet is at `start` seconds."""
    # PyAV has no codec context for a stream without a decoder, whatever its types say.
    contexts: list[Any] = [stream.codec_context for stream in container.streams.audio]
    codes = {} if all(contexts) else _codec_codes(path)
    return tuple(
        _track(number, stream, start, codes.get(stream.index, "unknown"))
        for number, stream in enumerate(container.streams.audio, 1)
    )


def _track(number: int, stream: AudioStream, start: float, code: str) -> AudioTrack:
    from av.stream import Disposition

    context: Any = stream.codec_context
    title = stream.metadata.get("title", "") or stream.metadata.get("name", "")
    began = float((stream.start_time or 0) * (stream.time_base or 0))
    return AudioTrack(
        number=number,
        stream=stream.index,
        codec=context.name if context else code,
        rate=context.sample_rate if context else None,
        channels=context.channels if context else None,
        layout=context.layout.name if context else "",
        language=(stream.language or "").replace("und", ""),
        title=title,
        start=max(0.0, began - start),
        is_readable=context is not None,
        is_default=bool(stream.disposition & Disposition.default),
    )


def _codec_codes(path: Path) -> dict[int, str]:
    """The code in the file, such as "apac", of the codec of each audio stream, by its index."""
    arguments = ["-protocol_whitelist", INPUT_PROTOCOLS, "-i", str(path.resolve())]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with process(arguments, **pipes) as child:
        assert child.stderr
        text = child.stderr.read().decode("utf-8", "replace")
        child.wait()
    lines = (_STREAM_LINE.search(line) for line in text.splitlines())
    return {int(line[1]): line[3] or line[2] for line in lines if line}


def first_track(tracks: Sequence[AudioTrack]) -> AudioTrack | None:
    """The track that players play: the first default one that can be decoded, else any other."""
    readable = [track for track in tracks if track.is_readable]
    return next((track for track in readable if track.is_default), next(iter(readable), None))


def sound_facts(played: Sequence[AudioTrack]) -> dict[str, Any]:
    """The fields of `Footage` about its sound, when the tracks `played` are heard: none, one, or
    those of the left and the right side."""
    track = played[0] if played else None
    is_pair = len(played) > 1
    return {
        "has_audio": track is not None,
        "audio_stream": track.stream if track else None,
        "right_stream": played[1].stream if is_pair else None,
        "audio_rate": track.rate if track else None,
        "audio_channels": len(played) if is_pair else track.channels if track else None,
        "audio_codec": track.codec if track else None,
        "audio_layout": "stereo" if is_pair else track.layout if track else "",
        "first_sound": track.start if track else 0.0,
    }


def track_kinds(footage: Footage) -> list[tuple[str, int | None]]:
    """Codec and number of channels of each audio track of `footage`."""
    return [(track.codec, track.channels) for track in footage.audio_tracks]


def sound_key(footage: Footage) -> str:
    """The played tracks, to tell apart what is made of the sound of a take with several; "" for any
    other take."""
    if len(footage.audio_tracks) < 2:
        return ""
    return "+".join(map(str, footage.sound.tracks)) if footage.sound else "first"


def track_fault(footage: Footage, numbers: Sequence[int]) -> str:
    """Why the tracks `numbers` of `footage` can't be played; "" if they can."""
    tracks = {track.number: track for track in footage.audio_tracks}
    for number in numbers:
        if number not in tracks:
            return f"has no sound track {number} (it has {len(tracks) or 'no sound'})"
        if not tracks[number].is_readable:
            return f"its sound track {number} ({tracks[number].codec}) can't be read"
    if len(numbers) > 1 and {tracks[number].channels for number in numbers} != {1}:
        return f"its sound tracks {listed(map(str, numbers))} are not two mono tracks"
    return ""


def play(footage: Footage, choice: SoundChoice) -> Footage:
    """`footage` with the sound of the chosen tracks, which `track_fault` must allow."""
    tracks = {track.number: track for track in footage.audio_tracks}
    facts = sound_facts([tracks[number] for number in choice.tracks])
    return replace(footage, **facts, sound=choice)
