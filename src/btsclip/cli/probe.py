"""`btsclip probe`: the facts of a file."""

from __future__ import annotations

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def probe(footage: options.OneFootage, as_json: options.Json = False) -> None:
    """Print what is known of a file: size as seen, rate, HDR, sound, time of recording.

    Example: `btsclip probe dough.mp4`
    """
    from btsclip.analysis.facts import footage_json, picture_json
    from btsclip.media.probe import probe as look
    from btsclip.signals.bars import find_picture

    places.take(footage, "probe")
    known = look(footage)
    facts = {**footage_json(known), "picture": picture_json(find_picture(known))}
    if as_json:
        reporting.print_json(facts)
    else:
        tables.print_facts(facts)
