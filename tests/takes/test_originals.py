"""Find originals by the names that cameras, phones and programs give."""

from __future__ import annotations

from pathlib import Path

import pytest

from btsclip.media.camera_names import COPIES, EDIT, SMALL_COPY
from btsclip.takes.listing import LeftOut
from btsclip.takes.originals import Originals, _is_export

# Copies and their originals on a card or a disk: at least one for each row of the table.
PAIRS = [
    ("LRV_20260501_100000_11_001.mp4", "VID_20260501_100000_00_001.mp4"),
    ("LRV_20260501_100000_01_013.mp4", "VID_20260501_100000_00_013.mp4"),
    ("LRV_20260501_100000_11_001.lrv", "VID_20260501_100000_00_001.insv"),
    ("GL010042.LRV", "GX010042.MP4"),
    ("GL020042.LRV", "GH020042.MP4"),
    ("GLAA0001.LRV", "GHAA0001.MP4"),
    ("GL010135.LRV", "GS010135.360"),
    ("CamA-GL010042.LRV", "CamA-GX010042.MP4"),
    ("GOPR0042.LRV", "GOPR0042.MP4"),
    ("GP010042.LRV", "GP010042.MP4"),
    ("DJI_20260501100000_0001_D.LRF", "DJI_20260501100000_0001_D.MP4"),
    ("PRIVATE/M4ROOT/SUB/C0001S03.MP4", "PRIVATE/M4ROOT/CLIP/C0001.MP4"),
    ("XDROOT/Sub/TEST AS03.MP4", "XDROOT/Clip/TEST A.MXF"),
    ("C0001S03.MP4", "C0001.MP4"),
    ("A_0001C001X260501_100000XX_CANON_Proxy.MP4", "A_0001C001X260501_100000XX_CANON.MXF"),
    ("Proxies/dough_Proxy.mov", "dough.MP4"),
    ("Proxy/A001_08151512_C001.mp4", "A001_08151512_C001.braw"),
    ("CONTENTS/PROXY/0001AB.MP4", "CONTENTS/VIDEO/0001AB.MXF"),
    ("Proxy Media/dough.mov", "Original Media/dough.mov"),
    ("IMG_E0042.MOV", "IMG_0042.MOV"),
    ("PXL_20260501-edited.mp4", "PXL_20260501.mp4"),
    ("PXL_20260501-edited(1).mp4", "PXL_20260501(1).mp4"),
    ("IMG_0042_edited.mov", "IMG_0042.MOV"),
]
# Files that show different moments, or may do so.
STRANGERS = [
    ("GL010042.LRV", "GX010043.MP4"),
    ("GL010042.LRV", "GX020042.MP4"),
    ("LRV_20260501_100000_11_001.mp4", "VID_20260501_100000_00_002.mp4"),
    ("SUB/C0001S03.MP4", "CLIP/C0002.MP4"),
    ("card 1/SUB/C0001S03.MP4", "card 2/CLIP/C0001.MP4"),
    ("monday/IMG_E0042.MOV", "tuesday/IMG_0042.MOV"),
    ("IMG_E0042.MOV", "IMG_E0043.MOV"),
    ("Proxy/dough.mp4", "Proxies/dough.mp4"),
    ("dough.mp4", "dough.mov"),
    ("takes03.mp4", "take.mp4"),
]


def origin_of(copy: str, *others: str) -> tuple[str, str | None] | None:
    folder = Path("/shoot")
    found = Originals.of([folder / copy, *(folder / other for other in others)])
    origin = found.origin(folder / copy)
    if origin is None:
        return None
    return origin.what, origin.path.relative_to(folder).as_posix() if origin.path else None


@pytest.mark.parametrize(("copy", "original"), PAIRS)
def test_copies_find_their_originals(copy: str, original: str) -> None:
    what = EDIT if "IMG_E" in copy or "edited" in copy else SMALL_COPY
    assert origin_of(copy, original) == (what, original)
    shouted = Path(original).with_name(Path(original).name.upper()).as_posix()
    whispered = Path(copy).with_name(Path(copy).name.lower()).as_posix()
    assert origin_of(whispered, shouted) == (what, shouted)
    # Never the other way around: both would be left out.
    assert origin_of(original, copy) is None


@pytest.mark.parametrize(("copy", "stranger"), STRANGERS)
def test_other_files_are_not_originals(copy: str, stranger: str) -> None:
    found = origin_of(copy, stranger)
    assert found is None or found[1] is None


def test_each_row_has_an_example_and_a_source() -> None:
    examples = [Path(copy) for copy, _ in PAIRS]
    for row in COPIES:
        fits = [p for p in examples if row.name.fullmatch(p.name)
                and (row.inside is None or row.inside.fullmatch(p.parent.name))]  # fmt: skip
        assert fits and row.source, row.maker


def test_the_nearest_original_counts() -> None:
    assert origin_of("a/SUB/C0001S03.MP4", "b/CLIP/C0001.MP4", "a/CLIP/C0001.MP4") == (
        SMALL_COPY, "a/CLIP/C0001.MP4",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "export", "expected"),
    [
        ("A001_08151512_C001.braw", "exports/A001_08151512_C001.mov", True),
        ("DSC_0001.NEV", "DSC_0001.MP4", True),
        ("DSC_0001.NEV", "other camera/clips/DSC_0001.MP4", False),
        ("A.RDM/A001_C001_0501AB.RDC/A001_C001_0501AB_002.R3D", "A001_C001_0501AB.mov", True),
        ("A001_C001_0501AB_001.R3D", "edit/out/A001_C001_0501AB_ProRes 1080p.mov", True),
        ("GS010135.360", "GS010135.mp4", True),
        ("VID_20260501_100000_10_001.insv", "VID_20260501_100000_00_001(1).mp4", True),
        ("dough.braw", "dough 2.mp4", False),
        ("dough.braw", "dough from above.mp4", False),
    ],
)
def test_exports_are_known_by_the_name_of_their_source(
    raw: str, export: str, expected: bool
) -> None:
    folder = Path("/shoot")
    assert _is_export(folder / export, LeftOut(folder / raw, "raw", True)) is expected
