"""The contact sheet: cards for moments, and boxes around the hands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from made_signals import signals
from media import Media

from btsclip.media.probing import probe
from btsclip.moments.find import Moment
from btsclip.pictures import palette
from btsclip.pictures.lettering import text_width
from btsclip.pictures.raster import to_image
from btsclip.pictures.shapes import Drawing, Picture, TextLine
from btsclip.pictures.sheet import MAX_CARDS, draw_sheet


def moment(start: float, end: float, score: float = 0.8, kind: str = "process") -> Moment:
    return Moment("m001", kind, "chop", start, end, score, {}, "two hands seen, moving fast")


def pictures(drawing: Drawing) -> list[Picture]:
    return [shape for shape in drawing.shapes if isinstance(shape, Picture)]


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, TextLine)]


def is_box_color(pixel: np.ndarray) -> bool:
    return bool(np.abs(pixel.astype(int) - [0xFF, 0xD6, 0x0A]).max() < 40)


def test_box_is_drawn_around_the_hands_only(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    made = signals(footage.duration, ((0.0, 0.8),))
    # In the left half, where the take is red and blue; hands are gone from 0.8 s on.
    made.hand_box[made.times < 0.8] = (0.25, 0.5, 0.3, 0.4)
    drawing = draw_sheet(footage, made, [moment(0.0, 2.4)])
    image = np.asarray(to_image(drawing))
    first, *_, last = pictures(drawing)
    x, y = first.x + 0.10 * first.width, first.y + 0.5 * first.height
    assert any(is_box_color(image[round(y), round(x) + d]) for d in range(5))
    x, y = first.x + 0.25 * first.width, first.y + 0.7 * first.height
    assert any(is_box_color(image[round(y) - d, round(x)]) for d in range(5))

    def count_box_pixels(picture: Picture) -> int:
        left = image[
            round(picture.y) : round(picture.y + picture.height),
            round(picture.x) : round(picture.x + picture.width * 0.45),
        ]
        return int((np.abs(left.astype(int) - [0xFF, 0xD6, 0x0A]).max(2) < 40).sum())

    assert count_box_pixels(first) > 100 and count_box_pixels(last) == 0
    middle = image[round(first.y + 0.4 * first.height), round(first.x + 0.25 * first.width)]
    assert middle[0] > 150 and middle[1] < 90


def test_box_is_cut_at_the_edge_of_the_picture(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    made = signals(footage.duration, ((0.0, 2.5),))
    made.hand_box[:] = (0.0, 0.0, 0.6, 0.6)
    image = np.asarray(to_image(draw_sheet(footage, made, [moment(0.0, 2.4)])))
    first = pictures(draw_sheet(footage, made, [moment(0.0, 2.4)]))[0]
    beside = image[round(first.y) : round(first.y + 60), round(first.x) - 6 : round(first.x) - 2]
    assert (beside == 255).all()


def test_pictures_are_upright_and_from_their_moment(media: Media) -> None:
    footage = probe(media("rotated_90.mp4"))
    drawing = draw_sheet(footage, signals(footage.duration), [moment(0.0, 0.6)])
    assert len(pictures(drawing)) == 3
    for picture in pictures(drawing):
        height, width = picture.pixels.shape[:2]
        assert width / height == pytest.approx(footage.width / footage.height, rel=0.05)
        quarter = picture.pixels[height // 4, width // 4]
        assert quarter[0] > 150 and quarter[1] < 90
    stamps = [
        float(text[2:]) for text in texts(drawing) if text.startswith("0:00.") and len(text) == 6
    ]
    assert len(stamps) == 3 and all(
        0.2 * part <= stamp <= 0.2 * part + 0.15 for part, stamp in enumerate(stamps)
    )


def test_upright_footage_has_four_pictures_in_a_row(media: Media) -> None:
    footage = probe(media("portrait.mp4"))
    drawing = draw_sheet(footage, signals(footage.duration), [moment(0.0, 2.0)])
    row = pictures(drawing)
    assert len(row) == 4 and len({picture.y for picture in row}) == 1
    assert all(a.x + a.width < b.x for a, b in pairwise(row))


def test_cards_are_in_order_of_score_up_to_a_maximum(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    moments = [moment(0.1, 0.4, i / 40) for i in range(MAX_CARDS + 6)]
    drawing = draw_sheet(footage, signals(footage.duration), [*moments, moment(0, 1, 0.9, "idle")])
    scores = [float(text) for text in texts(drawing) if text.startswith("0.") and len(text) == 4]
    assert scores == sorted(scores, reverse=True) and len(scores) == MAX_CARDS
    assert any(
        f"the best {MAX_CARDS} of {MAX_CARDS + 6} moments" in text for text in texts(drawing)
    )
    for shape in drawing.shapes:
        if isinstance(shape, TextLine) and shape.anchor == "start":
            assert shape.x + text_width(shape.text, shape.size) <= drawing.width
        if isinstance(shape, Picture):
            assert shape.x + shape.width <= drawing.width
            assert shape.y + shape.height <= drawing.height
    assert to_image(drawing).getpixel((5, 5)) == tuple(bytes.fromhex(palette.GROUND[1:]))


def test_page_without_moments_gives_the_reason(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    idle = Moment("m001", "idle", None, 0.0, 2.5, 0.1, {}, "no hands seen, hardly anything moves")
    drawing = draw_sheet(footage, signals(footage.duration), [idle])
    assert any("No moment was found" in text for text in texts(drawing))
    assert "no hands seen, hardly anything moves" in texts(drawing)
    assert to_image(drawing).size == (drawing.width, drawing.height)
    assert draw_sheet(footage, signals(footage.duration), []).height > 0
