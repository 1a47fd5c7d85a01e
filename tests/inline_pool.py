"""A pool of workers that works in this process at once: for tests of what is made, not of how."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class InlinePool:
    """What `LocalPool` is, without its processes."""

    threads, width = 1, 1
    lost: tuple[type[BaseException], ...] = ()

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> InlinePool:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        """The result of the call, which is over already."""
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Nothing is lost."""

    def close(self) -> None:
        """Nothing runs."""
