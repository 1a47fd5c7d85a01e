"""What lies at a path that was typed: it is taken as it is meant, or the right command is named."""

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
from btsclip.media.documents import json_record

Kind = Literal[
    "address", "pattern", "missing", "results", "shoot", "folder", "clip", "video", "plan",
    "sidecar", "captions", "file",
]  # fmt: skip
# Plans as `cut` and `reply` name them.
PLANS = ("plan.json", "reply.json")
# Where `batch` leaves its results in a shoot.
INSIDE = "btsclip"
CAPTIONS = (".srt", ".vtt", ".ass")
# How like a name on the disk is to one that was mistyped; many share an ending.
ALIKE = 0.75
# A drive such as C: has one letter.
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.I)


def takes(paths: Sequence[Path], verb: str, hook: str | None = None) -> None:
    """Raises FootageError for the first of `paths` that can't be a take, naming what is right.

    `hook` is the text that was given beside them, of which words may stand among the takes.
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
    """Raises FootageError when `path` can't be a take, naming what is right."""
    kind = kind_of(path)
    name = shlex.quote(str(path))
    if kind == "shoot":
        cure = f"name a take in it: btsclip {verb} {shlex.quote(str(_first_video(path)))}"
        if verb in ("cut", "plan"):
            cure = f"to cut all takes in it: btsclip batch {name}"
        raise FootageError(path, "is a folder, not a video", cure)
    if kind == "results":
        cure = f"to look at them: btsclip review {name}; to cut again, name the take"
        raise FootageError(path, "is a folder of clips that btsclip made, not a take", cure)
    if kind == "folder":
        raise FootageError(path, "is a folder, not a video, and holds none", "name a take")
    if kind == "plan":
        raise FootageError(path, "is a plan, not a video", f"to render it: btsclip render {name}")
    if kind == "captions":
        line = f"caption VIDEO {name}" if verb == "caption" else f"cut TAKE --captions {name}"
        raise FootageError(path, "holds captions, not a video", f"name both: btsclip {line}")
    if kind in ("file", "sidecar") and (start := _start(path)) and b"\0" not in start:
        raise FootageError(path, "is text, not a video", "name a take")
    _there(path, kind)


def shoot(path: Path, verb: str, *, or_take: bool = False) -> None:
    """Raises FootageError when `path` can't be a folder of takes, or a take where `or_take`."""
    if not isinstance(path, PurePath):
        # One in a store is looked into when it is read.
        return
    kind, name = kind_of(path), shlex.quote(str(path))
    if kind == "results":
        takes_at = _takes_of(path)
        cure = "name the folder of the takes"
        cure += f": btsclip {verb} {shlex.quote(takes_at)}" if takes_at else ""
        raise FootageError(path, "holds only clips that btsclip made", cure)
    if kind in ("video", "clip") and not or_take:
        cure = f"to cut it: btsclip cut {name}"
        cure = f"name its folder, or {cure}" if verb == "watch" else cure
        raise FootageError(path, "is a video, not a folder", cure)
    if kind in ("plan", "sidecar", "captions", "file"):
        raise FootageError(path, "is not a video or a folder", "name the folder of a day's takes")
    _there(path, kind, "no such folder or file" if or_take else "no such folder")


def plan(path: Path, verb: str) -> Path:
    """The plan that `path` names: it is one, or the folder that holds one, of results or a shoot.

    Raises PlanError when it names none, with the command that makes one.
    """
    kind, name = kind_of(path), shlex.quote(str(path))
    if kind in ("results", "shoot", "folder"):
        if found := plan_in(path):
            return found
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
    _there(path, kind, "no such file or folder")
    return path


def preset(value: str) -> str:
    """A preset's name or file. Raises PresetError for a video."""
    path = Path(value)
    if _is_file(path) and kind_of(path) in ("video", "clip"):
        raise PresetError(path, "is a video, not a preset", "see `btsclip presets list`")
    return value


def notes(value: str | Path) -> Path:
    """A file of notes. Raises NotesError when there is none, or a video."""
    path = Path(value)
    kind = kind_of(path)
    if kind in ("video", "clip"):
        raise NotesError(path, "is a video, not notes", "name a file such as shoot.toml")
    if kind in ("results", "shoot", "folder"):
        raise NotesError(path, "is a folder", f"name a file in it, such as {path / 'shoot.toml'}")
    _there(path, kind)
    return path


def source_of_replies(path: Path, verb: str) -> Path:
    """A shoot, a take or a plan; a folder of results stands for its plan."""
    kind = kind_of(path)
    if kind == "results":
        return plan_in(path) or path
    if kind not in ("plan", "clip", "video"):
        shoot(path, verb, or_take=True)
    return path


def plan_in(folder: Path) -> Path | None:
    """The plan in a folder of results, or in that of a shoot's results."""
    places = [place / name for place in (folder, folder / INSIDE) for name in PLANS]
    return next((path for path in places if _is_file(path)), None)


def kind_of(path: Path) -> Kind:
    """What lies at `path`, told by names and by what btsclip writes beside its clips."""
    from btsclip.takes.listing import is_result

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


def _there(path: Path, kind: Kind, missing: str = "no such file") -> None:
    """Raises FootageError when there is nothing at `path` on this computer."""
    if kind == "address":
        address = re.sub(":/+", "://", str(path), count=1)
        cure = "download the video, then name its file"
        if address.startswith("s3:"):
            cure = "copy the file from there, or cut its folder with `btsclip batch`"
        raise FootageError(address, "is an address, not a file", cure)
    if kind == "pattern":
        raise FootageError(path, "matches no file", "check the folder and how the names end")
    if kind == "missing":
        near = _nearest(path)
        raise FootageError(path, missing, f"did you mean {near}?" if near else "check the name")


def _nearest(path: Path) -> str:
    """What lies in the same folder under nearly the same name."""
    with suppress(OSError):
        names = [found.name for found in path.parent.iterdir() if not found.name.startswith(".")]
        lower = {name.lower(): name for name in names}
        if near := values.nearest(path.name.lower(), lower, ALIKE):
            return str(path.with_name(lower[near]))
    return ""


def _first_video(folder: Path) -> Path | None:
    """A video in the folder that btsclip did not make."""
    from btsclip.takes.listing import VIDEO_FILES, files_in, is_result

    videos = (f for f in files_in(folder, folder / INSIDE) if f.suffix.lower() in VIDEO_FILES)
    return next((video for video in videos if not is_result(video)), None)


def _is_video(path: Path) -> bool:
    """Whether a file is a video by its name, or by its pictures where it is no text."""
    from btsclip.media.probe import probe
    from btsclip.takes.listing import VIDEO_FILES

    if path.suffix.lower() in VIDEO_FILES:
        return True
    with suppress(BtsclipError):
        return b"\0" in _start(path) and bool(probe(path))
    return False


def _is_file(path: Path) -> bool:
    """Whether there is a file, as far as the folder may be looked into."""
    with suppress(OSError):
        return path.is_file()
    return False


def _start(path: Path) -> bytes:
    """The first bytes of a file; none of what is not a file, such as a pipe, which may wait."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(4096)
    return b""


def _takes_of(results: Path) -> str:
    """The folder of the takes that a plan was made of; empty when it is not there."""
    found = plan_in(results)
    sources = json_record(found).get("sources") if found else None
    first = sources[0].get("path") if sources and isinstance(sources[0], dict) else None
    folder = os.path.normpath((results / str(first)).parent) if first else ""
    return folder if folder and Path(folder).is_dir() else ""
