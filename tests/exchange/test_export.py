"""Export of plans: refused plans, inputs that stay as they are, paths of the files."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import namedtuple
from pathlib import Path

import media as made
import opentimelineio as otio
import pytest
from exported import plan, span, take

from btsclip.errors import (
    BtsclipError,
    FootageError,
    NoRoomError,
    NothingFound,
    OutputError,
    PlanError,
    ToolError,
)
from btsclip.exchange.documents import ONE_FILE_FORMATS, SUFFIXES
from btsclip.exchange.export import export_plan
from btsclip.exchange.formats import FileFormat
from btsclip.plan.model import Span


@pytest.fixture
def plan_copy(shoot: Path, tmp_path: Path) -> Path:
    """A copy of the shoot that a test may change."""
    folder = tmp_path / "copy"
    shutil.copytree(shoot.parent, folder)
    return folder / "plan.json"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def change(path: Path, **values: object) -> None:
    """The plan's first clip, or its span, with other values."""
    document = json.loads(path.read_text("utf-8"))
    clip = document["clips"][0]
    for key, value in values.items():
        (clip["spans"][0] if key in Span.model_fields else clip)[key] = value
    path.write_text(json.dumps(document), "utf-8")


@pytest.mark.parametrize("file_format", SUFFIXES)
def test_files_are_in_a_folder_beside_the_plan(file_format: FileFormat, plan_copy: Path) -> None:
    done = export_plan(plan_copy, file_format)
    single = ["plan" + SUFFIXES[file_format]]
    per_clip = [f"clip-{n}{SUFFIXES[file_format]}" for n in (1, 2)]
    wanted = single if file_format in ONE_FILE_FORMATS else per_clip
    assert names(plan_copy.parent / "edit") == wanted == [file.name for file in done.files]
    with pytest.raises(OutputError, match="--force"):
        export_plan(plan_copy, file_format)
    before = done.files[0].read_bytes()
    export_plan(plan_copy, file_format, force=True)
    assert names(plan_copy.parent / "edit") == wanted
    if file_format != "otioz":
        assert done.files[0].read_bytes() == before, "the same plan, the same file"


def test_one_clip_into_a_file_of_any_name(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "my cut's 🍞.OTIO"
    done = export_plan(shoot, "otio", out, only=["clip-2"])
    assert done.files == (out,) and names(tmp_path) == [out.name]
    with pytest.raises(OutputError, match=r"one for each of 2 clips.*--joined"):
        export_plan(shoot, "edl", tmp_path / "all.edl")
    folder = tmp_path / "new" / "edit"
    assert len(export_plan(shoot, "otio", folder).files) == 2


def test_media_urls_lead_to_the_takes(shoot: Path, tmp_path: Path) -> None:
    for relative in (False, True):
        folder = tmp_path / str(relative)
        for file in export_plan(shoot, "otio", folder, relative=relative).files:
            clip = next(iter(otio.adapters.read_from_file(str(file)).find_clips()))
            url = clip.media_reference.target_url
            assert url.startswith("../") == relative and " " not in url
            assert (folder / plain_path(url)).samefile(shoot.parent / clip.name)


def test_relative_media_are_found_from_a_linked_folder(plan_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "disk" / "deep" / "edits").mkdir(parents=True)
    folder = tmp_path / "edits"
    folder.symlink_to(tmp_path / "disk" / "deep" / "edits")
    for file in export_plan(plan_copy, "otio", folder, relative=True).files:
        clip = next(iter(otio.adapters.read_from_file(str(file)).find_clips()))
        path = folder / plain_path(clip.media_reference.target_url)
        assert path.samefile(plan_copy.parent / clip.name)


def plain_path(url: str) -> str:
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url).path)


def test_bundle_holds_the_takes_and_finds_them_elsewhere(shoot: Path, tmp_path: Path) -> None:
    done = export_plan(shoot, "otioz", tmp_path / "a.otioz", only=["clip-1"])
    out = tmp_path / "far away"
    out.mkdir()
    timeline = otio.adapters.read_from_file(str(done.files[0]), extract_to_directory=str(out))
    clip = next(iter(timeline.find_clips()))
    found = out / otio.url_utils.filepath_from_url(clip.media_reference.target_url)
    assert found.read_bytes() == (shoot.parent / clip.name).read_bytes()
    with zipfile.ZipFile(done.files[0]) as file:
        assert file.testzip() is None and file.read("version.txt") == b"1.0.0"


