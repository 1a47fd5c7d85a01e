"""An editing program that applies an exported timeline shows the same part as the clip."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from exported import plan, seconds, span, storyline, take
from hypothesis import given, settings, strategies as st

from btsclip.exchange.export import export_plan
from btsclip.exchange.motion import picture_motions
from btsclip.framing.layout import Canvas, Framing
from btsclip.framing.screen import on_screen
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.model import CropKey, Span
from btsclip.presets.schema import Output

SCREEN = (1080, 1920)
RATE = Fraction(25)
# Crops of a 16:9 picture: a pan with a switch in it; a smaller one over its blur, which pans; two.
CROPS: dict[str, dict[str, object]] = {
    "pan": {"crop": [[1.0, 0.3, 0.5, 0.3164, 1.0], [1.8, 0.6, 0.5, 0.3164, 1.0],
                     [1.8, 0.2, 0.5, 0.3164, 1.0], [3.0, 0.5, 0.5, 0.3164, 1.0]]},
    "close": {"crop": [[1.0, 0.4, 0.45, 0.2215, 0.7], [3.0, 0.6, 0.6, 0.2215, 0.7]]},
    "blur": {"layout": "fit-blur",
             "crop": [[1.0, 0.3, 0.5, 0.5, 0.9], [3.0, 0.7, 0.55, 0.5, 0.9]]},
    "whole": {"layout": "fit-blur", "crop": []},
    "split": {"layout": "split", "crop": [[1.0, 0.3, 0.5, 0.5, 0.7909]],
              "below": [[1.0, 0.6, 0.5, 0.5, 0.7909], [3.0, 0.72, 0.5, 0.5, 0.7909]]},
}  # fmt: skip
# Boxes in the picture whose places on the screen are compared.
BOXES = [(0.35, 0.5, 0.1, 0.2), (0.55, 0.55, 0.2, 0.3), (0.7, 0.4, 0.1, 0.1), (0.5, 0.5, 1.0, 1.0)]

Layer = dict[str, list[tuple[float, float]]]  # values by frame of the shot


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return take(tmp_path_factory.mktemp("take"), "a.mp4", "25", "10:00:00:00", 4)


def at(keys: list[tuple[float, float]], frame: float) -> float:
    """The value of linear keyframes at a frame."""
    if frame <= keys[0][0]:
        return keys[0][1]
    for (x0, y0), (x1, y1) in pairwise(keys):
        if frame <= x1:
            return y0 + (y1 - y0) * (frame - x0) / (x1 - x0)
    return keys[-1][1]


def shown(layer: Layer, box: tuple[float, ...], frame: int, size: tuple[int, int]) -> list[float]:
    """Where a program puts `box` of a picture of `size`: the edges left, top, right, bottom in
    shares of the screen, what is trimmed or outside cut off."""
    scale = at(layer["scale"], frame)
    edges = []
    for axis, (low, high) in enumerate((("left", "right"), ("top", "bottom"))):
        begin = max(box[axis] - box[axis + 2] / 2, at(layer[low], frame))
        end = min(box[axis] + box[axis + 2] / 2, 1 - at(layer[high], frame))
        middle = SCREEN[axis] / 2 + at(layer["xy"[axis]], frame)
        for edge in (begin, max(begin, end)):
            place = (middle + (edge - 0.5) * size[axis] * scale) / SCREEN[axis]
            edges.append(min(max(place, 0.0), 1.0))
    return [edges[0], edges[2], edges[1], edges[3]]


def compare(layers: list[Layer], framing: Span, size: tuple[int, int], frames: int) -> None:
    canvas = Canvas(size, SCREEN)
    plain = Framing(framing.layout, "hands", tuple(framing.crop), 1.0, tuple(framing.below))
    for frame in range(frames):
        time = framing.start + frame / float(RATE)
        if any(abs(key[0] - time) < 0.5 / float(RATE) for key in framing.crop[1:-1]):
            continue  # at the switch itself
        for box in BOXES:
            expected = on_screen(box, time, plain, canvas)
            found = [shown(layer, box, frame, size) for layer in layers]
            found = [f for f in found if f[2] - f[0] > 1e-4 and f[3] - f[1] > 1e-4]
            assert len(found) == len(expected)
            for (x0, y0, x1, y1), (cx, cy, w, h) in zip(found, expected, strict=True):
                wanted = (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
                assert (x0, y0, x1, y1) == pytest.approx(wanted, abs=0.0015), (frame, box)


def fcpxml_layers(path: Path, size: tuple[int, int], frames: int) -> list[Layer]:
    """What Final Cut does with the first shot and what hangs on it: fit, then scale and move."""
    _, spine = storyline(path)
    clip = spine.find("asset-clip")
    assert clip is not None
    fit = min(SCREEN[0] / size[0], SCREEN[1] / size[1])
    layers = []
    for item in (clip, *(c for c in clip.findall("asset-clip") if c.get("srcEnable") == "video")):
        begin = seconds(item.get("start") or "")
        moved = item.find("adjust-transform")
        assert moved is not None and (item.find("adjust-conform") or {}).get("type", "fit") == "fit"

        def keys(owner: ElementTree.Element | None, name: str, begin: Fraction = begin) -> list:  # type: ignore[type-arg]
            if owner is None:
                return [(0, "0")]
            animated = owner.find(f"param[@name='{name}']/keyframeAnimation")
            if animated is None:
                return [(0, owner.get(name))]
            return [
                (float((seconds(key.get("time") or "") - begin) * RATE), key.get("value"))
                for key in animated
            ]

        position = [(f, [float(v) for v in value.split()]) for f, value in keys(moved, "position")]
        across, up = (moved.get("scale") or "").split()
        assert across == up
        rect = item.find("adjust-crop/trim-rect")
        layer: Layer = {
            "scale": [(0, float(up) * fit)],
            "x": [(f, v[0] / 100 * SCREEN[1]) for f, v in position],
            "y": [(f, -v[1] / 100 * SCREEN[1]) for f, v in position],
        }
        for edge, length in zip(("left", "top", "right", "bottom"), (*size, *size), strict=True):
            layer[edge] = [(f, float(v) / 100 * size[1] / length) for f, v in keys(rect, edge)]
        layers.append(layer)
    return layers


def xmeml_layers(path: Path, size: tuple[int, int], frames: int) -> list[Layer]:
    """What Premiere does with the first item of each track of pictures."""
    root = ElementTree.parse(path).getroot()
    layers = []
    for item in (track.find("clipitem") for track in root.findall(".//video/track")):
        if item is None:
            continue
        begin = int(item.findtext("in") or 0)
        values: dict[str, list[tuple[float, ElementTree.Element]]] = {}
        for parameter in item.iter("parameter"):
            name = parameter.findtext("parameterid") or ""
            keyed = [
                (int(key.findtext("when") or 0) - begin, key.find("value"))
                for key in parameter.findall("keyframe")
            ]
            values[name] = keyed or [(0, parameter.find("value"))]  # type: ignore[assignment]
        center = values["center"]
        layer: Layer = {
            "scale": [(0, float(values["scale"][0][1].text or 0) / 100)],
            "x": [(f, float(v.findtext("horiz") or 0) * size[0]) for f, v in center],
            "y": [(f, float(v.findtext("vert") or 0) * size[1]) for f, v in center],
        }
        for edge in ("left", "top", "right", "bottom"):
            layer[edge] = [(f, float(v.text or 0) / 100) for f, v in values.get(edge, [])] or [
                (0, 0)
            ]
        layers.append(layer)
    return layers


READERS = {"fcpxml": fcpxml_layers, "premiere": xmeml_layers}


@pytest.mark.parametrize("file_format", READERS)
@pytest.mark.parametrize("name", CROPS)
def test_same_part_is_shown(name: str, file_format: str, footage: Path, tmp_path: Path) -> None:
    clip = {**span("a.mp4", 1.0, 3.0), **CROPS[name]}
    path = plan(footage.parent / f"{name}.json", [clip], footage)
    done = export_plan(path, file_format, tmp_path)  # type: ignore[arg-type]
    layers = READERS[file_format](done.files[0], (160, 90), 50)
    compare(layers, Span.model_validate(clip), (160, 90), 50)
    if name == "pan":
        keyed = layers[0]["x"]
        assert 3 <= len(keyed) <= 6, "no key that a straight line replaces"


centers = st.floats(0.2, 0.8).map(lambda value: round(value, 4))


@settings(max_examples=40, deadline=None)
@given(data=st.lists(st.tuples(st.floats(0, 3), centers, centers), min_size=1, max_size=8))
def test_left_out_keys_are_on_straight_lines(
    footage: Path, data: list[tuple[float, float, float]]
) -> None:
    """The poses, joined by lines, are within a pixel of the path in every frame."""
    keys: list[CropKey] = [(t, x, y, 0.1266, 0.4) for t, x, y in sorted(data)]
    facts: Footage = probe(footage)
    framed = Span(source="a.mp4", start=0, end=3, crop=keys)
    times = [Fraction(n) / RATE for n in range(75)]
    (motion,) = picture_motions(framed, facts, Output(), times, RATE)
    poses = [(pose.frame, pose.x) for pose in motion.poses]
    for n, time in enumerate(times):
        near = [key for key in keys if abs(key[0] - float(time)) <= 1 / float(RATE)]
        if near:
            continue  # near a possible switch
        before = [k for k in keys if k[0] <= time]
        after = [k for k in keys if k[0] > time]
        if not before or not after:
            x = (before or after)[-1 if before else 0][1]
        else:
            (t0, x0), (t1, x1) = before[-1][:2], after[0][:2]
            x = x0 + (x1 - x0) * (float(time) - t0) / (t1 - t0)
        expected = -(min(max(x, 0.0633), 1 - 0.0633) - 0.5) * facts.width * motion.scale
        assert at(poses, n) == pytest.approx(expected, abs=1.0)


def test_ramp_keeps_picture_and_crop_together(footage: Path, tmp_path: Path) -> None:
    """Where the speed changes, keys stand at the frames that show their part of the take."""
    from exported import file_time

    clip = span("a.mp4", 0.0, 3.2, speeds=[[0, 1], [3.2, 3]],
                crop=[[0.0, 0.2, 0.5, 0.3164, 1.0], [3.2, 0.8, 0.5, 0.3164, 1.0]])  # fmt: skip
    path = plan(footage.parent / "ramp.json", [clip], footage)
    _, spine = storyline(export_plan(path, "fcpxml", tmp_path).files[0])
    found = spine.find("asset-clip")
    assert found is not None
    begin = seconds(found.get("start") or "")
    layer = fcpxml_layers(tmp_path / "ramp.fcpxml", (160, 90), 0)[0]
    frames = seconds(found.get("duration") or "") * RATE
    assert frames > 30
    for frame in range(int(frames)):
        time = float(file_time(found, begin + frame / RATE) - 36_000)
        exact = Span.model_validate(clip).time_map.source(frame / float(RATE))
        assert time == pytest.approx(exact, abs=0.02)
        center = 0.5 - at(layer["x"], frame) / (160 * layer["scale"][0][1])
        assert center == pytest.approx(min(max(0.2 + 0.6 * time / 3.2, 0.1582), 0.8418), abs=0.003)
