"""What Kdenlive and Shotcut projects hold, read back from their XML."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import media as made
import pytest
from exported import CUTS, RATES, MltEntry, mlt_properties, mlt_tracks, plan, span, take

from btsclip.exchange.export import export_plan
from btsclip.exchange.formats import FileFormat
from btsclip.exchange.rates import frame_at

FORMATS: tuple[FileFormat, ...] = ("kdenlive", "shotcut")
both_formats = pytest.mark.parametrize("file_format", FORMATS)


@both_formats
@pytest.mark.parametrize("name", ["23.976", "25", "29.97-drop", "59.94"])
def test_cuts_are_whole_frames_of_the_take(
    name: str, file_format: FileFormat, folder: Path, tmp_path: Path
) -> None:
    done = export_plan(folder / f"{name}.json", file_format, tmp_path)
    rate = RATES[name][0]
    profile = ElementTree.parse(done.files[0]).getroot().find("profile")
    assert profile is not None and (profile.get("width"), profile.get("height")) == ("1080", "1920")
    numbers = [int(profile.get(f"frame_rate_{part}") or 0) for part in ("num", "den")]
    assert Fraction(*numbers) == rate
    tracks = mlt_tracks(done.files[0])
    expected, at = [], 0
    for start, end in CUTS:
        frames = frame_at(end, rate) - frame_at(start, rate)
        expected.append((frame_at(start, rate), frames, at))
        at += frames
    for track in ("Picture", "Sound 1"):
        assert [(entry.begin, entry.frames, entry.at) for entry in tracks[track]] == expected
        assert all(entry.resource == str(folder / f"take {name}.mp4") for entry in tracks[track])


@both_formats
def test_story_has_its_speeds_sounds_and_texts(
    file_format: FileFormat, story: Path, tmp_path: Path
) -> None:
    tracks = mlt_tracks(export_plan(story, file_format, tmp_path).files[0])
    assert {"Picture", "Sound 1", "Sound 2", "Sound 3", "Text"} == set(tracks)
    pictures = [entry for entry in tracks["Picture"] if entry.resource != "tractor"]
    assert [entry.speed for entry in pictures] == [1, 1, 1, 4, 2]
    # At 29.97 frames a second as they are shown: second 5 at fourfold speed, then at double speed.
    assert [entry.begin for entry in pictures[3:]] == [38, 75]
    assert [(entry.at, entry.frames) for entry in pictures[2:]] == [(150, 30), (180, 22), (202, 30)]
    levels = [
        (Path(entry.resource).name, entry.filters["volume"]["level"].split("=")[-1])
        for number in (1, 2, 3)
        for entry in tracks[f"Sound {number}"]
        if "volume" in entry.filters
    ]
    assert [(name, float(level)) for name, level in levels] == [("two.mp4", -6), ("song.wav", -12)]
    assert [(entry.at, entry.frames) for entry in tracks["Sound 3"]] == [(15, 120)]
    assert (0, 45) in [(entry.at, entry.frames) for entry in tracks["Text"]]


def test_dissolve_of_kdenlive_overlaps_two_clips(story: Path, tmp_path: Path) -> None:
    path = export_plan(story, "kdenlive", tmp_path).files[0]
    first, second = mlt_tracks(path)["Picture"][:2]
    assert (first.at, first.frames, second.at, second.frames) == (0, 60 + 9, 60, 60)
    (mix,) = [
        transition
        for transition in ElementTree.parse(path).getroot().iter("transition")
        if mlt_properties(transition)["mlt_service"] == "luma"
    ]
    assert (mix.get("in"), mix.get("out")) == ("60", "69")


def test_dissolve_of_shotcut_is_an_item_between_two_clips(story: Path, tmp_path: Path) -> None:
    path = export_plan(story, "shotcut", tmp_path).files[0]
    first, dissolve, second = mlt_tracks(path)["Picture"][:3]
    assert [(e.at, e.frames) for e in (first, dissolve, second)] == [(0, 60), (60, 9), (69, 51)]
    (element,) = [
        tractor
        for tractor in ElementTree.parse(path).getroot().findall("tractor")
        if "shotcut:transition" in mlt_properties(tractor)
    ]
    spans = [(track.get("in"), track.get("out")) for track in element.findall("track")]
    assert spans == [
        (str(first.begin + 60), str(first.begin + 68)),
        (str(second.begin - 9), str(second.begin - 1)),
    ]


def test_guides_of_kdenlive_say_why(story: Path, tmp_path: Path) -> None:
    root = ElementTree.parse(export_plan(story, "kdenlive", tmp_path).files[0]).getroot()
    facts = mlt_properties(next(e for e in root if e.get("id") == "main_bin"))
    guides = json.loads(facts["kdenlive:docproperties.guides"])
    positions = [guide["pos"] for guide in guides]
    assert positions == sorted(set(positions)), "Kdenlive has one guide a frame"
    assert "hands at work" in guides[0]["comment"] and 'Hook: A "hook"' in guides[0]["comment"]
    names = {
        category["index"]: category["comment"]
        for category in json.loads(facts["kdenlive:docproperties.guidesCategories"])
    }
    (blurred,) = [guide for guide in guides if "Face to blur" in guide["comment"]]
    assert (blurred["pos"], names[blurred["type"]]) == (209, "To do")
    # Each group is a picture with its sounds, and each position is that of an item.
    tractors = [e for e in root if e.tag == "tractor"]
    for group in json.loads(facts["kdenlive:docproperties.groups"]):
        for leaf in group["children"]:
            track, at = map(int, leaf["data"].split(":")[:2])
            name = mlt_properties(tractors[track])["kdenlive:track_name"]
            places = [e.at for e in mlt_tracks(tmp_path / "clip-1.kdenlive")[name]]
            assert at in places


def test_markers_of_shotcut_say_why(story: Path, tmp_path: Path) -> None:
    root = ElementTree.parse(export_plan(story, "shotcut", tmp_path).files[0]).getroot()
    group = root.find("tractor[@id='tractor0']/properties[@name='shotcut:markers']")
    assert group is not None
    markers = [mlt_properties(element) for element in group]
    assert "hands at work" in markers[0]["text"] and markers[0]["start"] == "00:00:00.000"
    (blurred,) = [marker for marker in markers if "Face to blur" in marker["text"]]
    # Frames 209 to 223 at 29.97.
    assert (blurred["start"], blurred["end"]) == ("00:00:06.974", "00:00:07.441")


def rectangles(entry: MltEntry) -> list[tuple[int, list[float]]]:
    """The keys of an entry's rectangle, counted from its first frame."""
    if "qtblend" in entry.filters:
        text, offset = entry.filters["qtblend"]["rect"], entry.begin
    else:
        text, offset = entry.filters["affine"]["transition.rect"], 0
    keys = [key.rpartition("=")[::2] for key in text.split(";")]
    return [(int(at or offset) - offset, list(map(float, r.split()))) for at, r in keys]


