"""A creator's brand: colors, font, logo, name and words to avoid, laid over every preset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from btsclip.errors import PresetError
from btsclip.media import absolute, read_picture
from btsclip.presets.colors import MIN_CONTRAST, contrast, most_readable
from btsclip.presets.schema import Handle, Logo, Preset, Watermark
from btsclip.presets.texts import Captions, Color, Corner, TextStyle, Words
from btsclip.presets.toml_errors import explain_fault, line_of, read_toml

BRAND_NAME = "brand.toml"
# Endings of a font's file, also of kinds that can't be drawn, so that the error names the cause.
_FONT_FILES = (".ttf", ".otf", ".ttc", ".woff", ".woff2")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrandColors(_Section):
    """The colors of texts. With a `box`, every text has a box of that color instead of an
    `outline`; `accent` is the color of the spoken word."""

    text: Color | None = None
    outline: Color | None = None
    box: Color | None = None
    accent: Color | None = None


class BrandLogo(Logo):
    """A logo with the handle, in a corner where hands seldom work."""

    place: Corner = "top-left"


class Brand(_Section):
    """The keys of a brand.toml; those left out stay as in the preset.

    `font` is the name of a family or the path of a font's file. `avoid` are words that btsclip
    never writes by itself.
    """

    colors: BrandColors = BrandColors()
    font: str = ""
    logo: BrandLogo = BrandLogo()
    handle: Handle = ""
    avoid: tuple[Words, ...] = ()


def read_brand(path: Path) -> Brand:
    """The brand in the file at `path`, with absolute paths of its logo and font.

    Raises PresetError with the file, the line, the key and the nearest valid key.
    """
    text, values = read_toml(path, PresetError)
    try:
        brand = Brand.model_validate(_in_full(values))
    except ValidationError as error:
        raise explain_fault(path, text, error.errors()[0], Brand, PresetError) from error
    update: dict[str, Any] = {}
    if Path(brand.font).suffix.lower() in _FONT_FILES:
        update["font"] = str(absolute(path.parent / brand.font).resolve())
    if brand.logo.image:
        logo = _find_logo(path, text, brand.logo)
        update["logo"] = brand.logo.model_copy(update={"image": str(logo)})
    elif "logo" in values and not brand.handle:
        line = line_of(text, ["logo"])
        raise PresetError(f"{path}:{line}", "logo: no image is named", 'add image = "logo.png"')
    return brand.model_copy(update=update)


def apply_brand(preset: Preset, brand: Brand) -> Preset:
    """`preset` in the look of `brand`; the pacing, the texts and the sizes stay."""
    mark = preset.watermark.model_dump()
    if brand.logo.image or (brand.handle and not preset.watermark.image):
        mark |= brand.logo.model_dump()
    mark |= {"handle": brand.handle or preset.watermark.handle}
    captions = _brand_captions(preset.captions, brand)
    return preset.model_copy(
        update={"captions": captions, "watermark": Watermark.model_validate(mark)}
    )


def look_files(preset: Preset) -> list[Path]:
    """The pictures and fonts that the look of `preset` is made of."""
    images = (preset.watermark.image, preset.end_card.image)
    fonts = (style.font for style in _text_styles(preset.captions).values())
    own = dict.fromkeys(font for font in fonts if Path(font).is_absolute())
    return [Path(name) for name in (*images, *own) if name]


def faint_texts(preset: Preset) -> list[str]:
    """A warning for each color of texts that can hardly be told from what is behind them."""
    styles = _text_styles(preset.captions).values()
    pairs = dict.fromkeys((style.colour, style.box or style.outline) for style in styles)
    return [
        f"text in {text} on {behind} is hard to read; choose colors that differ more"
        for text, behind in pairs
        if contrast(text, behind) < MIN_CONTRAST
    ]


def _in_full(values: dict[str, Any]) -> dict[str, Any]:
    """`values` of a brand.toml, in which `logo` may be only the name of the picture."""
    logo = values.get("logo")
    return {**values, "logo": {"image": logo}} if isinstance(logo, str) else values


def _find_logo(path: Path, text: str, logo: Logo) -> Path:
    """The logo of the brand.toml at `path`. Raises PresetError if it is not a picture."""
    line = line_of(text, ["logo", "image"])
    picture = absolute(path.parent / logo.image)
    try:
        read_picture(picture, PresetError)
    except PresetError as error:
        cause = f"logo: {error.subject}: {error.cause}"
        raise PresetError(f"{path}:{line}", cause, error.cure) from error
    return picture


def _brand_captions(look: Captions, brand: Brand) -> Captions:
    font = {"font": brand.font} if brand.font else {}
    styles: dict[str, Any] = {
        name: style.model_copy(update=font | _style_colors(style, brand.colors))
        for name, style in _text_styles(look).items()
    }
    styles["comment_style"] = look.comment_style.model_copy(update=font)
    avoid = tuple(dict.fromkeys((*look.avoid, *brand.avoid)))
    return look.model_copy(update={**styles, "avoid": avoid})


def _text_styles(look: Captions) -> dict[str, TextStyle]:
    """The styles of texts by their names in a preset."""
    return {name: value for name, value in look if isinstance(value, TextStyle)}


def _style_colors(style: TextStyle, colors: BrandColors) -> dict[str, Any]:
    """The colors of `style` in a brand.

    A color that the brand does not name stays, or becomes black or white if it could not be told
    from one that the brand names.
    """
    if colors == BrandColors():
        return {}
    box, outline, text = style.box, style.outline, style.colour
    if colors.text:
        text, outline = colors.text, most_readable(colors.text, outline)
        box = box and most_readable(text, box)
    outline = colors.outline or outline
    # The preset's box gives way to what the brand wants behind its texts.
    box = colors.box or (box and (colors.outline or box))
    text = text if colors.text else most_readable(box or outline, text)
    accent = colors.accent or style.accent
    return {"colour": text, "outline": outline, "box": box, "accent": accent}
