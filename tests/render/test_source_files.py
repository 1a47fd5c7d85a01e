"""The files of a plan as they are when it is rendered: grown, changed, or cut short."""

from __future__ import annotations

from pathlib import Path

import media
import pytest
from result import plan_of

from btsclip.errors import PlanError
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan import Source
from btsclip.planning import source_of
from btsclip.render.sources import read_source, source_warnings


@pytest.fixture
def recording(tmp_path: Path) -> tuple[Path, bytes]:
    """A recording that goes on, as a file of its first half, and all of it."""
    path = tmp_path / "take.mkv"
    media.take(path, size=(160, 90), seconds=4.0, extra=("-g", "15"))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path, data


def planned(path: Path) -> Source:
    return source_of(probe(path))


def warnings_of(source: Source, footage: Footage) -> list[str]:
    (clip,) = plan_of(footage.path, start=0.5, end=1.5).clips
    return source_warnings(clip, {source.path: source}, {source.path: footage})


def test_a_file_that_grew_is_read(recording: tuple[Path, bytes]) -> None:
    path, data = recording
    source = planned(path)
    (before,) = read_source(source)
    assert warnings_of(source, before) == []
    path.write_bytes(data)
    (now,) = read_source(source)
    assert now.size == len(data) and now.duration > before.duration
    (warning,) = warnings_of(source, now)
    assert warning == "take.mkv has grown since it was planned: only its first 0:02 were looked at"


def test_an_edited_span_that_shows_lost_pictures(recording: tuple[Path, bytes]) -> None:
    source = planned(recording[0]).model_copy(update={"lost": [(0.0, 0.55), (1.2, 1.9)]})
    (warning,) = warnings_of(source, read_source(source)[0])
    assert warning == (
        "take.mkv has no readable pictures from 0:01.2 to 0:01.5: the clip shows a still picture "
        "there"
    )


def test_a_file_that_grows_while_it_is_planned(recording: tuple[Path, bytes]) -> None:
    path, data = recording
    footage = probe(path)
    path.write_bytes(data)
    assert read_source(source_of(footage))[0].size == len(data)


@pytest.mark.parametrize("change", [lambda data: data[:-9] + b"x" * 99, lambda data: data[:-100]])
def test_a_file_that_changed_is_refused(change: object, recording: tuple[Path, bytes]) -> None:
    path, _ = recording
    source = planned(path)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(PlanError, match="has changed since the plan was made"):
        read_source(source)


def test_a_plan_without_fingerprints_needs_the_same_size(recording: tuple[Path, bytes]) -> None:
    path, data = recording
    source = planned(path).model_copy(update={"fingerprints": []})
    path.write_bytes(data)
    with pytest.raises(PlanError, match="has changed since the plan was made"):
        read_source(source)
