"""Speech in a clip: transcribed spans and the cues to write on the clip."""

from __future__ import annotations

from btsclip.analysis import SignalCache
from btsclip.captions import Cue, speech_cues, without_fillers
from btsclip.media import Footage
from btsclip.presets import Preset
from btsclip.signals import Speech, find_model, transcribe

# Seconds to transcribe before and after a clip, so that its first and last words are complete.
MARGIN_SECONDS = 1.0
# Kinds of clips in which the words matter more than the work.
SPEECH_KINDS = ("why", "people")


def hear_span(footage: Footage, start: float, end: float, language: str | None = None) -> Speech:
    """The speech from `start` to `end` seconds and a margin around it.

    Comes from the cache if it was transcribed before.
    """
    first = round(max(0.0, start - MARGIN_SECONDS), 3)
    last = round(min(footage.duration, end + MARGIN_SECONDS), 3)
    span = (first, last)
    model = find_model()
    # Two models of the same size differ by their paths.
    weights = model / "model.bin"
    parameters = {
        "span": span, "language": language, "model": str(model), "size": weights.stat().st_size,
    }  # fmt: skip
    return SignalCache().get_or_make(
        footage, parameters, Speech, lambda: transcribe(footage, model, [span], language)
    )


def spoken_cues(
    footage: Footage,
    start: float,
    end: float,
    *,
    language: str | None = None,
    max_words: int | None = None,
    fillers: bool = True,
) -> tuple[Cue, ...]:
    """The speech from `start` to `end` as cues, in seconds of the footage.

    Words with their middle outside are left out; a cue may reach beyond the span. Without `fillers`
    words such as "um" are left out, too. Raises ToolError if the extra `speech` or its model is
    missing.
    """
    speech = hear_span(footage, start, end, language)
    spoken = speech.words if fillers else without_fillers(speech.words, speech.language)
    words = [w for w in spoken if start <= (w.start + w.end) / 2 < end]
    return speech_cues(Speech.of(words), max_words=max_words)


def max_words_shown(preset: Preset) -> int | None:
    """The number of words to show at a time; None for no limit."""
    return preset.captions.speech_style.words or None
