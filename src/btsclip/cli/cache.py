"""`btsclip cache`: what is kept from run to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from btsclip import limits
from btsclip.cli import options, reporting, usage, values

if TYPE_CHECKING:
    from btsclip.analysis.cache import SignalCache

app = typer.Typer(
    name="cache",
    cls=usage.Group,
    no_args_is_help=True,
    help="See and clear what was measured of takes. Example: `btsclip cache info`",
)


@app.command(cls=usage.Verb)
@reporting.reports_errors
def info(as_json: options.Json = False) -> None:
    """Say where measurements are kept, of how many takes, and how large they are and may be.

    Example: `btsclip cache info`
    """
    from btsclip.cli import tables

    stores = [_facts(name, store) for name, store in _stores().items()]
    if as_json:
        reporting.print_json({"version": 1, "stores": stores})
        return
    for facts in stores:
        for name in ("size", "most"):
            facts[name] = tables.megabytes(facts[name])
        tables.print_facts(facts)


@app.command(cls=usage.Verb)
@reporting.reports_errors
def clear(
    older_than: Annotated[
        float,
        typer.Option(
            "--older-than",
            parser=values.decimal(limits.DAYS),
            metavar="DAYS",
            help="Only what was not used for so many days. Example: `--older-than 30`",
        ),
    ] = 0.0,
    as_json: options.Json = False,
) -> None:
    """Forget what was measured. Takes are looked through anew when they are next cut.

    Example: `btsclip cache clear --older-than 30`
    """
    from btsclip.analysis.cache import DAY
    from btsclip.cli import tables

    freed = {name: store.clear(older_than * DAY) for name, store in _stores().items()}
    if as_json:
        said = [{"name": n, "entries": count, "size": size} for n, (count, size) in freed.items()]
        reporting.print_json({"version": 1, "freed": said})
        return
    for name, (count, size) in freed.items():
        typer.echo(f"{name}: {count} forgotten, {tables.megabytes(size)} freed")


def _stores() -> dict[str, SignalCache]:
    """All that is kept, by name: each has a path, `info` and `clear`."""
    from btsclip.analysis.cache import SignalCache

    return {"measurements": SignalCache()}


def _facts(name: str, store: SignalCache) -> dict[str, Any]:
    from datetime import datetime, timezone

    kept = store.info()
    used = datetime.fromtimestamp(kept.oldest, timezone.utc) if kept.oldest else None
    return {
        "name": name,
        "path": str(store.path),
        "entries": kept.entries,
        "takes": kept.takes,
        "size": kept.size,
        "most": kept.most,
        "unused since": used.isoformat(timespec="seconds") if used else None,
    }
