"""`btsclip probe`: print the facts of a file."""

from __future__ import annotations

from typing import Any

from btsclip.cli import options, places, reporting, tables
from btsclip.wording import count


@reporting.reports_errors
def probe(
    footage: options.OneFootage,
    audio_track: options.AudioTrack = None,
    as_json: options.Json = False,
) -> None:
    """Print the facts of a file: size, frame rate, HDR, sound, time, cuts.

    Example: `btsclip probe dough.mp4`
    """
    from btsclip.analysis import ask_track, choose_sound, probe_json
    from btsclip.media import probe as read
    from btsclip.signals import find_picture, look_for_cuts

    places.take(footage, "probe")
    probed = ask_track(choose_sound(read(footage)), audio_track)
    cuts = look_for_cuts(probed)
    facts = probe_json(probed, find_picture(probed), cuts)
    if as_json:
        reporting.print_json(facts)
    else:
        tables.print_facts(_in_words(facts))
        tables.print_oddities(probed, cuts or 0)


def _in_words(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as a table shows them: one line for each sound track, and no lists."""
    scan = facts["scan"]
    words = {"progressive": scan, "segmented": "progressive, stored as two fields"}
    hidden = "" if facts["scan_flagged"] else ", although not flagged"
    tracks = {
        f"sound track {track['number']}": _track_text(track) for track in facts["audio_tracks"]
    }
    # Lost parts are named in a sentence of their own.
    shown = {
        name: value
        for name, value in facts.items()
        if name not in ("scan_flagged", "audio_tracks", "lost")
    }
    return {
        **shown, "scan": words.get(scan, f"interlaced, {scan} field first{hidden}"), **tracks,
    }  # fmt: skip


def _track_text(track: dict[str, Any]) -> str:
    """An audio track of `probe --json` in one line."""
    channels = track["channels"] and count(track["channels"], "channel")
    level = "" if track["level"] is None else f"{track['level']:.0f} dBFS"
    loud = "silent" if track["silent"] else level
    layout = track["layout"].removeprefix(f"{track['channels']} channels").strip(" ()")
    parts = [
        track["codec"], channels, layout, track["rate"] and f"{track['rate']} Hz",
        track["language"], track["title"], loud, "" if track["readable"] else "can't be read",
        "used" if track["used"] else "not used",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)
