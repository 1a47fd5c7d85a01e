"""Check what lies at a typed path, and name the right command when it does not fit the verb."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Literal

from btsclip.cli import values
from btsclip.errors import BtsclipError, FootageError, NotesError, PlanError, PresetError
from btsclip.media import check_name, json_record

Kind = Literal[
    "address", "pattern", "missing", "results", "shoot", "folder", "clip", "video", "plan",
    "sidecar", "captions", "file",
]  # fmt: skip
# Names of the plans that `cut` and `reply` write.
PLANS = ("plan.json", "reply.json")
CAPTIONS = (".srt", ".vtt", ".ass")
# Similarity (0..1) from which a file is suggested for a mistyped name; many names share an ending.
MIN_SIMILARITY = 0.75
# Two letters or more: C: is a drive.
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.I)


def takes(paths: Sequence[Path], verb: str, hook: str | None = None) -> None:
    """Raise FootageError for the first of `paths` that cannot be a take.

    `hook` is the text typed beside them: without quotes its other words look like paths.
    """
    missing = [path for path in paths if kind_of(path) == "missing" and not path.suffix]
    if hook and missing:
        text = " ".join([hook, *map(str, missing)])
        raise FootageError(
            missing[0], "no such file", f"put the whole text in quotes: --hook {shlex.quote(text)}"
        )
    for path in paths:
        take(path, verb)


def take(path: Path, verb: str) -> None:
    """Raise FootageError if `path` cannot be a take; its cure names the right command."""
    check_name(path)
    kind = kind_of(path)
    name = shlex.quote(str(path))
    if kind == "shoot":
        cure = f"name a take in it: btsclip {verb} {shlex.quote(str(_first_video(path)))}"
        if verb in ("cut", "plan"):
            cure = f"to cut all takes in it: btsclip batch {name}"
        raise FootageError(path, "is a folder, not a video", cure)
    if kind == "results":
        cure = f"to view them: btsclip review {name}; to cut again, name the take"
        raise FootageError(path, "holds clips that btsclip made, not a take", cure)
    if kind == "folder":
        raise FootageError(path, "is a folder without videos", "name a take")
    if kind == "plan":
        raise FootageError(path, "is a plan, not a video", f"to render it: btsclip render {name}")
    if kind == "captions":
        line = f"caption VIDEO {name}" if verb == "caption" else f"cut TAKE --captions {name}"
        raise FootageError(path, "holds captions, not a video", f"name both: btsclip {line}")
    if kind in ("file", "sidecar") and (start := _first_bytes(path)) and b"\0" not in start:
        raise FootageError(path, "is text, not a video", "name a take")
    _check_exists(path, kind)


def shoot(path: Path, verb: str, *, or_take: bool = False) -> None:
    """Raise FootageError if `path` cannot be a folder of takes, or a take if `or_take`."""
    if not isinstance(path, PurePath):
        # A folder in a store is checked when it is read.
        return
    check_name(path)
    kind, name = kind_of(path), shlex.quote(str(path))
    if kind == "results":
        folder = _folder_of_takes(path)
        cure = "name the folder of the takes"
        cure += f": btsclip {verb} {shlex.quote(folder)}" if folder else ""
        raise FootageError(path, "holds only clips that btsclip made", cure)
    if kind in ("video", "clip") and not or_take:
        cure = f"to cut it: btsclip cut {name}"
        cure = f"name its folder, or {cure}" if verb == "watch" else cure
        raise FootageError(path, "is a video, not a folder", cure)
    if kind in ("plan", "sidecar", "captions", "file"):
        raise FootageError(path, "is not a video or a folder", "name the folder of a day's takes")
    _check_exists(path, kind, "no such folder or file" if or_take else "no such folder")


def plan(path: Path, verb: str) -> Path:
    """The plan at `path`, or in the results folder or shoot at `path`.

    Raises PlanError if there is no plan; its cure names the command that makes one.
    """
    kind, name = kind_of(path), shlex.quote(str(path))
    if kind in ("results", "shoot", "folder"):
        if file := plan_in(path):
            return file
        if kind == "shoot":
            raise PlanError(path, "holds takes but no plan", f"to cut them: btsclip batch {name}")
        raise PlanError(path, "holds no plan", "make one: btsclip plan TAKE")
    if kind in ("clip", "sidecar"):
        beside = shlex.quote(str(path.parent / PLANS[0]))
        raise PlanError(path, "belongs to one clip", f"name the plan: btsclip {verb} {beside}")
    if kind == "video":
        raise PlanError(path, "is a video", f"cut it first: btsclip cut {name}")
    if kind == "captions" or (kind == "file" and path.suffix.lower() != ".json"):
        raise PlanError(path, "is not a plan", "name a plan.json or the folder that holds it")
    if kind == "missing" and path.suffix == ".json":
        raise PlanError(path, "no such file", "make one with `btsclip plan`")
    _check_exists(path, kind, "no such file or folder")
    return path


def preset(value: str) -> str:
    """Read a preset's name or file. Raises PresetError for a video."""
    path = Path(value)
    if _is_file(path) and kind_of(path) in ("video", "clip"):
        raise PresetError(path, "is a video, not a preset", "see `btsclip presets list`")
    return value


