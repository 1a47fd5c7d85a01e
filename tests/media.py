"""Odd footage, made with ffmpeg: small takes whose right look and sound are known numbers.

Every take shows four quadrants (red, green / blue, yellow as displayed). At FLASH it turns white
for 0.2 s while a 1 kHz beep sounds over a low hum, so that turn, place and sync can be measured.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import color_media
from filelock import FileLock

from btsclip.media.ffmpeg import ffmpeg_path

FLASH = 1.0
FLASH_LENGTH = 0.2
# As displayed, in reading order. Not fully saturated: chroma subsampling and range stay harmless.
QUADRANTS = {"red": 0xC82828, "green": 0x28A03C, "blue": 0x3050C8, "yellow": 0xDCC832}
BT709 = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
FAST = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-g", "30", "-pix_fmt", "yuv420p"]
HUM_AND_BEEP = "0.03*sin(2*PI*200*t)+0.3*sin(2*PI*1000*t)*between(t,{start},{end})"


# Where files made in this run are kept for all its workers; the tests' conftest names it.
made_before: Path | None = None


def ffmpeg(*arguments: str | Path) -> None:
    """Runs ffmpeg, which writes the last of `arguments`, and fails loudly. The same command with
    the same inputs runs once a test run; after that its file is copied."""
    *asked, path = arguments
    # A pattern stands for several files.
    if made_before is None or "%" in Path(path).name:
        _run(*arguments)
        return
    kept = made_before / f"{_key(asked)}{Path(path).suffix}"
    made_before.mkdir(exist_ok=True)
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            _run(*asked, path)
            shutil.copyfile(path, kept)
            return
    shutil.copyfile(kept, path)


def _run(*arguments: str | Path) -> None:
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _key(arguments: Sequence[str | Path]) -> str:
    """A name for what the arguments make: inputs count by their content, not by their name."""
    known = hashlib.sha256()
    for before, argument in pairwise(["", *map(str, arguments)]):
        known.update(_content(argument) if before == "-i" else argument.encode())
        known.update(b"\0")
    return known.hexdigest()[:32]


def _content(source: str) -> bytes:
    """The bytes of a file; of a graph, which may be longer than a file's name, its text."""
    try:
        return Path(source).read_bytes()
    except OSError:
        return source.encode()


