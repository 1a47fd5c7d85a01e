"""The short code of a cut, such as `7hq3x`, which links a post on a platform to its clip.

It ends the id of a clip and the title in its file. It depends only on the footage, the span and
the kind, so that the same cut always has the same code.
"""

from __future__ import annotations

import hashlib
import re

# Without vowels, so that a code is never a word, and without the look-alikes
# 0 O 1 I L 5 S 2 Z 8 B U V.
DIGITS = "34679"
LETTERS = "cdfghjkmnpqrtwxy"
LENGTH = 5
_CODE = rf"[{DIGITS}](?=[{DIGITS}]*[{LETTERS}])[{DIGITS}{LETTERS}]{{{LENGTH - 1}}}"


def code_of(size: int, duration: float, start: float, end: float, kind: str) -> str:
    """The code of the cut from `start` to `end` of a take of `size` bytes and `duration` seconds.

    It begins with a digit and ends with a letter, so that it is neither a word nor a number.
    """
    cut = f"{size} {duration:.2f} {start:.2f} {end:.2f} {kind}"
    number = int.from_bytes(hashlib.sha256(cut.encode()).digest()[:8], "big")
    number, first = divmod(number, len(DIGITS))
    number, last = divmod(number, len(LETTERS))
    code = DIGITS[first]
    alphabet = DIGITS + LETTERS
    for _ in range(LENGTH - 2):
        number, index = divmod(number, len(alphabet))
        code += alphabet[index]
    return code + LETTERS[last]


def code_at_end(name: str) -> str:
    """The code at the end of a clip's id, or "" if there is none.

    >>> code_at_end("dough-01-process-7hq3x")
    '7hq3x'
    """
    match = re.search(rf"(?:^|-)({_CODE})$", name)
    return match[1] if match else ""


def codes_in(text: str) -> list[str]:
    """The words in `text` that may be codes, in order.

    >>> codes_in("Dough rising #7hq3x")
    ['7hq3x']
    """
    words = re.split(r"[\W_]+", text.casefold())
    return [word for word in words if re.fullmatch(_CODE, word)]


def tag_title(title: str, name: str) -> str:
    """The title in a clip's file: `title` and the code at the end of the clip's id `name`."""
    return " ".join(part for part in (title, code_at_end(name)) if part)