def test_takes_of_the_same_name_are_apart_in_a_bundle(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        take(tmp_path / folder, "GX010001.mp4", seconds=1 + (folder == "b"))
    path = plan(
        tmp_path / "p.json", [{"spans": [span(f"{name}/GX010001.mp4", 0, 0.5) for name in "ab"]}],
        tmp_path / "a" / "GX010001.mp4", tmp_path / "b" / "GX010001.mp4",
    )  # fmt: skip
    text = path.read_text("utf-8").replace('"path": "GX', '"path": "a/GX', 1)
    path.write_text(text.replace('"path": "GX', '"path": "b/GX', 1), "utf-8")
    done = export_plan(path, "otioz", tmp_path / "both.otioz")
    with zipfile.ZipFile(done.files[0]) as file:
        assert {"media/GX010001.mp4", "media/GX010001-2.mp4"} <= set(file.namelist())


def test_bundle_that_does_not_fit_is_refused_at_once(
    plan_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(NoRoomError, match="may be needed"):
        export_plan(plan_copy, "otioz")
    assert not (plan_copy.parent / "edit").exists()


def test_missing_footage_is_reported(plan_copy: Path) -> None:
    (plan_copy.parent / "b's.mp4").unlink()
    with pytest.raises(FootageError, match=r"b's\.mp4: no such file"):
        export_plan(plan_copy, "edl")
    # The other clip does not need it.
    assert len(export_plan(plan_copy, "edl", only=["clip-1"]).files) == 1


def test_other_track_than_the_first_is_noted(plan_copy: Path) -> None:
    """Editing programs play what the camera wrote."""
    path = plan_copy.parent / "two.mp4"
    made.two_sounds(path)
    plan(plan_copy, [span(path.name, 0, 1.5)], path)
    document = json.loads(plan_copy.read_text("utf-8"))
    document["sources"][0] |= {"audio_tracks": [2], "audio_why": "track 1 is silent"}
    plan_copy.write_text(json.dumps(document), "utf-8")
    ((_, notes),) = export_plan(plan_copy, "premiere").notes
    assert (
        "two.mp4: the sound of track 2 is used in a rendered clip; set this in your editor" in notes
    )


def test_changed_take_is_refused(plan_copy: Path) -> None:
    take(plan_copy.parent, "b's.mp4", seconds=1.5)
    with pytest.raises(PlanError, match="has changed"):
        export_plan(plan_copy, "otio")
    assert not (plan_copy.parent / "edit").exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"end": 9.0}, "ends at 9.00 s, but my take"),
        ({"end": -1}, "clips.0.spans.0.end"),
        ({"source": "nix.mp4"}, "not in `sources`"),
    ],
)
def test_error_in_the_plan_is_reported(
    values: dict[str, object], message: str, plan_copy: Path
) -> None:
    change(plan_copy, **values)
    with pytest.raises(PlanError, match=message):
        export_plan(plan_copy, "premiere")


def test_missing_plans_and_clips_are_reported(plan_copy: Path, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no such file"):
        export_plan(tmp_path / "nix.json", "edl")
    with pytest.raises(PlanError, match="name one of its clips: clip-1, clip-2"):
        export_plan(plan_copy, "edl", only=["clip-3"])
    change(plan_copy, enabled=False)
    assert [clip.id for clip in export_plan(plan_copy, "edl").clips] == ["clip-2"]
    # A named clip is exported even if it is disabled.
    assert export_plan(plan_copy, "srt", only=["clip-1"]).clips[0].id == "clip-1"
    document = json.loads(plan_copy.read_text("utf-8"))
    for clip in document["clips"]:
        clip["enabled"] = False
    plan_copy.write_text(json.dumps(document), "utf-8")
    with pytest.raises(NothingFound, match="enable one"):
        export_plan(plan_copy, "edl", tmp_path / "edl")


def test_inputs_of_the_plan_are_never_replaced(plan_copy: Path) -> None:
    song = plan_copy.parent / "song.xml"
    made.ffmpeg("-f", "lavfi", "-i", "sine=d=3", "-f", "wav", song)
    change(plan_copy, lanes=[{"path": "song.xml"}])
    before = song.read_bytes()
    with pytest.raises(OutputError, match="is read and would be replaced"):
        export_plan(plan_copy, "premiere", song, force=True)
    assert song.read_bytes() == before


def test_unreadable_music_is_reported(plan_copy: Path) -> None:
    change(plan_copy, lanes=[{"path": "plan.json"}])
    with pytest.raises(FootageError, match=r"plan\.json"):
        export_plan(plan_copy, "otio")


def test_plan_and_takes_are_not_touched(plan_copy: Path) -> None:
    before = {
        path: (path.read_bytes(), path.stat().st_mtime) for path in plan_copy.parent.iterdir()
    }
    for file_format in SUFFIXES:
        export_plan(plan_copy, file_format, force=True)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime) for path in before}, (
        "an input was changed"
    )