def picture(size: tuple[int, int], rate: str, seconds: float, flash: float = FLASH) -> str:
    """A lavfi graph that draws the quadrants and the flash, in bt709 limited range."""
    width, height = size
    red, green, blue, yellow = (f"0x{rgb:06X}" for rgb in QUADRANTS.values())
    half = f"w={width // 2}:h={height // 2}:t=fill"
    return (
        f"color=c={red}:s={width}x{height}:r={rate}:d={seconds},format=rgb24,"
        f"drawbox=x={width // 2}:y=0:{half}:c={green},"
        f"drawbox=x=0:y={height // 2}:{half}:c={blue},"
        f"drawbox=x={width // 2}:y={height // 2}:{half}:c={yellow},"
        f"drawbox=x=0:y=0:w=iw:h=ih:t=fill:c=white:"
        f"enable='between(t,{flash}-0.001,{flash + FLASH_LENGTH}-0.001)',"
        "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    )


def tone(seconds: float, layout: str = "stereo", rate: int = 48000, flash: float = FLASH) -> str:
    """A lavfi graph of the hum and the beep in every channel of `layout`."""
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    wave = HUM_AND_BEEP.format(start=flash, end=flash + FLASH_LENGTH)
    return f"aevalsrc='{'|'.join([wave] * channels)}':c={layout}:s={rate}:d={seconds}"


def take(
    path: Path,
    *,
    size: tuple[int, int] = (640, 360),
    rate: str = "30",
    seconds: float = 2.5,
    flash: float = FLASH,
    filters: str = "",
    sound: str | None = "stereo",
    sound_rate: int = 48000,
    sound_seconds: float | None = None,
    sound_delay: float = 0.0,
    extra: tuple[str, ...] = (),
) -> None:
    """One take; `filters` follow the picture, `extra` go to the output."""
    graph = picture(size, rate, seconds, flash) + (f",{filters}" if filters else "")
    arguments: list[str | Path] = ["-f", "lavfi", "-i", graph]
    if sound:
        length = (sound_seconds or seconds) - sound_delay
        late = tone(length, sound, sound_rate, flash - sound_delay)
        arguments += ["-itsoffset", str(sound_delay), "-f", "lavfi", "-i", late]
        arguments += ["-c:a", "aac", "-b:a", "128k"]
    ffmpeg(*arguments, *FAST, *BT709, "-fps_mode", "passthrough", *extra, path)


def rotated(path: Path, degrees: int) -> None:
    """Coded so that a display matrix of `degrees` clockwise sets it upright."""
    upright = {0: "null", 90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock"}
    plain = path.with_suffix(".plain.mp4")
    take(plain, filters=upright[degrees])
    # ffmpeg's option counts counter-clockwise.
    ffmpeg("-display_rotation", str(-degrees), "-i", plain, "-c", "copy", path)


def variable_rate(path: Path) -> None:
    """60 fps in two bursts, a gap of 0.4 s before the flash and 1 fps after it."""
    keep = "lt(t,0.5)+between(t,0.9,1.5)+not(mod(n,60))"
    take(path, rate="60", seconds=3.5, filters=f"select='{keep}'", extra=("-bf", "0"))


def two_sounds(path: Path) -> None:
    """The first, default sound beeps; the second is another, louder tone throughout."""
    ffmpeg(
        "-f", "lavfi", "-i", picture((640, 360), "30", 2.5), "-f", "lavfi", "-i", tone(2.5),
        "-f", "lavfi", "-i", "sine=f=300:d=2.5", "-map", "0:v", "-map", "1:a", "-map", "2:a",
        *FAST, *BT709, "-c:a", "aac", "-disposition:a:0", "default", "-disposition:a:1", "0", path,
    )  # fmt: skip


def full_range_601(path: Path) -> None:
    """SD in bt601 and full range, as older phones and webcams write it."""
    graph = picture((640, 360), "30", 2.5).rpartition(",scale=")[0]
    ffmpeg(
        "-f", "lavfi", "-i",
        f"{graph},scale=out_color_matrix=smpte170m:out_range=pc,format=yuvj420p",
        "-f", "lavfi", "-i", tone(2.5), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12",
        "-color_range", "pc", "-colorspace", "smpte170m", "-c:a", "aac", path,
    )  # fmt: skip


def untagged(path: Path, size: tuple[int, int], matrix: str) -> None:
    """No colour tags at all; drawn in the matrix that players assume for its size."""
    graph = picture(size, "30", 1.5).rpartition(",scale=")[0]
    ffmpeg(
        "-f", "lavfi", "-i",
        f"{graph},scale=out_color_matrix={matrix}:out_range=tv,format=yuv420p,"
        "setparams=colorspace=unknown:range=unknown",
        "-f", "lavfi", "-i", tone(1.5), *FAST, "-c:a", "aac", path,
    )  # fmt: skip


def private(path: Path) -> None:
    """With a place and a name in its metadata, and a time of recording."""
    tags = {
        "location": "+52.5200+013.4050/", "artist": "A. Cook", "comment": "private",
        "creation_time": "2026-05-03T10:00:00Z",
    }  # fmt: skip
    extra = [part for key, value in tags.items() for part in ("-metadata", f"{key}={value}")]
    take(path, extra=(*extra, "-movflags", "use_metadata_tags"))


def unfinished(path: Path) -> None:
    """The first two thirds of a take whose index stood at the end."""
    whole = path.with_suffix(".whole.mp4")
    take(whole)
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def sound_only(path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", tone(1.5), "-c:a", "aac", path)


def pictures_late(path: Path) -> None:
    """A take whose sound begins and ends a second before its pictures do."""
    plain = path.with_suffix(".plain.mp4")
    take(plain, seconds=2.0, flash=1.2)
    ffmpeg(
        "-itsoffset", "1", "-i", plain, "-i", plain, "-map", "0:v", "-map", "1:a", "-c", "copy",
        path,
    )  # fmt: skip


# Name of the file -> what makes it. The test of odd footage renders every one of GOOD.
GOOD: dict[str, Callable[[Path], None]] = {
    "plain.mp4": take,
    **{f"rotated_{d}.mp4": partial(rotated, degrees=d) for d in (0, 90, 180, 270)},
    "vfr.mp4": variable_rate,
    "starts_late.mkv": partial(take, extra=("-output_ts_offset", "7")),
    "starts_late.ts": take,
    **{
        f"rate_{name}.mp4": partial(take, rate=rate)
        for name, rate in {
            "23.976": "24000/1001",
            "29.97": "30000/1001",
            "50": "50",
            "59.94": "60000/1001",
            "120": "120",
        }.items()
    },
    "uhd.mp4": partial(take, size=(3840, 2160), seconds=1.4),
    "portrait.mp4": partial(take, size=(360, 640)),
    "square.mp4": partial(take, size=(400, 400)),
    "small.mp4": partial(take, size=(320, 180)),
    "wide.mp4": partial(take, size=(3000, 200)),
    "tall.mp4": partial(take, size=(200, 3000)),
    "tiny.mp4": partial(take, size=(48, 48)),
    "odd_size.mkv": partial(
        take, filters="crop=641-2:359:0:0:exact=1,format=yuv444p", extra=("-pix_fmt", "yuv444p")
    ),
    "anamorphic.mp4": partial(take, size=(320, 360), filters="setsar=2/1"),
    "no_sound.mp4": partial(take, sound=None),
    "mono_44100.mp4": partial(take, sound="mono", sound_rate=44100),
    "surround.mp4": partial(take, sound="5.1"),
    "two_sounds.mp4": two_sounds,
    "sound_longer.mp4": partial(take, sound_seconds=4.0),
    "sound_longer.mkv": partial(take, sound_seconds=4.0),
    "sound_shorter.mp4": partial(take, sound_seconds=1.4),
    "sound_late.mkv": partial(take, sound_delay=0.6),
    "sound_late.ts": partial(take, sound_delay=0.6),
    "one_second.mp4": partial(take, seconds=1.0, flash=0.5),
    "full_range_601.mp4": full_range_601,
    "untagged_sd.mp4": partial(untagged, size=(640, 360), matrix="smpte170m"),
    "untagged_hd.mp4": partial(untagged, size=(1280, 720), matrix="bt709"),
    "long_gop.mp4": partial(take, extra=("-g", "300", "-bf", "3", "-preset", "veryfast")),
}
# Files whose codec stores no color tags: in the matrix that players assume for their size.
OLD_MATRIX = ("-colorspace", "smpte170m")
# Codecs and pixel formats of cameras, editing programs and screen recorders -> options of ffmpeg.
KINDS: dict[str, tuple[str, ...]] = {
    "prores.mov": ("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"),
    "prores_alpha.mov": ("-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuva444p10le"),
    "cineform.mov": ("-c:v", "cfhd", "-pix_fmt", "yuv422p10le", *OLD_MATRIX),
    "dnxhr.mxf": (
        "-c:v", "dnxhd", "-profile:v", "dnxhr_hqx", "-pix_fmt", "yuv422p10le",
        "-c:a", "pcm_s16le",
    ),
    "mjpeg.mov": (
        "-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj422p", "-color_range", "pc", *OLD_MATRIX,
    ),
    "av1_10.mp4": ("-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p10le"),
    "vp9_alpha.webm": (
        "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuva420p",
        "-c:a", "libopus",
    ),
    "hevc_422_10.mov": ("-c:v", "libx265", "-pix_fmt", "yuv422p10le", "-tag:v", "hvc1"),
    "h264_444.mp4": ("-pix_fmt", "yuv444p"),
    "ffv1_16.mkv": ("-c:v", "ffv1", "-pix_fmt", "yuv444p16le"),
    "rgb_alpha.mkv": ("-c:v", "ffv1", "-pix_fmt", "bgra"),
    "png_alpha.mov": ("-c:v", "png", "-pix_fmt", "rgba"),
    "animation_alpha.mov": ("-c:v", "qtrle", "-pix_fmt", "argb"),
}  # fmt: skip
GOOD |= {name: partial(take, extra=options) for name, options in KINDS.items()}
BAD: dict[str, Callable[[Path], None]] = {
    "unfinished.mp4": unfinished,
    "text.mp4": lambda path: path.write_text("not a video at all\n" * 40) and None,
    "empty.mp4": lambda path: path.touch(),
    "sound_only.mp4": sound_only,
    "folder.mp4": lambda path: path.mkdir(),
}
OTHER: dict[str, Callable[[Path], None]] = {
    "private.mp4": private,
    **{f"pictures_late.{kind}": pictures_late for kind in ("mp4", "mkv", "ts")},
    **{
        f"{name}{coding.suffix}": partial(color_media.write, name=name)
        for name, coding in color_media.CODINGS.items()
    },
}


class Media:
    """Makes each take once a run, for all its workers, and hands out its path; tests must not
    change it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def __call__(self, name: str) -> Path:
        path = self._folder / name
        with FileLock(self._folder / f".{name}.lock"):
            if not path.exists():
                (GOOD | BAD | OTHER)[name](path)
        return path

    def copy(self, name: str, target: Path) -> Path:
        """A copy that a test may rename or spoil."""
        shutil.copyfile(self(name), target)
        return target
