"""The steps of model conversion that need onnx or tensorflow; run by convert_models.py in its venv.

    python rewrite_onnx.py halve IN.onnx OUT.onnx      store large weights as float16
    python rewrite_onnx.py dynamic IN.onnx OUT.onnx    leave batch, height and width open
    python rewrite_onnx.py run MODEL.tflite IN.npz OUT.npz   outputs of the original

A file of its own: the project's environment has neither, and their pins would not fit into it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Values of the largest weight that stays float32: for biases and slopes a Cast node is not worth
# the bytes saved.
MAX_SMALL_WEIGHT = 256


def halve(source: Path, target: Path) -> None:
    """Store large float32 weights as float16, with a Cast back to float32.

    The originals have float16 weights too, so this loses nothing; and because the Cast directly
    follows a constant, every runtime folds it when loading and computes in float32.
    """
    model = onnx.load(str(source))
    graph = model.graph
    casts, weights = [], []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size <= MAX_SMALL_WEIGHT:
            weights.append(weight)
            continue
        half = values.astype(np.float16)
        if not np.all(np.isfinite(half)):
            raise SystemExit(f"{source.name}: {weight.name} does not fit float16")
        stored = f"{weight.name}_f16"
        weights.append(numpy_helper.from_array(half, stored))
        casts.append(
            helper.make_node(
                "Cast", [stored], [weight.name], f"{weight.name}_cast", to=TensorProto.FLOAT
            )
        )
    nodes = [*casts, *graph.node]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(weights)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def dynamic(source: Path, target: Path) -> None:
    """Make batch, height and width of a fully convolutional model variable.

    Old exporters also list every weight as an input. These are dropped, so that the image is the
    only input.
    """
    model = onnx.load(str(source))
    graph = model.graph
    weights = {weight.name for weight in graph.initializer}
    images = [entry for entry in graph.input if entry.name not in weights]
    del graph.input[:]
    graph.input.extend(images)
    for entries, names in ((graph.input, "BHW"), (graph.output, "Bhw")):
        for entry in entries:
            sides = entry.type.tensor_type.shape.dim
            for position, name in zip((0, 2, 3), names, strict=True):
                sides[position].ClearField("dim_value")
                sides[position].dim_param = name
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def run(model: Path, inputs: Path, outputs: Path) -> None:
    """Run the original .tflite. `inputs` maps a name to one batch; `outputs` gets "name/0",
    "name/1", ... in the order of the model's outputs."""
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(model_path=str(model), num_threads=1)
    interpreter.allocate_tensors()
    image = interpreter.get_input_details()[0]["index"]
    # Converted outputs are called Identity, Identity_1, ...: the order of the names here.
    details = sorted(interpreter.get_output_details(), key=lambda detail: str(detail["name"]))
    results: dict[str, np.ndarray] = {}
    with np.load(inputs) as batches:
        for name in batches.files:
            interpreter.set_tensor(image, batches[name])
            interpreter.invoke()
            for number, detail in enumerate(details):
                results[f"{name}/{number}"] = interpreter.get_tensor(detail["index"])
    np.savez(outputs, **results)


def main() -> None:
    steps = {"halve": halve, "dynamic": dynamic, "run": run}
    step, *paths = sys.argv[1:]
    steps[step](*map(Path, paths))


if __name__ == "__main__":
    main()
