"""The clips that were made, from the sidecars beside them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from btsclip.errors import MeasureError
from btsclip.measure.post import MadeClip
from btsclip.plan.code import code_at_end

# A sidecar is far smaller.
MOST_BYTES = 20_000_000


class _Source(BaseModel):
    size: int
    created: datetime | None = None


class _Caption(BaseModel):
    text: str
    role: str


class _Output(BaseModel):
    duration: float


class _Record(BaseModel):
    """What is read of a sidecar: no more than that, so that those of older versions are read too,
    which lack keys that are written today."""

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
    """All clips whose sidecars lie in `folder` and below it, each once.

    Raises MeasureError when there is no such folder. Other JSON files are passed over.
    """
    if not folder.is_dir():
        raise MeasureError(folder, "is no folder", "name the one with your clips")
    found: dict[str, MadeClip] = {}
    for path in sorted(folder.rglob("*.json")):
        if made := _made(path):
            found.setdefault(made.key, made)
    return list(found.values())


def _made(path: Path) -> MadeClip | None:
    """The clip of the sidecar at `path`; None where that is another kind of file."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        record = _Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    name = record.clip.removesuffix(".mp4")
    code = code_at_end(name)
    hooks = [caption.text for caption in record.captions if caption.role == "hook"]
    span = f"{record.source.size}:{record.start:.2f}-{record.end:.2f}"
    preset = Path(record.preset).stem if record.preset.endswith(".toml") else record.preset
    # The same cut in another look, or under another hook, is another clip.
    look = hashlib.sha256(f"{preset}\0{hooks}".encode()).hexdigest()[:8]
    return MadeClip(
        key=f"{code or f'{name}@{span}'}/{look}",
        id=name,
        code=code,
        title=record.title,
        kind=record.kind,
        preset=preset,
        seconds=record.output.duration,
        hook=hooks[0] if hooks else "",
        created=record.source.created,
    )
