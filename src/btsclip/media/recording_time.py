"""The time of recording of a take from its tags, and how reliable it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Tag with the time in UTC (some cameras write their local time), and tag with the time zone.
UTC_TAG = "creation_time"
ZONED_TAG = "com.apple.quicktime.creationdate"
# Seconds by which the times of both tags may differ.
MAX_DIFFERENCE = 120.0
ANDROID_TAG = "com.android.version"
# "plain" is a time as cameras write it, "zoned" one with its time zone, and "doubtful" one that
# another tag contradicts.
Clock = Literal["plain", "zoned", "doubtful"]


def recording_start(
    container: InputContainer, stream: VideoStream, duration: float
) -> datetime | None:
    """The start of the recording; None if no tag has it."""
    when = next(iter(_recording_times(container, stream)), None)
    # Android writes its tags when recording ends.
    is_end = when is not None and ANDROID_TAG in container.metadata
    return when - timedelta(seconds=duration) if when is not None and is_end else when


def _recording_times(container: InputContainer, stream: VideoStream) -> list[datetime]:
    """The times in all tags, the most usual tag first."""
    times = []
    for tags in (container.metadata, stream.metadata):
        for name in (UTC_TAG, ZONED_TAG):
            text = tags.get(name)
            try:
                when = datetime.fromisoformat(_with_colon(text)) if text else None
            except ValueError:
                continue
            # Cameras whose clock was never set write the start of their epoch.
            if when and when.year > 1980:
                times.append(when if when.tzinfo else when.replace(tzinfo=timezone.utc))
    return times


def _with_colon(text: str) -> str:
    """`text` as an ISO time that Python 3.10 can read: phones write +0200."""
    text = text.strip().replace("Z", "+00:00")
    return re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)


def recording_clock(container: InputContainer, stream: VideoStream) -> Clock:
    """How reliable the time of recording is."""
    times = _recording_times(container, stream)
    if times and (max(times) - min(times)).total_seconds() > MAX_DIFFERENCE:
        return "doubtful"
    zoned = any(ZONED_TAG in tags for tags in (container.metadata, stream.metadata))
    return "zoned" if zoned else "plain"


def timecode_of(container: InputContainer, stream: VideoStream) -> str:
    """The timecode of the first picture, from the tags of its stream, other streams or the file;
    "" without a valid one."""
    tags = (stream.metadata, *(s.metadata for s in container.streams), container.metadata)
    # Matroska writes the names of tags in capitals.
    timecodes = (text for group in tags for key, text in group.items() if key.lower() == "timecode")
    timecode = next(timecodes, "")
    return timecode if re.fullmatch(r"\d\d:\d\d:\d\d[:;.]\d\d", timecode) else ""
