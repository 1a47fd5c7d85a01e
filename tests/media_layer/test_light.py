"""Analysis and contact sheets see HDR and wide colors as a clip shows them."""

from __future__ import annotations

import color_media
import numpy as np
import pytest
from media import Media
from quick import mostly_slow

from btsclip.media.probing import probe
from btsclip.media.stills import read_stills

# Of 255; without mapping, the means are 21, 38 and 11. Codes of 8 bits are coarse for PQ.
MAX_MEAN_ERROR = {"hlg": 3.0, "pq": 4.5, "bt2020_sdr": 3.0}


@pytest.mark.parametrize("name", mostly_slow(MAX_MEAN_ERROR, "hlg"))
def test_stills_show_the_colors_of_clips(name: str, media: Media) -> None:
    footage = probe(media(f"{name}{color_media.CODINGS[name].suffix}"))
    still = next(read_stills(footage, [(0.0, 0.3)], 640))
    assert still is not None
    height, width = still.pixels.shape[:2]
    shown = np.array(
        [
            [still.pixels[row - 4 : row + 4, column - 4 : column + 4].mean((0, 1))
             for column in range(width // 8, width, width // 4)]
            for row in range(height // 8, height, height // 4)
        ]
    )  # fmt: skip
    error = np.abs(shown - 255 * color_media.expected(name))
    assert error.mean() <= MAX_MEAN_ERROR[name]
