"""The timeline of a clip of a plan.

Spans are split into shots where the file or the speed changes. A shot at normal speed starts and
ends with the frames of its file that the plan names. Any other shot starts with that frame and
lasts as long as it is seen. Sounds follow their shots, extended by leads and tails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from btsclip.captions import flow_lines
from btsclip.exchange.footage import SourceFiles
from btsclip.exchange.markers import make_markers
from btsclip.exchange.motion import picture_motions
from btsclip.exchange.placement import background, placements
from btsclip.exchange.rates import DROP_FRAME_RATES, frame_at, timeline_rate
from btsclip.exchange.sounds import music_sounds, span_sounds
from btsclip.exchange.timeline import (
    Media,
    Ramp,
    Role,
    Shot,
    Timeline,
    TimelinePart,
    TimelineText,
    count_source_frames,
)
from btsclip.exchange.xml import plain_line
from btsclip.plan import Clip, Span, SpeedRamp
from btsclip.presets import Output, Preset
from btsclip.render import DISSOLVE_SECONDS

# Seconds of the source between two points of a speed ramp.
RAMP_STEP = 0.1
# The points are rounded to this part of a frame.
PARTS_OF_A_FRAME = 100


@dataclass(frozen=True)
class _Screen:
    """What all timelines have in common. `blurs` is whether the preset has the blurred picture
    behind a smaller one."""

    output: Output
    rate: Fraction
    drop_frame: bool
    blurs: bool


def timelines_of(
    clips: Sequence[Clip], takes: Mapping[str, SourceFiles], preset: Preset, *, one_rate: bool
) -> list[Timeline]:
    """The timeline of each clip, at the rate of the take that is seen longest in it, or, with
    `one_rate`, in all of them.

    `takes` holds the source of each span. Raises FootageError for music that cannot be read.
    """
    blurs = preset.framing.backdrop == "blur"
    return [
        _timeline_of(
            clip, takes,
            _Screen(preset.output, *_timeline_rate(clips if one_rate else [clip], takes), blurs),
        )
        for clip in clips
    ]  # fmt: skip


def _timeline_of(clip: Clip, takes: Mapping[str, SourceFiles], screen: _Screen) -> Timeline:
    rate, output = screen.rate, screen.output
    shots, parts, warnings = _make_shots(clip, takes, screen)
    frames = parts[-1].end
    sounds = span_sounds(takes, shots, parts, rate, frames)
    music_track = max((sound.track for sound in sounds), default=-1) + 1
    music, unheard = music_sounds(clip.lanes, rate, frames, music_track)
    end_card = frame_at(clip.end_card.seconds, rate) if clip.end_card else 0
    timeline = Timeline(
        clip.id, rate, screen.drop_frame, (output.width, output.height), frames + end_card,
        tuple(shots), (*sounds, *music), _timeline_texts(clip, parts, rate),
        warnings=(*warnings, *unheard),
    )  # fmt: skip
    return replace(timeline, markers=make_markers(clip, timeline, parts))


def _timeline_rate(
    clips: Sequence[Clip], takes: Mapping[str, SourceFiles]
) -> tuple[Fraction, bool]:
    """The rate of a timeline of all `clips`, and whether its timecode drops numbers."""
    seconds: dict[Media, float] = {}
    for span in (span for clip in clips for span in clip.spans):
        media = takes[span.source].files[0][1]
        seconds[media] = seconds.get(media, 0.0) + span.seconds
    longest = max(seconds, key=lambda media: seconds[media])
    rate = timeline_rate(longest.rate)
    # A take without a timecode gets one that keeps up with the clock.
    return rate, rate in DROP_FRAME_RATES and (longest.drop_frame or not longest.first_frame)


def _make_shots(
    clip: Clip, takes: Mapping[str, SourceFiles], screen: _Screen
) -> tuple[list[Shot], list[TimelinePart], list[str]]:
    """The shots of all spans, the parts of the timeline, and warnings."""
    shots: list[Shot] = []
    parts: list[TimelinePart] = []
    warnings = _rate_warnings(clip, takes)
    rate, seconds, frame = screen.rate, 0.0, 0
    for span in clip.spans:
        if span.card:
            end = frame + max(1, frame_at(span.card.seconds, rate))
            parts.append(TimelinePart(span, frame, end, seconds, seconds + span.card.seconds, ()))
            seconds, frame = seconds + span.card.seconds, end
        span_shots = _span_shots(span, takes[span.source], screen, frame)
        if span.enter == "dissolve" and not span.card and shots:
            dissolve, dissolve_warnings = _fit_dissolve(shots[-1], span_shots[0], rate)
            span_shots[0] = replace(span_shots[0], dissolve=dissolve)
            warnings += dissolve_warnings
        indices = tuple(range(len(shots), len(shots) + len(span_shots)))
        shots += span_shots
        end = span_shots[-1].end
        parts.append(TimelinePart(span, frame, end, seconds, seconds + span.seconds, indices))
        seconds, frame = seconds + span.seconds, end
    return shots, parts, warnings


def _rate_warnings(clip: Clip, takes: Mapping[str, SourceFiles]) -> list[str]:
    files = dict.fromkeys(takes[span.source].files[0][1] for span in clip.spans)
    return [
        f"{media.path.name} has a variable frame rate and is counted at {float(media.rate):.6g} "
        "frames a second: cuts may be a frame or two off"
        for media in files
        if media.vfr
    ]


def _fit_dissolve(before: Shot, shot: Shot, rate: Fraction) -> tuple[int, list[str]]:
    """The frames of a dissolve from `before` to `shot`, and a warning if it has to be shorter.

    The file of `before` must go on for the length of the dissolve.
    """
    wanted = min(frame_at(DISSOLVE_SECONDS, rate), before.frames, shot.frames)
    left = before.media.frames - before.start - before.source_frames
    frames = min(wanted, int(left / before.source_frames_in(1)))
    if frames >= wanted:
        return wanted, []
    result = "the dissolve is shorter" if frames > 0 else "it becomes a cut"
    name = before.media.path.name
    return max(0, frames), [f"{name} is {wanted - frames} frames too short to dissolve: {result}"]


def _span_shots(span: Span, take: SourceFiles, screen: _Screen, at: int) -> list[Shot]:
    """The shots of `span`, from frame `at` of the timeline."""
    rate = screen.rate
    shots: list[Shot] = []
    first, clock = at, span.time_map
    for piece in _split_span(span, take):
        file_start, media = _file_at(take, span.start + (piece.start + piece.end) / 2)
        start = frame_at(max(0.0, span.start + piece.start - file_start), media.rate)
        end = frame_at(span.start + piece.end - file_start, media.rate)
        if clock.plain and media.rate == rate:
            frames = end - start
        else:
            frames = first + frame_at(clock.shown(piece.end), rate) - at
        if frames < 1 and shots:
            continue
        frames = max(1, frames)
        speed, ramp = _piece_speed(piece, frames, media)
        times = [
            Fraction(file_start) + (start + _frames_into(ramp, speed, media, rate, n)) / media.rate
            for n in range(frames)
        ]
        framed = (span, take.footage, screen.output, times, media.rate)
        shots.append(
            Shot(
                media, at, frames, min(start, media.frames - 1), speed, span,
                picture_motions(*framed), placements(*framed),
                background(*framed) if screen.blurs else None, rate, ramp=ramp,
            )
        )  # fmt: skip
        at += frames
    return shots


def _split_span(span: Span, take: SourceFiles) -> list[SpeedRamp]:
    """Pieces of one speed, or of one ramp, in one file; in seconds from the span's start."""
    borders = [file_start - span.start for file_start, _ in take.files[1:]]
    pieces: list[SpeedRamp] = []
    for stretch in span.time_map.stretches:
        inside = [border for border in borders if stretch.start < border < stretch.end]
        for end in (*inside, stretch.end):
            start = pieces[-1].end if pieces else 0.0
            last = pieces[-1] if pieces else None
            even = not stretch.slope and last and not last.slope and last.last == stretch.first
            if last and even and start not in borders:
                pieces[-1] = replace(last, end=end)
            else:
                speeds = _speed_at(stretch, start), _speed_at(stretch, end)
                pieces.append(SpeedRamp(start, end, *speeds, stretch.shown_at(start)))
    return pieces


