"""Blurred faces: at their place and time, on every kind of footage."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import color_media
import faces
import media
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from plans import with_first
from quick import mostly_slow

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CropKey, Span
from btsclip.presets.schema import Output, Preset
from btsclip.render import blur, face_check, graph, process

WIDE = Preset(output=Output(width=640, height=360))
SIZE = (640, 360)
PLACE = (220.0, 60.0, 200.0)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, faces.Box]:
    """A second of a still face, and its box."""
    path = tmp_path_factory.mktemp("still") / "still.mp4"
    (box, *_), *_ = faces.film(path, lambda t: [(faces.HEAD, *PLACE)], 1.2, size=SIZE)
    return path, box


def lasting(box: faces.Box) -> list[CropKey]:
    """Keys of a box that covers all of the time."""
    return [(0.0, *box), (100.0, *box)]


def span_of(*tracks: list[CropKey], **more: object) -> Span:
    values = {"source": "x", "start": 0.1, "end": 1.1, "layout": "fit-blur", "blur": list(tracks)}
    return Span.model_validate(values | more)


def span_pictures(footage: Footage, span: Span, folder: Path, preset: Preset = WIDE) -> np.ndarray:
    """The span's finished pictures, RGB (n, h, w, 3)."""
    output = preset.output
    blur.write_masks([span], {"x": footage}, output.fps, folder)
    frames = max(1, round(span.seconds * output.fps))
    stream = graph.span_picture(footage, span, preset, frames).output(
        "shown.mkv", vcodec="ffv1", **{"frames:v": frames}
    )
    process.run_ffmpeg(["-loglevel", "error", *stream.get_args()], folder)
    raw = subprocess.run(
        [ffmpeg_path(), "-v", "error", "-i", folder / "shown.mkv", "-f", "rawvideo",
         "-pix_fmt", "rgb24", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, output.height, output.width, 3)


def crop_box(pictures: np.ndarray, box: faces.Box) -> np.ndarray:
    height, width = pictures.shape[1:3]
    x0, x1 = (round((box[0] + side * box[2] / 2) * width) for side in (-1, 1))
    y0, y1 = (round((box[1] + side * box[3] / 2) * height) for side in (-1, 1))
    return pictures[:, y0:y1, x0:x1]


VARIANTS: dict[str, tuple[str, ...]] = {
    "plain": ("-c", "copy"),
    "full range": ("-vf", "scale=out_range=pc,format=yuvj420p", "-c:v", "libx264", "-crf", "8"),
    "bt601": ("-vf", "scale=out_color_matrix=bt601", "-colorspace", "smpte170m", "-crf", "8"),
    "10 bit 4:2:2": ("-c:v", "libx265", "-pix_fmt", "yuv422p10le", "-x265-params", "log-level=0"),
    "uneven": ("-vf", "select='not(between(n,12,17))'", "-fps_mode", "vfr", "-crf", "8"),
}  # fmt: skip


@pytest.mark.parametrize("variant", mostly_slow(VARIANTS, "plain"))
def test_face_is_hidden_and_the_rest_is_unchanged(
    still: tuple[Path, faces.Box], variant: str, tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    media.ffmpeg("-i", still[0], *VARIANTS[variant], path)
    footage, box = probe(path), still[1]
    before = span_pictures(footage, span_of(), tmp_path)
    after = span_pictures(footage, span_of(lasting(box)), tmp_path)
    assert len(after) == len(before) == 30
    for plain, hidden in zip(crop_box(before, box), crop_box(after, box), strict=True):
        assert face_check.face_detail(plain) > 1.5 * face_check.MAX_DETAIL
        assert face_check.face_detail(hidden) < face_check.MAX_DETAIL / 2
    changed = np.abs(after.astype(int) - before).max(3) > 6
    # Only the face and a rounded edge around it change.
    assert changed.mean() < 2.5 * box[2] * box[3]
    assert not changed[:, :, :100].any() and not changed[:, :, -100:].any()


@pytest.mark.slow
@pytest.mark.parametrize("transfer", mostly_slow(["hlg", "pq"], "hlg"))
def test_hdr_is_blurred_before_tone_mapping(transfer: str, tmp_path: Path) -> None:
    color_media.write(tmp_path / "hdr.mp4", transfer)
    footage, box = probe(tmp_path / "hdr.mp4"), (0.5, 0.5, 0.3, 0.5)
    before = span_pictures(footage, span_of(), tmp_path)
    after = span_pictures(footage, span_of(lasting(box)), tmp_path)
    changed = np.abs(after.astype(int) - before).max(3) > 6
    assert changed.any()
    assert not changed[:, :, :100].any() and not changed[:, :, -100:].any()
    # Where four patches meet, one soft cell is left.
    steps = np.abs(np.diff(crop_box(after, (0.5, 0.5, 0.1, 0.2))[0].astype(int), axis=1))
    assert steps.max() < 24 < np.abs(np.diff(crop_box(before, box)[0].astype(int), axis=1)).max()


def test_rotated_footage_is_blurred_upright(still: tuple[Path, faces.Box], tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    media.ffmpeg("-display_rotation", "90", "-i", still[0], "-c", "copy", path)
    footage, (x, y, w, h) = probe(path), still[1]
    assert footage.rotation == 270
    box = (y, 1 - x, h, w)
    upright = Preset(output=Output(width=360, height=640))
    before = span_pictures(footage, span_of(), tmp_path, upright)
    after = span_pictures(footage, span_of(lasting(box)), tmp_path, upright)
    assert face_check.face_detail(crop_box(before, box)[0]) > 1.5 * face_check.MAX_DETAIL
    assert (
        max(face_check.face_detail(face) for face in crop_box(after, box))
        < face_check.MAX_DETAIL / 2
    )


@pytest.mark.parametrize(
    "speeds",
    mostly_slow(
        [[(0.0, 1.0)], [(0.0, 4.0)], [(0.1, 0.5)], [(0.1, 1), (1.1, 6)]], [(0.1, 1), (1.1, 6)]
    ),
)
def test_moving_face_is_hidden_at_every_speed(
    speeds: list[tuple[float, float]], tmp_path: Path
) -> None:
    path = tmp_path / "moves.mp4"

    def scene(t: float) -> list[tuple[faces.Picture, float, float, float]]:
        return [(faces.HEAD, 20 + 350 * t, 60, 200)]

    truth = faces.film(path, scene, 1.2, size=SIZE)
    # As face tracks are: each box also covers the face on the frames before and after.
    keys = []
    for number, (box, *_) in enumerate(truth):
        around = [truth[min(max(number + step, 0), len(truth) - 1)][0] for step in (-1, 0, 1)]
        low = min(near[0] - near[2] / 2 for near in around)
        high = max(near[0] + near[2] / 2 for near in around)
        keys.append((number / 30, (low + high) / 2, box[1], high - low, box[3]))
    span = span_of(keys, speeds=speeds)
    before, after = (
        span_pictures(probe(path), s, tmp_path) for s in (span_of(speeds=speeds), span)
    )
    for plain, hidden in zip(before, after, strict=True):
        # Nothing but the eyes is white.
        assert (plain.min(2) > 228).sum() > 20
        assert (hidden.min(2) > 228).sum() == 0


def test_face_of_any_size_has_few_cells() -> None:
    footage = Footage(
        path=Path("x"), duration=1, width=3840, height=2160, fps=30, vfr=False, rotation=0,
        hdr=None, has_audio=False, created=None, coded_width=3840, coded_height=2160, bit_depth=8,
        codec="h264", video_stream=0, audio_stream=None, audio_rate=None, audio_channels=None,
        size=1, keyframe_interval=1.0,
    )  # fmt: skip
    for side in (0.01, 0.1, 0.5, 1.0):
        columns, rows = blur.cells(span_of(lasting((0.5, 0.5, side, side))), footage)
        assert side * columns <= blur.CELLS + 1e-9
        assert side * rows <= blur.CELLS + 1e-9


boxes = st.tuples(*[st.floats(0.0, 1.0)] * 2, *[st.floats(0.01, 0.6)] * 2)


@given(
    st.lists(st.tuples(boxes, boxes), min_size=1, max_size=3),
    st.sampled_from([(160, 90), (90, 160)]),
)
@settings(max_examples=40, deadline=None)
def test_masks_cover_their_boxes_during_the_frame(
    pairs: list[tuple[faces.Box, faces.Box]], size: tuple[int, int]
) -> None:
    tracks = [[(0.0, *first), (1.5, *last)] for first, last in pairs]
    span, arrays = span_of(*tracks), [np.array(keys) for keys in tracks]
    for number, mask in enumerate(blur.masks(span, size, 10)):
        if number > 10:
            break
        for shift in (-0.04, 0.0, 0.04):
            time = 0.1 + number / 10 + shift
            for x0, y0, x1, y1 in blur.boxes_between(arrays, time, time):
                # Every mask pixel that bilinear scaling reads for a point of the box.
                left, right = (int(np.floor(v * size[0] - 0.5)) for v in (x0, x1))
                top, bottom = (int(np.floor(v * size[1] - 0.5)) for v in (y0, y1))
                rows = slice(max(top, 0), bottom + 2)
                assert (mask[rows, max(left, 0) : right + 2] == 255).all()


def test_span_without_blur_has_no_mask(still: tuple[Path, faces.Box], tmp_path: Path) -> None:
    footage = probe(still[0])
    clip = Clip(
        id="a", kind="people", score=1, why="",
        spans=[Span(source="x", start=0, end=1, layout="fit-blur")],
    )  # fmt: skip
    arguments = graph.clip_arguments({"x": footage}, clip, WIDE, "libx264", None)
    assert "maskedmerge" not in " ".join(arguments)
    blur.write_masks(clip.spans, {"x": footage}, 30, tmp_path)
    assert not list(tmp_path.iterdir())
    hidden = with_first(clip, blur=[lasting(still[1])])
    arguments = graph.clip_arguments({"x": footage}, hidden, WIDE, "libx264", None)
    assert " ".join(arguments).count("maskedmerge") == 1


def test_equal_blurs_share_a_mask() -> None:
    key: Callable[[Span], str] = lambda span: blur.mask_name(span, 30)  # noqa: E731
    one = span_of(lasting((0.5, 0.5, 0.1, 0.1)))
    assert key(one) == key(one.model_copy())
    assert key(one) != key(one.model_copy(update={"start": 0.2}))
    assert key(one) != blur.mask_name(one, 25)
