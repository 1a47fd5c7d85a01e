"""Camera raw and 360 video are recognized by name and by picture, and nothing else is."""

from __future__ import annotations

import gc
import struct
from pathlib import Path

import media as making
import pytest
from media import Media
from PIL import Image

from btsclip.errors import FootageError
from btsclip.media.camera_names import RAW, SPHERES
from btsclip.media.probing import probe

# As cameras and Google's injector write it (Spherical Video V1).
SPHERICAL = b"""<?xml version="1.0"?><rdf:SphericalVideo
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/">
<GSpherical:Spherical>true</GSpherical:Spherical><GSpherical:Stitched>true</GSpherical:Stitched>
<GSpherical:StitchingSoftware>a camera</GSpherical:StitchingSoftware>
<GSpherical:ProjectionType>equirectangular</GSpherical:ProjectionType></rdf:SphericalVideo>"""
SPHERICAL_ID = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")


def copy_as_spherical(source: Path, target: Path) -> None:
    """Copy a take with its index at the end, and mark the copy as 360 video."""
    data = bytearray(source.read_bytes())
    moov = data.rindex(b"moov") - 4
    trak = data.index(b"trak", moov) - 4
    box = struct.pack(">I", 24 + len(SPHERICAL)) + b"uuid" + SPHERICAL_ID + SPHERICAL
    (length,) = struct.unpack_from(">I", data, trak)
    data[trak + length : trak + length] = box
    for place in (trak, moov):
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + len(box))
    target.write_bytes(data)


def make_lenses(path: Path, count: int, size: tuple[int, int], outside: str = "0") -> None:
    """Make a video of one round picture, or two side by side, with gray level `outside` of them."""
    width, height = size[0] // count, size[1]
    away = f"hypot(mod(X,{width})-{width / 2},Y-{height / 2})"
    gray = f"if(lt({away},{min(width, height) / 2}),90+60*sin(X/9)*sin(Y/7),{outside})"
    making.ffmpeg(
        "-f", "lavfi", "-i", f"color=s={size[0]}x{size[1]}:r=10:d=0.5,format=gray,geq='{gray}'",
        *making.FAST, path,
    )  # fmt: skip


@pytest.mark.parametrize("suffix", [row.suffix for row in RAW])
def test_raw_is_recognized_by_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"A001_C001{suffix.upper()}"
    path.write_bytes(b"\0" * 100)
    with pytest.raises(FootageError, match=r"is camera raw.*; export it as ProRes or H\.264 first"):
        probe(path)


def test_raw_is_recognized_by_its_pixel_format(tmp_path: Path) -> None:
    """Such as ProRes RAW, whose suffix is that of other .mov files."""
    path = tmp_path / "raw.nut"
    (tmp_path / "sensor").write_bytes(bytes(range(256)) * 9 * 5)
    making.ffmpeg(
        "-f", "rawvideo", "-pix_fmt", "bayer_rggb8", "-s", "64x36", "-r", "5",
        "-i", tmp_path / "sensor", "-c:v", "copy", path,
    )  # fmt: skip
    with pytest.raises(FootageError, match="is camera raw"):
        probe(path)


@pytest.mark.parametrize("suffix", [row.suffix for row in SPHERES])
def test_360_pictures_are_recognized_by_name(suffix: str, tmp_path: Path, media: Media) -> None:
    path = media.copy("plain.mp4", tmp_path / f"VID_0001{suffix}")
    with pytest.raises(FootageError, match=r"is a 360 picture.*; export a flat picture"):
        probe(path)


def test_360_pictures_are_recognized_by_metadata(tmp_path: Path, media: Media) -> None:
    copy_as_spherical(media("plain.mp4"), tmp_path / "room.mp4")
    with pytest.raises(FootageError, match="is a 360 picture"):
        probe(tmp_path / "room.mp4")


@pytest.mark.parametrize(
    ("count", "size"), [(2, (320, 160)), (2, (320, 180)), (1, (160, 160))], ids=str
)
def test_round_lens_pictures_are_360_pictures(
    count: int, size: tuple[int, int], tmp_path: Path
) -> None:
    make_lenses(tmp_path / "lens.mp4", count, size)
    with pytest.raises(FootageError, match="is a 360 picture"):
        probe(tmp_path / "lens.mp4")
    make_lenses(tmp_path / "plates.mp4", count, size, outside="60+20*sin(X/30)")
    assert probe(tmp_path / "plates.mp4").width == size[0]


@pytest.mark.parametrize("source", ["color=black", "color=0x080808", "testsrc"])
@pytest.mark.parametrize("size", ["320x160", "320x180", "160x160"])
def test_dark_and_plain_pictures_are_flat(source: str, size: str, tmp_path: Path) -> None:
    graph = f"{source}{'=' if '=' not in source else ':'}s={size}:r=10:d=0.5"
    making.ffmpeg("-f", "lavfi", "-i", graph, *making.FAST, tmp_path / "a.mp4")
    assert probe(tmp_path / "a.mp4").width == int(size.split("x")[0])


def test_metadata_that_pyav_cannot_read_are_no_fault(tmp_path: Path, media: Media) -> None:
    """With the color profile of a PNG it frees memory twice; it doesn't know EXIF."""
    for name in ("png_alpha.mov", "rgb_alpha.mkv"):
        assert probe(media(name)).duration == pytest.approx(2.5, abs=0.05)
    gc.collect()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    for number in (1, 2, 3):
        Image.new("RGB", (64, 36), (60 * number, 0, 0)).save(tmp_path / f"{number}.jpg", exif=exif)
    path = tmp_path / "take.mov"
    making.ffmpeg("-framerate", "10", "-i", tmp_path / "%d.jpg", "-c", "copy", path)
    assert probe(path).codec == "mjpeg"
