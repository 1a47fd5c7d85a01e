"""Choose the audio tracks of a take that are played: those that are heard, and of several the best.

Sounds of several microphones are never mixed: the same voice twice, a few milliseconds apart,
sounds hollow. Only the left and the right side of one sound are played together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from btsclip.errors import FootageError
from btsclip.media import (
    ASKED,
    BOTH_SIDES,
    MIN_LEVEL_DBFS,
    ONLY_ONE_HEARD,
    SPATIAL_CODECS,
    AudioTrack,
    Footage,
    SoundChoice,
    first_track,
    play,
    track_fault,
)
from btsclip.wording import listed

if TYPE_CHECKING:
    from btsclip.signals import TrackLevels

# dB by which another track than the first one heard must stand out more from its noise.
MIN_ADVANTAGE = 6.0
# dB beyond which it does not matter how far a track stands out.
MAX_PROMINENCE = 40.0
# Share of clipped samples from which a track is distorted, and what this is worth in dB.
MAX_CLIPPED = 0.001
CLIPPED_COST = 12.0
# Share of speech in a track that is more than a mistake of the meter.
MIN_SPEECH = 0.02
# Share of the speech of the track with most of it that the others must have to be chosen.
MIN_SPEECH_SHARE = 0.5


def ask_track(footage: Footage, number: int | None) -> Footage:
    """`footage` with the sound of its track `number`, counted from 1; unchanged without a number.

    Raises FootageError if it has no such track, or one that can't be decoded.
    """
    if number is None:
        return footage
    if fault := track_fault(footage, [number]):
        readable = [str(track.number) for track in footage.audio_tracks if track.is_readable]
        known = f"give --audio-track {listed(readable, 'or')}, or leave" if readable else "leave"
        raise FootageError(footage.path, fault, f"{known} --audio-track out")
    levels = footage.sound.levels if footage.sound else ()
    return play(footage, SoundChoice((number,), ASKED, levels))


def choose_sound(footage: Footage) -> Footage:
    """`footage` with the tracks to play, if they are not chosen yet.

    Tracks are listened to only if several can be decoded; cached figures are not measured again.
    """
    unreadable = [track for track in footage.audio_tracks if not track.is_readable]
    readable = [track for track in footage.audio_tracks if track.is_readable]
    if footage.sound or (len(readable) < 2 and not unreadable):
        return footage
    if not readable:
        codecs = listed(dict.fromkeys(track.codec for track in unreadable))
        return play(
            footage, SoundChoice((), f"its sound ({codecs}) can't be read: clips of it are silent")
        )
    note = _unreadable_note(unreadable)
    if len(readable) == 1:
        name = "the plain one" if _is_spatial(unreadable) else f"track {readable[0].number}"
        return play(footage, SoundChoice((readable[0].number,), f"{note}: {name} is used"))
    choice = choose_tracks(footage.audio_tracks, _track_levels(footage))
    if note:
        used = choice.warning or f"{_named(choice.tracks)} {_are(choice.tracks)} used"
        choice = replace(choice, why=f"{note}; {used}")
    return play(footage, choice)


def _track_levels(footage: Footage) -> TrackLevels:
    """The figures of the tracks that can be decoded, from the cache if they are in it."""
    # `probe` of a take with one track starts without them.
    from btsclip.analysis.cache import SignalCache
    from btsclip.signals import TrackLevels, has_voice_network, measure_tracks

    parameters = {"voice": has_voice_network()}
    return SignalCache().get_or_make(
        footage, parameters, TrackLevels, lambda: measure_tracks(footage)
    )


def _is_spatial(tracks: Sequence[AudioTrack]) -> bool:
    return all(track.codec in SPATIAL_CODECS for track in tracks)


def _unreadable_note(tracks: Sequence[AudioTrack]) -> str:
    """A clause on the tracks that can't be decoded; "" without any."""
    if not tracks:
        return ""
    codecs = listed(dict.fromkeys(track.codec for track in tracks))
    if _is_spatial(tracks):
        return f"its spatial sound track ({codecs}) can't be read"
    return f"its sound {_named([track.number for track in tracks])} ({codecs}) can't be read"


def choose_tracks(tracks: Sequence[AudioTrack], levels: TrackLevels) -> SoundChoice:
    """The best of the tracks that are heard, by their `levels`, or a pair of them.

    The first one stays unless another has the speech, or stands out far more from its own noise.
    """
    first = first_track(tracks)
    assert first
    measured = dict(zip(levels.numbers.tolist(), levels.level.tolist(), strict=True))
    in_order = tuple(
        round(measured[track.number], 1) if track.number in measured else None for track in tracks
    )
    heard = [number for number, level in measured.items() if level >= MIN_LEVEL_DBFS]
    if not heard:
        return SoundChoice((first.number,), "all of its sound tracks are silent", in_order)
    preferred = first.number if first.number in heard else heard[0]
    best, reason = _best_track(heard, preferred, levels)
    pair = next((tuple(p) for p in levels.pairs.tolist() if best in p), None)
    chosen = pair or (best,)
    same_as = dict(zip(levels.numbers.tolist(), levels.same_as.tolist(), strict=True))
    known = {same_as[number] for number in chosen}
    others = [number for number in heard if same_as[number] not in known]
    silent = [number for number in measured if number not in heard and number < best]
    why = _why(chosen, others, silent, reason)
    return SoundChoice(chosen, why, in_order)


def _best_track(heard: Sequence[int], preferred: int, levels: TrackLevels) -> tuple[int, str]:
    """The best of the tracks that are `heard`, and why it is not the `preferred` one, else ""."""
    rows = {number: row for row, number in enumerate(levels.numbers.tolist())}
    most_speech = max(float(levels.speech[rows[number]]) for number in heard)
    with_speech = [
        number
        for number in heard
        if most_speech < MIN_SPEECH or levels.speech[rows[number]] >= MIN_SPEECH_SHARE * most_speech
    ]

    def worth(number: int) -> float:
        row = rows[number]
        prominence = min(float(levels.level[row] - levels.floor[row]), MAX_PROMINENCE)
        return prominence - CLIPPED_COST * float(levels.clipped[row] > MAX_CLIPPED)

    best = max(with_speech, key=worth)
    if preferred in with_speech:
        if worth(best) < worth(preferred) + MIN_ADVANTAGE:
            return preferred, ""
        is_distorted = levels.clipped[rows[preferred]] > MAX_CLIPPED
        return best, "is clearer" if not is_distorted else "is not distorted"
    return best, "has more speech"


def _why(chosen: tuple[int, ...], others: list[int], silent: list[int], reason: str) -> str:
    """Why the tracks `chosen` are played, and not the `others` that are heard, too.

    Args:
        silent: The silent tracks before them.
        reason: What is better about the chosen track than about the first one heard, or "".
    """
    if not others and not silent:
        return BOTH_SIDES if len(chosen) > 1 else ONLY_ONE_HEARD
    clauses = [f"{_named(silent)} {_are(silent)} silent"] if silent else []
    if others:
        clauses.append(f"{_named(others)} also {'have' if len(others) > 1 else 'has'} sound")
    which = f", which {reason}" if reason else ""
    hint = " (choose with --audio-track)" if others else ""
    return f"its sound {', '.join(clauses)}: {_named(chosen)} {_are(chosen)} used{which}{hint}"


def _named(numbers: Sequence[int]) -> str:
    """The tracks as "track 2" or "tracks 2 and 3"."""
    return f"track{'s' if len(numbers) > 1 else ''} {listed(map(str, numbers))}"


def _are(numbers: Sequence[int]) -> str:
    return "are" if len(numbers) > 1 else "is"
