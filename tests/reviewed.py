"""A plan under review: its server in a thread, and a way to ask it without a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from btsclip.review.serve import listening, server_for


@contextmanager
def served(plan: Path) -> Iterator[str]:
    """The address to open while the plan is served."""
    with listening(0) as at:
        _, server, address = server_for(plan, at)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


@contextmanager
def client(address: str) -> Iterator[httpx.Client]:
    """One that has opened the page, as a window has."""
    base, _, _ = address.partition("/?")
    headers = {"origin": base, "sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=base, headers=headers, follow_redirects=True, timeout=30) as asking:
        assert asking.get(address).status_code == 200
        yield asking