def _speed_at(stretch: SpeedRamp, seconds: float) -> float:
    return stretch.first + stretch.slope * (seconds - stretch.start)


def _file_at(take: SourceFiles, seconds: float) -> tuple[float, Media]:
    """The file that is on at a time of the take, with the second it starts at."""
    return [file for file in take.files if file[0] <= seconds or file is take.files[0]][-1]


def _piece_speed(piece: SpeedRamp, frames: int, media: Media) -> tuple[Fraction, Ramp]:
    """The even speed of a piece; for a ramp, its mean speed and its points."""
    if not piece.slope:
        return Fraction(piece.first).limit_denominator(1000), ()
    source_seconds = piece.end - piece.start
    shown_seconds = piece.shown_at(piece.end) - piece.shown
    mean = Fraction(source_seconds / shown_seconds).limit_denominator(10_000)
    count = max(1, round(source_seconds / RAMP_STEP))
    points = []
    for i in range(count + 1):
        past = source_seconds * i / count
        share = (piece.shown_at(piece.start + past) - piece.shown) / shown_seconds
        points.append((_round_frames(share * frames), _round_frames(past * float(media.rate))))
    points[0], points[-1] = (Fraction(0), Fraction(0)), (Fraction(frames), points[-1][1])
    return mean, tuple(points)


