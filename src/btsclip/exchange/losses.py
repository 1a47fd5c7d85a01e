"""Notes on what a format does not carry, so that no editor finds it out by chance."""

from __future__ import annotations

from collections.abc import Iterator

from btsclip.exchange.edl import CHANNELS
from btsclip.exchange.formats import FileFormat
from btsclip.exchange.motion import without_zoom
from btsclip.exchange.timeline import Timeline
from btsclip.plan import Clip

TEXT_FORMATS = frozenset[FileFormat]({"srt", "vtt", "markers-csv"})
# Formats of programs on MLT, which place pictures in rectangles.
RECTANGLE_FORMATS = frozenset[FileFormat]({"kdenlive", "shotcut"})
# Formats that move pictures, set gains and have titles.
MOTION_FORMATS = RECTANGLE_FORMATS | {"premiere", "resolve", "fcpxml"}
RAMP_FORMATS = RECTANGLE_FORMATS | {"resolve", "fcpxml"}
# Files without an index, in which MLT may show the next keyframe until it is reached.
STREAM_SUFFIXES = frozenset({".ts", ".mts", ".m2ts"})
# Seconds without a picture at the start of a file that are too few to be seen as a wrong cut.
MAX_LEAD = 0.1
# The highest speed that most programs play.
MAX_SPEED = 100


def losses(clip: Clip, timeline: Timeline, file_format: FileFormat) -> tuple[str, ...]:
    """What `file_format` leaves out of `clip`, one sentence each; nothing for text formats."""
    if file_format in TEXT_FORMATS:
        return ()
    return tuple(
        dict.fromkeys(
            [*_blur_losses(clip), *_track_losses(timeline, file_format),
             *_framing_losses(timeline, file_format), *_time_losses(timeline, file_format),
             *_text_losses(clip, timeline, file_format),
             *_sound_losses(clip, timeline, file_format)]
        )
    )  # fmt: skip


def _blur_losses(clip: Clip) -> Iterator[str]:
    if any(span.blur for span in clip.spans):
        yield "faces that the plan blurs are NOT blurred: look for the red markers"


def _track_losses(timeline: Timeline, file_format: FileFormat) -> Iterator[str]:
    """Files of which a program may play other tracks, or at another time."""
    for media in timeline.media:
        name = media.path.name
        whys = list(media.sound_whys)
        if file_format not in RECTANGLE_FORMATS:
            if media.picture_track:
                whys.append(f"the picture of video track {media.picture_track.number} is shown")
            if media.sound_track:
                whys.append(f"the sound of track {media.sound_track.number} is used")
        for why in whys:
            yield f"{name}: {why} in a rendered clip; set this in your editor"
        if media.first_picture <= MAX_LEAD:
            continue
        lead = f"{name} has {media.first_picture:.1f} s of sound before its first picture"
        if file_format not in RECTANGLE_FORMATS:
            yield f"{lead}: not all programs count these; compare the first cut"
        elif media.mlt_start > 0:
            yield f"{lead}: MLT 7.12 may play its sound at a wrong time; listen to it"


def _framing_losses(timeline: Timeline, file_format: FileFormat) -> Iterator[str]:
    framed = any(shot.span.layout != "fit-blur" or shot.span.crop for shot in timeline.shots)
    if framed and file_format not in MOTION_FORMATS:
        metadata = ", only kept in the metadata" if file_format != "edl" else ""
        yield f"the crop is not carried{metadata}; {', '.join(sorted(MOTION_FORMATS))} carry it"
    smaller = [shot for shot in timeline.shots if shot.span.layout == "fit-blur"]
    if file_format in RECTANGLE_FORMATS:
        if not all(shot.background for shot in smaller):
            yield "the color behind a smaller picture is not carried: it is black"
        if any(shot.dissolve and len(shot.placements) > 1 for shot in timeline.shots):
            yield "the lower half of a split screen starts with a cut, not with a dissolve"
        return
    if smaller and (not framed or file_format in MOTION_FORMATS):
        yield "the blurred background behind a smaller picture is not carried"
    crops = [shot.span.crop for shot in timeline.shots]
    if file_format in MOTION_FORMATS and any(without_zoom(keys) != keys for keys in crops):
        yield "a crop that changes its size is carried as it is at its start"


def _time_losses(timeline: Timeline, file_format: FileFormat) -> Iterator[str]:
    if file_format not in RAMP_FORMATS and any(shot.ramp for shot in timeline.shots):
        yield "speed ramps are carried as their mean speed: look for the red markers"
    if any(shot.speed > MAX_SPEED for shot in timeline.shots):
        yield f"it runs faster than {MAX_SPEED} times normal speed, the limit of most programs"
    rates = {shot.media.rate for shot in timeline.shots}
    if file_format == "edl" and rates - {timeline.rate}:
        yield "source timecode of takes at another rate is converted to the rate of the list"
    streams = {
        m.path.name: None for m in timeline.media if m.path.suffix.lower() in STREAM_SUFFIXES
    }
    if streams and file_format in RECTANGLE_FORMATS:
        yield (
            f"the picture may stand still after a cut in {', '.join(streams)}: if it does, copy it "
            "into an .mp4 and plan again"
        )
    if any(shot.span.card and shot.span.enter == "dissolve" for shot in timeline.shots):
        yield "a card that dissolves in starts with a cut"


def _text_losses(clip: Clip, timeline: Timeline, file_format: FileFormat) -> Iterator[str]:
    if timeline.texts and file_format not in MOTION_FORMATS:
        yield "captions are not carried; add them with --to srt (hooks and cards are markers)"
    elif timeline.texts:
        yield "captions are plain titles in the middle, without the preset's style and position"
    if any(caption.role == "sticker" for caption in clip.captions):
        yield "stickers are not carried"
    if any(caption.role == "clock" for caption in clip.captions):
        yield "a running clock is carried as its last text"
    if clip.end_card:
        yield "the picture of the end card is not carried: it is a gap"
    if any(span.card for span in clip.spans):
        yield "the picture behind a card is not carried: it is a gap"


def _sound_losses(clip: Clip, timeline: Timeline, file_format: FileFormat) -> Iterator[str]:
    gains = any(sound.gain for sound in timeline.sounds)
    if gains and file_format not in MOTION_FORMATS:
        yield "gains are not carried"
    if file_format in RECTANGLE_FORMATS and any(sound.speed != 1 for sound in timeline.sounds):
        yield "sound that is not at normal speed is higher or lower: compensate its pitch there"
    if len(clip.spans) > 1 or clip.lanes:
        yield "sound is not leveled or faded, and music is not ducked: only rendering does that"
    if file_format == "edl" and timeline.sound_tracks > len(CHANNELS):
        yield f"only {len(CHANNELS)} sound tracks are carried"
