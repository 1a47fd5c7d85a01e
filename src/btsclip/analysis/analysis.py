"""Analyze a take: its signals, moments and tracks, and the JSON of `analyze`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.analysis.cache import SignalCache
from btsclip.analysis.result import (
    AnalyzedFootageJson,
    AnalyzeJson,
    MomentJson,
    SignalsJson,
    box_values,
    footage_facts,
)
from btsclip.analysis.sound_choice import ask_track, choose_sound
from btsclip.geometry import to_take
from btsclip.intervals import Span, merge
from btsclip.media import Footage, OneChannel, play, probe
from btsclip.moments import (
    Moment,
    count_hands,
    find_moments,
    hand_belief,
    needs_dense_frames,
    process_belief,
)
from btsclip.signals import (
    Looks,
    Signals,
    Tracks,
    count_cuts,
    dense_everywhere,
    has_voice_network,
    measure_looks,
    measure_signals,
    track_footage,
)

Report = Callable[[Footage, float], None]


@dataclass(frozen=True)
class Analysis:
    """A take with its signals, the belief in work `process` (n,) and its moments.

    `footage` also has the facts that only an analysis finds: the picture inside baked-in bars, the
    audio tracks and the channel to play, the cuts of a take that is already edited, and damaged
    parts.
    """

    footage: Footage
    signals: Signals
    process: NDArray[np.floating[Any]]
    moments: tuple[Moment, ...]

    def of_copy(self, footage: Footage) -> Analysis:
        """This analysis for another copy of the take, probed as `footage`."""
        if self.footage.sound:
            footage = play(footage, self.footage.sound)
        return replace(self, footage=_with_findings(footage, self.signals))


def report_nothing(footage: Footage, share: float) -> None:
    """Ignore the progress."""


def analyze(
    path: str | Path,
    report: Report = report_nothing,
    *,
    fine: bool = False,
    audio_track: int | None = None,
) -> Analysis:
    """Analyze one file. `report` gets the share that is done, 0..1.

    With `fine`, every part gets dense frames, not only the parts that need them. `audio_track` is
    the number of the audio track to use, from 1; by default the track that is heard. Raises
    FootageError if the file is not a readable video, or has no such track.
    """
    return analyze_footage(ask_track(probe(path), audio_track), report, fine=fine)


def analyze_footage(
    footage: Footage, report: Report = report_nothing, *, fine: bool = False
) -> Analysis:
    """Analyze probed footage as `analyze` does. Cached signals are not measured again."""
    footage = choose_sound(footage)

    def measure() -> Signals:
        needs_dense = dense_everywhere if fine else needs_dense_frames
        return measure_signals(
            footage, lambda share: report(footage, share), needs_dense=needs_dense
        )

    signals = SignalCache().get_or_make(footage, _parameters(fine), Signals, measure)
    return _make_analysis(footage, signals)


def cached_analysis(footage: Footage) -> Analysis | None:
    """The analysis of footage with signals in the cache, else None."""
    cache, footage = SignalCache(), choose_sound(footage)
    for fine in (False, True):
        signals = cache.get(footage, _parameters(fine), Signals)
        if signals is not None:
            return _make_analysis(footage, signals)
    return None


def _parameters(fine: bool) -> dict[str, Any]:
    return {"fine": fine, "voice": has_voice_network()}


def _make_analysis(footage: Footage, signals: Signals) -> Analysis:
    return Analysis(
        _with_findings(footage, signals),
        signals,
        process_belief(signals),
        find_moments(signals, footage.duration, footage.first_picture),
    )


def _with_findings(footage: Footage, signals: Signals) -> Footage:
    """`footage` with the picture, the audio channel, the cuts and the lost parts that `signals`
    found."""
    channel = None
    if signals.channel >= 0:
        channel = OneChannel(signals.channel, signals.channel_why)
    cuts = count_cuts(signals.cuts, footage.duration)
    lost = tuple(merge([*signals.lost, *footage.lost], (0.0, math.inf)))
    return replace(footage, picture=signals.picture, channel=channel, cuts=cuts, lost=lost)


def track_span(footage: Footage, start: float, end: float, within: Span | None = None) -> Tracks:
    """Track hands, faces and motion over the span of one clip. Cached tracks are not made again.

    Tracks of a part of a longer span, `within`, are taken from those of the longer one.
    """

    def track() -> Tracks:
        if within is None:
            return track_footage(footage, start, end)
        return track_span(footage, *within).between(start, end)

    return SignalCache().get_or_make_span(footage, start, end, Tracks, track)


def look_at(footage: Footage, start: float, end: float) -> Looks:
    """Motion, sharpness and poses over a short span. Cached looks are not made again."""
    return SignalCache().get_or_make_span(
        footage, start, end, Looks, lambda: measure_looks(footage, start, end)
    )


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """The analysis as JSON values, version 1."""
    footage, signals = analysis.footage, analysis.signals
    channel = footage.channel
    return AnalyzeJson(
        footage=AnalyzedFootageJson(
            **footage_facts(footage),
            picture=box_values(footage.picture),
            cuts=footage.cuts,
            channel=channel.number if channel else None,
            channel_why=channel.why if channel else "",
        ),
        signals=SignalsJson(
            times=_round_all(signals.times, 3),
            process=_round_all(analysis.process, 4),
            hands=count_hands(signals).tolist(),
            hand_belief=_round_all(hand_belief(signals), 4),
            hand_box=[
                None if np.isnan(box[0]) else _round_all(box, 4)
                for box in to_take(signals.hand_box, signals.picture)
            ],
            motion=_round_all(signals.motion, 4),
            camera=_round_all(signals.camera, 4),
            rhythm=_round_all(signals.rhythm, 3),
            strokes=_round_all(signals.strokes, 2),
            sound=_round_all(signals.sound, 4),
            onsets=signals.onsets.astype(int).tolist(),
            voice=_round_all(signals.voice, 3),
            sizzle=_round_all(signals.sizzle, 3),
            clatter=_round_all(signals.clatter, 3),
            faces=signals.faces.tolist(),
        ),
        moments=[
            MomentJson(
                id=moment.id,
                kind=moment.kind,
                action=moment.action,
                start=round(moment.start, 3),
                end=round(moment.end, 3),
                best=_round_all(np.array(moment.best), 3) if moment.best else None,
                score=moment.score,
                evidence=moment.evidence,
                why=moment.why,
            )
            for moment in analysis.moments
        ],
    ).values()


def _round_all(values: NDArray[np.floating[Any]], digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]
