"""The files that a reader of the pages has before they type: takes, shoots, subtitles, exports."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from made_exports import exports, sidecar
from made_pot import pot
from made_year import year
from media import ffmpeg
from pages import read_page
from small_shoot import LOOK, part
from spoken_takes import SPOKEN

from btsclip.captions import FONTS

# Clips are rendered small and short: the commands are the same. A preset beside the takes goes
# before a built-in one of its name.
SMALL = LOOK.replace("target = 3.0\nmax = 4.0", "target = 5.0\nmax = 6.0")
SRT = "1\n00:00:01,000 --> 00:00:02,500\nWe fold it in the bowl\n"
COMMENTS = """comment,author,likes
how do you chop so fast?,ana.cooks,12
How do you chop that fast,ben,3
what does it cost?,cleo,1
"""
# How many clips the year of posts is about, and what is planted in it: mishaps are saved more.
POSTS, PLANTED = 150, {("kind", "mishap", "saves"): 2.5}


def _talk(path: Path) -> None:
    """Hands knead while somebody speaks."""
    silent = path.with_suffix(".silent.mp4")
    part(silent, 5, 14)
    ffmpeg(
        "-i", silent, "-i", SPOKEN, "-map", "0:v", "-map", "1:a", "-af", "volume=24dB",
        "-c:v", "copy", "-c:a", "aac", "-shortest", path,
    )  # fmt: skip
    silent.unlink()


def _saturday(folder: Path) -> None:
    folder.mkdir()
    part(folder / "01 chop the onions.mp4", 14, 19, created="2026-05-02T09:00:00Z")
    part(folder / "02 knead the dough.mp4", 5, 10, created="2026-05-02T10:00:00Z")
    part(folder / "03 plate it.mp4", 36, 43, created="2026-05-02T12:00:00Z")


def _own_presets(folder: Path) -> None:
    folder.mkdir()
    (folder / "honest-kitchen.toml").write_text(SMALL, "utf-8")


def _own_preset(path: Path) -> None:
    """The example on the page about presets, word for word."""
    example = next(b for b in read_page("docs/presets.md").blocks if b.language == "toml")
    path.write_text("\n".join(example.lines), "utf-8")


def _song(path: Path) -> None:
    beats = "0.8*exp(-40*mod(t,0.5))*sin(2*PI*900*t)"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='{beats}':s=44100:d=50", path)


def _exports(folder: Path) -> None:
    """Exports of three platforms."""
    folder.mkdir()
    exports(folder, year(3, POSTS, PLANTED))


def _videos(folder: Path) -> None:
    """What is known of the clips that the posts in the exports show."""
    folder.mkdir()
    joined = year(3, POSTS, PLANTED)
    for clip in {each.clip.key: each.clip for each in joined if each.clip}.values():
        sidecar(folder, clip)


def _take(start: float, end: float) -> Callable[[Path], None]:
    return lambda path: part(path, start, end) and None


def _pot(seconds: float, since: float = 0.0, created: str = "") -> Callable[[Path], None]:
    return lambda path: pot(path, seconds, since, created) and None


def _text(text: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(text, "utf-8") and None


# In the sample hands knead from 5 s on, chop from 14 s and drop a spoon before 30 s.
MAKERS: dict[str, Callable[[Path], None]] = {
    "take.mp4": _take(20, 29),
    "dinner.mp4": _take(21, 30),
    "dough.mp4": _take(5, 11),
    "kitchen.mp4": _take(14, 20),
    "oven.mov": _take(14, 19),
    "plating.mp4": _take(38, 43),
    "holiday.mov": _take(0, 3),
    "talk.mp4": _talk,
    "proofing.mp4": _pot(60),
    **{f"dough-{n}.mp4": _pot(10, 30.0 * n, f"2026-05-02T1{n}:00:00Z") for n in (1, 2, 3)},
    "saturday": _saturday,
    "presets": _own_presets,
    "brand.toml": _text('handle = "@anas_bread"\n[colors]\ntext = "#FFF6E5"\n'),
    "mine.toml": _own_preset,
    "dough.srt": _text(SRT),
    "holiday.srt": _text(SRT),
    "comments.csv": _text(COMMENTS),
    "Lobster-Regular.ttf": lambda path: shutil.copyfile(FONTS / "Anton-Regular.ttf", path) and None,
    "song.mp3": _song,
    "exports": _exports,
    "videos": _videos,
}


class GivenFiles:
    """Makes each file or folder of MAKERS once and lays copies of it where it is wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lay(self, name: str, folder: Path, as_name: str = "") -> None:
        """Puts `name` into `folder`; of "exports" what is in it."""
        made = self._folder / name
        if not made.exists():
            MAKERS[name](made)
        target = folder if name == "exports" else folder / (as_name or name)
        if made.is_dir():
            shutil.copytree(made, target, dirs_exist_ok=True)
        else:
            shutil.copy2(made, target)
