from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit

import opentimelineio as otio
import pytest
from hypothesis import given, strategies as st

from btsclip.exchange.documents import url_of
from btsclip.exchange.xml import plain_line

POSIX = {
    "/takes/a.mov": "file:///takes/a.mov",
    "/my takes/äö #1?.mov": "file:///my%20takes/%C3%A4%C3%B6%20%231%3F.mov",
    "/100%/%41.mov": "file:///100%25/%2541.mov",
    "/שלום/🍞.mov": "file:///%D7%A9%D7%9C%D7%95%D7%9D/%F0%9F%8D%9E.mov",
}
WINDOWS = {
    r"C:\my takes\a.mov": "file:///C:/my%20takes/a.mov",
    r"D:\k'ö\a&b.mov": "file:///D:/k%27%C3%B6/a%26b.mov",
    r"\\server\share\my takes\a.mov": "file://server/share/my%20takes/a.mov",
}


@pytest.mark.parametrize(("path", "url"), POSIX.items())
def test_posix_paths(path: str, url: str) -> None:
    assert url_of(PurePosixPath(path)) == url
    assert unquote(urlsplit(url).path) == path


@pytest.mark.parametrize(("path", "url"), WINDOWS.items())
def test_windows_paths_and_network_drives(path: str, url: str) -> None:
    assert url_of(PureWindowsPath(path)) == url
    assert PureWindowsPath(otio.url_utils.filepath_from_url(url)) == PureWindowsPath(path)


def test_relative_urls() -> None:
    folder = PurePosixPath("/shoot/edit")
    assert url_of(PurePosixPath("/shoot/my take.mov"), folder) == "../my%20take.mov"
    assert url_of(PurePosixPath("/shoot/edit/a.mov"), folder) == "a.mov"
    assert url_of(PurePosixPath("/other/a.mov"), folder) == "../../other/a.mov"
    drive = PureWindowsPath(r"C:\Shoot\edit")
    assert url_of(PureWindowsPath(r"c:\shoot\day 1\a.mov"), drive) == "../day%201/a.mov"
    # There is no relative path from one drive to another.
    assert url_of(PureWindowsPath(r"D:\a.mov"), drive) == "file:///D:/a.mov"


@given(st.text())
def test_plain_line_is_valid_in_xml(text: str) -> None:
    from xml.etree.ElementTree import Element, fromstring, tostring

    element = Element("a")
    element.text = plain_line(text)
    assert "\n" not in element.text
    assert (fromstring(tostring(element, "unicode")).text or "") == element.text


def test_plain_line_keeps_text_of_people() -> None:
    for text in ("Day “one” <&> 'x'", "שלום, 🍞", "👩‍🍳 kneads", "na\u0301me"):
        assert plain_line(text) == text
    assert plain_line("two\nlines\x07 and \ud800") == "two lines? and ?"
