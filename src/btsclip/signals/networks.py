"""The package's neural networks, run on this computer by ONNX Runtime.

ONNX Runtime takes less than half of cv2.dnn's time for the scene network, and four fifths of it
for the palm network (docs/decisions.md).
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
    """One network. Threads may share it. Each call uses a single thread, so that the output does
    not depend on the number of cores."""

    def __init__(self, name: str) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Free the memory after each call: pictures come in several sizes.
        options.enable_cpu_mem_arena = False
        path = resources.files("btsclip.models") / name
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ToolError(name, "the model cannot be loaded", "reinstall btsclip") from error
        self._input = self._session.get_inputs()[0].name

    def run(self, pixels: Array) -> list[Array]:
        """All outputs for one input, in the order of the model file."""
        inputs = {self._input: np.ascontiguousarray(pixels, np.float32)}
        return [np.asarray(output) for output in self._session.run(None, inputs)]


@cache
def load_network(name: str) -> Network:
    """Load a network from the package's models folder, once per process.

    Raises ToolError when it cannot be loaded.
    """
    return Network(name)
