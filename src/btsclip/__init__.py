"""Cut honest vertical behind-the-scenes clips from raw kitchen footage.

    probe(path)                  the facts of a file, as Footage
    analyze(path)                its signals, belief in work and Moments
    make_plan(paths, preset, …)  the CutPlan for one or more files
    render_plan(path, …)         the clips of a plan file

`__init__.pyi` lists the public names. Each is loaded on first use, so that importing btsclip is
fast.
"""

import os

from lazy_loader import attach_stub

# ONNX Runtime sends telemetry unless this is set before it is loaded, and no data may leave the
# user's computer.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
