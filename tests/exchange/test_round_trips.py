"""Other readers find the cuts of exported timelines, at every rate, frame by frame."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import media as made
import opentimelineio as otio
import pytest
from exported import CUTS, RATES, ReadShot, plan, shots_of, span, spine_shots

from btsclip.exchange.export import export_plan
from btsclip.exchange.rates import parse_timecode


def check(shots: list[ReadShot], rate: Fraction) -> None:
    """The plan's cuts, end to end, each border within half a frame."""
    assert len(shots) == len(CUTS)
    at = Fraction(0)
    for shot, (start, end) in zip(shots, CUTS, strict=True):
        half = Fraction(1, 2) / rate + Fraction(1, 10**9)
        assert abs(shot.begin - Fraction(start)) <= half
        assert abs(shot.begin + shot.length - Fraction(end)) <= half
        assert (shot.begin * rate).denominator == 1, "not a whole frame"
        assert shot.at == at and shot.frames == shot.length * rate
        at += shot.frames


@pytest.mark.parametrize("name", RATES)
def test_otio(name: str, folder: Path, tmp_path: Path) -> None:
    done = export_plan(folder / f"{name}.json", "otio", tmp_path)
    timeline = otio.adapters.read_from_file(str(done.files[0]))
    rate = RATES[name][0]
    check(shots_of(timeline.video_tracks()[0], {f"take {name}.mp4": rate}, rate), rate)
    clip = next(iter(timeline.find_clips()))
    path = otio.url_utils.filepath_from_url(clip.media_reference.target_url)
    assert Path(path) == folder / f"take {name}.mp4"
    begins = clip.media_reference.available_range.start_time
    assert begins.value == (parse_timecode(RATES[name][2], rate) if RATES[name][2] else 0)


@pytest.mark.parametrize("name", RATES)
def test_premiere_read_by_the_adapter(name: str, folder: Path, tmp_path: Path) -> None:
    done = export_plan(folder / f"{name}.json", "premiere", tmp_path / "a.xml")
    timeline = otio.adapters.read_from_file(str(done.files[0]), "fcp_xml")
    rate = RATES[name][0]
    rates = {f"take {name}.mp4": rate}
    check(shots_of(timeline.video_tracks()[0], rates, rate), rate)
    check(shots_of(timeline.audio_tracks()[0], rates, rate), rate)
    clip = next(iter(timeline.find_clips()))
    begins = clip.media_reference.available_range.start_time
    assert begins.value == (parse_timecode(RATES[name][2], rate) if RATES[name][2] else 0)


@pytest.mark.parametrize("file_format", ["resolve", "fcpxml"])
@pytest.mark.parametrize("name", RATES)
def test_fcpxml(name: str, file_format: str, folder: Path, tmp_path: Path) -> None:
    done = export_plan(folder / f"{name}.json", file_format, tmp_path / "a.fcpxml")  # type: ignore[arg-type]
    rate = RATES[name][0]
    check(spine_shots(done.files[0], rate), rate)


@pytest.mark.parametrize("name", RATES)
def test_edl_read_by_the_adapter(name: str, folder: Path, tmp_path: Path) -> None:
    done = export_plan(folder / f"{name}.json", "edl", tmp_path / "a.edl")
    rate, _, timecode = RATES[name]
    text = done.files[0].read_text("utf-8")
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate))
    first = parse_timecode(timecode, rate) if timecode else 0
    day = 24 * (107_892 * (2 if rate > 30 else 1)) if ";" in timecode else 86_400 * round(rate)
    shots = []
    # The reader knows nothing of files: the first timecode is the plan's.
    for track in timeline.video_tracks():
        for shot in shots_of(track, {f"take {name}.mp4": rate}, rate):
            begin = (shot.begin * rate - first) % day / rate
            shots.append(ReadShot(shot.name, shot.at, shot.frames, begin, shot.length))
    check(shots, rate)
    dropping = rate.denominator == 1001 and rate > 24 and not timecode.endswith(":28")
    assert ("FCM: DROP FRAME" in text) == (dropping and ";" in timecode)
    assert (";" in text) == (";" in timecode)


