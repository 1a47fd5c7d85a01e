"""The place of the title on a clip's cover, and on each picture to choose the cover from."""

from __future__ import annotations

from collections.abc import Sequence

from btsclip.captions import BusyArea, TitlePosition, place_title
from btsclip.plan import Clip, cover_choices, pick_cover
from btsclip.planning.cover import USUAL_TITLE
from btsclip.presets import Preset
from btsclip.render import still_frame


def place_titles(
    clip: Clip, preset: Preset, busy: Sequence[BusyArea], work: Sequence[BusyArea] = ()
) -> Clip:
    """`clip` with the place of the title on its cover, and on each picture to choose, clear of the
    `busy` areas in that picture, and as far as possible of the `work`.

    A clip without a title gets the places for one that is written later. Raises CaptionError for a
    title that can't be drawn.
    """
    spans = [span.model_copy(update={"covers": []}) for span in clip.spans]
    for number, choice in cover_choices(clip):
        spot = _title_position(pick_cover(clip, number, choice.at), preset, busy, work)
        placed = choice.model_copy(update={"title_y": spot.y, "title_scale": spot.scale})
        covers = [*spans[number].covers, placed]
        spans[number] = spans[number].model_copy(update={"covers": covers})
    spot = _title_position(clip, preset, busy, work)
    return clip.model_copy(update={"spans": spans, "title_y": spot.y, "title_scale": spot.scale})


def _title_position(
    clip: Clip, preset: Preset, busy: Sequence[BusyArea], work: Sequence[BusyArea]
) -> TitlePosition:
    """A place for the title in the cover's picture."""
    if not preset.cover.title:
        return TitlePosition()
    at = still_frame(clip, preset) / preset.output.fps
    # An area also counts for one sample before it, while the hand moves there.
    shown, made = (
        [area for area in areas if 2 * area.start - area.end < at < area.end]
        for areas in (busy, work)
    )
    return place_title(clip.title or USUAL_TITLE, preset, shown, made)
