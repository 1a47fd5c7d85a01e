"""The command line: each verb parses, calls one function and prints."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from btsclip.cli.program import app as app

# The exit code after Ctrl-C.
INTERRUPTED = 130


def main() -> None:
    """Run the `btsclip` program."""
    try:
        from btsclip.cli.program import run

        run()
    except KeyboardInterrupt:
        # No verb has started, or it would have reported this: there is nothing to clean up.
        sys.exit(INTERRUPTED)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'btsclip.cli' has no attribute {name!r}")
    from btsclip.cli.program import app

    return app