@both_formats
def test_pan_and_zoom_are_keys_of_a_rectangle(file_format: FileFormat, tmp_path: Path) -> None:
    one = take(tmp_path, "a.mp4", "25", seconds=3)
    crop = [[1.0, 0.5, 0.5, 0.31640625, 1.0], [2.0, 0.3, 0.5, 0.31640625, 1.0],
            [2.0, 0.5, 0.5, 0.31640625, 1.0]]  # fmt: skip
    push_in = [[0.0, 0.5, 0.5, 0.31640625, 1.0], [2.0, 0.5, 0.5, 0.158203125, 0.5]]
    spans = [{**span("a.mp4", 1, 3), "crop": crop}, {**span("a.mp4", 0, 2), "crop": push_in}]
    path = plan(tmp_path / "p.json", [{"spans": spans}], one)
    pan, zoom = mlt_tracks(export_plan(path, file_format).files[0])["Picture"]
    # A take of 16:9 as high as the screen is 3413 pixels wide.
    width, height = 1920 * 16 / 9, 1920
    keys = dict(rectangles(pan))
    assert set(keys) == {0, 24, 25, 49}
    assert keys[0] == pytest.approx([540 - width / 2, 0, width, height, 1], abs=0.1)
    # Frame 24 shows second 1.96, so the pan is at 0.308.
    assert keys[24][0] == pytest.approx(540 - 0.308 * width, abs=0.1)
    assert keys[25] == keys[49] == keys[0]
    keys = dict(rectangles(zoom))
    assert set(keys) == {0, 49}
    assert keys[0] == pytest.approx([540 - width / 2, 0, width, height, 1], abs=0.1)
    # At 1.96 s of 2 s, the picture is 1.98 times as large.
    assert keys[49][2:4] == pytest.approx([1.98 * width, 1.98 * height], abs=0.1)


