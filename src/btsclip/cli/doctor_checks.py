"""Check everything that btsclip needs on this computer by using it."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Literal

from btsclip.errors import BtsclipError
from btsclip.extras import pip_install
from btsclip.media import ffmpeg_path
from btsclip.version import __version__

FILTERS = (
    "aresample", "alimiter", "ass", "crop", "ebur128", "fps", "scale", "tonemap", "zscale",
)  # fmt: skip
LIBRARIES = ("moviepy", "opencv-python", "numpy", "av", "ffmpeg-python", "pysubs2", "scenedetect")
MODELS = (
    "palm_detection_full.f16.onnx", "hand_landmark_full.f16.onnx", "centerface_dyn.onnx",
    "efficientnet_lite0_192.map.f16.onnx",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """The result of one check. Things whose state is "optional" may be missing."""

    name: str
    state: Literal["ok", "missing", "optional"]
    found: str
    cure: str = ""


def check_all() -> list[Check]:
    """Run all checks, the most important first."""
    parts = (_versions, _ffmpeg, _encoders, _models, _fonts, _speech, _music, _export)
    return [check for part in parts for check in part()]


def _versions() -> Iterator[Check]:
    yield Check("btsclip", "ok", f"{__version__} on Python {platform.python_version()}")
    for name in LIBRARIES:
        try:
            yield Check(name, "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(name, "missing", "not installed", "reinstall btsclip")


def _ffmpeg() -> Iterator[Check]:
    try:
        path = ffmpeg_path()
        version = _output(path, "-version").splitlines()[0]
        filters = _output(path, "-filters").splitlines()
        known = {line.split()[1] for line in filters if "->" in line}
    except (BtsclipError, OSError, IndexError) as error:
        yield Check("ffmpeg", "missing", str(error), "reinstall imageio-ffmpeg")
        return
    yield Check("ffmpeg", "ok", f"{version.split(' Copyright')[0]} at {path}")
    for name in FILTERS:
        available = name in known
        yield Check(
            f"filter {name}",
            "ok" if available else "missing",
            "yes" if available else "not in this build",
            "" if available else "unset BTSCLIP_FFMPEG or set it to a full build",
        )


def _encoders() -> Iterator[Check]:
    from btsclip.render import HARDWARE, SOFTWARE, is_usable

    try:
        ffmpeg_path()
    except BtsclipError:
        # `_ffmpeg` reports this.
        return
    for name in (SOFTWARE, *HARDWARE):
        works = is_usable(name)
        needed = name == SOFTWARE
        state: Literal["ok", "missing", "optional"] = "missing" if needed else "optional"
        yield Check(
            f"encoder {name}",
            "ok" if works else state,
            "a test encode passed" if works else "a test encode failed",
            "" if works or not needed else "set BTSCLIP_FFMPEG to a full ffmpeg build",
        )


def _models() -> Iterator[Check]:
    from btsclip.signals import load_network

    for name in MODELS:
        yield _try(f"model {name}", "loads", partial(load_network, name))


def _fonts() -> Iterator[Check]:
    from btsclip.captions import FONTS, emoji

    texts = sorted(path.name for path in FONTS.glob("*.ttf"))
    names = [*texts, *([emoji.FILE.name] if emoji.FILE.is_file() else [])]
    state: Literal["ok", "missing"] = "ok" if texts and emoji.FILE.is_file() else "missing"
    cure = "" if state == "ok" else "reinstall btsclip"
    yield Check("fonts", state, ", ".join(names) or "none", cure)


def _speech() -> Iterator[Check]:
    from btsclip.signals import find_model, load_model

    try:
        load_model()
    except BtsclipError as error:
        yield Check("speech", "optional", f"{error.subject}: {error.cause}", error.cure)
        return
    yield Check("speech", "ok", f"the model in {find_model()} loads")


def _music() -> Iterator[Check]:
    try:
        yield Check("music", "ok", f"librosa {metadata.version('librosa')}")
    except metadata.PackageNotFoundError:
        yield Check("music", "optional", "librosa is not installed", pip_install("music"))


def _export() -> Iterator[Check]:
    try:
        yield Check("export", "ok", f"OpenTimelineIO {metadata.version('opentimelineio')}")
    except metadata.PackageNotFoundError:
        yield Check(
            "export", "optional", "OpenTimelineIO is not installed", pip_install("exchange")
        )


def _try(name: str, found: str, action: Callable[[], object]) -> Check:
    """Check that `action` raises no BtsclipError; `found` describes the success."""
    try:
        action()
    except BtsclipError as error:
        return Check(name, "missing", error.cause, error.cure)
    return Check(name, "ok", found)


def _output(path: str, option: str) -> str:
    """What ffmpeg prints for one option."""
    return subprocess.run(
        [path, "-hide_banner", option],
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
    ).stdout