def test_take_in_chapters_is_cut_where_they_meet(tmp_path: Path) -> None:
    one, two = take(tmp_path, "GX1.mp4", seconds=2), take(tmp_path, "GX2.mp4", seconds=2)
    path = plan(tmp_path / "p.json", [span("GX1.mp4", 1, 3.5)], one)
    document = json.loads(path.read_text("utf-8"))
    size = one.stat().st_size + two.stat().st_size
    document["sources"][0].update(chapters=["GX1.mp4", "GX2.mp4"], size=size, duration=4)
    path.write_text(json.dumps(document), "utf-8")
    timeline = otio.adapters.read_from_file(str(export_plan(path, "otio").files[0]))
    clips = list(timeline.video_tracks()[0].find_clips())
    shown = [
        (c.name, c.source_range.start_time.value, c.source_range.duration.value) for c in clips
    ]
    assert shown == [("GX1.mp4", 30, 30), ("GX2.mp4", 0, 45)]


def test_silent_take_has_no_sound(tmp_path: Path) -> None:
    made.take(tmp_path / "quiet.mp4", size=(160, 90), seconds=2, sound=None)
    path = plan(tmp_path / "p.json", [span("quiet.mp4", 0, 1)], tmp_path / "quiet.mp4")
    timeline = otio.adapters.read_from_file(str(export_plan(path, "otio").files[0]))
    assert len(timeline.audio_tracks()) == 0
    assert "audioChannels" not in export_plan(path, "fcpxml").files[0].read_text("utf-8")


def test_dissolve_is_shorter_if_the_take_ends(tmp_path: Path) -> None:
    one = take(tmp_path, "a.mp4", seconds=2)
    clip = {"spans": [span("a.mp4", 0, 1.9), span("a.mp4", 0, 1, enter="dissolve")]}
    done = export_plan(plan(tmp_path / "p.json", [clip], one), "otio")
    assert "6 frames too short to dissolve" in done.notes[0][1][0]
    timeline = otio.adapters.read_from_file(str(done.files[0]))
    (dissolve,) = (t for t in timeline.video_tracks()[0] if isinstance(t, otio.schema.Transition))
    assert dissolve.out_offset.value == 3


def test_missing_library_is_reported_with_its_extra(
    shoot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentimelineio", None)
    with pytest.raises(ToolError, match=r"btsclip\[exchange\]"):
        export_plan(shoot, "edl")


def test_broken_json_is_reported(plan_copy: Path) -> None:
    plan_copy.write_text("{", "utf-8")
    with pytest.raises(BtsclipError, match="JSON"):
        export_plan(plan_copy, "otio")


@pytest.mark.slow
def test_time_lapse_has_sound_at_normal_speed(tmp_path: Path) -> None:
    one = take(tmp_path, "a.mp4", seconds=22)
    path = plan(tmp_path / "p.json", [span("a.mp4", 1, 21, speeds=[[1, 20]])], one)
    timeline = otio.adapters.read_from_file(str(export_plan(path, "otio").files[0]))
    picture, sound = (next(iter(track.find_clips())) for track in timeline.tracks)
    assert [effect.time_scalar for effect in picture.effects] == [20] and not sound.effects
    assert picture.duration() == sound.duration()
    # A second from the middle of the span.
    assert sound.source_range.start_time.to_seconds() == pytest.approx(10.5, abs=0.05)


@pytest.mark.parametrize(
    ("size", "rate", "pixels", "mode", "duration"),
    [
        ("720x576", "25", "yuv420p", "FCM: NON-DROP FRAME", "1/25s"),
        ("720x480", "30000/1001", "yuv411p", "FCM: DROP FRAME", "1001/30000s"),
    ],
)
def test_raw_dv_is_exported_at_its_rate(
    size: str, rate: str, pixels: str, mode: str, duration: str, tmp_path: Path
) -> None:
    """Its header names the ticks of a clock instead."""
    made.ffmpeg(
        "-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d=2", "-c:v", "dvvideo",
        "-pix_fmt", pixels, tmp_path / "take.dv",
    )  # fmt: skip
    path = plan(tmp_path / "plan.json", [span("take.dv", 0, 1.0)], tmp_path / "take.dv")
    assert mode in export_plan(path, "edl", tmp_path / "edl").files[0].read_text("utf-8")
    timeline = export_plan(path, "fcpxml", tmp_path / "timeline").files[0].read_text("utf-8")
    assert f'frameDuration="{duration}"' in timeline and "60000" not in timeline
