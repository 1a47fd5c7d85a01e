"""Whole pictures of a take, ready for a graph: deinterlaced, with a color matrix."""

from __future__ import annotations

from typing import Any

from btsclip.media import Footage, may_be_interlaced
from btsclip.render.color import tag_matrix

# Pictures a second needed, as a multiple of the frames a second, from which each field becomes a
# picture of its own: 25 frames then show 30 pictures, or slow motion, without repeating any.
MIN_FIELD_RATE = 1.1
# ffmpeg's names of the field that is first.
_FIELDS = {"top": "tff", "bottom": "bff"}


def whole_pictures(picture: Any, footage: Footage, rate: float = 0.0) -> Any:
    """The pictures of a stream of `footage`. Those that are not interlaced stay as they are.

    Args:
        rate: Pictures needed for each second of the take; frames have two if they have too few.
    """
    # Pictures turned by 90 degrees have their fields in columns.
    if may_be_interlaced(footage) and footage.rotation not in (90, 270):
        if not footage.scan_flagged:
            picture = picture.filter("setfield", _FIELDS[footage.scan])
        is_fast = footage.scan != "progressive" and rate >= MIN_FIELD_RATE * footage.fps
        mode = "send_field" if is_fast else "send_frame"
        picture = picture.filter("bwdif", mode=mode, parity=_parity(footage), deint="interlaced")
    return tag_matrix(picture, footage)


def _parity(footage: Footage) -> str:
    """ffmpeg's name of the field that is first; "auto" for what the flags say."""
    # In a picture turned upside down, the upper field has become the lower one.
    if footage.rotation == 180 and footage.scan in _FIELDS:
        return "bff" if footage.scan == "top" else "tff"
    return "auto"
