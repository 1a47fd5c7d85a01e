"""Find takes in trees of files with the names that cameras, phones and disks give.

No file is decoded: the reader here knows the content of each file.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from btsclip.media.footage import Footage
from btsclip.media.unfit import RAW, SPHERE, unfit_name
from btsclip.takes.discover import Discovery, find_takes
from btsclip.takes.likeness import Sketch
from btsclip.takes.listing import LeftOut

NOON = datetime(2026, 5, 3, 12, tzinfo=timezone.utc)

# Path of a file -> the moment it shows. "cut short" can't be read, "text" is not a video, and "-"
# must be ignored: deleted, hidden, or a result.
FILES = {
    "PRIVATE/M4ROOT/CLIP/C0001.MP4": "sony 1", "PRIVATE/M4ROOT/SUB/C0001S03.MP4": "sony 1",
    "PRIVATE/M4ROOT/CLIP/C0002.MP4": "sony 2", "PRIVATE/M4ROOT/SUB/C0002S03.MP4": "sony 2",
    "PRIVATE/M4ROOT/GENERAL/SONY/PXTMP/C0002_0001S03.MP4": "-",
    "second camera/CLIP/C0001.MP4": "sony b 1", "second camera/SUB/C0001S03.MP4": "sony b 1",
    "gopro/GX010007.MP4": "gopro 7.1", "gopro/GL010007.LRV": "gopro 7.1",
    "gopro/GX020007.MP4": "gopro 7.2", "gopro/GL020007.LRV": "gopro 7.2",
    "gopro/GX010007.THM": "text",
    "insta/VID_20260501_100000_00_001.mp4": "insta 1",
    "insta/LRV_20260501_100000_11_001.mp4": "insta 1",
    "insta/VID_20260501_110000_00_002.insv": "sphere 2",
    "insta/VID_20260501_110000_10_002.insv": "sphere 2",
    "insta/LRV_20260501_110000_11_002.lrv": "sphere 2",
    "insta/VID_20260501_110000_00_002.mp4": "sphere 2",
    "drone/DJI_0001.MP4": "dji 1", "drone/DJI_0001.LRF": "dji 1",
    "drone/DJI_0002.MP4": "dji 2", "drone/DJI_0002.SRT": "text",
    "cinema/A001_08151512_C001.braw": "braw 1", "cinema/Proxy/A001_08151512_C001.mp4": "braw 1",
    "cinema/A001_08151512_C002.braw": "braw 2", "exports/A001_08151512_C002.mov": "braw 2",
    "cinema/A001_08151512_C003.braw": "braw 3",
    "nikon/DSC_0001.NEV": "nev 1", "nikon/DSC_0001.MP4": "nev 1",
    "phone/IMG_0042.MOV": "phone 42", "phone/IMG_E0042.MOV": "phone 42",
    "phone/IMG_0043.MOV": "phone 43", "phone/IMG_0042.HEIC": "text",
    "phone/PXL_1.mp4": "pixel 1", "phone/PXL_1-edited.mp4": "pixel 1",
    "dough.mp4": "dough", "dough_proxy.mp4": "dough", "sent/WhatsApp dough.mp4": "dough",
    "damaged.mp4": "cut short", "Proxies/damaged_Proxy.mp4": "damaged",
    "notes.txt": "text", "noise.bin": "text",
    "#recycle/dough.mp4": "-", "$RECYCLE.BIN/S-1-5/$R1.mp4": "-", "@eaDir/dough.mp4/x.mp4": "-",
    "deep/System Volume Information/a.mp4": "-", "lost+found/#1234": "-", ".Trashes/501/a.mp4": "-",
    "phone/._IMG_0042.MOV": "-", "btsclip/dough-01.mp4": "-",
}  # fmt: skip
SMALL = ("LRV", "LRF", "S03", "roxy", "Proxies", "WhatsApp")


def shown(path: Path) -> str:
    """The moment that a file shows."""
    return next(moment for name, moment in FILES.items() if path.as_posix().endswith("/" + name))


@dataclass
class KnowingReader:
    """Knows the content of each file without decoding it."""

    def facts(self, paths: Sequence[Path]) -> list[Footage | LeftOut]:
        return [self._fact(path) for path in paths]

    def _fact(self, path: Path) -> Footage | LeftOut:
        moment = shown(path)
        assert moment != "-", f"{path} was opened"
        if unfit := unfit_name(path):
            return LeftOut(path, unfit.cause, True, unfit.cure)
        if moment == "cut short":
            return LeftOut(path, "is cut short", True, "copy it again")
        if moment == "text":
            return LeftOut(path, "not a video")
        number = sorted(set(FILES.values())).index(moment)
        is_edit = "IMG_E" in path.name or "edited" in path.name
        width = 640 if any(word in str(path) for word in SMALL) else 1920
        return footage(path, 60.0 + number - (30 if is_edit else 0), number, width)

    def sketches(self, footages: Sequence[Footage]) -> list[Sketch | None]:
        return [sketch_of(shown(footage.path)) for footage in footages]


def footage(path: Path, duration: float, number: int, width: int) -> Footage:
    """A take that differs from all takes with another number."""
    return Footage(
        path=path, duration=duration, width=width, height=width * 9 // 16, fps=30.0, vfr=False,
        rotation=0, hdr=None, has_audio=True, created=NOON + timedelta(minutes=number),
        coded_width=width, coded_height=width * 9 // 16, bit_depth=8, codec="h264",
        video_stream=0, audio_stream=1, audio_rate=48000, audio_channels=2,
        size=width * 1000 + number, keyframe_interval=1.0,
    )  # fmt: skip


def sketch_of(moment: str) -> Sketch:
    rng = np.random.default_rng(list(moment.encode()))
    pictures = tuple(rng.uniform(0, 255, (18, 32)).astype(np.float32) for _ in range(5))
    sounds = tuple(rng.normal(0, 0.1, 8000).astype(np.float32) for _ in range(3))
    return Sketch(pictures, sounds)


def look_through(shoot: Path, names: set[str]) -> Discovery:
    """The discovery in a shoot with these files."""
    for name in names:
        (shoot / name).parent.mkdir(parents=True, exist_ok=True)
        (shoot / name).write_bytes(name.encode())
    return find_takes(shoot, shoot / "btsclip", KnowingReader())


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(sorted(FILES)), min_size=1, max_size=16))
def test_each_file_is_taken_or_left_out_and_no_moment_twice(names: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shoot = Path(folder)
        found = look_through(shoot, names)
        taken = [path for take in found.takes for path in take.footage.files]
        rows = [entry.path for entry in found.left_out]
        for name in names:
            path = shoot / name
            hidden = any(part.startswith(".") for part in Path(name).parts) or "btsclip/" in name
            entries = [row for row in (*taken, *rows) if row == path or row in path.parents]
            assert len(entries) == (0 if hidden else 1), name
        assert "-" not in {shown(path) for path in taken}
        assert all(entry.why for entry in found.left_out)
        counts = Counter(shown(path) for path in taken)
        assert not counts or max(counts.values()) == 1, counts
        # No moment is lost: it is cut, or its file is a failure with a cure.
        failed = {shown(entry.path) for entry in found.left_out if entry.failed and entry.cure}
        moments = {FILES[name] for name in names} - {"-", "text"}
        assert moments - {"cut short"} <= counts.keys() | failed
        assert ("cut short" in moments) is ("cut short" in failed)


def reasons(found: Discovery, shoot: Path) -> dict[str, str]:
    return {entry.path.relative_to(shoot).as_posix(): entry.why for entry in found.left_out}


def test_all_files_at_once(tmp_path: Path) -> None:
    found = look_through(tmp_path, set(FILES))
    taken = {path.relative_to(tmp_path).as_posix() for t in found.takes for path in t.footage.files}
    assert taken == {
        "PRIVATE/M4ROOT/CLIP/C0001.MP4", "PRIVATE/M4ROOT/CLIP/C0002.MP4",
        "second camera/CLIP/C0001.MP4", "gopro/GX010007.MP4", "gopro/GX020007.MP4",
        "insta/VID_20260501_100000_00_001.mp4", "insta/VID_20260501_110000_00_002.mp4",
        "drone/DJI_0001.MP4", "drone/DJI_0002.MP4", "cinema/Proxy/A001_08151512_C001.mp4",
        "exports/A001_08151512_C002.mov", "nikon/DSC_0001.MP4", "phone/IMG_0042.MOV",
        "phone/IMG_0043.MOV", "phone/PXL_1.mp4", "dough.mp4", "Proxies/damaged_Proxy.mp4",
    }  # fmt: skip
    assert next(t for t in found.takes if t.name == "gx010007").footage.chapters
    why = reasons(found, tmp_path)
    assert why["PRIVATE/M4ROOT/SUB/C0001S03.MP4"] == "a small copy of C0001.MP4"
    assert why["phone/IMG_E0042.MOV"] == "an edit of IMG_0042.MOV"
    assert why["sent/WhatsApp dough.mp4"] == "the same moment as dough.mp4"
    assert why["cinema/A001_08151512_C002.braw"].endswith("; A001_08151512_C002.mov is cut instead")
    assert why["#recycle"] == "a folder of deleted files (Synology)"
    assert why["deep/System Volume Information"] == "a folder of files of Windows"
    assert sorted(entry.path.name for entry in found.left_out if entry.failed) == [
        "A001_08151512_C003.braw", "damaged.mp4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "take", "says"),
    [
        ({"gopro/GL010007.LRV"}, "GL010007.LRV", "a small copy; its original is not here"),
        ({"dough_proxy.mp4"}, "dough_proxy.mp4", "a small copy; its original is not here"),
        ({"phone/IMG_E0042.MOV"}, "IMG_E0042.MOV", "an edit; its original is not here"),
        ({"cinema/A001_08151512_C001.braw", "cinema/Proxy/A001_08151512_C001.mp4"},
         "A001_08151512_C001.mp4", "a small copy of A001_08151512_C001.braw, which is camera raw"),
        ({"damaged.mp4", "Proxies/damaged_Proxy.mp4"}, "damaged_Proxy.mp4",
         "a small copy of damaged.mp4, which is cut short"),
        ({"dough.mp4"}, "dough.mp4", ""),
    ],
)  # fmt: skip
def test_copy_without_its_original_is_taken_with_a_warning(
    names: set[str], take: str, says: str, tmp_path: Path
) -> None:
    found = look_through(tmp_path, names)
    (only,) = found.takes
    assert only.footage.path.name == take and only.warning.startswith(says)
    assert found.warnings == ([f"{take}: {only.warning}"] if says else [])


def test_small_copies_of_360_video_are_not_takes(tmp_path: Path) -> None:
    names = {name for name, moment in FILES.items() if moment == "sphere 2"}
    found = look_through(tmp_path, names - {"insta/VID_20260501_110000_00_002.mp4"})
    assert not found.takes
    causes = {entry.path.suffix: entry for entry in found.left_out}
    assert causes[".insv"].why == SPHERE.cause and causes[".insv"].cure == SPHERE.cure
    assert not causes[".lrv"].failed


def test_take_in_raw_pictures_is_one_entry(tmp_path: Path) -> None:
    clip = tmp_path / "BMC01_1_2026-05-03_1631_C0002"
    clip.mkdir()
    for number in range(30):
        (clip / f"{clip.name}_{number:06d}.dng").touch()
        (tmp_path / f"B001C001.{number:07d}.ari").touch()
        (tmp_path / f"L1000{number:03d}.DNG").touch()
    found = look_through(tmp_path, set())
    failed = [entry for entry in found.left_out if entry.failed]
    assert [entry.path.name for entry in failed] == [
        "B001C001.0000000.ari", f"{clip.name}_000000.dng",
    ]  # fmt: skip
    assert {entry.why for entry in failed} == {f"{RAW.cause} (30 pictures)"}
    # Photographs are not a take in raw.
    assert sum(entry.why == "not a video" for entry in found.left_out) == 30


@pytest.mark.skipif(not hasattr(Path, "symlink_to"), reason="no links")
def test_link_to_a_folder_is_reported_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "shoot").mkdir()
    (tmp_path / "card").mkdir()
    (tmp_path / "shoot" / "card").symlink_to(tmp_path / "card")
    (tmp_path / "shoot" / "round").symlink_to(tmp_path / "shoot")
    found = find_takes(tmp_path / "shoot", tmp_path / "out", KnowingReader())
    assert set(reasons(found, tmp_path / "shoot")) == {"card", "round"}
