"""Every reader of pictures gets those of the time it asked for, also where seeks end too late."""

from __future__ import annotations

from pathlib import Path

import pytest
from numbered import ENCODINGS, is_at, numbered, rate_of
from quick import mostly_slow

from btsclip.media.damage import find_damage
from btsclip.media.frames import read_every_frame, read_frames
from btsclip.media.probing import probe
from btsclip.media.stills import read_stills


@pytest.mark.parametrize("name", mostly_slow(ENCODINGS, "a.ts", "h264.mpg", "few_keys.flv"))
def test_pictures_are_those_asked_for(name: str, tmp_path: Path) -> None:
    footage = probe(numbered(tmp_path, name))
    frame = 1 / rate_of(name)
    spans = [(3.0, 4.0), (7.5, 8.5), (12.3, 13.3)]
    for start, end in spans:
        every = list(read_every_frame(footage, (start, end)))
        assert [picture.time for picture in every] == pytest.approx(
            [every[0].time + n * frame for n in range(len(every))], abs=0.02
        )
        assert every[0].time == pytest.approx(start, abs=frame)
        assert every[-1].time == pytest.approx(end, abs=1.01 * frame)
        read = [(picture.time, picture.image) for picture in every]
        # Pictures to which no other refers may be left out.
        some = list(read_frames(footage, [(start, end)], rate=4))
        assert len(some) >= 3
        read += [(picture.time, picture.image) for picture in some]
        (still,) = read_stills(footage, [(start, start)], 160)
        assert still is not None and still.time == pytest.approx(start, abs=1.01 * frame)
        read.append((still.time, still.pixels))
        for time, image in read:
            assert is_at(image, time - footage.first_picture, name), (start, time)
        assert find_damage(footage, (start, end)) == []
