"""From a clip of a plan to its timeline.

Spans are cut into shots where the file or the speed changes. A shot at the speed of life begins and
ends with the frames of its file that the plan names; others begin with it and are as long as they
are seen. Sounds follow their shots, longer by leads and tails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from btsclip.captions.lines import flow_lines
from btsclip.exchange import marking
from btsclip.exchange.footage import SourceFiles
from btsclip.exchange.motion import motions
from btsclip.exchange.rates import DROPPING, frame_at, timeline_rate
from btsclip.exchange.sounds import lane_sounds, span_sounds
from btsclip.exchange.timeline import (
    Media,
    Role,
    Shot,
    Timeline,
    TimelinePart,
    TimelineText,
    frames_taken,
)
from btsclip.exchange.urls import plain
from btsclip.plan.model import Clip, Span
from btsclip.plan.speed import SpeedRamp
from btsclip.presets.schema import Output
from btsclip.render.timeline import DISSOLVE_SECONDS

# Seconds of the source between points of a ramp of speed.
RAMP_POINT = 0.1
# Their places are rounded to so many parts of a frame.
FINE = 100


def timeline_of(clip: Clip, takes: Mapping[str, SourceFiles], output: Output) -> Timeline:
    """The timeline of `clip`, whose spans' sources `takes` holds.

    Its rate is that of the take that is seen longest. Raises FootageError for music that can't be
    read.
    """
    rate, drop = _rate(clip, takes)
    shots, parts, warnings = _shots(clip, takes, output, rate)
    shown = parts[-1].end
    sounds = span_sounds(takes, shots, parts, rate, shown)
    music = max((sound.track for sound in sounds), default=-1) + 1
    lanes, gone = lane_sounds(clip.lanes, rate, shown, music)
    end = frame_at(clip.end_card.seconds, rate) if clip.end_card else 0
    texts = _texts(clip, parts, rate)
    whole = Timeline(
        clip.id, rate, drop, (output.width, output.height), shown + end,
        tuple(shots), (*sounds, *lanes), music, texts, (), (*warnings, *gone),
    )  # fmt: skip
    return replace(whole, marks=marking.marks(clip, whole, parts))


def _rate(clip: Clip, takes: Mapping[str, SourceFiles]) -> tuple[Fraction, bool]:
    """The timeline's rate, and whether its timecode drops numbers."""
    seen: dict[Media, float] = {}
    for span in clip.spans:
        media = takes[span.source].files[0][1]
        seen[media] = seen.get(media, 0.0) + span.seconds
    longest = max(seen, key=lambda media: seen[media])
    rate = timeline_rate(longest.rate)
    # Without a timecode of its own, one that stays with the clock.
    return rate, rate in DROPPING and (longest.drop or not longest.first)


def _shots(
    clip: Clip, takes: Mapping[str, SourceFiles], output: Output, rate: Fraction
) -> tuple[list[Shot], list[TimelinePart], list[str]]:
    shots: list[Shot] = []
    parts: list[TimelinePart] = []
    warnings = [*_rounded(clip, takes), *_one_channel(clip, takes)]
    shown, first = 0.0, 0
    for number, span in enumerate(clip.spans):
        if span.card:
            end = first + max(1, frame_at(span.card.seconds, rate))
            parts.append(TimelinePart(span, first, end, shown, shown + span.card.seconds, ()))
            shown, first = shown + span.card.seconds, end
        own = _of_span(span, number, takes[span.source], output, rate, first)
        if span.enter == "dissolve" and not span.card and shots:
            over, said = _over(shots[-1], own[0], rate)
            own[0] = replace(own[0], over=over)
            warnings += said
        indices = tuple(range(len(shots), len(shots) + len(own)))
        shots += own
        parts.append(TimelinePart(span, first, own[-1].end, shown, shown + span.seconds, indices))
        shown, first = shown + span.seconds, own[-1].end
    return shots, parts, warnings


def _rounded(clip: Clip, takes: Mapping[str, SourceFiles]) -> list[str]:
    files = dict.fromkeys(takes[span.source].files[0][1] for span in clip.spans)
    return [
        f"{media.path.name} has a variable rate: its times are counted at "
        f"{float(media.rate):.6g} a second, cuts may be a frame or two off"
        for media in files
        if media.vfr
    ]


def _one_channel(clip: Clip, takes: Mapping[str, SourceFiles]) -> list[str]:
    """Takes of which rendering plays one channel: editors get the sound as it was recorded."""
    footages = dict.fromkeys(takes[span.source].footage for span in clip.spans)
    return [
        f"{footage.path.name}: {footage.channel.why} in a rendered clip; set this in your editor"
        for footage in footages
        if footage.channel
    ]


def _over(before: Shot, shot: Shot, rate: Fraction) -> tuple[int, list[str]]:
    """For how many frames `shot` comes in over the one before, which must last so long."""
    asked = min(frame_at(DISSOLVE_SECONDS, rate), before.frames, shot.frames)
    left = before.media.frames - before.start - before.source_frames
    there = min(asked, int(left / before.taken(1)))
    if there >= asked:
        return asked, []
    what = f"{before.media.path.name} ends {asked - there} frames before the dissolve after it does"
    return max(0, there), [f"{what}: it is " + ("shorter" if there > 0 else "a cut")]


