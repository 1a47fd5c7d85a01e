"""Cut honest vertical behind-the-scenes clips from raw kitchen footage.

    probe(path)                  the facts of a file, as Footage
    analyze(path)                its signals, belief in work and Moments
    make_plan(paths, preset, …)  the CutPlan for one or more files
    render_plan(path, …)         the clips of a plan file

Names are loaded on first use, so that importing btsclip is fast.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from btsclip.version import __version__

# ONNX Runtime sends telemetry unless this is set before it is loaded, and no data may leave the
# user's computer.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_MODULES = {
    "probe": "btsclip.media.footage",
    "Footage": "btsclip.media.footage",
    "analyze": "btsclip.analysis.analysis",
    "Moment": "btsclip.moments.find",
    "make_plan": "btsclip.planning.clips",
    "CutPlan": "btsclip.plan.model",
    "render_plan": "btsclip.planning.cut",
}
__all__ = [
    "CutPlan",
    "Footage",
    "Moment",
    "__version__",
    "analyze",
    "make_plan",
    "probe",
    "render_plan",
]

if TYPE_CHECKING:
    from btsclip.analysis import analyze
    from btsclip.media import Footage, probe
    from btsclip.moments import Moment
    from btsclip.plan import CutPlan
    from btsclip.planning import make_plan, render_plan


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'btsclip' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