def notes(value: str | Path) -> Path:
    """Read the path of a notes file. Raises NotesError for a video or a folder."""
    path = Path(value)
    kind = kind_of(path)
    if kind in ("video", "clip"):
        raise NotesError(path, "is a video, not notes", "name a file such as shoot.toml")
    if kind in ("results", "shoot", "folder"):
        raise NotesError(path, "is a folder", f"name a file in it, such as {path / 'shoot.toml'}")
    _check_exists(path, kind)
    return path


def brand(value: str | Path) -> Path:
    """Read the path of a brand's file. Raises PresetError for anything but a text file."""
    path = Path(value)
    kind = kind_of(path)
    if kind in ("results", "shoot", "folder"):
        raise PresetError(path, "is a folder", f"name a file in it, such as {path / 'brand.toml'}")
    _check_exists(path, kind)
    if path.suffix.lower() != ".toml":
        raise PresetError(path, "is not a brand", "name a file such as brand.toml")
    return path


def source_of_replies(path: Path, verb: str) -> Path:
    """A shoot, a take or a plan. A results folder stands for its plan."""
    kind = kind_of(path)
    if kind == "results":
        return plan_in(path) or path
    if kind not in ("plan", "clip", "video"):
        shoot(path, verb, or_take=True)
    return path


def plan_in(folder: Path) -> Path | None:
    """The plan in a results folder, or in the results folder of a shoot."""
    from btsclip.takes import RESULTS_FOLDER

    files = (place / name for place in (folder, folder / RESULTS_FOLDER) for name in PLANS)
    return next((file for file in files if _is_file(file)), None)


def kind_of(path: Path) -> Kind:
    """What lies at `path`, by its name and by the files that btsclip writes beside clips."""
    from btsclip.takes import is_result

    if ADDRESS.match(str(path)):
        return "address"
    if path.is_dir():
        if _first_video(path):
            return "shoot"
        return "results" if any(_is_file(path / name) for name in PLANS) else "folder"
    if not path.exists():
        return "pattern" if re.search(r"[*?]", path.name) else "missing"
    if path.suffix.lower() == ".json":
        return _kind_of_record(path)
    if path.suffix.lower() in CAPTIONS:
        return "captions"
    if not _is_video(path):
        return "file"
    return "clip" if is_result(path) else "video"


def _kind_of_record(path: Path) -> Kind:
    record = json_record(path)
    if "clips" in record:
        return "plan"
    return "sidecar" if str(record.get("generator", "")).startswith("btsclip") else "file"


def _check_exists(path: Path, kind: Kind, cause: str = "no such file") -> None:
    """Raise FootageError, with `cause` if nothing lies at `path` on this computer."""
    if kind == "address":
        address = re.sub(":/+", "://", str(path), count=1)
        cure = "download the video, then name its file"
        if address.startswith("s3:"):
            cure = "copy the file from there, or cut its folder with `btsclip batch`"
        raise FootageError(address, "is an address, not a file", cure)
    if kind == "pattern":
        raise FootageError(path, "matches no file", "check the folder and the file extension")
    if kind == "missing":
        similar = _similar_path(path)
        cure = f"did you mean {similar}?" if similar else "check the name"
        raise FootageError(path, cause, cure)


def _similar_path(path: Path) -> str:
    """The file or folder beside `path` with the most similar name; empty if there is none."""
    with suppress(OSError):
        names = [file.name for file in path.parent.iterdir() if not file.name.startswith(".")]
        lower = {name.lower(): name for name in names}
        if similar := values.nearest(path.name.lower(), lower, MIN_SIMILARITY):
            return str(path.with_name(lower[similar]))
    return ""


def _first_video(folder: Path) -> Path | None:
    """The first video in the folder that btsclip did not make."""
    from btsclip.takes import RESULTS_FOLDER, VIDEO_FILES, files_in, is_result

    files = files_in(folder, folder / RESULTS_FOLDER)
    videos = (file for file in files if file.suffix.lower() in VIDEO_FILES)
    return next((video for video in videos if not is_result(video)), None)


def _is_video(path: Path) -> bool:
    """Whether a file is a video by its name, or by its content if it is not text."""
    from btsclip.media import probe
    from btsclip.takes import VIDEO_FILES

    if path.suffix.lower() in VIDEO_FILES:
        return True
    with suppress(BtsclipError):
        return b"\0" in _first_bytes(path) and bool(probe(path))
    return False


def _is_file(path: Path) -> bool:
    """Whether `path` is a file; False if its folder cannot be read."""
    with suppress(OSError):
        return path.is_file()
    return False


def _first_bytes(path: Path) -> bytes:
    """The first bytes of a file; none of a pipe, which could block."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(4096)
    return b""


def _folder_of_takes(results: Path) -> str:
    """The folder of the takes that results were cut from; empty if it does not exist."""
    file = plan_in(results)
    sources = json_record(file).get("sources") if file else None
    first = sources[0].get("path") if sources and isinstance(sources[0], dict) else None
    folder = os.path.normpath((results / str(first)).parent) if first else ""
    return folder if folder and Path(folder).is_dir() else ""
