"""The timeline: bands at the moments, text within the page, and the same picture in SVG and PNG."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from made_signals import signals
from media import Media
from PIL import Image
from quick import mostly_slow

from btsclip.media.probing import probe
from btsclip.moments.find import Moment, find_moments
from btsclip.pictures import palette
from btsclip.pictures.bands import MIN_WIDTH
from btsclip.pictures.lettering import text_width
from btsclip.pictures.raster import to_image
from btsclip.pictures.shapes import Drawing, Picture, Rect, TextLine
from btsclip.pictures.svg import NAMESPACE, to_svg
from btsclip.pictures.timeline import LEFT, RIGHT, draw_timeline

KINDS = ("process", "mishap", "people", "why", "reveal", "idle", "something new")
WHY = 'two hands & a "knife" <sharp>, \x07 ]]>'
ODD_NAMES = (
    "a 'quoted' \"name\" <b>&amp;.mp4",
    "pizza 🍕👩‍🍳.mp4",
    "יום הפיצה 2.mp4",
    "\u202eلیلة البيتزا\u202c.mp4",
    "line\nbreak\x01.mp4",
    "w" * 240 + ".mp4",
    "面团.mp4",
)


def moment(start: float, end: float, kind: str = "process", number: int = 1) -> Moment:
    return Moment(f"m{number:03d}", kind, None, start, end, 0.8, {}, WHY)


def drawn(
    media: Media, duration: float, moments: list[Moment], path: Path | None = None
) -> Drawing:
    footage = replace(probe(path or media("one_second.mp4")), duration=duration)
    made = signals(duration, tuple((m.start, m.end) for m in moments))
    return draw_timeline(footage, made, made.presence, moments)


@st.composite
def takes(draw: st.DrawFn) -> tuple[float, list[Moment]]:
    duration = draw(st.floats(0.5, 11_000))
    spans = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=30)
    made = [
        moment(min(a, b) * duration, max(a, b) * duration, draw(st.sampled_from(KINDS)), i)
        for i, (a, b) in enumerate(draw(spans))
    ]
    return duration, made


@pytest.mark.slow
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(takes())
def test_every_moment_has_a_band_at_its_time(
    media: Media, take: tuple[float, list[Moment]]
) -> None:
    duration, moments = take
    drawing = drawn(media, duration, moments)
    for name in ("moment", "chip"):
        bands = {
            shape.name: shape
            for shape in drawing.shapes
            if isinstance(shape, Rect) and shape.name.startswith(name)
        }
        assert sorted(bands) == sorted(f"{name} {m.id}" for m in moments)
        for m in moments:
            band = bands[f"{name} {m.id}"]
            first, last = (LEFT + (RIGHT - LEFT) * t / duration for t in (m.start, m.end))
            assert band.x == pytest.approx(first, abs=MIN_WIDTH)
            assert band.x + band.width == pytest.approx(last, abs=MIN_WIDTH + 1e-6)
            assert band.width > 0 and band.x >= LEFT - 1e-6
            assert band.x + band.width <= RIGHT + 1e-6
            assert band.fill == palette.kind_color(m.kind)
    assert_texts_fit(drawing)


def assert_texts_fit(drawing: Drawing) -> None:
    for text in drawing.shapes:
        if isinstance(text, TextLine):
            share = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
            left = text.x - share * text_width(text.text, text.size)
            assert left >= 0 and left + text_width(text.text, text.size) <= drawing.width, text
            assert 0 < text.y <= drawing.height


@pytest.mark.parametrize("name", mostly_slow(ODD_NAMES, ODD_NAMES[0], ODD_NAMES[4]))
def test_any_file_name_gives_a_valid_svg(name: str, media: Media, tmp_path: Path) -> None:
    try:
        path = media.copy("one_second.mp4", tmp_path / name)
    except OSError:
        pytest.skip("this system has no such names")
    drawing = drawn(media, 1.0, [moment(0, 1)], path)
    assert_texts_fit(drawing)
    root = ElementTree.fromstring(to_svg(drawing))
    texts = [element.text or "" for element in root.iter(f"{{{NAMESPACE}}}text")]
    assert any(text.endswith(".mp4") and "\u202e" not in text for text in texts)
    if "quoted" in name:
        assert name in texts
    assert to_image(drawing).size == (drawing.width, drawing.height)


def test_svg_has_bands_tooltips_pictures_and_fonts(media: Media) -> None:
    moments = [moment(0.0, 0.5), moment(0.5, 1.0, "idle", 2)]
    drawing = drawn(media, 1.0, moments)
    text = to_svg(drawing)
    root = ElementTree.fromstring(text)
    bands = [e for e in root.iter(f"{{{NAMESPACE}}}rect") if e.get("class") == "moment"]
    assert [band.get("data-id") for band in bands] == ["m001", "m002"]
    tips = [band.findtext(f"{{{NAMESPACE}}}title") for band in bands]
    assert all(tip and 'a "knife" <sharp>, ? ]]>' in tip for tip in tips)
    images = list(root.iter(f"{{{NAMESPACE}}}image"))
    assert 12 <= len(images) <= 20
    assert all((e.get("href") or "").startswith("data:image/jpeg;base64,") for e in images)
    assert text.count(b"@font-face") == 1 and b"url(data:font/woff;base64," in text
    assert {e.tag.partition("}")[2] for e in root.iter()}.isdisjoint({"script", "foreignObject"})


def test_png_and_svg_have_the_same_size_and_band_color(media: Media) -> None:
    drawing = drawn(media, 10.0, [moment(2.0, 8.0, "why")])
    root = ElementTree.fromstring(to_svg(drawing))
    file = io.BytesIO()
    to_image(drawing).save(file, "PNG")
    image = Image.open(file)
    assert (root.get("width"), root.get("height")) == tuple(map(str, image.size))
    (chip,) = (s for s in drawing.shapes if isinstance(s, Rect) and s.name == "chip m001")
    inside = image.getpixel((round(chip.x + 8), round(chip.y + chip.height / 2)))
    outside = image.getpixel((round(chip.x - 8), round(chip.y + chip.height / 2)))
    assert "#{:02x}{:02x}{:02x}".format(*inside) == palette.KINDS["why"]
    assert "#{:02x}{:02x}{:02x}".format(*outside) == palette.GROUND


def test_film_strip_is_upright(media: Media) -> None:
    footage = probe(media("rotated_90.mp4"))
    made = signals(footage.duration)
    drawing = draw_timeline(footage, made, made.presence, find_moments(made, footage.duration))
    film = [shape for shape in drawing.shapes if isinstance(shape, Picture)]
    for picture in (film[0], film[-1]):
        height, width_ = picture.pixels.shape[:2]
        ratio = picture.width / picture.height
        assert ratio == pytest.approx(footage.width / footage.height, rel=0.02)
        assert width_ / height == pytest.approx(ratio, rel=0.05)
        red, green, blue = picture.pixels[height // 4, width_ // 4].astype(int)
        assert red > 150 and green < 90 and blue < 90
    # The flash at 1.0 to 1.2 s is where the axis says it is.
    bright = [LEFT <= p.x <= RIGHT and np.min(p.pixels) > 200 for p in film]
    times = [(p.x + p.width / 2 - LEFT) / (RIGHT - LEFT) * footage.duration for p in film]
    assert any(bright) and all(
        abs(t - 1.1) < 2 * footage.duration / len(film)
        for t, b in zip(times, bright, strict=True)
        if b
    )


def test_take_without_sound_is_labeled(media: Media) -> None:
    footage = probe(media("no_sound.mp4"))
    made = signals(footage.duration)
    drawing = draw_timeline(footage, made, made.presence, [])
    texts = {shape.text for shape in drawing.shapes if isinstance(shape, TextLine)}
    assert "no sound in this take" in texts and "Voice" not in texts
    assert {"no work found", "Nothing found"} <= texts
