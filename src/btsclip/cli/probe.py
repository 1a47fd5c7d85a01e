"""`btsclip probe`: print the facts of a file."""

from __future__ import annotations

from typing import Any

from btsclip.cli import options, places, reporting, tables


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
        tables.print_facts(_with_scan_in_words(facts))
        tables.print_oddities(probed, cuts or 0)


def _with_scan_in_words(facts: dict[str, Any]) -> dict[str, Any]:
    scan = facts["scan"]
    words = {"progressive": scan, "segmented": "progressive, stored as two fields"}
    hidden = "" if facts["scan_flagged"] else ", although not flagged"
    shown = {**facts, "scan": words.get(scan, f"interlaced, {scan} field first{hidden}")}
    del shown["scan_flagged"]
    return shown
