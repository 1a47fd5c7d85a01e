"""Captions: the texts on a clip, their places and their drawing."""

from btsclip.captions.ass import ass_for
from btsclip.captions.check import check_preset, check_text, undrawable
from btsclip.captions.comment import comment_of, set_comment
from btsclip.captions.fonts import FONTS
from btsclip.captions.overlays import overlays_for, watermark_area, watermark_overlay
from btsclip.captions.own_fonts import AddedFont, fonts_folder, use_font
from btsclip.captions.placement import BusyArea, place_captions, place_comment
from btsclip.captions.subtitles import format_subtitles
from btsclip.captions.text import captions_for

__all__ = [
    "FONTS",
    "AddedFont",
    "BusyArea",
    "ass_for",
    "captions_for",
    "check_preset",
    "check_text",
    "comment_of",
    "fonts_folder",
    "format_subtitles",
    "overlays_for",
    "place_captions",
    "place_comment",
    "set_comment",
    "undrawable",
    "use_font",
    "watermark_area",
    "watermark_overlay",
]
