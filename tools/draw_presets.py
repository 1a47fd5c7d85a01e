"""Make docs/presets.jpg: each built-in preset drawn on a picture of the sample, with its name.

Run: python tools/draw_presets.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from btsclip.captions.fonts import font
from btsclip.presets.load import list_presets, load_preset
from btsclip.render.preview import render_preview

TARGET = Path(__file__).parents[1] / "docs" / "presets.jpg"
COLUMNS = 5
# Sizes in pixels.
WIDTH = 300
HEIGHT = 440
GAP = 12
LABEL = 30


def main() -> None:
    """Write TARGET."""
    names = [preset.name for preset in list_presets() if preset.built_in]
    rows = -(-len(names) // COLUMNS)
    size = (COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + LABEL + GAP) + GAP)
    sheet = Image.new("RGB", size, "white")
    pen, face = ImageDraw.Draw(sheet), ImageFont.truetype(str(font("Inter").path), 17)
    with tempfile.TemporaryDirectory() as folder:
        for i, name in enumerate(names):
            path = Path(folder) / f"{name}.png"
            render_preview(load_preset(name), path)
            with Image.open(path) as picture:
                scaled = picture.resize((WIDTH, round(WIDTH * picture.height / picture.width)))
            x = GAP + i % COLUMNS * (WIDTH + GAP)
            y = GAP + i // COLUMNS * (HEIGHT + LABEL + GAP)
            sheet.paste(scaled.crop((0, 30, WIDTH, 30 + HEIGHT)), (x, y))
            pen.text((x, y + HEIGHT + 6), name, fill="#1A1512", font=face)
    sheet.save(TARGET, quality=82, optimize=True)


if __name__ == "__main__":
    main()
