"""Faces missed by tracking are found in the finished clip and blurred."""

from __future__ import annotations

import json
from pathlib import Path

import faces
import media
import numpy as np
import pytest
from plans import clip_values
from result import pictures

from btsclip.errors import RenderError
from btsclip.geometry import share_within
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CropKey, CutPlan, Source, Span
from btsclip.plan.texts import Caption, Card
from btsclip.presets.schema import Output, Preset
from btsclip.render import RenderedClip, face_check, process, render

OUTPUT = Output(width=360, height=640, crf=12, speed="ultrafast")
PRESET = Preset(output=OUTPUT)
SIZE = (640, 360)
# The largest crop of 9:16.
WIDTH = 360 * 9 / 16 / 640


def scene(t: float) -> list[tuple[faces.Picture, float, float, float]]:
    return [(faces.HEAD, 250 + 10 * t, 100, 80)]


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, faces.Box]:
    path = tmp_path_factory.mktemp("face_check") / "take.mp4"
    truth = faces.film(path, scene, 1.2, size=SIZE)
    x, y, w, h = truth[15][0]
    return path, (x, y, w + 0.03, h)


def clip_of(path: Path, *others: Span, **more: object) -> Clip:
    values = {
        "id": "a", "source": str(path), "start": 0.1, "end": 0.9, "kind": "people", "score": 1,
        "why": "", "crop": [(0, 0.45, 0.5, WIDTH, 1.0)], "blur_faces": "all",
    }  # fmt: skip
    return Clip.model_validate(clip_values(values | more, others))


def rendered(clip: Clip, folder: Path) -> RenderedClip:
    path = clip.spans[0].source
    facts = probe(Path(path))
    source = Source(path=path, size=facts.size, duration=facts.duration)
    (result,) = render(CutPlan(preset="x", sources=[source], clips=[clip]), PRESET, folder)
    return result


def sidecar_of(result: RenderedClip) -> dict[str, list[object]]:
    return json.loads(result.sidecar.read_text("utf-8"))


def whites(frames: np.ndarray) -> np.ndarray:
    """White pixels of each picture: only the eyes are white."""
    return (frames.min(3) > 222).sum((1, 2))


