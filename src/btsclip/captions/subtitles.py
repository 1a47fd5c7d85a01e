"""Captions as SRT and WebVTT: for platforms that take them, for translators and for search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from btsclip.captions.lines import flow_lines
from btsclip.plan.model import Caption

# pysubs2 takes braces and backslashes for commands of ASS and drops them; these stand in for them,
# from Unicode's private use area.
STAND_INS = {"{": "\ue000", "}": "\ue001", "\\": "\ue002"}
# What WebVTT would take for tags and entities.
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def subtitles(captions: Sequence[Caption], form: Literal["srt", "vtt"]) -> str:
    """The texts of one clip, not its stickers, in the order of their times, as a subtitle file; of
    a time that runs only what it says in the end."""
    import pysubs2

    special = str.maketrans(STAND_INS | (ENTITIES if form == "vtt" else {}))
    document = pysubs2.SSAFile()
    texts = [caption for caption in captions if caption.role not in ("sticker", "clock")]
    texts += [caption for caption in captions if caption.role == "clock"][-1:]
    for caption in sorted(texts, key=lambda caption: (caption.start, caption.end)):
        document.events.append(
            pysubs2.SSAEvent(
                start=round(caption.start * 1000),
                end=round(caption.end * 1000),
                text=flow_lines(caption.text).translate(special).replace("\n", r"\N"),
            )
        )
    text: str = document.to_string(form)
    return text.translate({ord(value): key for key, value in STAND_INS.items()})
