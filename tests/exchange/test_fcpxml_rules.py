"""The published rules of FCPXML: the order of children, attributes, values and references."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from exported import plan, seconds, span, take

from btsclip.exchange.export import export_plan

CLIP = {"ref", "lane", "offset", "name", "start", "duration", "srcEnable", "tcFormat", "audioRole"}
# Element -> its children in order, as groups. Children of a group with * may repeat and mix.
CHILDREN: dict[str, list[set[str]]] = {
    "fcpxml": [{"resources"}, {"library"}],
    "resources": [{"*", "asset", "effect", "format"}],
    "asset": [{"media-rep"}],
    "library": [{"*", "event"}],
    "event": [{"*", "project"}],
    "project": [{"sequence"}],
    "sequence": [{"spine"}],
    "spine": [{"*", "asset-clip", "gap", "transition"}],
    "gap": [{"*", "asset-clip", "title"}, {"*", "marker"}],
    "asset-clip": [
        {"conform-rate"}, {"timeMap"}, {"adjust-crop"}, {"adjust-conform"}, {"adjust-transform"},
        {"adjust-volume"}, {"*", "asset-clip", "title"}, {"*", "marker"},
    ],
    "timeMap": [{"*", "timept"}],
    "adjust-crop": [{"trim-rect"}],
    "trim-rect": [{"*", "param"}],
    "adjust-transform": [{"*", "param"}],
    "param": [{"keyframeAnimation"}],
    "keyframeAnimation": [{"*", "keyframe"}],
    "title": [{"*", "text"}, {"*", "text-style-def"}],
    "text": [{"*", "text-style"}],
    "text-style-def": [{"text-style"}],
    "transition": [{"filter-video"}],
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "fcpxml": {"version"},
    "format": {"id", "frameDuration", "width", "height", "colorSpace"},
    "asset": {"id", "name", "start", "duration", "hasVideo", "format", "hasAudio", "videoSources",
              "audioSources", "audioChannels", "audioRate"},
    "media-rep": {"kind", "src"},
    "effect": {"id", "name", "uid"},
    "event": {"name"},
    "project": {"name"},
    "sequence": {"format", "duration", "tcStart", "tcFormat", "audioLayout", "audioRate"},
    "gap": {"name", "offset", "start", "duration"},
    "asset-clip": CLIP,
    "title": {"ref", "lane", "offset", "name", "start", "duration"},
    "conform-rate": {"scaleEnabled", "srcFrameRate"},
    "timept": {"time", "value", "interp"},
    "adjust-crop": {"mode"},
    "trim-rect": {"left", "top", "right", "bottom"},
    "adjust-conform": {"type"},
    "adjust-transform": {"position", "scale"},
    "adjust-volume": {"amount"},
    "param": {"name"},
    "keyframe": {"time", "value", "interp", "curve"},
    "text-style": {"ref", "font", "fontFace", "fontSize", "fontColor", "alignment"},
    "text-style-def": {"id"},
    "transition": {"name", "offset", "duration"},
    "filter-video": {"ref", "name"},
    "marker": {"start", "duration", "value", "note"},
}  # fmt: skip
REQUIRED = {
    "asset-clip": {"ref", "offset", "duration"}, "gap": {"duration"}, "title": {"ref", "duration"},
    "transition": {"duration"}, "marker": {"start", "value"}, "keyframe": {"time", "value"},
    "timept": {"time", "value"}, "media-rep": {"src"}, "effect": {"id", "uid"},
    "format": {"id"}, "asset": {"id"}, "sequence": {"format"}, "adjust-crop": {"mode"},
}  # fmt: skip
VALUES = {
    ("conform-rate", "srcFrameRate"): "23.98|24|25|29.97|30|60|47.95|48|50|59.94",
    ("conform-rate", "scaleEnabled"): "0|1",
    ("asset-clip", "srcEnable"): "all|audio|video",
    ("asset-clip", "tcFormat"): "DF|NDF",
    ("sequence", "audioRate"): r"32k|44\.1k|48k|88\.2k|96k|176\.4k|192k",
    ("timept", "interp"): "smooth2|linear|smooth",
    ("keyframe", "interp"): "linear|ease|easeIn|easeOut",
    ("keyframe", "curve"): "linear|smooth",
    ("adjust-crop", "mode"): "trim|crop|pan",
    ("adjust-conform", "type"): "fit|fill|none",
}
TIMES = {"offset", "start", "duration", "time", "frameDuration", "tcStart"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> ElementTree.Element:
    folder = tmp_path_factory.mktemp("rules")
    one = take(folder, "one.mp4", "24000/1001", "01:00:00:00")
    two = take(folder, "two.mp4", "50", "10:00:00:00")
    clip = {
        "captions": [{"text": "One", "start": 0, "end": 2}, {"text": "Two", "start": 1, "end": 3}],
        "spans": [
            span("one.mp4", 1, 3, lead=0.2, gain=-3),
            span("two.mp4", 1, 3, enter="dissolve", speeds=[[1, 1], [2, 3]], tail=0.4),
            span("one.mp4", 0, 2, layout="split", below=[[0, 0.3, 0.5, 0.5, 0.79]],
                 crop=[[0, 0.7, 0.5, 0.5, 0.79], [2, 0.3, 0.5, 0.5, 0.79]],
                 card={"text": "Later", "seconds": 1}),
            span("two.mp4", 3, 4, layout="fit-blur", crop=[]),
        ],
        "end_card": {"text": "Bye", "seconds": 1},
    }  # fmt: skip
    path = plan(folder / "plan.json", [clip, span("two.mp4", 0, 1)], one, two)
    done = export_plan(path, "fcpxml", folder / "rules.fcpxml")
    text = done.files[0].read_text("utf-8")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>')
    return ElementTree.fromstring(text)


def test_children_are_in_order(root: ElementTree.Element) -> None:
    for element in root.iter():
        groups = CHILDREN.get(element.tag, [])
        place = 0
        for child in element:
            while place < len(groups) and child.tag not in groups[place]:
                place += 1
            assert place < len(groups), f"{child.tag} in {element.tag}"
            if "*" not in groups[place]:
                place += 1


def test_attributes_are_valid_and_complete(root: ElementTree.Element) -> None:
    for element in root.iter():
        allowed = ATTRIBUTES.get(element.tag, set())
        assert set(element.attrib) <= allowed, element.tag
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib), element.tag
        for name, value in element.attrib.items():
            if (element.tag, name) in VALUES:
                assert re.fullmatch(VALUES[element.tag, name], value), (element.tag, name, value)


def test_ids_are_unique_and_references_resolve(root: ElementTree.Element) -> None:
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        for name in ("ref", "format"):
            if element.get(name):
                assert element.get(name) in ids
    assets = {asset.get("id"): asset for asset in root.iter("asset")}
    assert all(clip.get("ref") in assets for clip in root.iter("asset-clip"))
    assert len(list(root.iter("project"))) == 2


def test_times_fit_the_format(root: ElementTree.Element) -> None:
    for element in root.iter():
        for name in TIMES & set(element.attrib):
            time = seconds(element.attrib[name])
            assert abs(time.numerator) < 2**63 and time.denominator < 2**31


def test_storyline_is_whole_frames_without_gaps(
    root: ElementTree.Element,
) -> None:
    formats = {element.get("id"): element for element in root.iter("format")}
    for sequence in root.iter("sequence"):
        frame = seconds(formats[sequence.get("format")].get("frameDuration") or "")
        spine = sequence.find("spine")
        assert spine is not None
        end = Fraction(0)
        items = [item for item in spine if item.tag != "transition"]
        for item in items:
            offset, length = (seconds(item.get(key) or "") for key in ("offset", "duration"))
            assert (
                offset == end and (offset / frame).denominator == (length / frame).denominator == 1
            )
            end = offset + length
        assert end == seconds(sequence.get("duration") or "")
        cuts = {seconds(item.get("offset") or "") for item in items}
        for dissolve in spine.findall("transition"):
            offset, length = (seconds(dissolve.get(key) or "") for key in ("offset", "duration"))
            assert offset + length / 2 in cuts, "it is centered on a cut"


def test_clips_are_within_their_files(root: ElementTree.Element) -> None:
    """Also under dissolves, which use handles."""
    from exported import file_time

    assets = {asset.get("id"): asset for asset in root.iter("asset")}
    for clip in root.iter("asset-clip"):
        asset = assets[clip.get("ref")]
        first = seconds(asset.get("start") or "0s")
        last = first + seconds(asset.get("duration") or "")
        start = seconds(clip.get("start") or "")
        length = seconds(clip.get("duration") or "")
        shown = [file_time(clip, time) for time in (start, start + length)]
        assert first <= shown[0] < shown[1] <= last + Fraction(1, 20)
