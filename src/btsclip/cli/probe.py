"""`btsclip probe`: print the facts of a file."""

from __future__ import annotations

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def probe(footage: options.OneFootage, as_json: options.Json = False) -> None:
    """Print the facts of a file: size, frame rate, HDR, sound, time.

    Example: `btsclip probe dough.mp4`
    """
    from btsclip.analysis import probe_json
    from btsclip.media import probe as read
    from btsclip.signals import find_picture

    places.take(footage, "probe")
    probed = read(footage)
    facts = probe_json(probed, find_picture(probed))
    if as_json:
        reporting.print_json(facts)
    else:
        tables.print_facts(facts)
