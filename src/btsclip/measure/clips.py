"""Find the clips in a folder by their sidecars."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from btsclip.errors import MeasureError
from btsclip.measure.post import MadeClip
from btsclip.plan import code_at_end

# Sidecars are far smaller.
MAX_SIDECAR_BYTES = 20_000_000


class _Source(BaseModel):
    size: int
    created: datetime | None = None


class _Caption(BaseModel):
    text: str
    role: str


class _Output(BaseModel):
    duration: float


class _Sidecar(BaseModel):
    """The keys of a sidecar that are needed here. All other keys are ignored, so that sidecars of
    older versions can be read."""

    clip: str
    source: _Source
    start: float
    end: float
    kind: str
    title: str = ""
    captions: list[_Caption] = []
    output: _Output
    preset: str


def find_clips(folder: Path) -> list[MadeClip]:
    """All clips with sidecars in `folder` and its subfolders, each once. Ignores other JSON files.

    Raises MeasureError if there is no such folder.
    """
    if not folder.is_dir():
        raise MeasureError(folder, "is not a folder", "name the folder with your clips")
    clips: dict[str, MadeClip] = {}
    for path in sorted(folder.rglob("*.json")):
        if clip := _read_sidecar(path):
            clips.setdefault(clip.key, clip)
    return list(clips.values())


def _read_sidecar(path: Path) -> MadeClip | None:
    """The clip of the sidecar at `path`; None for another kind of file."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_SIDECAR_BYTES:
            return None
        sidecar = _Sidecar.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    name = sidecar.clip.removesuffix(".mp4")
    code = code_at_end(name)
    hooks = [caption.text for caption in sidecar.captions if caption.role == "hook"]
    span = f"{sidecar.source.size}:{sidecar.start:.2f}-{sidecar.end:.2f}"
    preset = Path(sidecar.preset).stem if sidecar.preset.endswith(".toml") else sidecar.preset
    # The same cut with another preset or hook is another clip.
    look = hashlib.sha256(f"{preset}\0{hooks}".encode()).hexdigest()[:8]
    return MadeClip(
        key=f"{code or f'{name}@{span}'}/{look}",
        id=name,
        code=code,
        title=sidecar.title,
        kind=sidecar.kind,
        preset=preset,
        seconds=sidecar.output.duration,
        hook=hooks[0] if hooks else "",
        created=sidecar.source.created,
    )
