"""All pictures that a clip's captions lay over it."""

from __future__ import annotations

from btsclip.captions.emoji_overlays import emoji_overlays
from btsclip.captions.endcard import with_card
from btsclip.captions.layout import arrange
from btsclip.captions.overlay import Overlay
from btsclip.captions.stickers import sticker_overlays
from btsclip.plan.model import Clip
from btsclip.presets.schema import Preset


def overlays_for(clip: Clip, preset: Preset) -> tuple[Overlay, ...]:
    """What libass can't draw of the clip's captions: emoji in its texts, and its stickers.

    Belongs to the document of ass_for, which leaves the emoji's places free. Times count from the
    clip's start. Raises CaptionError as ass_for does, and for a sticker that can't be drawn.
    """
    blocks = arrange(with_card(clip, preset), preset)
    return (
        *emoji_overlays(blocks, clip.seconds_in_all),
        *sticker_overlays(clip.captions, blocks, clip.seconds_shown, preset),
    )