@both_formats
def test_relative_paths_and_odd_names_lead_to_the_takes(
    file_format: FileFormat, tmp_path: Path
) -> None:
    (tmp_path / "takes").mkdir()
    one = take(tmp_path / "takes", "b's  #1 שלום 100%25 & <x>.mp4", "25", seconds=1)
    path = plan(tmp_path / "takes" / "p.json", [span(one.name, 0, 0.8)], one)
    for relative in (False, True):
        done = export_plan(path, file_format, tmp_path / "edit", relative=relative, force=True)
        (entry,) = mlt_tracks(done.files[0])["Picture"]
        assert Path(entry.resource).is_absolute() != relative
        assert (done.files[0].parent / entry.resource).samefile(one)


@both_formats
def test_speed_ramp_is_a_time_map(file_format: FileFormat, tmp_path: Path) -> None:
    one = take(tmp_path, "a.mp4", "25", seconds=4)
    path = plan(tmp_path / "p.json", [span("a.mp4", 0.4, 3.2, speeds=[[0.4, 1], [3.2, 3]])], one)
    done = export_plan(path, file_format)
    (entry,) = mlt_tracks(done.files[0])["Picture"]
    points = {
        int(frame): float(seconds)
        for frame, seconds in (
            key.split("=") for key in entry.filters["timeremap"]["map"].split(";")
        )
    }
    assert points[entry.begin] == pytest.approx(0.4)
    assert points[entry.begin + entry.frames] == pytest.approx(3.2, abs=0.01)
    assert points[0] <= 0.04 and max(points.values()) > 3.8, "with handles on both sides"
    assert not any("mean speed" in note for note in done.notes[0][1])


def test_stream_in_which_mlt_cannot_seek_is_reported(tmp_path: Path) -> None:
    path = plan(tmp_path / "p.json", [span("a.ts", 0, 0.8)], take(tmp_path, "a.ts", seconds=1))
    (note,) = (note for note in export_plan(path, "kdenlive").notes[0][1] if "a.ts" in note)
    assert "copy it into an .mp4" in note
    assert not any("a.ts" in note for note in export_plan(path, "otio").notes[0][1])


def test_take_whose_sound_begins_first_is_counted_from_its_first_picture(tmp_path: Path) -> None:
    early = take(tmp_path, "early.mp4", "25", seconds=3)
    late = tmp_path / "late.mp4"
    made.ffmpeg(
        "-i", early, "-itsoffset", 1, "-i", early, "-map", "1:v", "-map", "0:a", "-c", "copy", late
    )
    path = plan(tmp_path / "plan.json", [span("late.mp4", 1.2, 2.2)], late)
    for file_format in FORMATS:
        done = export_plan(path, file_format, tmp_path / file_format)
        tracks = mlt_tracks(done.files[0])
        assert [tracks[name][0].begin for name in ("Picture", "Sound 1")] == [5, 5]
        assert "late.mp4 has 1.0 s of sound before its first picture: MLT 7.12" in str(done.notes)
    # Other formats count from the file's start, and say what to look at.
    done = export_plan(path, "edl", tmp_path)
    assert "00:00:01:05 00:00:02:05 01:00:00:00" in done.files[0].read_text("utf-8")
    assert "first picture: not all programs count these" in str(done.notes)
