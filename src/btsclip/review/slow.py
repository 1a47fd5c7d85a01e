"""Connections that never say what they want: they are closed, so that they can't pile up."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds in which a request, with all that it holds, must have come. The page's own are there at
# once; a connection that asks for nothing more is closed by uvicorn even sooner.
MAX_SECONDS = 15.0


class TimedProtocol(H11Protocol):
    """uvicorn's HTTP, with a limit on the time that a request may take to come."""

    _closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the time of the first request."""
        super().connection_made(transport)
        self._start()

    def data_received(self, data: bytes) -> None:
        """Stops the time once all of a request is there, and starts it with the next one."""
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop()
        elif self._closing is None:
            self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the time."""
        self._stop()
        super().connection_lost(exc)

    def _start(self) -> None:
        self._closing = self.loop.call_later(MAX_SECONDS, self.transport.abort)

    def _stop(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
