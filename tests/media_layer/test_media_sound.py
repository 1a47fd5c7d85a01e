from __future__ import annotations

import numpy as np
import pytest
from media import FLASH, Media

from btsclip.media.probing import probe
from btsclip.media.sound import RATE, read_sound


@pytest.mark.parametrize("name", ["plain.mp4", "sound_late.mkv", "sound_late.ts"])
def test_sound_has_the_clock_of_the_pictures(name: str, media: Media) -> None:
    sound = np.abs(np.concatenate(list(read_sound(probe(media(name))))))
    beep = int((sound > 0.5 * sound.max()).argmax()) / RATE
    assert beep == pytest.approx(FLASH, abs=0.05)
