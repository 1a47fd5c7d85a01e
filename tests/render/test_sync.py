"""Clips show and sound what the analysis saw and heard at the same time, whatever the clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from media import FAST, ffmpeg, picture, take, tone
from numbered import ENCODINGS, is_at, numbered
from quick import mostly_slow
from result import PRESET, beep_time, flash_time, pictures, plan_of, samples

from btsclip.media.footage import Footage
from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe
from btsclip.media.sound import RATE, read_sound
from btsclip.render import render

FRAME = 1 / PRESET.output.fps
# Seconds by which sound and picture may differ unseen.
IN_SYNC = 0.04
FLASH = 2.5
# Seconds at which the clock of MPEG begins again.
WRAP = 2**33 / 90_000
SMALL = (64, 36)
B_FRAMES = ("-bf", "2", "-preset", "veryfast")


@pytest.mark.parametrize("name", mostly_slow(ENCODINGS, "a.ts"))
def test_clip_shows_the_pictures_of_its_span(name: str, tmp_path: Path) -> None:
    source = numbered(tmp_path, name)
    first = probe(source).first_picture
    starts = [12.3] if name == "a.ts" else [0.3, 3.0, 7.5, 12.3]
    for start in starts:
        plan = plan_of(source, start=start, end=start + 1, layout="fit-blur", crop=[])
        clip = pictures(render(plan, PRESET, tmp_path / f"{start}")[0].path)
        for number, image in enumerate(clip):
            time = start + number * FRAME - first
            # ffmpeg shows the picture that is nearest.
            assert is_at(image[140:240], time, name, slack=FRAME), (start, number)


def test_joined_spans_are_complete_however_far_apart_keyframes_are(tmp_path: Path) -> None:
    """Of each of several spans, no more is read than it needs: from the keyframe before it on."""
    source = tmp_path / "a.mp4"
    take(source, size=SMALL, rate="10", seconds=22, flash=21, extra=("-g", "500", "-bf", "2"))
    plan = plan_of(source, start=1.0, end=1.5, layout="fit-blur", crop=[])
    span = plan.clips[0].spans[0].model_copy(update={"start": 20.5, "end": 21.5})
    plan.clips[0].spans.append(span)
    clip = pictures(render(plan, PRESET, tmp_path)[0].path)
    assert len(clip) == 45
    assert flash_time(clip[:, 140:240]) == pytest.approx(1.0, abs=FRAME)


def starting_at(path: Path, seconds: float, *extra: str) -> None:
    """A take whose clock starts at `seconds`."""
    take(path, size=SMALL, seconds=4, flash=FLASH,
         extra=(*B_FRAMES, *extra, "-output_ts_offset", str(seconds)))  # fmt: skip


def with_edits(path: Path) -> None:
    """A take of which an edit list skips the first half second."""
    long = path.with_suffix(".long.mp4")
    take(long, size=SMALL, seconds=4, flash=FLASH + 0.5, extra=(*B_FRAMES, "-g", "300"))
    ffmpeg("-ss", "0.5", "-i", long, "-c", "copy", path)


def with_gaps(
    path: Path, pictures_kept: str = "1", sound_kept: str = "1", flash: float = FLASH,
    extra: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """A take with only the pictures and the sound where the expressions hold."""
    seconds = flash + 1.5
    ffmpeg(
        "-f", "lavfi", "-i", f"{picture(SMALL, '30', seconds, flash)},select='{pictures_kept}'",
        "-f", "lavfi", "-i", f"{tone(seconds, flash=flash)},aselect='{sound_kept}'", *FAST,
        "-c:a", "aac", "-fps_mode", "passthrough", *extra, path,
    )  # fmt: skip


def late_or_short(path: Path, late: float = 0.0, seconds: float = 4.0) -> None:
    """A take whose sound begins late, or ends before the pictures do."""
    take(path, size=SMALL, seconds=6, flash=FLASH, sound_delay=late, sound_seconds=seconds,
         extra=B_FRAMES)  # fmt: skip


def negative(path: Path) -> None:
    """A take whose first half second is before time 0."""
    starting_at(path, -0.5, "-avoid_negative_ts", "disabled")


def flash_in_take(footage: Footage, start: float) -> float:
    """Seconds of the take at which the first white picture from `start` on is seen."""
    seen = read_every_frame(footage, (start, footage.duration))
    return next(frame.time for frame in seen if frame.small.min() > 200)


LONG = "not(between(t,3.001,{end}))"
MAKERS: dict[str, Callable[[Path], None]] = {
    **{f"ten_hours.{kind}": partial(starting_at, seconds=36_000) for kind in ("ts", "mov", "flv")},
    "wraps.ts": partial(starting_at, seconds=WRAP - 3),
    "wraps_at_once.ts": partial(starting_at, seconds=WRAP - 1.5),
    "edited.mp4": with_edits,
    "negative.mkv": negative,
    "negative.mov": negative,
    **{f"sound_late.{kind}": partial(late_or_short, late=0.7) for kind in ("mp4", "ts", "flv")},
    **{f"sound_ends.{kind}": late_or_short for kind in ("mp4", "ts", "mkv")},
    **{
        f"{what}_gap.{kind}": partial(with_gaps, flash=6.5, **kept)
        for kind in ("mp4", "mkv", "ts")
        for what, kept in {
            "picture": {"pictures_kept": LONG.format(end=5.999)},
            "sound": {"sound_kept": LONG.format(end=6)},
        }.items()
    },
    # Frames of sound that were lost, 64 ms at a time.
    "many_gaps.mp4": partial(with_gaps, sound_kept="not(between(mod(t,1),0.2,0.25))"),
    "long_gap.ts": partial(
        with_gaps, pictures_kept=LONG.format(end=14.999), sound_kept=LONG.format(end=15.2),
        flash=16.5,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", mostly_slow(MAKERS, "negative.mkv", "many_gaps.mp4"))
def test_flash_and_beep_are_in_sync_in_analysis_and_clip(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    MAKERS[name](source)
    footage = probe(source)
    white = flash_in_take(footage, footage.first_picture)
    # From the start, and from the middle: these are two ways to read.
    for start in (footage.first_picture, white - 0.4):
        end = white + 0.8
        white = flash_in_take(footage, start)
        sound = np.concatenate(list(read_sound(footage, span=(start, end))))
        heard = start + int((abs(sound) > 0.5 * abs(sound).max()).argmax()) / RATE
        assert abs(heard - white) <= IN_SYNC

        plan = plan_of(source, start=start, end=end, layout="fit-blur", crop=[])
        clip = render(plan, PRESET, tmp_path / f"{start:.0f}")[0].path
        shown = flash_time(pictures(clip)[:, 140:240]) + start
        assert abs(shown - white) <= FRAME / 2 + 0.002
        assert abs(beep_time(samples(clip)) + start - shown) <= IN_SYNC
