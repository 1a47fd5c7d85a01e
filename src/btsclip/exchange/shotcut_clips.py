"""Clips of Shotcut projects: a producer for each, with the filters that Shotcut shows."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from btsclip.exchange import mlt
from btsclip.exchange.mlt import PictureItem, Project, Values, set_properties
from btsclip.exchange.timeline import Media, Shot, SoundClip
from btsclip.exchange.xml import add


def file_properties(media: Media, path: str, frames: int) -> Values:
    return {
        "length": frames, "eof": "pause", "resource": path,
        "mlt_service": "avformat-novalidate", "seekable": 1, "shotcut:skipConvert": 1,
        **mlt.stream_properties(media),
    }  # fmt: skip


def add_producer(doc: Project, item: Shot | SoundClip, shot: Shot | None) -> tuple[Element, int]:
    """Add a producer for an item alone, and return it with the frame at which the item begins.

    `shot` is the shot whose ramp it follows.
    """
    path, timeline, speed = doc.path(item.media), doc.timeline, item.speed
    kind = "producer" if speed != 1 and not shot else "chain"
    element = add(doc.element, kind, id=doc.new_id(kind))
    if shot:
        ramp = mlt.time_ramp(shot)
        frames = ramp.points[-1][0]
        set_properties(element, file_properties(item.media, path, frames))
        link = add(element, "link", id=doc.new_id("link"))
        set_properties(
            link, {"map": mlt.time_map(ramp), "mlt_service": "timeremap", "image_mode": "nearest"}
        )
        first = ramp.begin + item.at - shot.at
    else:
        frames = mlt.file_frames(item.media, timeline, speed)
        first = max(0, mlt.first_frame(item))
        properties = file_properties(item.media, path, frames)
        if speed != 1:
            properties |= {
                "resource": f"{float(speed):.6f}:{path}", "mlt_service": "timewarp",
                "warp_speed": f"{float(speed):.6f}", "warp_resource": path, "warp_pitch": 0,
            }  # fmt: skip
        set_properties(element, properties)
    element.set("out", str(frames - 1))
    set_properties(element, {"shotcut:caption": item.media.path.name})
    return element, first


def add_picture_filters(
    doc: Project, producer: Element, item: PictureItem, first: int, is_background: bool
) -> None:
    """Add size and position, what cuts off the rest, and the blur of a background."""
    keys, area = item.placement.keys, item.placement.area
    rectangles = mlt.rectangle_keys(keys)
    if len(keys) == 1:
        rectangles = mlt.area_text(keys[0][1])
    add_filter(
        doc, producer, first, item.frames, "affine",
        {
            "shotcut:filter": "affineSizePosition", "background": "color:#00000000",
            "transition.fill": 1, "transition.distort": 0, "transition.rect": rectangles,
            "transition.valign": "middle", "transition.halign": "center", "transition.threads": 0,
            "transition.fix_rotate_x": 0,
        },
    )  # fmt: skip
    if area:
        add_filter(
            doc, producer, first, item.frames, "qtcrop",
            {"shotcut:filter": "cropRectangle", "rect": mlt.area_text(area), "radius": 0,
             "color": "#00000000"},
        )  # fmt: skip
    if is_background:
        sigma = mlt.blur_sigma(doc.timeline)
        add_filter(
            doc, producer, first, item.frames, "avfilter.gblur",
            {"shotcut:filter": "blur_gaussian_av", "av.sigma": sigma, "av.steps": 1},
        )  # fmt: skip
        add_filter(doc, producer, first, item.frames, "brightness", {"level": mlt.BACKGROUND_LIGHT})


def add_filter(
    doc: Project, producer: Element, first: int, frames: int, service: str,
    values: Values,
) -> None:  # fmt: skip
    element = add(
        producer, "filter", id=doc.new_id("filter"), **{"in": first, "out": first + frames - 1}
    )
    set_properties(
        element,
        {"mlt_service": service, **values, "shotcut:animIn": 0, "shotcut:animOut": 0},
    )
