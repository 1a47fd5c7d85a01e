"""All pictures that a clip's captions lay over it."""

from __future__ import annotations

from btsclip.captions.comment import card_of
from btsclip.captions.comment_ass import card_emoji
from btsclip.captions.emoji_overlays import emoji_overlays
from btsclip.captions.endcard import captions_with_end_card
from btsclip.captions.layout import layout_captions
from btsclip.captions.overlay import Overlay
from btsclip.captions.stickers import sticker_overlays
from btsclip.plan.model import Clip
from btsclip.presets.schema import Preset


def overlays_for(clip: Clip, preset: Preset) -> tuple[Overlay, ...]:
    """What libass can't draw of the clip's texts and its comment: emoji in them, and stickers.

    Belongs to the document of ass_for, which leaves the emoji's places free. Times count from the
    clip's start. Raises CaptionError as ass_for does, and for a sticker that can't be drawn.
    """
    card = card_of(clip, preset)
    beside = [card.block] if card else []
    blocks = layout_captions(captions_with_end_card(clip, preset), preset, beside)
    return (
        *emoji_overlays(blocks, clip.seconds_in_all),
        *(card_emoji(card, clip.seconds_shown) if card else ()),
        *sticker_overlays(clip.captions, [*beside, *blocks], clip.seconds_shown, preset),
    )
