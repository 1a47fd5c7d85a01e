"""A plan under review: its server in a thread, and a way to ask it without a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from btsclip.review.serve import listen, make_server

# A small preset, whose clips are soon rendered.
LOOK = """
extends = "honest-kitchen"
[output]
width = 216
height = 384
speed = "ultrafast"
"""


@contextmanager
def served(plan: Path) -> Iterator[str]:
    """The address to open while the plan is served."""
    with listen(0) as listener:
        _, server, address = make_server(plan, listener)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
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
