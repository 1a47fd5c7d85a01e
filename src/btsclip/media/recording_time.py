"""When a take was recorded, by its file's tags, and what is to be thought of that."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Tags of the time of recording: in UTC, which some cameras take their local time for, and with the
# place's own time zone; and seconds by which they may differ.
CREATED, CREATED_THERE = "creation_time", "com.apple.quicktime.creationdate"
SAME_TIME = 120.0
ANDROID = "com.android.version"
# Of a time of recording: as cameras write it, with its time zone, or contradicted by another one.
Clock = Literal["plain", "zoned", "doubtful"]


def recording_start(
    container: InputContainer, stream: VideoStream, duration: float
) -> datetime | None:
    """When recording began."""
    when = next(iter(_times(container, stream)), None)
    # Android writes its tags when recording ends.
    ended = when is not None and ANDROID in container.metadata
    return when - timedelta(seconds=duration) if when is not None and ended else when


def _times(container: InputContainer, stream: VideoStream) -> list[datetime]:
    """When it was recorded, by each tag that says so, the usual one first."""
    found = []
    for tags in (container.metadata, stream.metadata):
        for name in (CREATED, CREATED_THERE):
            text = tags.get(name)
            try:
                when = datetime.fromisoformat(_with_colon(text)) if text else None
            except ValueError:
                continue
            # Cameras whose clock was never set write the start of their epoch.
            if when and when.year > 1980:
                found.append(when if when.tzinfo else when.replace(tzinfo=timezone.utc))
    return found


def _with_colon(text: str) -> str:
    """An ISO time as Python 3.10 reads it: phones write +0200."""
    text = text.strip().replace("Z", "+00:00")
    return re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)


def recording_clock(container: InputContainer, stream: VideoStream) -> Clock:
    """What is to be thought of the time of recording."""
    times = _times(container, stream)
    if times and (max(times) - min(times)).total_seconds() > SAME_TIME:
        return "doubtful"
    there = any(CREATED_THERE in tags for tags in (container.metadata, stream.metadata))
    return "zoned" if there else "plain"


def timecode_of(container: InputContainer, stream: VideoStream) -> str:
    """The timecode of the first picture, from the picture's stream, one of timecodes, or the file;
    nothing where there is none that can be read."""
    tags = (stream.metadata, *(other.metadata for other in container.streams), container.metadata)
    # Matroska has its tags in capitals.
    named = (text for each in tags for key, text in each.items() if key.lower() == "timecode")
    found = next(named, "")
    return found if re.fullmatch(r"\d\d:\d\d:\d\d[:;.]\d\d", found) else ""