def count_renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows by one with each render of a clip's picture."""
    renders: list[str] = []
    real = process.run_ffmpeg

    def run(arguments: list[str], *more: object) -> str:
        if "still.png" in arguments:
            renders.append("run")
        return real(arguments, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(process, "run_ffmpeg", run)
    return renders


def lasting(box: faces.Box) -> list[CropKey]:
    return [(0.0, *box), (100.0, *box)]


@pytest.mark.slow
def test_missed_face_is_blurred_in_clip_cover_and_sidecar(
    take: tuple[Path, faces.Box], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renders = count_renders(monkeypatch)
    result = rendered(clip_of(take[0]), tmp_path)
    assert len(renders) == 2
    assert whites(pictures(result.path, OUTPUT)).max() == 0
    assert whites(pictures(result.cover, OUTPUT)).max() == 0
    (keys,) = sidecar_of(result)["blur"]
    assert keys[0][0] <= 0.1 and keys[-1][0] >= 0.9  # type: ignore[index]


@pytest.mark.slow
def test_clip_with_covered_faces_is_rendered_once(
    take: tuple[Path, faces.Box], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renders = count_renders(monkeypatch)
    result = rendered(clip_of(take[0], blur=[lasting(take[1])]), tmp_path)
    assert len(renders) == 1
    assert whites(pictures(result.path, OUTPUT)).max() == 0
    assert len(sidecar_of(result)["blur"]) == 1


@pytest.mark.slow
def test_allowed_face_is_not_blurred(
    take: tuple[Path, faces.Box], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renders = count_renders(monkeypatch)
    clip = clip_of(take[0], blur_faces="others", may_be_seen=[lasting(take[1])])
    result = rendered(clip, tmp_path)
    assert len(renders) == 1
    assert whites(pictures(result.path, OUTPUT)).min() > 0
    assert not sidecar_of(result)["blur"]


def test_faces_are_not_searched_without_blur_faces(
    take: tuple[Path, faces.Box], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_check, "FaceSearch", None)
    result = rendered(clip_of(take[0], blur_faces="none"), tmp_path)
    assert whites(pictures(result.path, OUTPUT)).min() > 0


def test_face_that_is_never_covered_is_an_error(
    take: tuple[Path, faces.Box], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_check, "MAX_TRIES", 1)
    with pytest.raises(RenderError, match="could not be blurred"):
        rendered(clip_of(take[0]), tmp_path)
    assert not list(tmp_path.glob("*.mp4")) and not list(tmp_path.glob("*.jpg"))


def test_weak_blur_is_an_error(
    take: tuple[Path, faces.Box], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from btsclip.render import blur

    monkeypatch.setattr(blur, "cells", lambda span, footage: SIZE)
    with pytest.raises(RenderError, match="not blurred enough"):
        rendered(clip_of(take[0], blur=[lasting(take[1])]), tmp_path)


@pytest.mark.slow
def test_later_spans_and_their_cards_are_checked(
    take: tuple[Path, faces.Box], tmp_path: Path
) -> None:
    path, box = take
    later = Span(
        source=str(path), start=0.2, end=0.8, crop=[(0, 0.45, 0.5, WIDTH, 1.0)],
        blur_faces="all", card=Card(text="Later", seconds=0.5), enter="dissolve",
    )  # fmt: skip
    result = rendered(clip_of(path, later, blur=[lasting(box)]), tmp_path)
    frames = pictures(result.path, OUTPUT)
    shown = whites(frames)
    # The card's own text is white; its ground is the span's first picture.
    assert shown[:23].max() == 0 and shown[-12:].max() == 0
    record = sidecar_of(result)
    assert record["spans"][1] == record["then"][0]
    assert record["spans"][1]["blur"]  # type: ignore[index]


@pytest.mark.slow
def test_face_under_a_text_is_found(take: tuple[Path, faces.Box], tmp_path: Path) -> None:
    _, y, _, h = take[1]
    text = Caption(text="Hello", start=0, end=0.7, y=round(y + h / 8, 3))
    clip = clip_of(take[0], captions=[text])
    result = rendered(clip, tmp_path)
    assert whites(pictures(result.cover, OUTPUT)).max() == 0
    assert sidecar_of(result)["blur"]


@pytest.mark.slow
def test_face_in_a_dissolve_is_blurred(take: tuple[Path, faces.Box], tmp_path: Path) -> None:
    path = take[0]
    plain = tmp_path / "plain.mp4"
    media.ffmpeg(
        "-f", "lavfi", "-i", f"color=gray:s={SIZE[0]}x{SIZE[1]}:r=30:d=2", "-c:v", "libx264", plain
    )
    later = Span(source=str(plain), start=0, end=1, crop=[(0, 0.5, 0.5, WIDTH, 1.0)],
                 enter="dissolve")  # fmt: skip
    clip = clip_of(path, later, end=0.4)
    sources = [
        Source(path=str(p), size=probe(p).size, duration=probe(p).duration) for p in (path, plain)
    ]
    (result,) = render(CutPlan(preset="x", sources=sources, clips=[clip]), PRESET, tmp_path / "o")
    assert whites(pictures(result.path, OUTPUT)).max() == 0


def test_captions_are_areas_without_faces(take: tuple[Path, faces.Box]) -> None:
    clip = clip_of(take[0], captions=[Caption(text="Hello", start=0, end=0.5)])
    (start, end, box), *_ = face_check._areas_on_top(clip, PRESET, [])
    assert (start, end) == (0, 0.5)
    inner = (box[0], box[1], box[2] / 2, box[3] / 2)
    assert share_within(inner, box) == pytest.approx(1)


def test_neighboring_faces_are_one_track() -> None:
    near = [
        face_check._UncoveredFace(0, at / 30, (0.5 + at / 300, 0.5, 0.1, 0.1)) for at in range(20)
    ]
    far = [face_check._UncoveredFace(0, 0.3, (0.1, 0.1, 0.1, 0.1))]
    tracks = face_check._blur_tracks([*near, *far])
    assert len(tracks) == 2
    long = max(tracks, key=lambda keys: keys[-1][0])
    assert long[0][0] == 0.0 and long[-1][0] == pytest.approx(
        19 / 30 + face_check.BLUR_SECONDS, abs=0.01
    )
    assert all(key[3] >= 0.1 * (1 + face_check.BLUR_MARGIN) for key in long)
