"""The socket of the review page's server."""

from __future__ import annotations

import socket

import pytest

from btsclip.errors import BtsclipError
from btsclip.review.serve import listen


def test_browser_faster_than_the_server_is_not_refused() -> None:
    # No server runs yet: the address was only printed.
    with (
        listen(0) as listener,
        socket.create_connection(listener.getsockname(), timeout=5) as browser,
    ):
        assert browser.getpeername() == listener.getsockname()


def test_port_in_use_is_reported() -> None:
    with listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(BtsclipError, match=f"--port {port}"), listen(port):
            pass
