"""Access to the review page's server: only the window that was opened.

The server listens on this computer only, but every page open in a browser could send it requests,
and so could a host name that resolves to 127.0.0.1 (DNS rebinding). So a request must name the host
of the opened address, carry the secret of this run, and, if it changes anything, come from the page
itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
# The largest request in bytes. A plan of hundreds of clips with their crop keys is smaller.
LARGEST = 8_000_000
# Bytes of a larger request that are read before it is answered.
MAX_DRAINED = 8 * LARGEST
TOO_LARGE = 413
SAFE = frozenset({"GET", "HEAD"})
POLICY = "; ".join(
    [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "media-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """ASGI middleware that lets through requests of this run's page at `port`."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app, self._token = app, token
        self._hosts = frozenset({f"{HOST}:{port}", f"localhost:{port}"})
        # Cookies are shared by all ports of a host: each run has its own.
        self._cookie = f"btsclip-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        answer = self._refusal(scope)
        if answer is None:
            answer = self._opening(scope)
        if answer is None:
            return await self._app(scope, _Limited(receive), _with_headers(send))
        if answer.status_code == TOO_LARGE:
            await _drain(receive)
        return await answer(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that is refused, or None."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("this host name is not served", 421)
        site = headers.get("sec-fetch-site", "same-origin")
        if scope["method"] not in SAFE:
            if headers.get("origin", "") != f"http://{host}" or site != "same-origin":
                return PlainTextResponse("only the page itself may change anything", 403)
            if headers.get("content-type", "").partition(";")[0] != "application/json":
                return PlainTextResponse("JSON is needed", 415)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return PlainTextResponse("too large", TOO_LARGE)
        return None

    def _opening(self, scope: Scope) -> Response | None:
        """The answer to the opened address, which holds the secret, and to requests without it."""
        query = QueryParams(scope["query_string"].decode("latin-1"))
        if scope["path"] == "/" and self._is_ours(query.get("token", "")):
            # Remove the secret from the address, to keep it out of histories and screenshots.
            answer: Response = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
            return answer
        if self._is_ours(_cookies(Headers(scope=scope)).get(self._cookie, "")):
            return None
        return PlainTextResponse("open the address that btsclip review printed", 403)

    def _is_ours(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token.encode())


class _Limited:
    """The body of a request, up to LARGEST bytes, even without a content length.

    Raises HTTPException 413 for a larger body.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive, self._left = receive, LARGEST

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            # After the last part there is nothing to drain.
            if message.get("more_body"):
                await _drain(self._receive)
            raise HTTPException(TOO_LARGE, "too large")
        return message


async def _drain(receive: Receive) -> None:
    """Read the rest of a request, up to MAX_DRAINED bytes, so that the client gets the answer."""
    left = MAX_DRAINED
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body"):
            return


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if "cache-control" not in headers:
                headers["cache-control"] = "no-store"
        await send(message)

    return sending


def _cookies(headers: Headers) -> Mapping[str, str]:
    try:
        found = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items()}
