"""What editing programs play of a file by themselves, where btsclip plays something else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from btsclip.exchange.timeline import Track
from btsclip.media import Footage, open_media

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

# Packets that MLT reads to find the first keyframe (`find_first_pts` of its avformat producer).
MAX_PACKETS = 500


@dataclass(frozen=True)
class PlayedStreams:
    """The streams of a file that btsclip plays, None for those that programs play by themselves.

    `mlt_start` is the second of the file at which MLT begins to count frames.
    """

    picture: Track | None
    sound: Track | None
    mlt_start: Fraction


def played_streams(footage: Footage) -> PlayedStreams:
    """The streams of the file of `footage`. Raises FootageError if it cannot be read."""
    with open_media(footage.path, "video") as container:
        stream = container.streams[footage.video_stream]
        return PlayedStreams(
            _picture_track(container, stream),
            _sound_track(footage),
            _first_counted(container, stream, footage) - Fraction(footage.start),
        )


def _picture_track(container: InputContainer, stream: Stream) -> Track | None:
    from av.stream import Disposition

    others = Disposition.attached_pic
    tracks = [s.index for s in container.streams.video if not s.disposition & others]
    number = tracks.index(stream.index) + 1
    return Track(number, stream.index) if number > 1 else None


def _sound_track(footage: Footage) -> Track | None:
    """The track of `footage` that is heard, if it is not the first that can be decoded.

    None for two tracks that are one sound, which no program joins by itself.
    """
    readable = [track for track in footage.audio_tracks if track.is_readable]
    if footage.right_stream is not None or footage.audio_stream is None:
        return None
    played = next(track for track in readable if track.stream == footage.audio_stream)
    return Track(played.number, played.stream) if played != readable[0] else None


def _first_counted(container: InputContainer, stream: Stream, footage: Footage) -> Fraction:
    """The time on the file's own clock, in seconds, at which MLT begins to count frames.

    It is that of the first keyframe; but zero if that is to be decoded before zero, as with
    pictures that are not in order.
    """
    import av

    # Of a damaged file, the first picture that can be decoded is known.
    with suppress(av.error.FFmpegError):
        for packet in islice(container.demux(), MAX_PACKETS):
            if packet.stream_index == stream.index and packet.is_keyframe:
                if packet.dts is not None and packet.dts < 0:
                    return Fraction(0)
                time = packet.dts if packet.pts is None else packet.pts
                return Fraction(time or 0) * (stream.time_base or 0)
    return Fraction(footage.start + footage.first_picture)
