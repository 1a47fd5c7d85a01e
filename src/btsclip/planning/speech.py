"""What is said in a clip: as cues to write on it, and as borders to cut it at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from btsclip.analysis.cache import SignalCache
from btsclip.captions.cues import MAX_CUE_CHARACTERS, Cue, speech_cues
from btsclip.intervals import Span
from btsclip.media.footage import Footage
from btsclip.moments.evidence import describe_evidence, measure_evidence
from btsclip.moments.select import Cut
from btsclip.presets.schema import Preset
from btsclip.signals.model import STEP, Signals
from btsclip.signals.speech import Speech, SpokenText, transcribe
from btsclip.signals.whisper import find_model

# Seconds heard on either side of a clip, so that its first and last word are heard whole.
MARGIN = 1.0
# Seconds by which a cut may move to the border of a sentence, and those of air left around it.
REACH, AIR = 2.0, 0.1
# Kinds of clips in which what is said matters more than what is done.
TOLD = ("why", "people")
# Words shown at once where each is lifted as it is spoken.
LIFTED_WORDS = 3


def hear_span(footage: Footage, start: float, end: float, language: str | None = None) -> Speech:
    """What is said from `start` to `end` and a margin around. What was heard before is kept."""
    span = (round(max(0.0, start - MARGIN), 3), round(min(footage.duration, end + MARGIN), 3))
    model = find_model()
    # Two models of the same size are told apart by where they lie.
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
    characters: int = MAX_CUE_CHARACTERS,
    most_words: int | None = None,
) -> tuple[Cue, ...]:
    """What is said from `start` to `end` as cues, in seconds of the footage.

    Words of which the half lies outside are left out; what remains may reach beyond. Raises
    ToolError when the extra `speech` or its model is missing.
    """
    speech = hear_span(footage, start, end, language)
    inside = [w for w in speech.words if start <= (w.start + w.end) / 2 < end]
    return speech_cues(Speech.of(inside), characters=characters, max_words=most_words)


def max_words_shown(preset: Preset) -> int | None:
    """How many words are shown at once: few where each is lifted as it is spoken."""
    return LIFTED_WORDS if preset.captions.speech_style.effect == "pop" else None


def extend_to_sentences(
    cuts: Sequence[Cut],
    signals: dict[Footage, Signals],
    lengths: tuple[float, float, float],
    language: str | None = None,
) -> list[Cut]:
    """`cuts`, those in which somebody tells something moved to the borders of sentences.

    Each stays within its shot, clear of the other cuts and of `lengths` (least, target, most).
    """
    moved = list(cuts)
    for i, cut in enumerate(moved):
        if cut.kind not in TOLD:
            continue
        seen = signals[cut.footage]
        room = _room(cut, [other for other in moved if other is not cut], seen)
        heard = hear_span(cut.footage, cut.start - REACH, cut.end + REACH, language)
        span = align_to_sentences((cut.start, cut.end), heard.sentences, room, lengths)
        if span == (cut.start, cut.end):
            continue
        evidence = {**cut.evidence, **measure_evidence(seen, seen.between(*span))}
        why = describe_evidence(evidence, span[1] - span[0], cut.kind)
        moved[i] = replace(cut, start=span[0], end=span[1], evidence=evidence, why=why)
    return moved


def align_to_sentences(
    span: Span, sentences: Sequence[SpokenText], room: Span, lengths: tuple[float, float, float]
) -> Span:
    """`span` with each end that cuts a sentence in two moved to the nearest border of it.

    An end stays where it is when that border is more than REACH seconds away or outside `room`, or
    when the span would become too short or too long.
    """
    start, end = span
    for time in sorted(_borders(start, sentences), key=lambda time: abs(time - start)):
        if abs(time - start) <= REACH and time >= room[0] and _fits(end - time, lengths):
            start = time
            break
    for time in sorted(_borders(end, sentences), key=lambda time: abs(time - end)):
        if abs(time - end) <= REACH and time <= room[1] and _fits(time - start, lengths):
            end = time
            break
    return round(start, 3), round(end, 3)


def _borders(time: float, sentences: Sequence[SpokenText]) -> list[float]:
    """Before and after the sentence that goes on at `time`, amid the pauses around it or
    AIR seconds away; nothing when no sentence does."""
    for i, sentence in enumerate(sentences):
        if sentence.start < time < sentence.end:
            before = sentence.start - sentences[i - 1].end if i else 2 * AIR
            after = sentences[i + 1].start - sentence.end if i + 1 < len(sentences) else 2 * AIR
            return [
                sentence.start - min(AIR, before / 2),
                sentence.end + min(AIR, after / 2),
            ]
    return []


def _fits(length: float, lengths: tuple[float, float, float]) -> bool:
    return lengths[0] <= length <= lengths[2]


def _room(cut: Cut, others: Sequence[Cut], signals: Signals) -> Span:
    """How far `cut` may grow: to the borders of its shot, and to the other cuts of its footage."""
    beside = [other for other in others if other.footage == cut.footage]
    before = [cut.footage.first_picture, *(b for b in signals.borders if b <= cut.start + STEP)]
    before += [min(other.end, cut.start) for other in beside if other.start < cut.start]
    after = [cut.footage.duration, *(b for b in signals.borders if b >= cut.end - STEP)]
    after += [max(other.start, cut.end) for other in beside if other.end > cut.end]
    return max(before), min(after)
