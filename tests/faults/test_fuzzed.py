"""Hundreds of damaged containers: all are reported or cut; none crashes or blocks a run."""

from __future__ import annotations

import json
import random
import struct
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import media
import pytest
from shoots import Runs, make_shoot

from btsclip.media.probing import probe
from btsclip.takes.discover import inspect_file
from btsclip.takes.listing import LeftOut

COUNT = 200
# Seconds for a shoot of COUNT small files on a slow, busy machine; a stuck file takes 900.
MAX_SECONDS = 420
# Names of the take in other containers, and ffmpeg's options for them.
CONTAINERS = (
    ("front.mp4", ("-movflags", "+faststart")), ("take.mov", ()), ("take.mkv", ()),
    ("frag.mp4", ("-movflags", "frag_keyframe+empty_moov")),
)  # fmt: skip


def seeds(folder: Path) -> list[bytes]:
    """One take in several containers, with its index at the start and at the end."""
    folder.mkdir()
    plain = folder / "plain.mp4"
    media.take(plain, size=(160, 90), seconds=1.2, sound="mono")
    paths = [plain]
    for name, extra in CONTAINERS:
        media.ffmpeg("-i", plain, "-c", "copy", *extra, folder / name)
        paths.append(folder / name)
    return [path.read_bytes() for path in paths]


def flip_bytes(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 8, 64, 512))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data


def flip_header(data: bytearray, chance: random.Random) -> bytearray:
    """Change only the index, which has lengths, counts and times."""
    begin = max(0, data.find(b"moov"))
    for _ in range(chance.choice((1, 3, 9))):
        data[min(len(data) - 1, begin + chance.randrange(2500))] = chance.choice((0, 1, 127, 255))
    return data


def truncate(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def split_atoms(data: bytearray) -> list[bytearray]:
    parts, place = [], 0
    while place + 8 <= len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        if not 8 <= size <= len(data) - place:
            break
        parts.append(data[place : place + size])
        place += size
    return [*parts, data[place:]]


def shuffle_atoms(data: bytearray, chance: random.Random) -> bytearray:
    parts = split_atoms(data)
    chance.shuffle(parts)
    return bytearray().join(parts)


def clear_index(data: bytearray, chance: random.Random) -> bytearray:
    begin = data.find(b"moov") + 4
    end = min(len(data), begin + chance.choice((8, 200, 100_000)))
    data[begin:end] = bytes(end - begin)
    return data


def enlarge(data: bytearray, chance: random.Random) -> bytearray:
    """Set lengths, counts and durations of split_atoms to terabytes and centuries."""
    names = (
        b"stsz",
        b"stts",
        b"stco",
        b"mdat",
        b"trak",
        b"mvhd",
        b"mdhd",
        b"tkhd",
        b"elst",
        b"avcC",
    )
    for name in chance.sample(names, 2):
        place = data.find(name)
        if place > 3:
            at = place + chance.choice((-4, 8, 12, 16, 20, 24))
            data[at : at + 4] = chance.choice((b"\xff" * 4, b"\x7f" + b"\xff" * 3, bytes(4)))
    return data


WAYS = (flip_bytes, flip_header, truncate, shuffle_atoms, clear_index, enlarge)


def fuzz(folder: Path, wholes: Sequence[bytes], count: int, seed: int = 5) -> None:
    """Write `count` damaged files made of `wholes`, which depend only on the seed."""
    chance = random.Random(seed)
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        ending = chance.choice(("mp4", "mov", "mkv"))
        data = way(bytearray(chance.choice(wholes)), chance)
        (folder / f"{number:03d}-{way.__name__}.{ending}").write_bytes(data)


@pytest.mark.slow
@pytest.mark.timeout(MAX_SECONDS + 60)
def test_damaged_files_do_not_stop_the_batch(runs: Callable[..., Runs], tmp_path: Path) -> None:
    folder = make_shoot(tmp_path / "shoot", "chop.mp4", "knead.mp4")
    fuzz(folder, seeds(tmp_path / "seeds"), COUNT)
    attempt = runs(cold=True, shoot=folder)
    began = time.monotonic()
    with attempt.start() as run:
        output, errors = run.communicate(timeout=MAX_SECONDS)
    print(f"{COUNT} damaged files in {time.monotonic() - began:.0f} s")
    assert run.returncode == 4, errors
    assert "Traceback" not in output + errors
    assert "did not end within" not in output and "its process ended" not in output, output
    rows = {
        Path(r["file"]).name: r
        for r in json.loads((attempt.out / "report.json").read_text())["rows"]
    }
    assert len(rows) == COUNT + 3
    assert rows["chop.mp4"]["state"] == rows["knead.mp4"]["state"] == "cut"
    # Failures have a plain reason; the name of a Python error would be a bug.
    odd = {name: row["why"] for name, row in rows.items() if "Error:" in row["why"]}
    assert not odd
    assert not attempt.leftovers() and not attempt.processes()


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_tags_in_another_encoding_are_accepted(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"take.{ending}"
    media.take(path, size=(160, 90), seconds=1.0, extra=("-metadata", "title=Cr#me br#l#e"))
    path.write_bytes(path.read_bytes().replace(b"Cr#me br#l#e", "Crème brûlée".encode("latin-1")))
    assert probe(path).title.startswith("Cr") and probe(path).duration == pytest.approx(1, abs=0.1)


def test_duration_of_centuries_costs_no_memory_and_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Matroska stores its duration once, as a number of any size."""
    monkeypatch.setenv("BTSCLIP_CACHE", "off")
    path = tmp_path / "take.mkv"
    media.take(path, size=(160, 90), seconds=1.0)
    data = bytearray(path.read_bytes())
    place = data.find(b"\x44\x89\x88")
    assert place > 0
    for milliseconds in (1e15, 1e300, float("nan"), float("inf"), -1.0, 0.0):
        data[place + 3 : place + 11] = struct.pack(">d", milliseconds)
        path.write_bytes(data)
        result = inspect_file(path)
        if isinstance(result, LeftOut):
            assert result.failed and result.why
            continue
        assert result.duration < 60, (milliseconds, result.duration)
