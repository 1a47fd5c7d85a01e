"""What the page sends and gets: JSON objects, and errors that it can show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from btsclip.errors import BtsclipError
from btsclip.plan import json_text, shorten
from btsclip.review.versions import ConflictError

# A method of a page: of its object, for a request.
Endpoint = Callable[[Any, Request], Awaitable[Response]]


def with_json_errors(endpoint: Endpoint) -> Endpoint:
    """Answer errors of `endpoint` as JSON that the page can show."""

    @wraps(endpoint)
    async def wrapped(page: Any, request: Request) -> Response:
        try:
            return await endpoint(page, request)
        except ConflictError as error:
            return JSONResponse({"error": error_text(error)}, 409)
        except BtsclipError as error:
            return JSONResponse({"error": error_text(error)}, 422)

    return wrapped


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body of `request`. Raises HTTPException 400 for anything else."""
    try:
        values = json_text.loads(await request.body())
    except ValueError as error:
        raise HTTPException(400, f"the request is invalid ({error})") from None
    except ClientDisconnect:
        raise HTTPException(400, "the request ended early") from None
    if not isinstance(values, dict):
        raise HTTPException(400, "the request is not a JSON object")
    return values


def error_text(error: BtsclipError) -> str:
    """The text of an error for the page, with long parts shortened."""
    return valid_text(str(BtsclipError(shorten(error.subject), shorten(error.cause), error.cure)))


def valid_text(text: str) -> str:
    """`text`, with a question mark for each invalid character: file names may have some."""
    return text.encode("utf-8", "replace").decode()
