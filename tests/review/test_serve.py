"""The socket at which the review page is served."""

from __future__ import annotations

import socket

import pytest

from btsclip.errors import BtsclipError
from btsclip.review.serve import listening


def test_a_browser_that_is_quicker_than_the_server_is_not_refused() -> None:
    # Nobody serves yet: the address was only printed.
    with listening(0) as at, socket.create_connection(at.getsockname(), timeout=5) as browser:
        assert browser.getpeername() == at.getsockname()


def test_a_port_that_is_taken_is_named() -> None:
    with listening(0) as at:
        port = at.getsockname()[1]
        with pytest.raises(BtsclipError, match=f"--port {port}"), listening(port):
            pass