def _of_span(
    span: Span, number: int, take: SourceFiles, output: Output, rate: Fraction, at: int
) -> list[Shot]:
    """The shots of `span`, whose first one stands at frame `at`."""
    shots: list[Shot] = []
    first, clock = at, span.time_map
    for piece in _pieces(span, take):
        begins, media = _file_at(take, span.start + (piece.start + piece.end) / 2)
        start = frame_at(max(0.0, span.start + piece.start - begins), media.rate)
        end = frame_at(span.start + piece.end - begins, media.rate)
        if clock.plain and media.rate == rate:
            frames = end - start
        else:
            frames = first + frame_at(clock.shown(piece.end), rate) - at
        if frames < 1 and shots:
            continue
        frames = max(1, frames)
        speed, ramp = _speed(piece, frames, media)
        times = [
            Fraction(begins) + (start + _course(ramp, speed, media, rate, n)) / media.rate
            for n in range(frames)
        ]
        shots.append(
            Shot(
                media, at, frames, min(start, media.frames - 1), speed, span, number,
                motions(span, take.footage, output, times, media.rate), rate, 0, ramp,
            )
        )  # fmt: skip
        at += frames
    return shots


def _pieces(span: Span, take: SourceFiles) -> list[SpeedRamp]:
    """Stretches of one speed, or one ramp of it, in one file; seconds from the span's start."""
    borders = [begins - span.start for begins, _ in take.files[1:]]
    pieces: list[SpeedRamp] = []
    for part in span.time_map.stretches:
        inside = [border for border in borders if part.start < border < part.end]
        for end in (*inside, part.end):
            start = pieces[-1].end if pieces else 0.0
            last = pieces[-1] if pieces else None
            even = not part.slope and last and not last.slope and last.last == part.first
            if last and even and start not in borders:
                pieces[-1] = replace(last, end=end)
            else:
                pieces.append(
                    SpeedRamp(
                        start, end, _factor(part, start), _factor(part, end), part.shown_at(start)
                    )
                )
    return pieces


def _factor(part: SpeedRamp, at: float) -> float:
    return part.first + part.slope * (at - part.start)


def _file_at(take: SourceFiles, time: float) -> tuple[float, Media]:
    return [file for file in take.files if file[0] <= time or file is take.files[0]][-1]


def _speed(
    piece: SpeedRamp, frames: int, media: Media
) -> tuple[Fraction, tuple[tuple[Fraction, Fraction], ...]]:
    """The even speed of a piece, or the mean and the course of its ramp."""
    if not piece.slope:
        return Fraction(piece.first).limit_denominator(1000), ()
    shown = piece.shown_at(piece.end) - piece.shown
    mean = Fraction((piece.end - piece.start) / shown).limit_denominator(10_000)
    count = max(1, round((piece.end - piece.start) / RAMP_POINT))
    points = []
    for i in range(count + 1):
        past = (piece.end - piece.start) * i / count
        seen = (piece.shown_at(piece.start + past) - piece.shown) / shown
        points.append(
            (
                Fraction(round(seen * frames * FINE), FINE),
                Fraction(round(past * float(media.rate) * FINE), FINE),
            )
        )
    points[0], points[-1] = (Fraction(0), Fraction(0)), (Fraction(frames), points[-1][1])
    return mean, tuple(points)


def _course(
    ramp: Sequence[tuple[Fraction, Fraction]],
    speed: Fraction,
    media: Media,
    rate: Fraction,
    frame: int,
) -> Fraction:
    """How many frames of its file a shot has gone through at its own frame `frame`."""
    for (x0, y0), (x1, y1) in pairwise(ramp):
        if x0 <= frame <= x1 and x1 > x0:
            return y0 + (y1 - y0) * (frame - x0) / (x1 - x0)
    return frames_taken(media.rate, speed, frame, rate)


def frame_of_screen(parts: Sequence[TimelinePart], seconds: float, rate: Fraction) -> int:
    """The timeline's frame of a time on the plan's screen. Each span has its own rounding."""
    part = next((part for part in parts if seconds < part.until), parts[-1])
    share = (seconds - part.shown) / (part.until - part.shown)
    if share > 1:
        return part.end + frame_at(seconds - part.until, rate)
    return part.first + round(share * (part.end - part.first))


def _texts(clip: Clip, parts: Sequence[TimelinePart], rate: Fraction) -> tuple[TimelineText, ...]:
    """All that is written on the clip but stickers, in the order of time."""

    def placed(start: float, end: float, text: str, role: Role) -> TimelineText:
        at = frame_of_screen(parts, start, rate)
        lines = "\n".join(map(plain, flow_lines(text).splitlines()))
        return TimelineText(at, max(1, frame_of_screen(parts, end, rate) - at), lines, role)

    texts = [
        TimelineText(
            part.first, part.end - part.first, plain(part.span.card.text), part.span.card.role
        )
        for part in parts
        if part.span.card and not part.shots
    ]
    # Of a time that runs, what it says in the end.
    clock = [caption for caption in clip.captions if caption.role == "clock"][-1:]
    texts += [
        placed(caption.start, caption.end, caption.text, caption.role)
        for caption in clip.captions
        if caption.role != "sticker" and (caption.role != "clock" or caption in clock)
    ]
    if clip.comment:
        said = clip.comment.text + (f" ({clip.comment.author})" if clip.comment.author else "")
        texts.append(placed(clip.comment.start, clip.comment.end, said, "comment"))
    if clip.end_card and clip.end_card.text:
        shown = parts[-1].until
        texts.append(placed(shown, shown + clip.end_card.seconds, clip.end_card.text, "end"))
    return tuple(sorted(texts, key=lambda text: text.at))
