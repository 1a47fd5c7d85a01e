"""The server of the review page, for this computer only, until it is interrupted."""

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
    plan: Path,
    port: int = 0,
    *,
    on_start: Callable[[str], None],
    open_browser: bool = True,
) -> None:
    """Serve the page for the `plan` file until it is interrupted.

    Args:
        port: 0 takes a free port.
        on_start: Gets the address, which holds the secret of this run.

    Raises PlanError, ToolError without the extra `review`, and BtsclipError for a port in use.
    """
    io.read_plan(plan)
    plan = plan.resolve()
    for module in ("starlette", "uvicorn"):
        require(module, "review", "review")
    with listen(port) as listener:
        review, server, address = make_server(plan, listener)
        on_start(address)
        if open_browser:
            webbrowser.open(address)
        try:
            server.run(sockets=[listener])
        finally:
            ffmpeg.end_all()
            review.renderer.wait()


@contextmanager
def listen(port: int) -> Iterator[socket.socket]:
    """A socket for connections from this computer. Raises BtsclipError for a port in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise BtsclipError(
                f"--port {port}", f"can't be used ({error.strerror})", "name another port"
            ) from error
        # Listen at once, so that a browser faster than the server waits and is not refused.
        listener.listen()
        yield listener


def make_server(plan: Path, listener: socket.socket) -> tuple[Review, uvicorn.Server, str]:
    """The plan under review, a server of its page, and the address to open."""
    import uvicorn

    from btsclip.review.app import Review
    from btsclip.review.request_timeout import TimedProtocol

    port, token = listener.getsockname()[1], secrets.token_urlsafe(32)
    review = Review(plan)
    config = uvicorn.Config(
        review.app(port, token), log_level="warning", access_log=False,
        server_header=False, lifespan="off", timeout_graceful_shutdown=1,
        http=TimedProtocol, ws="none",
    )  # fmt: skip
    return review, uvicorn.Server(config), f"http://{HOST}:{port}/?token={token}"
