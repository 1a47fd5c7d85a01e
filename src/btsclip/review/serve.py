"""Serving the review page: on this computer alone, until it is interrupted."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import BtsclipError
from btsclip.extras import require
from btsclip.media import ffmpeg
from btsclip.plan import io

if TYPE_CHECKING:
    import uvicorn

    from btsclip.review.app import Review

HOST = "127.0.0.1"


def serve_review(
    plan: Path, port: int = 0, *, opened: Callable[[str], None], show: bool = True
) -> None:
    """Serves the page for the `plan` file until it is interrupted. `port` 0 takes a free one.

    `opened` gets the address, which holds the secret of this run; with `show` a browser is opened
    there. Raises PlanError, ToolError without the extra `review`, and BtsclipError for a port that
    is taken.
    """
    io.read_plan(plan)
    plan = plan.resolve()
    for module in ("starlette", "uvicorn"):
        require(module, "review", "review")
    with listening(port) as at:
        review, server, address = server_for(plan, at)
        opened(address)
        if show:
            webbrowser.open(address)
        try:
            server.run(sockets=[at])
        finally:
            ffmpeg.end_all()
            review.renderer.wait()


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens to this computer alone. Raises BtsclipError when the port is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as at:
        at.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            at.bind((HOST, port))
        except OSError as error:
            raise BtsclipError(
                f"--port {port}", f"can't be used ({error.strerror})", "name another one"
            ) from error
        # A browser that is quicker than the server waits; else it would be refused.
        at.listen()
        yield at


def server_for(plan: Path, at: socket.socket) -> tuple[Review, uvicorn.Server, str]:
    """The plan under review, a server for its page at a socket, and the address to open."""
    import uvicorn

    from btsclip.review.app import Review
    from btsclip.review.slow import TimedProtocol

    port, token = at.getsockname()[1], secrets.token_urlsafe(32)
    review = Review(plan)
    config = uvicorn.Config(
        review.app(port, token), log_level="warning", access_log=False,
        server_header=False, lifespan="off", timeout_graceful_shutdown=1,
        http=TimedProtocol, ws="none",
    )  # fmt: skip
    return review, uvicorn.Server(config), f"http://{HOST}:{port}/?token={token}"