def test_variable_rates_are_counted_at_a_standard_rate_and_reported(tmp_path: Path) -> None:
    made.variable_rate(tmp_path / "phone.mp4")
    path = plan(tmp_path / "p.json", [span("phone.mp4", 0.5, 1.4)], tmp_path / "phone.mp4")
    done = export_plan(path, "otio")
    assert any("variable frame rate" in note for note in done.notes[0][1])
    timeline = otio.adapters.read_from_file(str(done.files[0]))
    clip = next(iter(timeline.find_clips()))
    rate = clip.source_range.start_time.rate
    assert abs(clip.source_range.start_time.to_seconds() - 0.5) <= 0.5 / rate
    assert abs(clip.source_range.end_time_exclusive().to_seconds() - 1.4) <= 0.5 / rate


NTSC = Fraction(30000, 1001)
FILES = {"one.mp4": NTSC, "two.mp4": Fraction(25), "song.wav": NTSC}
# Name, first frame and frames on the timeline; seconds of the file and how many of them.
STORY = [
    ("one.mp4", 0, 60, 1, 2), ("two.mp4", 60, 60, 2, 2), ("one.mp4", 150, 30, 4, 1),
    ("one.mp4", 180, 22, 5, 3), ("two.mp4", 202, 30, 5, 2),
]  # fmt: skip


def check_story(shots: list[ReadShot], wrong: Fraction = Fraction(1, 25)) -> None:
    assert [shot.name for shot in shots] == [name for name, *_ in STORY]
    for shot, (_, at, frames, begin, length) in zip(shots, STORY, strict=True):
        assert (shot.at, shot.frames) == (at, frames)
        assert abs(shot.begin - begin) <= wrong / 2
        assert abs(shot.length - length) <= wrong * 2


def test_a_story_in_otio(story: Path, tmp_path: Path) -> None:
    timeline = otio.adapters.read_from_file(str(export_plan(story, "otio", tmp_path).files[0]))
    shots = shots_of(timeline.video_tracks()[0], FILES, NTSC)
    check_story(shots)
    assert [int(shot.dissolve) for shot in shots] == [0, 9, 0, 0, 0]
    warps = [
        [e.time_scalar for e in clip.effects] for clip in timeline.video_tracks()[0].find_clips()
    ]
    assert warps == [[], [], [], [4.0], [2.0]]
    check_sounds([shots_of(track, FILES, NTSC) for track in timeline.audio_tracks()])
    names = [marker.name for marker in timeline.tracks.markers]
    assert names[0] == "Day “one” <&> 🍞 שלום"
    assert 'Hook: A "hook" & <more>' in names and "Card: Two hours later" in names
    assert "Comment: How long? (Ann)" in names and "End card: Recipe tomorrow" in names
    red = [m for m in timeline.tracks.markers if m.color == "RED"]
    # 5.5 to 6.5 s at double speed: half a second on the screen, a quarter after it begins.
    assert [(m.marked_range.start_time.value, m.marked_range.duration.value) for m in red] == [
        (202 + 7, 15)
    ]


def check_sounds(tracks: list[list[ReadShot]]) -> None:
    """A J cut, sound on under a card, music; no overlaps on a track."""
    assert len(tracks) == 3
    first, second, music = tracks
    assert [(s.name, s.at, s.frames) for s in music] == [("song.wav", 15, 120)]
    assert abs(music[0].begin - 1) < Fraction(1, 60)
    assert (first[0].at, first[0].frames) == (0, 60 + 9)
    early = next(s for s in second if s.name == "two.mp4")
    # Half a second before its picture, and on under the card of one second.
    assert (early.at, early.frames) == (45, 15 + 60 + 30)
    assert abs(early.begin - Fraction(3, 2)) <= Fraction(1, 25)
    after = next(s for s in first if s.at >= 60)
    assert (after.name, after.at) == ("one.mp4", 120)
    assert abs(after.begin - 3) <= Fraction(1, 30)
    for track in tracks:
        for one, other in pairwise(track):
            assert one.at + one.frames <= other.at


