"""btsclip is local: no library that it loads reports anything to anybody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

MODEL = Path(__file__).parents[1] / "src" / "btsclip" / "models" / "palm_detection_full.f16.onnx"
LOADS = (
    "import sys; {first}; import onnxruntime;"
    "onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])"
)


def test_onnx_runtime_reports_nothing(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(
        [sys.executable, "-c", LOADS.format(first="import btsclip"), str(MODEL)],
        check=True, env={**environment, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    # It would keep the number of its session here.
    assert list(tmp_path.iterdir()) == []
