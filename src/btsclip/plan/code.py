"""The short code of a cut, by which a post is known again on a platform: `7hq3x`.

It stands at the end of a clip's id and of its title in the file, follows from the footage, the span
and the kind, and so stays what it is however often the same cut is made.
"""

from __future__ import annotations

import hashlib
import re

# No vowels, so that a code is never a word; none of the look-alikes 0 O 1 I L 5 S 2 Z 8 B U V.
DIGITS = "34679"
LETTERS = "cdfghjkmnpqrtwxy"
LENGTH = 5
_CODE = rf"[{DIGITS}](?=[{DIGITS}]*[{LETTERS}])[{DIGITS}{LETTERS}]{{{LENGTH - 1}}}"


def code_of(size: int, duration: float, start: float, end: float, kind: str) -> str:
    """The code of the cut from `start` to `end` seconds of a take of `size` bytes and `duration`
    seconds: a digit first and a letter at least, so that it is neither a word nor a number."""
    cut = f"{size} {duration:.2f} {start:.2f} {end:.2f} {kind}"
    number = int.from_bytes(hashlib.sha256(cut.encode()).digest()[:8], "big")
    number, first = divmod(number, len(DIGITS))
    number, last = divmod(number, len(LETTERS))
    found = DIGITS[first]
    alphabet = DIGITS + LETTERS
    for _ in range(LENGTH - 2):
        number, place = divmod(number, len(alphabet))
        found += alphabet[place]
    return found + LETTERS[last]


def code_at_end(name: str) -> str:
    """The code with which a clip's id ends; empty where it has none."""
    found = re.search(rf"(?:^|-)({_CODE})$", name)
    return found[1] if found else ""


def codes_in(text: str) -> list[str]:
    """All that stands in `text` by itself and may be a code, in order."""
    words = re.split(r"[\W_]+", text.casefold())
    return [word for word in words if re.fullmatch(_CODE, word)]


def tag_title(title: str, name: str) -> str:
    """The title in a clip's file: its own, then the code of the clip called `name`."""
    return " ".join(part for part in (title, code_at_end(name)) if part)