def test_a_story_in_premiere(story: Path, tmp_path: Path) -> None:
    path = export_plan(story, "premiere", tmp_path / "s.xml").files[0]
    timeline = otio.adapters.read_from_file(str(path), "fcp_xml")
    tracks = timeline.video_tracks()
    shots = []
    for shot, (*_, length) in zip(shots_of(tracks[0], FILES, NTSC), STORY, strict=True):
        # The reader does not know that the format counts at the speed shown.
        speed = Fraction(4) if length == 3 else Fraction(2) if shot.at == 202 else Fraction(1)
        shots.append(
            ReadShot(shot.name, shot.at, shot.frames, shot.begin * speed, shot.length * speed)
        )
    check_story(shots, Fraction(5, 30))  # half a frame at fourfold speed is two of the file's
    assert [int(shot.dissolve) for shot in shots_of(tracks[0], FILES, NTSC)][1] == 9
    text = path.read_text("utf-8")
    speeds = re.findall(
        r"<parameterid>speed</parameterid>\s*<name>speed</name>\s*<value>([^<]*)", text
    )
    assert sorted(speeds) == ["200"] * 3 + ["400"] * 3  # the picture and both channels
    titles = [clip.name for track in tracks[1:] for clip in track.find_clips()]
    assert titles.count("Two hours later") == 1 and 'A "hook" & <more>' in titles
    assert "it {rests}" in titles and "🔥" not in titles
    markers = {marker.name: marker for marker in timeline.tracks.markers}
    assert markers["Card: Two hours later"].marked_range.start_time.value == 120
    assert markers["Face to blur"].marked_range.start_time.value == 209
    assert "Day “one” <&> 🍞 שלום" in markers


def test_premiere_links_picture_and_sound(story: Path, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    path = export_plan(story, "premiere", tmp_path / "s.xml").files[0]
    root = ElementTree.parse(path).getroot()
    items = {item.get("id"): item for item in root.iter("clipitem")}
    kinds = {
        ident: "audio" if item.find("sourcetrack") is not None else "video"
        for ident, item in items.items()
    }
    for ident, item in items.items():
        links = [
            (link.findtext("linkclipref"), link.findtext("mediatype"))
            for link in item.findall("link")
        ]
        assert all(kinds[other] == kind for other, kind in links)
        if links:
            assert ident in dict(links)
        if kinds[ident] == "video":
            assert sorted(kind or "" for _, kind in links) == ["audio", "audio", "video"]
        for link in item.findall("link"):
            track = root.findall(f".//media/{link.findtext('mediatype')}/track")[
                int(link.findtext("trackindex") or 0) - 1
            ]
            place = track.findall("clipitem")[int(link.findtext("clipindex") or 0) - 1]
            assert place.get("id") == link.findtext("linkclipref")


def test_a_story_in_an_edl(story: Path, tmp_path: Path) -> None:
    done = export_plan(story, "edl", tmp_path / "s.edl")
    text = done.files[0].read_text("utf-8")
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(NTSC))
    picture = timeline.video_tracks()[0]
    # All is counted at the list's rate; the second take's timecode keeps its hours and seconds.
    rates = defaultdict(lambda: NTSC)
    clips = [
        c
        for c in picture.find_clips()
        if isinstance(c.media_reference, otio.schema.MissingReference)
    ]
    starts = [otio.opentime.to_timecode(c.source_range.start_time) for c in clips]
    assert starts == ["01:00:01;00", "10:00:02;00", "01:00:04;00", "01:00:05;00", "10:00:05;00"]
    assert [e.time_scalar for c in clips for e in c.effects] == pytest.approx([4, 2], abs=1e-3)
    shots = [s for s in shots_of(picture, rates, NTSC) if s.name]
    assert [(s.at, s.frames) for s in shots if s.name.endswith("mp4")] == [
        (at, frames) for _, at, frames, *_ in STORY
    ]
    assert [int(s.dissolve) for s in shots][1] == 9
    assert "D    009" in text and text.count("* LOC: ") == 9


