"""Lower thirds: each person is named once, in the safe zone and clear of the face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from noted import notes

from btsclip.captions import BusyArea
from btsclip.captions.layout import layout_caption, layout_captions
from btsclip.captions.safezones import safe_box
from btsclip.captions.subtitles import format_subtitles
from btsclip.framing.layout import Canvas, Framing
from btsclip.plan.model import Clip, Span
from btsclip.plan.speed import TimeMap
from btsclip.plan.texts import Caption
from btsclip.planning.framing import face_areas
from btsclip.planning.lower_thirds import (
    introductions,
    place_lower_thirds,
    takes_of_introductions,
)
from btsclip.planning.once import keep_first_introductions
from btsclip.planning.people import Appearance, KnownPeople
from btsclip.planning.text_sources import lower_third
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.presets.texts import Captions

PRESET = Preset()
CANVAS = Canvas((1920, 1080), (1080, 1920))
MIDDLE = Framing("crop", "faces", ((0.0, 0.5, 0.5, CANVAS.largest[0], 1.0),), 1.0)
ANA = {"name": "Ana Ćwik", "role": "baker", "consent": True, "takes": ["a.mp4"]}


def appearance(x: float, first: float, last: float, **changes: object) -> Appearance:
    (person,) = notes(people=[ANA | changes]).people
    times = np.arange(first, last, 1 / 30)
    return Appearance(person, times, np.tile([x, 0.5, 0.08, 0.2], (len(times), 1)))


def introduced(*seen: Appearance, seconds: float = 8.0, preset: Preset = PRESET) -> list[Caption]:
    whole = TimeMap.of([], 10.0, 10.0 + seconds)
    faces = [(face.person, face_areas(face, 10.0, MIDDLE, CANVAS, whole)) for face in seen]
    return introductions(faces, seconds, preset)


def test_name_and_role_are_on_two_lines() -> None:
    (third,) = introduced(appearance(0.5, 10.0, 18.0))
    assert third.role == "person"
    assert layout_caption(third, PRESET).lines == ("Ana Ćwik", "baker")
    assert (third.start, third.end) == (0.5, 4.5)


def test_lower_third_comes_with_the_person() -> None:
    (third,) = introduced(appearance(0.5, 13.0, 18.0))
    assert third.start == pytest.approx(3.0, abs=0.05)
    (late,) = introduced(appearance(0.5, 17.2, 18.0))
    assert late.end == 8.0 and late.end - late.start >= 0.7


def test_person_off_the_screen_is_not_named() -> None:
    assert introduced(appearance(0.05, 10.0, 18.0)) == []
    assert introduced(appearance(0.5, 10.0, 10.1)) == []
    assert introduced(appearance(0.5, 10.0, 10.6), seconds=0.6) == []


def test_preset_may_name_nobody() -> None:
    quiet = Preset(captions=Captions(introduce=False))
    assert introduced(appearance(0.5, 10.0, 18.0), preset=quiet) == []
    assert not load_preset("asmr-no-text").captions.introduce


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Wolfeschlegelsteinhausenbergerdorff Anna Maria Magdalena", "head of the pastry kitchen"),
        ("Ana 🥖👩🏽‍🍳", "bakes"),
        ("مريم الحداد", "خبازة"),
        ("נועה לוי", "אופה"),
        ("山本 花子", "パン職人"),
        ("Ana", ""),
    ],
)
@pytest.mark.parametrize("preset", ["honest-kitchen", "chef-portrait", "street-food-fast"])
def test_every_name_stays_in_the_safe_zone(name: str, role: str, preset: str) -> None:
    look = load_preset(preset)
    (third,) = introduced(appearance(0.5, 10, 18, name=name, role=role), preset=look)
    block = layout_caption(third, look)
    left, top, right, bottom = safe_box(look.output)
    assert left <= block.x - block.width / 2 and block.x + block.width / 2 <= right
    assert top <= block.y and block.y + block.height <= bottom
    assert len(block.lines) >= 1 + bool(role)
    if role:
        assert block.lines[-1].strip() in role


def test_lower_third_keeps_clear_of_the_face() -> None:
    (third,) = introduced(appearance(0.5, 10.0, 18.0))
    unmoved = layout_caption(third, PRESET)
    middle = (unmoved.y + unmoved.height / 2) / PRESET.output.height
    face = BusyArea(0.0, 8.0, (0.5, middle, 0.5, 0.2))
    (caption,), warnings = place_lower_thirds([], [third], PRESET, [face])
    block = layout_caption(caption, PRESET)
    face_top, face_bottom = (middle + side * 0.1 for side in (-1, 1))
    top, bottom = (y / PRESET.output.height for y in (block.y, block.y + block.height))
    assert not warnings and (bottom <= face_top or top >= face_bottom)


def test_lower_third_makes_room_for_other_texts_or_is_left_out() -> None:
    (third,) = introduced(appearance(0.5, 10.0, 18.0))
    line = Caption(text="Kneaded by hand", start=0.4, end=4.4)
    captions, warnings = place_lower_thirds([line], [third], PRESET, [])
    blocks = layout_captions(captions, PRESET)
    assert len(blocks) == 2 and not warnings
    assert blocks[0].y >= blocks[1].y + blocks[1].height or blocks[1].y >= blocks[0].y
    huge = PRESET.model_copy(
        update={"captions": Captions.model_validate({"moment_style": {"size": 0.13}})}
    )
    full = Caption(text="We rest it", start=0.0, end=8.0)
    captions, warnings = place_lower_thirds([full], [third], huge, [])
    assert len(captions) + len(warnings) == 2


def test_faces_are_busy_areas_of_the_screen() -> None:
    busy = face_areas(appearance(0.5, 10.0, 12.0), 10.0, MIDDLE, CANVAS, TimeMap.of([], 10.0, 14.0))
    assert len(busy) == 10
    assert busy[0].box == pytest.approx((0.5, 0.5, 0.08 / CANVAS.largest[0], 0.2))


def clip(number: int, source: str, start: float, *texts: str, enabled: bool = True) -> Clip:
    captions = [Caption(text=text, start=0, end=2, role="person") for text in texts]
    return Clip(
        id=f"c{number}", kind="people", score=1, why="", enabled=enabled,
        spans=[Span(source=source, start=start, end=start + 5, layout="fit-blur")],
        captions=[*captions, Caption(text="Line", start=0, end=2)],
    )  # fmt: skip


def named(clips: list[Clip]) -> list[list[str]]:
    return [[c.text for c in clip.captions if c.role == "person"] for clip in clips]


def test_person_is_introduced_once_in_the_first_clip() -> None:
    clips = [
        clip(1, "b", 0, "Ana", "Ben"), clip(2, "a", 30, "Ana"), clip(3, "a", 5, "Ana"),
        clip(4, "a", 0, "Ana", enabled=False),
    ]  # fmt: skip
    kept = keep_first_introductions(clips, ["a", "b"])
    assert named(kept) == [["Ben"], [], ["Ana"], []]
    assert all(len(clip.captions) >= 1 for clip in kept)
    assert named(keep_first_introductions(clips, ["b", "a"])) == [["Ana", "Ben"], [], [], []]


def test_notes_choose_the_take_if_takes_are_cut_alone() -> None:
    paths = [Path("/x/a.mp4"), Path("/x/b.mp4")]
    noted = notes(people=[ANA | {"takes": ["b.mp4"]}, {"name": "Ben", "consent": True}])
    by = takes_of_introductions(KnownPeople(dict.fromkeys(paths, noted)), paths)
    assert by == {"Ana Ćwik\nbaker": str(paths[1]), "Ben": str(paths[0])}
    first = keep_first_introductions([clip(1, str(paths[0]), 0, *by)], list(map(str, paths)), by)
    second = keep_first_introductions([clip(2, str(paths[1]), 0, *by)], list(map(str, paths)), by)
    assert named(first) == [["Ben"]] and named(second) == [["Ana Ćwik\nbaker"]]


def test_subtitles_have_name_and_role_on_one_line() -> None:
    (person,) = notes(people=[ANA]).people
    third = Caption(text=lower_third(person), start=0, end=2, role="person")
    assert "Ana Ćwik baker" in format_subtitles([third], "srt")
