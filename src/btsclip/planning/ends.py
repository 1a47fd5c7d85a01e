"""The ends of clips, moved into the work, to rests in the motion and to the borders of sentences.

Work begins with hands in the picture and ends on something done. No clip begins or ends in the
middle of a sentence. The analysis samples most of a take only sparsely, so the pictures near each
end are looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from btsclip.analysis import Analysis, look_at, track_span
from btsclip.intervals import Span
from btsclip.media import Footage
from btsclip.moments import BORDER_REACH, Cut, move_cut
from btsclip.planning.closing import best_end, find_rest
from btsclip.planning.framing import exact_borders, frame_tracks
from btsclip.planning.loop import NO_LOOP, close_loop
from btsclip.planning.opening import best_start
from btsclip.planning.request import Lengths, PlanContext
from btsclip.planning.speech import SPEECH_KINDS, hear_span
from btsclip.planning.work_in_view import WorkInView
from btsclip.signals import STEP, Looks, Signals, SpokenText

# Seconds by which an end may move to a rest in the motion, or a clip may grow at either end.
MAX_REST_SHIFT = 0.6
# Seconds by which an end may move to the border of a sentence.
MAX_SENTENCE_SHIFT = 2.0
# Seconds of silence to leave before and after a sentence.
SENTENCE_AIR = 0.1


def align_ends(cuts: list[Cut], analyses: Sequence[Analysis], context: PlanContext) -> list[Cut]:
    """Move the ends of `cuts`: those of work into the middle of it, others to rests in the motion.

    With speech, cuts in which somebody explains something are then moved to sentence borders. No
    cut grows into another one of its take.
    """
    signals = {analysis.footage: analysis.signals for analysis in analyses}
    moved = list(cuts)
    for i, cut in enumerate(moved):
        take_signals = signals[cut.footage]
        room = _room(cut, [other for other in moved if other is not cut], take_signals)
        moved[i] = (
            settle_in_work(cut, take_signals, context, room)
            if cut.kind == "process"
            else align_to_rests(cut, take_signals.borders, context.source_lengths, room)
        )
    if not context.request.speech:
        return moved
    return extend_to_sentences(moved, signals, context.lengths, context.request.language)


def settle_in_work(cut: Cut, signals: Signals, context: PlanContext, room: Span) -> Cut:
    """`cut` of work, begun where hands, motion and a sharp picture are best, and ended where a
    movement has come to rest, without what is idle before and afterwards.

    It stays within `room` and within the lengths of a clip.
    """
    low, _, high = context.source_lengths
    start, end = cut.start, cut.end
    around = (
        round(max(room[0], start - MAX_REST_SHIFT, end - high), 3),
        round(min(room[1], end + MAX_REST_SHIFT), 3),
    )
    # The tracks have to reach as far as the ends may move.
    tracks = track_span(cut.footage, *around)
    if context.preset.pacing.loop:
        return _looped(cut, around, context.source_lengths, signals)
    borders = exact_borders(cut.footage, *around, signals)
    framing = frame_tracks(
        replace(cut, start=around[0], end=around[1]), tracks, borders, context.preset
    )
    shown = WorkInView.of(tracks, framing, look_at(cut.footage, *around), signals)
    start = best_start(shown, (start, end), (around[0], end - low), borders)
    end = best_end(shown, (start, end), (start + low, min(around[1], start + high)), borders)
    return _moved(cut, (round(start, 3), round(end, 3)), around, signals)


def _looped(cut: Cut, around: Span, lengths: Lengths, signals: Signals) -> Cut:
    """`cut` moved within the span `around` so that its end leads back to its start."""
    low, _, high = lengths
    inner = [border for border in signals.borders if around[0] < border < around[1]]
    shots = pairwise([around[0], *inner, around[1]])
    first, last = max(shots, key=lambda shot: shot[1] - shot[0])
    starts, ends = (first, last - low), (first + low, last)
    looks = look_at(cut.footage, *around)
    loop = close_loop(cut.footage, looks, starts, ends, (low, high))
    if loop is None:
        return replace(cut, why=cut.why + NO_LOOP)
    moved = _moved(cut, (loop.start, loop.end), around, signals)
    evidence = {**moved.evidence, "seam": round(loop.seam, 2)}
    return replace(moved, evidence=evidence, why=moved.why + loop.why)


def _shot_of(cut: Cut, signals: Signals) -> Span:
    """The shots that `cut` shows, in seconds of its take."""
    footage = cut.footage
    before = [footage.first_picture, *(b for b in signals.borders if b <= cut.start + STEP)]
    after = [footage.duration, *(b for b in signals.borders if b >= cut.end - STEP)]
    return max(before), min(after)


def _moved(cut: Cut, span: Span, tracked: Span, signals: Signals) -> Cut:
    """`cut` over another `span`, which is `tracked` as a part of a longer one."""
    if span == (cut.start, cut.end):
        return cut
    track_span(cut.footage, *span, within=tracked)
    return move_cut(cut, span, signals)


def align_to_rests(cut: Cut, borders: Sequence[float], lengths: Lengths, room: Span) -> Cut:
    """`cut` with each end moved to a rest in the motion, if one is near.

    Ends at the `borders` of shots stay. The cut stays within `room` and within `lengths` (min,
    target, max seconds).
    """
    min_seconds, _, max_seconds = lengths
    start, end, footage = cut.start, cut.end, cut.footage
    if not _is_near_border((footage.first_picture, *borders), start):
        low = max(room[0], start - MAX_REST_SHIFT, end - max_seconds)
        high = min(start + MAX_REST_SHIFT, end - min_seconds)
        start = find_rest(_looks_about(footage, start), start, (low, high))
    if not _is_near_border((*borders, footage.duration), end):
        low = max(end - MAX_REST_SHIFT, start + min_seconds)
        high = min(room[1], end + MAX_REST_SHIFT, start + max_seconds)
        end = find_rest(_looks_about(footage, end), end, (low, high))
    return replace(cut, start=round(start, 3), end=round(end, 3))


def _is_near_border(borders: Sequence[float], time: float) -> bool:
    """Whether an end at `time` is at one of `borders`, or could move across one."""
    return any(abs(border - time) <= BORDER_REACH + MAX_REST_SHIFT for border in borders)


def _looks_about(footage: Footage, time: float) -> Looks:
    return look_at(footage, round(time - MAX_REST_SHIFT, 3), round(time + MAX_REST_SHIFT, 3))


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
        moved[i] = move_cut(cut, span, take_signals)
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
    first, last = _shot_of(cut, signals)
    beside = [other for other in others if other.footage == cut.footage]
    before = [min(other.end, cut.start) for other in beside if other.start < cut.start]
    after = [max(other.start, cut.end) for other in beside if other.end > cut.end]
    return max([first, *before]), min([last, *after])