def test_a_story_in_fcpxml(story: Path, tmp_path: Path) -> None:
    from exported import file_time, seconds, storyline

    root, spine = storyline(export_plan(story, "fcpxml", tmp_path / "s.fcpxml").files[0])
    clips = spine.findall("asset-clip")
    dissolve = spine.find("transition")
    assert dissolve is not None
    offset, length = (seconds(dissolve.get(key) or "") * NTSC for key in ("offset", "duration"))
    # From the plan's border on, evenly over the cut.
    assert (offset, length) == (60, 8)
    assert seconds(clips[0].get("duration") or "") * NTSC == 64
    places = [
        (seconds(c.get("offset") or "") * NTSC, seconds(c.get("duration") or "") * NTSC)
        for c in clips
    ]
    assert places == [(0, 64), (64, 56), (150, 30), (180, 22), (202, 30)]
    firsts = {a.get("id"): seconds(a.get("start") or "0s") for a in root.iter("asset")}
    shown = []
    for clip in clips:
        start, lasts = (seconds(clip.get(key) or "") for key in ("start", "duration"))
        shown.append(
            [float(file_time(clip, t) - firsts[clip.get("ref")]) for t in (start, start + lasts)]
        )
    expected = [(1, 3 + 4 / 29.97), (2 + 4 / 29.97, 4), (4, 5), (5, 5 + 22 * 4 / 29.97), (5, 7)]
    for times, wanted in zip(shown, expected, strict=True):
        assert times == pytest.approx(wanted, abs=0.021)
    connected = [c for c in spine.iter("asset-clip") if c.get("lane")]
    music = next(c for c in connected if c.get("audioRole") == "music")
    volume = music.find("adjust-volume")
    assert volume is not None and volume.get("amount") == "-12dB"
    titles = {"".join(t.itertext()).strip(): t for t in spine.iter("title")}
    assert {"Two hours later", 'A "hook" & <more>', "it {rests}", "Recipe tomorrow"} <= set(titles)
    values = [m.get("value") for m in spine.iter("marker")]
    assert "Day “one” <&> 🍞 שלום" in values and "Face to blur" in values


def test_connected_elements_of_fcpxml_are_at_their_times(story: Path, tmp_path: Path) -> None:
    from exported import seconds, storyline

    _, spine = storyline(export_plan(story, "fcpxml", tmp_path / "s.fcpxml").files[0])
    frames = {}
    for parent in spine:
        if parent.tag == "transition":
            continue
        at, start = seconds(parent.get("offset") or ""), seconds(parent.get("start") or "0s")
        length = seconds(parent.get("duration") or "")
        for child in parent:
            if child.get("lane") or child.tag == "marker":
                own = seconds(child.get("offset") or child.get("start") or "")
                place = at + own - start
                assert at <= place < at + length, "outside its parent"
                frames.setdefault(child.get("name") or child.get("value"), []).append(place * NTSC)
    assert frames["Two hours later"] == [120] and frames["song.wav"] == [15]
    assert frames["it {rests}"] == [75] and frames["Face to blur"] == [209]
    assert 45 in frames["two.mp4"]


def test_losses_are_reported(story: Path, tmp_path: Path) -> None:
    def notes(file_format: str) -> str:
        return "; ".join(
            export_plan(story, file_format, tmp_path / file_format, force=True).notes[0][1]
        )  # type: ignore[arg-type]

    for file_format in ("otio", "edl", "premiere", "resolve", "kdenlive", "shotcut"):
        assert "NOT blurred" in notes(file_format) and "leveled" in notes(file_format)
    assert "the crop is not carried" in notes("edl") and "crop" not in notes("resolve")
    assert "captions are not carried" in notes("otio") and "plain titles" in notes("premiere")
    assert "stickers" in notes("resolve") and notes("srt") == ""
    assert "pitch" in notes("kdenlive") and "pitch" not in notes("resolve")


def test_subtitles_and_markers_fit_the_timeline(story: Path, tmp_path: Path) -> None:
    import csv

    import pysubs2

    srt = pysubs2.load(str(export_plan(story, "srt", tmp_path / "a.srt").files[0]))
    card = next(event for event in srt.events if "hours" in event.text)
    assert card.start == round(float(120 / NTSC) * 1000)
    vtt = export_plan(story, "vtt", tmp_path / "a.vtt").files[0].read_text("utf-8")
    assert vtt.startswith("WEBVTT") and 'A "hook" &amp; &lt;more&gt;' in vtt
    with (
        export_plan(story, "markers-csv", tmp_path / "a.csv")
        .files[0]
        .open(encoding="utf-8") as file
    ):
        rows = list(csv.DictReader(file))
    card_row = next(row for row in rows if row["Marker Name"] == "Card: Two hours later")
    assert (card_row["In"], card_row["Out"], card_row["Color"]) == (
        "00:00:04;00",
        "00:00:05;00",
        "Cyan",
    )
    assert rows[0]["Marker Name"] == "Day “one” <&> 🍞 שלום"
    assert "hands at work" in rows[0]["Description"]
