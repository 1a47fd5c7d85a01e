"""The bin of a Kdenlive project, which also holds its facts, its guides and its groups."""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from btsclip.exchange import mlt
from btsclip.exchange.markers import COLOR_VALUES, marker_label
from btsclip.exchange.mlt import set_properties
from btsclip.exchange.timeline import Timeline

DOCUMENT_VERSION = "1.04"


def fill_bin(
    playlist: Element,
    timeline: Timeline,
    groups: Sequence[Sequence[tuple[int, int]]],
    entries: Sequence[tuple[str, int]],
) -> None:
    """Fill the bin's playlist.

    Args:
        groups: Items that move together, as (track, frame).
        entries: The producers in the bin, with their lengths.
    """
    group_values = [
        {
            "type": "AVSplit" if len(items) == 2 else "Normal",
            "children": [
                {"data": f"{track}:{at}:-1", "leaf": "clip", "type": "Leaf"} for track, at in items
            ],
        }
        for items in groups
        if len(items) > 1
    ]
    set_properties(
        playlist,
        {
            "kdenlive:docproperties.version": DOCUMENT_VERSION,
            "kdenlive:docproperties.kdenliveversion": "22.12.3",
            "kdenlive:docproperties.profile": "",
            "kdenlive:docproperties.audioChannels": 2,
            "kdenlive:docproperties.enableproxy": 0,
            "kdenlive:docproperties.generateproxy": 0,
            "kdenlive:docproperties.position": 0,
            "kdenlive:docproperties.guides": json.dumps(_guides(timeline)),
            "kdenlive:docproperties.guidesCategories": json.dumps(_categories()),
            "kdenlive:docproperties.groups": json.dumps(group_values),
            "xml_retain": 1,
        },
    )
    for producer, frames in entries:
        mlt.add_entry(playlist, producer, 0, frames)


def _guides(timeline: Timeline) -> list[dict[str, object]]:
    """The markers. A frame has one guide, which names all markers there."""
    colors = list(COLOR_VALUES)
    guides = []
    for at in sorted({marker.at for marker in timeline.markers}):
        markers = [marker for marker in timeline.markers if marker.at == at]
        # What is left to do must not be missed.
        category = max(colors.index(marker.color) for marker in markers)
        comment = " | ".join(marker.label for marker in markers)
        guides.append({"comment": comment, "pos": at, "type": category})
    return guides


def _categories() -> list[dict[str, object]]:
    return [
        {"color": value, "comment": marker_label(color), "index": index}
        for index, (color, value) in enumerate(COLOR_VALUES.items())
    ]
