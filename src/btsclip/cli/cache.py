"""`btsclip cache`: inspect and clear the cache of measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from btsclip import limits
from btsclip.cli import options, reporting, usage, values

if TYPE_CHECKING:
    from btsclip.analysis import SignalCache
    from btsclip.cli.json_results import StoreJson

app = typer.Typer(
    name="cache",
    cls=usage.Group,
    no_args_is_help=True,
    help="Inspect or clear the measurements kept between runs.",
    epilog="Example: `btsclip cache info`",
)

# The only store, as JSON and tables name it.
STORE_NAME = "measurements"


@app.command(cls=usage.Verb)
@reporting.reports_errors
def info(as_json: options.Json = False) -> None:
    """Show where measurements are kept, of how many takes, and how much space they use.

    Example: `btsclip cache info`
    """
    from btsclip.analysis import SignalCache
    from btsclip.cli import tables
    from btsclip.cli.json_results import CacheInfoJson

    facts = _facts(SignalCache())
    if as_json:
        reporting.print_json(CacheInfoJson(stores=[facts]).values())
        return
    values = facts.values()
    size, limit = tables.megabytes(values.pop("size")), tables.megabytes(values.pop("most"))
    tables.print_facts({**values, "size": size, "limit": limit})


@app.command(cls=usage.Verb)
@reporting.reports_errors
def clear(
    older_than: Annotated[
        float,
        typer.Option(
            "--older-than",
            parser=values.decimal(limits.DAYS),
            metavar="DAYS",
            help="Only delete measurements unused for this many days. Example: `--older-than 30`",
        ),
    ] = 0.0,
    as_json: options.Json = False,
) -> None:
    """Delete measurements. Takes are measured again the next time they are cut.

    Example: `btsclip cache clear --older-than 30`
    """
    from btsclip.analysis import DAY, SignalCache
    from btsclip.cli import tables
    from btsclip.cli.json_results import CacheClearJson, FreedJson

    count, size = SignalCache().clear(older_than * DAY)
    if as_json:
        freed = FreedJson(name=STORE_NAME, entries=count, size=size)
        reporting.print_json(CacheClearJson(freed=[freed]).values())
    else:
        typer.echo(f"{STORE_NAME}: {count} deleted, {tables.megabytes(size)} freed")


def _facts(cache: SignalCache) -> StoreJson:
    """What `info` shows of a cache: sizes in bytes, the last use as an ISO time or None."""
    from datetime import datetime, timezone

    from btsclip.cli.json_results import StoreJson

    content = cache.info()
    used = datetime.fromtimestamp(content.oldest, timezone.utc) if content.oldest else None
    return StoreJson(
        name=STORE_NAME,
        path=str(cache.path),
        entries=content.entries,
        takes=content.takes,
        size=content.size,
        most=content.max_size,
        unused_since=used.isoformat(timespec="seconds") if used else None,
    )
