"""Decode the pictures of an open take from any time on, on the clock of the take.

One way to seek for all readers: containers without an index, such as MPEG-TS, seek to any packet,
and decoding begins only at the keyframe after it. So a seek that ends too late is repeated for an
earlier time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from btsclip.media.footage import Footage
from btsclip.media.jumps import MAX_STEP_BACK, jump_error
from btsclip.media.packets import read_packets

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Seconds by which the time of a picture may be rounded.
ROUNDING_SECONDS = 0.001
# Seconds into a take up to which reading on from the start costs little; some containers fail to
# seek there.
MIN_SEEK = 0.5
# Seconds before the start to which is sought to begin there.
BEFORE_START = 60.0
# Seconds by which a seek that ended too late goes earlier at first; then twice as much each time.
MIN_LEAD = 2.0
# Seconds by which the next seek goes earlier at most, once one ended too late: more was needed at a
# hole in the take, and only there.
MAX_KEPT_LEAD = 8.0


class PictureReader:
    """The pictures of an open take; each gets its time in seconds of the take as `time`.

    `sought` is the time to which the last seek went, in seconds of the take.
    """

    def __init__(self, footage: Footage, container: InputContainer, stream: VideoStream) -> None:
        self._footage = footage
        self._container = container
        self._stream = stream
        self._clock = _PictureClock(footage, container, stream)
        self._lead = 0.0
        self.sought = 0.0

    def read_from(self, seconds: float) -> Iterator[VideoFrame]:
        """Decode from the last keyframe at or before `seconds`, or from the first if that is
        later. Damaged pictures are left out. Raises FootageError where times jump back."""
        return filter(None, self.read_all_from(seconds))

    def read_all_from(self, seconds: float) -> Iterator[VideoFrame | None]:
        """Decode as `read_from`, with None for each packet after the first picture that can't be
        decoded."""
        lead = self._lead
        while True:
            self.sought = max(0.0, seconds - lead)
            pictures = self._seek(self.sought)
            first = next(filter(None, pictures), None)
            if first is not None and (first.time or 0.0) <= seconds + ROUNDING_SECONDS:
                self._lead = min(lead, MAX_KEPT_LEAD)
                return itertools.chain([first], pictures)
            if self.sought == 0.0:
                return pictures if first is None else itertools.chain([first], pictures)
            lead = max(2 * lead, MIN_LEAD)

    def _seek(self, seconds: float) -> Iterator[VideoFrame | None]:
        """Decode from the last keyframe before `seconds`, as far as the container can find it."""
        # A rounded time may be just before its own keyframe. The first picture is decoded before
        # it is due; some containers can't seek to a time before their start.
        goals = [seconds + ROUNDING_SECONDS] if seconds else [-BEFORE_START, ROUNDING_SECONDS]
        for goal in goals:
            if self._try_seek(goal):
                break
        # A file without seeking is read on from the current position.
        self._clock = _PictureClock(self._footage, self._container, self._stream)
        return self.read_all()

    def _try_seek(self, seconds: float) -> bool:
        import av

        goal = math.floor((self._footage.start + seconds) * av.time_base)
        try:
            self._container.seek(goal, backward=True)
        except av.error.FFmpegError:
            return False
        return True

    def read_on(self) -> Iterator[VideoFrame]:
        """Decode from the current position, as `read_from`."""
        return filter(None, self.read_all())

    def read_all(self) -> Iterator[VideoFrame | None]:
        """Decode from the current position, as `read_all_from`."""
        import av

        for packet in read_packets(self._container, self._stream):
            try:
                pictures = self._stream.decode(packet)
            except av.error.FFmpegError:
                yield None
                continue
            yield from filter(self._clock.set_time, pictures)

    def decode(self, packet: Packet[VideoStream]) -> Iterator[VideoFrame]:
        """The pictures that a packet completes; none for a damaged packet, as the next may be
        good. Raises FootageError where times jump back."""
        import av

        with suppress(av.error.FFmpegError):
            for picture in self._stream.decode(packet):
                if self._clock.set_time(picture):
                    yield picture


class _PictureClock:
    """Gives the pictures of a stream their times, in the order of decoding.

    As in ffmpeg, which renders them: where times of presentation are out of order, as those of
    H.264 in AVI, those of decoding count; a picture without any follows the one before.
    """

    def __init__(self, footage: Footage, container: InputContainer, stream: VideoStream) -> None:
        self._footage = footage
        self._container = container
        self._stream = stream
        self._base = float(stream.time_base or 1)
        self._start = round(footage.start / self._base)
        self._step = max(1, round(1 / max(footage.fps, 1.0) / self._base))
        self._last_pts = self._last_dts = -math.inf
        self._faulty_pts = self._faulty_dts = 0
        self._latest = self._before = -math.inf

    def set_time(self, picture: VideoFrame) -> bool:
        """Set the time of the next picture. Returns whether it is known.

        Raises FootageError where times jump back.
        """
        pts = self._best(picture.pts, picture.dts)
        if pts is None:
            if math.isinf(self._latest):
                return False
            # Pictures that were skipped have no times either: skip none.
            self._stream.codec_context.skip_frame = "DEFAULT"
            pts = round(self._latest) + self._step
        self._check(pts)
        picture.pts = max(0, pts - self._start)
        return True

    def _best(self, pts: int | None, dts: int | None) -> int | None:
        """The time to trust, as in libavcodec's guess_correct_pts."""
        if dts is not None:
            self._faulty_dts += dts <= self._last_dts
            self._last_dts = dts
        elif pts is not None:
            self._last_dts = pts
        if pts is not None:
            self._faulty_pts += pts <= self._last_pts
            self._last_pts = pts
        elif dts is not None:
            self._last_pts = dts
        if pts is not None and (dts is None or self._faulty_pts <= self._faulty_dts):
            return pts
        return dts

    def _check(self, pts: int) -> None:
        """Raise FootageError if the times jump back; one odd time is no jump."""
        slack = MAX_STEP_BACK / self._base
        if pts < self._latest - slack and pts < self._before - slack:
            before, after = self._seconds(self._latest), self._seconds(pts)
            raise jump_error(self._container, self._footage.path, before, after)
        self._before = pts if pts < self._latest - slack else self._latest
        self._latest = pts

    def _seconds(self, pts: float) -> float:
        """Seconds of the take."""
        return (pts - self._start) * self._base
