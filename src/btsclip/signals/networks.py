"""Neural networks of the package, run on this computer by ONNX Runtime.

ONNX Runtime runs the scene network in less than half of cv2.dnn's time and the palm network in
four fifths of it (docs/decisions.md).
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.errors import ToolError

Array = NDArray[np.floating[Any]]


class Network:
    """One network. Threads may share it, and it uses one thread of its own for each call, so that
    what it answers does not depend on the number of cores."""

    def __init__(self, name: str) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The memory that a call used is given back: pictures come in several sizes.
        options.enable_cpu_mem_arena = False
        path = resources.files("btsclip.models") / name
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ToolError(name, "the model can't be loaded", "reinstall btsclip") from error
        self._input = self._session.get_inputs()[0].name

    def run(self, pixels: Array) -> list[Array]:
        """All outputs for one input, in the order of the file."""
        inputs = {self._input: np.ascontiguousarray(pixels, np.float32)}
        return [np.asarray(output) for output in self._session.run(None, inputs)]


@cache
def load_network(name: str) -> Network:
    """A network from the package's models folder; loaded once. Raises ToolError when it can't be
    loaded."""
    return Network(name)
