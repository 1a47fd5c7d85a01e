"""The ends of clips, moved to rests in the motion and to the borders of sentences.

A clip neither begins nor ends in the middle of a stroke or of a sentence. The analysis samples most
of a take only sparsely, so the motion near each end is measured again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from btsclip.analysis import Analysis, SignalCache
from btsclip.intervals import Span
from btsclip.media import Footage
from btsclip.moments import BORDER_REACH, Cut, describe_evidence, measure_evidence
from btsclip.planning.request import Lengths, PlanContext
from btsclip.planning.speech import SPEECH_KINDS, hear_span
from btsclip.signals import STEP, MotionAbout, Signals, SpokenText, measure_motion_about

# Seconds by which an end may move to a rest in the motion.
MAX_REST_SHIFT = 0.6
# Motion below this share of the mean motion near an end is a rest.
MAX_REST_MOTION = 0.7
# Seconds by which an end may move to the border of a sentence.
MAX_SENTENCE_SHIFT = 2.0
# Seconds of silence to leave before and after a sentence.
SENTENCE_AIR = 0.1


def align_ends(cuts: list[Cut], analyses: Sequence[Analysis], context: PlanContext) -> list[Cut]:
    """Move the ends of `cuts` to rests in the motion.

    With speech, cuts in which somebody explains something are then moved to sentence borders.
    """
    signals = {analysis.footage: analysis.signals for analysis in analyses}
    cuts = align_to_rests(cuts, signals, context.source_lengths)
    if not context.request.speech:
        return cuts
    return extend_to_sentences(cuts, signals, context.lengths, context.request.language)


def align_to_rests(
    cuts: Sequence[Cut], signals: Mapping[Footage, Signals], lengths: Lengths
) -> list[Cut]:
    """Move each end of `cuts` to a rest in the motion, if one is near.

    Ends at the border of a shot stay. Each cut stays within `lengths` (min, target, max seconds).
    """
    return [_align_to_rests(cut, signals[cut.footage].borders, lengths) for cut in cuts]


def _align_to_rests(cut: Cut, borders: Sequence[float], lengths: Lengths) -> Cut:
    min_seconds, _, max_seconds = lengths
    start, end, footage = cut.start, cut.end, cut.footage
    if not _is_near_border((footage.first_picture, *borders), start):
        low = max(footage.first_picture, start - MAX_REST_SHIFT, end - max_seconds)
        start = _find_rest(footage, start, low, min(start + MAX_REST_SHIFT, end - min_seconds))
    if not _is_near_border((*borders, footage.duration), end):
        low = max(end - MAX_REST_SHIFT, start + min_seconds)
        high = min(footage.duration, end + MAX_REST_SHIFT, start + max_seconds)
        end = _find_rest(footage, end, low, high)
    return replace(cut, start=round(start, 3), end=round(end, 3))


def _is_near_border(borders: Sequence[float], time: float) -> bool:
    """Whether an end at `time` is at one of `borders`, or could move across one."""
    return any(abs(border - time) <= BORDER_REACH + MAX_REST_SHIFT for border in borders)


def _find_rest(footage: Footage, time: float, low: float, high: float) -> float:
    """The time of least motion in low..high, or `time` itself where the motion is even."""
    about = _motion_about(footage, time)
    inside = (about.times >= low) & (about.times <= high)
    if not inside.any():
        return time
    best = int(np.where(inside, about.local, np.inf).argmin())
    is_rest = about.local[best] < MAX_REST_MOTION * float(about.local.mean())
    return float(about.times[best]) if is_rest else time


def _motion_about(footage: Footage, time: float) -> MotionAbout:
    """The motion within MAX_REST_SHIFT of `time`, from the cache if it was measured before."""
    parameters = {"time": round(time, 3), "picture": footage.picture}
    return SignalCache().get_or_make(
        footage, parameters, MotionAbout,
        lambda: measure_motion_about(footage, time, MAX_REST_SHIFT),
    )  # fmt: skip


def extend_to_sentences(
    cuts: Sequence[Cut],
    signals: Mapping[Footage, Signals],
    lengths: Lengths,
    language: str | None = None,
) -> list[Cut]:
    """Move the cuts of SPEECH_KINDS to the borders of sentences.

    Each stays within its shot and within `lengths`, and does not overlap the other cuts.
    """
    moved = list(cuts)
    for i, cut in enumerate(moved):
        if cut.kind not in SPEECH_KINDS:
            continue
        take_signals = signals[cut.footage]
        room = _room(cut, [other for other in moved if other is not cut], take_signals)
        speech = hear_span(
            cut.footage, cut.start - MAX_SENTENCE_SHIFT, cut.end + MAX_SENTENCE_SHIFT, language
        )
        span = align_to_sentences((cut.start, cut.end), speech.sentences, room, lengths)
        if span == (cut.start, cut.end):
            continue
        measured = measure_evidence(take_signals, take_signals.between(*span))
        evidence = {**cut.evidence, **measured}
        why = describe_evidence(evidence, span[1] - span[0], cut.kind)
        moved[i] = replace(cut, start=span[0], end=span[1], evidence=evidence, why=why)
    return moved


def align_to_sentences(
    span: Span, sentences: Sequence[SpokenText], room: Span, lengths: Lengths
) -> Span:
    """Move each end of `span` that cuts a sentence in two to the nearest border of the sentence.

    An end stays if the border is more than MAX_SENTENCE_SHIFT seconds away or outside `room`, or
    if the span would become too short or too long.
    """
    start, end = span
    for time in sorted(_borders(start, sentences), key=lambda time: abs(time - start)):
        if (
            abs(time - start) <= MAX_SENTENCE_SHIFT
            and time >= room[0]
            and _fits(end - time, lengths)
        ):
            start = time
            break
    for time in sorted(_borders(end, sentences), key=lambda time: abs(time - end)):
        if (
            abs(time - end) <= MAX_SENTENCE_SHIFT
            and time <= room[1]
            and _fits(time - start, lengths)
        ):
            end = time
            break
    return round(start, 3), round(end, 3)


def _borders(time: float, sentences: Sequence[SpokenText]) -> list[float]:
    """Times before and after the sentence that is spoken at `time`; empty outside of sentences.

    They are in the middle of the pauses, at most SENTENCE_AIR seconds from the sentence.
    """
    for i, sentence in enumerate(sentences):
        if sentence.start < time < sentence.end:
            long = 2 * SENTENCE_AIR
            before = sentence.start - sentences[i - 1].end if i else long
            after = sentences[i + 1].start - sentence.end if i + 1 < len(sentences) else long
            return [
                sentence.start - min(SENTENCE_AIR, before / 2),
                sentence.end + min(SENTENCE_AIR, after / 2),
            ]
    return []


def _fits(length: float, lengths: Lengths) -> bool:
    return lengths[0] <= length <= lengths[2]


def _room(cut: Cut, others: Sequence[Cut], signals: Signals) -> Span:
    """The span to which `cut` may grow: within its shot, up to the other cuts of its footage."""
    beside = [other for other in others if other.footage == cut.footage]
    before = [cut.footage.first_picture, *(b for b in signals.borders if b <= cut.start + STEP)]
    before += [min(other.end, cut.start) for other in beside if other.start < cut.start]
    after = [cut.footage.duration, *(b for b in signals.borders if b >= cut.end - STEP)]
    after += [max(other.start, cut.end) for other in beside if other.end > cut.end]
    return max(before), min(after)