def _round_frames(frames: float) -> Fraction:
    return Fraction(round(frames * PARTS_OF_A_FRAME), PARTS_OF_A_FRAME)


def _frames_into(ramp: Ramp, speed: Fraction, media: Media, rate: Fraction, frame: int) -> Fraction:
    """The frames of its file that a shot has passed at its own frame `frame`."""
    for (x0, y0), (x1, y1) in pairwise(ramp):
        if x0 <= frame <= x1 and x1 > x0:
            return y0 + (y1 - y0) * (frame - x0) / (x1 - x0)
    return count_source_frames(media.rate, speed, frame, rate)


def _timeline_frame(parts: Sequence[TimelinePart], seconds: float, rate: Fraction) -> int:
    """The timeline's frame at a time of the plan's clip. Each span is rounded on its own."""
    part = next((part for part in parts if seconds < part.screen_end), parts[-1])
    share = (seconds - part.screen_start) / (part.screen_end - part.screen_start)
    if share > 1:
        return part.end + frame_at(seconds - part.screen_end, rate)
    return part.start + round(share * (part.end - part.start))


def _timeline_texts(
    clip: Clip, parts: Sequence[TimelinePart], rate: Fraction
) -> tuple[TimelineText, ...]:
    """The texts of the clip without stickers, in order of time."""

    def place_text(start: float, end: float, text: str, role: Role) -> TimelineText:
        at = _timeline_frame(parts, start, rate)
        lines = "\n".join(map(plain_line, flow_lines(text).splitlines()))
        return TimelineText(at, max(1, _timeline_frame(parts, end, rate) - at), lines, role)

    cards = [(part, part.span.card) for part in parts if part.span.card and not part.shots]
    texts = [
        TimelineText(part.start, part.end - part.start, plain_line(card.text), card.role)
        for part, card in cards
    ]
    # A running clock is carried as its last text.
    clock = [caption for caption in clip.captions if caption.role == "clock"][-1:]
    texts += [
        place_text(caption.start, caption.end, caption.text, caption.role)
        for caption in clip.captions
        if caption.role != "sticker" and (caption.role != "clock" or caption in clock)
    ]
    if clip.comment:
        text = clip.comment.text + (f" ({clip.comment.author})" if clip.comment.author else "")
        texts.append(place_text(clip.comment.start, clip.comment.end, text, "comment"))
    if clip.end_card and clip.end_card.text:
        end = parts[-1].screen_end
        texts.append(place_text(end, end + clip.end_card.seconds, clip.end_card.text, "end"))
    return tuple(sorted(texts, key=lambda text: text.at))
