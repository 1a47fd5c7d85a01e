"""Children that can be interrupted, wherever the tests run."""

from __future__ import annotations

import signal


def hears_interrupts() -> None:
    """For `preexec_fn`: a shell lets what it starts in the background ignore Ctrl-C, and children
    would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
