from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, strategies as st

from btsclip.media.fingerprint import make_fingerprint, recorded_fingerprint, recorded_size
from btsclip.media.paths import (
    absolute,
    distinct,
    file_name,
    from_document,
    relative,
    to_document,
)

names = st.text(
    st.characters(exclude_characters="/\0\\:", exclude_categories=["Cs"]), min_size=1, max_size=12
).filter(lambda name: name not in (".", ".."))


@given(st.lists(names, min_size=1, max_size=5), st.lists(names, max_size=5))
def test_relative_path_leads_to_the_file(parts: list[str], folder: list[str]) -> None:
    target, origin = PurePosixPath("/", *parts), PurePosixPath("/", *folder)
    steps = relative(target, origin)
    assert steps is not None
    walked = list(origin.parts)
    for step in steps.parts:
        if step == "..":
            walked.pop()
        else:
            walked.append(step)
    assert PurePosixPath(*walked) == target


def test_no_relative_path_between_drives() -> None:
    assert relative(PureWindowsPath(r"D:\a.mov"), PureWindowsPath(r"C:\Shoot")) is None


@given(st.lists(names, min_size=1, max_size=5), st.lists(names, max_size=5))
def test_path_in_a_document_leads_to_the_file(parts: list[str], folder: list[str]) -> None:
    # None of these exists, so no link changes their meaning.
    path, place = Path("/nowhere", *parts), Path("/nowhere", *folder)
    text = to_document(str(path), place)
    assert from_document(text, place) == str(path)
    if text != str(path):
        assert from_document(text, Path("/moved", *folder)) == str(Path("/moved", *parts))


@pytest.mark.parametrize(
    ("path", "folder", "text"),
    [
        ("/home/ann/shoot/a.mp4", "/home/ann/shoot", "a.mp4"),
        ("/home/ann/shoot/a.mp4", "/home/ann/shoot/btsclip", "../a.mp4"),
        ("/home/ann/shoot/card/a.mp4", "/home/ann/shoot", "card/a.mp4"),
        ("/home/ann/shoot/a.mp4", "/home/ann/shoot-clips", "../shoot/a.mp4"),
        ("/home/ann/shoot/card/a.mp4", "/home/ann/shoot/clips", "../card/a.mp4"),
        ("/home/ann/shoot/a.mp4", "/home/ann/shoot/a/b/c/d", "../../../../a.mp4"),
        ("/home/ann/shoot/a.mp4", "/home/ann/clips/may", "/home/ann/shoot/a.mp4"),
        ("/home/ann/shoot/a.mp4", "/home/ann/clips/of/may", "/home/ann/shoot/a.mp4"),
        ("/media/card/a.mp4", "/home/ann/clips", "/media/card/a.mp4"),
        ("/a.mp4", "/clips", "/a.mp4"),
        ("s3://bucket/a.mp4", "/clips", "s3://bucket/a.mp4"),
    ],
)  # fmt: skip
def test_nearby_files_get_relative_paths(path: str, folder: str, text: str) -> None:
    assert to_document(path, Path(folder)) == text
    assert from_document(text, Path(folder)) == path


def test_parent_of_a_link_is_that_of_its_target(tmp_path: Path) -> None:
    for name in ("disk/shoot", "disk/results", "home"):
        (tmp_path / name).mkdir(parents=True)
    take = tmp_path / "disk" / "shoot" / "a.mp4"
    take.touch()
    link = tmp_path / "home" / "results"
    link.symlink_to(tmp_path / "disk" / "results")
    text = to_document(str(take), link)
    assert text == "../shoot/a.mp4" and Path(from_document(text, link)) == take
    assert absolute(link / ".." / "shoot" / "a.mp4").samefile(take)
    assert absolute(link / "..").samefile(tmp_path / "disk")


def test_each_file_is_listed_once_under_the_typed_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shoot").mkdir()
    (tmp_path / "shoot" / "a.mp4").touch()
    (tmp_path / "link").symlink_to("shoot")
    monkeypatch.chdir(tmp_path)
    typed = ["link/a.mp4", "shoot/a.mp4", "./shoot/../shoot/a.mp4", str(tmp_path / "shoot/a.mp4")]
    assert distinct(typed) == [tmp_path / "link" / "a.mp4"]


def test_file_names_of_other_systems_are_found() -> None:
    assert file_name(r"C:\my takes\a.mp4") == file_name(r"\\nas\takes\a.mp4") == "a.mp4"
    assert file_name("card/a: b.mp4") == "a: b.mp4"
    if os.name != "nt":
        assert file_name("card/a\\b.mp4") == "a\\b.mp4"


def test_fingerprints_of_equally_large_files_differ(tmp_path: Path) -> None:
    first, second, copy = (tmp_path / name for name in ("a", "b", "c"))
    first.write_bytes(b"x" * 5_000_000)
    second.write_bytes(b"x" * 4_999_999 + b"y")
    copy.write_bytes(first.read_bytes())
    assert make_fingerprint(first) == make_fingerprint(copy) != make_fingerprint(second)
    assert recorded_size(recorded_fingerprint(first)) == 5_000_000
    assert recorded_size("made by hand") == -1
