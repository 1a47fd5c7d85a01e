"""Parsers of option values: each says in plain words what is wrong with a value, and the cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import typer

from btsclip.limits import Limits
from btsclip.wording import listed


class WrongValue(typer.BadParameter):
    """A value that an option or argument cannot have, with its `cause` and `cure`."""

    def __init__(self, value: str, cause: str, cure: str) -> None:
        super().__init__(f"{value}: {cause}; {cure}")
        self.value = value
        self.cause = cause
        self.cure = cure


def whole(limits: Limits) -> Callable[[Any], int]:
    """A parser of whole numbers within `limits`."""

    def parse(value: Any) -> int:
        try:
            number = int(value)
        except ValueError:
            raise WrongValue(value, "is not a whole number", f"give {limits}") from None
        return int(_check_limits(limits, value, number))

    return parse


def decimal(limits: Limits) -> Callable[[Any], float]:
    """A parser of decimal numbers within `limits`."""

    def parse(value: Any) -> float:
        try:
            number = float(value)
        except ValueError:
            # People also type "5s" and "5,5".
            digits = re.fullmatch(r"\s*(\d+)(?:[.,](\d+))?\s*(?:s|sec|seconds)?\s*", value)
            likely = digits and ".".join(part for part in digits.groups() if part)
            cure = f"did you mean {likely}? Give {limits}" if likely else f"give {limits}"
            raise WrongValue(value, "is not a number", cure) from None
        return _check_limits(limits, value, number)

    return parse


def choice(
    names: Callable[[], Iterable[str]], also: Mapping[str, str] | None = None
) -> Callable[[Any], Any]:
    """A parser of one of `names`, in any case.

    `names` is called only when a value is typed. `also` maps other words to names, for suggestions.
    """

    def parse(value: Any) -> str:
        typed, known = str(value).strip().lower(), list(names())
        if typed in known:
            return typed
        likely = (also or {}).get(typed) or nearest(typed, known)
        hint = f"did you mean {likely}? Choose " if likely else "use "
        raise WrongValue(str(value), "is unknown", f"{hint}{listed(known, 'or')}")

    return parse


def day(value: Any) -> date:
    """Read a day such as 2026-11-24."""
    try:
        return datetime.strptime(str(value).strip(), "%Y-%m-%d").date()
    except ValueError:
        raise WrongValue(str(value), "is not a day", "write it as 2026-11-24") from None


def scheduler(value: Any) -> str:
    """Read `local`, or the address of a scheduler such as tcp://studio:8786."""
    typed = str(value).strip()
    if typed == "local" or re.fullmatch(
        r"(?:tcp|tls|ws|wss)://\S+:\d+|(?:inproc|ucx)://\S+", typed
    ):
        return typed
    host = re.sub(r"^.*://", "", typed)
    port = "" if re.search(r":\d+$", host) else ":8786"
    raise WrongValue(typed, "is not an address", f"did you mean tcp://{host}{port}?")


def nearest(typed: str, names: Iterable[str], min_similarity: float = 0.6) -> str:
    """The most similar of `names`; empty if none reaches `min_similarity` (0..1)."""
    return next(iter(difflib.get_close_matches(typed.lower(), list(names), 1, min_similarity)), "")


def _check_limits(limits: Limits, value: Any, number: float) -> float:
    if fault := limits.fault(number):
        raise WrongValue(str(value), fault, f"give {limits}")
    return number
