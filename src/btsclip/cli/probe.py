"""`btsclip probe`: the facts of a file."""

from __future__ import annotations

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def probe(footage: options.OneFootage, as_json: options.Json = False) -> None:
    """Print what is known of a file: size as seen, rate, HDR, sound, time of recording.

    Example: `btsclip probe dough.mp4`
    """
    from btsclip.media.probe import probe as look
    from btsclip.shoot.analysis import footage_json

    places.take(footage, "probe")
    facts = footage_json(look(footage))
    if as_json:
        reporting.print_json(facts)
    else:
        tables.print_facts(facts)
