"""What of a clip a format can't carry, in words: an editor must not find it out by chance."""

from __future__ import annotations

from collections.abc import Iterator

from btsclip.exchange.edl import CHANNELS
from btsclip.exchange.forms import Form
from btsclip.exchange.timeline import Timeline
from btsclip.plan.model import Clip, Span

TEXTS: tuple[Form, ...] = ("srt", "vtt", "markers-csv")
# Formats with titles, with moves of the picture, and with ramps of speed.
TITLED = MOVED = frozenset[Form]({"premiere", "resolve", "fcpxml"})
RAMPED = frozenset[Form]({"resolve", "fcpxml"})
# The highest speed that programs agree on.
FASTEST = 100


def losses(clip: Clip, timeline: Timeline, form: Form) -> tuple[str, ...]:
    """What `form` leaves out of `clip`, one sentence each; nothing for what has only texts."""
    if form in TEXTS:
        return ()
    return tuple(
        dict.fromkeys(
            [*_hidden(clip), *_framing(timeline, form), *_times(timeline, form),
             *_texts(clip, timeline, form), *_sound(clip, timeline, form)]
        )
    )  # fmt: skip


def _hidden(clip: Clip) -> Iterator[str]:
    if any(span.blur for span in clip.spans):
        yield "faces that the plan blurs are NOT blurred in it: look for the red markers"


def _framing(timeline: Timeline, form: Form) -> Iterator[str]:
    framed = any(shot.span.layout != "fit-blur" or shot.span.crop for shot in timeline.shots)
    if framed and form not in MOVED:
        kept = ", but stands in its metadata" if form != "edl" else ""
        yield f"the crop is not carried{kept}; premiere, resolve and fcpxml carry it"
    elif any(shot.span.layout == "fit-blur" for shot in timeline.shots):
        yield "the blurred picture behind a smaller one is not carried"


def _times(timeline: Timeline, form: Form) -> Iterator[str]:
    if form not in RAMPED and any(shot.ramp for shot in timeline.shots):
        yield "ramps of speed are carried as their mean speed: look for the red markers"
    if any(shot.speed > FASTEST for shot in timeline.shots):
        yield f"it runs faster than {FASTEST} times life, where most programs stop: check it"
    rates = {shot.media.rate for shot in timeline.shots}
    if form == "edl" and rates - {timeline.rate}:
        yield "source timecode of takes at another rate is converted to the list's"
    if any(span.card and span.enter == "dissolve" for span in _spans(timeline)):
        yield "a card that dissolves in comes in with a cut"


def _texts(clip: Clip, timeline: Timeline, form: Form) -> Iterator[str]:
    if timeline.texts and form not in TITLED:
        yield "captions are not carried; add them with --to srt (hooks and cards are markers)"
    elif timeline.texts:
        yield "captions are plain titles in the middle, without the preset's look and place"
    if any(caption.role == "sticker" for caption in clip.captions):
        yield "stickers are not carried"
    if any(caption.role == "clock" for caption in clip.captions):
        yield "a time that runs is carried as what it says in the end"
    if clip.end_card:
        yield "the picture of the end card is not carried: it is a gap"
    if any(span.card for span in clip.spans):
        yield "the picture behind a card is not carried: it is a gap"


def _sound(clip: Clip, timeline: Timeline, form: Form) -> Iterator[str]:
    gains = any(sound.gain for sound in timeline.sounds)
    if gains and form not in MOVED:
        yield "gains are not carried"
    if len(clip.spans) > 1 or clip.lanes:
        yield "sound is not levelled or faded, and music does not make way: that is rendering's"
    if form == "edl" and timeline.tracks > len(CHANNELS):
        yield f"only {len(CHANNELS)} tracks of sound are carried"


def _spans(timeline: Timeline) -> list[Span]:
    return [shot.span for shot in timeline.shots]
