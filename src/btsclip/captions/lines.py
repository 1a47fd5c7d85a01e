"""Texts to one line, or to a line for each speaker."""

from __future__ import annotations

import re
import unicodedata

# A dash of any kind, or the arrows of American captions, before what the next speaker says.
_DASH = re.compile(r"[-‐‑–—―−]|>>")
# Who speaks, before a colon.
_NAME = re.compile(r"(?:>>\s*)?([^\W\d_][\w .'’&-]{0,30})(?:：|:(?=\s|$))")


def clean_line(text: str) -> str:
    """`text` on one line, composed, without control characters; no-break spaces are kept."""
    text = unicodedata.normalize("NFC", text).replace("\u202f", "\u00a0")
    text = re.sub(r"[^\S\u00a0]+", " ", text).strip()
    return "".join(c for c in text if unicodedata.category(c) != "Cc")


def flow_lines(text: str) -> str:
    """`text` on one line, but what each further speaker says on a line of its own.

    A line begins another speaker's words with a dash or with a name and a colon, `ANA:`. A name
    that is not in capitals counts when two lines begin with one.

    Example: `flow("- Is it\\nhot?\\n- Not yet")` is `"- Is it hot?\\n- Not yet"`.
    """
    lines = [line for line in map(clean_line, text.splitlines()) if line]
    names = [found.group(1) for line in lines if (found := _NAME.match(line))]
    spoken: list[str] = []
    for line in lines:
        if spoken and not _begins_words(line, any_name=len(names) > 1):
            spoken[-1] += f" {line}"
        else:
            spoken.append(line)
    return "\n".join(spoken)


def _begins_words(line: str, any_name: bool) -> bool:
    """Whether another speaker begins with `line`."""
    if _DASH.match(line):
        return True
    name = _NAME.match(line)
    return name is not None and (any_name or name.group(1).isupper())
