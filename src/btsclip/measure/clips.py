"""The clips that were made, from the sidecars beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from btsclip.errors import MeasureError
from btsclip.measure.post import Made
from btsclip.plan.code import code_at_end
from btsclip.render.sidecar import Sidecar

# A sidecar is far smaller.
MOST_BYTES = 20_000_000


def find_clips(folder: Path) -> list[Made]:
    """All clips whose sidecars lie in `folder` and below it, each once.

    Raises MeasureError when there is no such folder. Other JSON files are passed over.
    """
    if not folder.is_dir():
        raise MeasureError(folder, "is no folder", "name the one with your clips")
    found: dict[str, Made] = {}
    for path in sorted(folder.rglob("*.json")):
        for made in _made(path):
            found.setdefault(made.key, made)
    return list(found.values())


def _made(path: Path) -> Iterator[Made]:
    """The clip of the sidecar at `path`; nothing where that is another kind of file."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return
        text = path.read_text("utf-8")
        if '"clip"' not in text or '"kind"' not in text:
            return
        yield of_sidecar(Sidecar.model_validate(json.loads(text)))
    except (OSError, ValueError, RecursionError, ValidationError):
        return


def of_sidecar(record: Sidecar) -> Made:
    """What is compared of the clip that `record` tells of."""
    name = record.clip.removesuffix(".mp4")
    code = code_at_end(name)
    hooks = [caption.text for caption in record.captions if caption.role == "hook"]
    span = f"{record.source.size}:{record.start:.2f}-{record.end:.2f}"
    preset = Path(record.preset).stem if record.preset.endswith(".toml") else record.preset
    # The same cut in another look, or under another hook, is another clip.
    look = hashlib.sha256(f"{preset}\0{hooks}".encode()).hexdigest()[:8]
    return Made(
        key=f"{code or f'{name}@{span}'}/{look}",
        id=name,
        code=code,
        title=record.title,
        kind=record.kind,
        preset=preset,
        seconds=record.output.duration,
        hook=hooks[0] if hooks else "",
        created=datetime.fromisoformat(record.source.created) if record.source.created else None,
    )
