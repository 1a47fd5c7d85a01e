"""The facts of a file as JSON values.

Apart from the analysis, so that `btsclip probe` loads none of it.
"""

from __future__ import annotations

from typing import Any

from btsclip.analysis.result import ProbeJson
from btsclip.geometry import WHOLE, Box
from btsclip.media.footage import Footage


def probe_json(footage: Footage, picture: Box) -> dict[str, Any]:
    """The facts of a file and the box of its picture as JSON values."""
    return ProbeJson(**footage_facts(footage), picture=box_values(picture)).values()


def footage_facts(footage: Footage) -> dict[str, Any]:
    """The facts of a file, by their names in JSON."""
    return {
        "path": str(footage.path),
        "duration": round(footage.duration, 3),
        "width": footage.width,
        "height": footage.height,
        "fps": round(footage.fps, 3),
        "vfr": footage.vfr,
        "rotation": footage.rotation,
        "hdr": footage.hdr,
        "first_picture": round(footage.first_picture, 3),
        "has_audio": footage.has_audio,
        "created": footage.created.isoformat() if footage.created else None,
        "codec": footage.codec,
        "bit_depth": footage.bit_depth,
        "audio_rate": footage.audio_rate,
        "audio_channels": footage.audio_channels,
        "size": footage.size,
    }


def box_values(picture: Box) -> list[float] | None:
    """The box of a take's picture within bars; None where there are no bars."""
    return None if picture == WHOLE else [round(float(value), 4) for value in picture]
