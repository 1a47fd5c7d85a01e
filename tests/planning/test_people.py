"""Whose faces are whose: known for sure, or nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noted import footage, notes

from btsclip.notes.model import Notes, Person
from btsclip.plan.model import BlurFaces
from btsclip.planning import people
from btsclip.planning.people import KnownPeople, PeopleInClip, identify_tracks, people_in_clip
from btsclip.signals.face_tracks import FaceTracks
from btsclip.signals.recognize import DESCRIPTOR_SIZE, FaceDescriptors

TAKE = Path("/takes/a.mp4")
LEFT, RIGHT = (0.25, 0.5, 0.1, 0.2), (0.75, 0.5, 0.1, 0.2)
ANA = {"name": "Ana", "role": "baker", "consent": True, "takes": ["a.mp4"]}
BEN = {"name": "Ben", "consent": True, "takes": ["a.mp4"]}
SHY = {"name": "Shy", "consent": False, "takes": ["a.mp4"]}


def tracks(*boxes: tuple[float, float, float, float], seconds: float = 4.0) -> FaceTracks:
    """One still track for each box, found on every frame."""
    times = np.arange(0, seconds, 0.1)
    return FaceTracks(
        times, np.tile(np.array(boxes), (len(times), 1, 1)), np.ones((len(times), len(boxes)))
    )


def persons(*told: dict[str, Any]) -> list[Person]:
    return list(notes(people=list(told)).people)


def names(found: dict[int, Any]) -> dict[int, str]:
    return {column: who.person.name for column, who in found.items()}


def like(number: int) -> np.ndarray:
    """What somebody looks like: further than 0.6 from all others."""
    figures = np.zeros(DESCRIPTOR_SIZE)
    figures[number] = 1.0
    return figures


def looks(*seen: tuple[int, np.ndarray]) -> FaceDescriptors:
    return FaceDescriptors(np.array([c for c, _ in seen]), np.array([d for _, d in seen]))


def test_the_only_one_noted_is_the_only_face() -> None:
    assert names(identify_tracks(tracks(LEFT), TAKE, persons(ANA), {}, FaceDescriptors.none())) == {
        0: "Ana"
    }


@pytest.mark.parametrize(
    ("told", "seen", "elsewhere"),
    [
        ([ANA], (LEFT, RIGHT), 0),  # a guest is there as well
        ([ANA], (LEFT,), 2),  # and elsewhere in the take
        ([ANA, SHY], (LEFT,), 0),  # it may be the other one
        ([SHY], (LEFT,), 0),
        ([ANA, SHY | {"takes": []}], (LEFT,), 0),  # who may be seen in any take
        ([ANA | {"picture": "ana.jpg"}], (LEFT,), 0),  # of whom there is a picture to tell her by
        ([ANA | {"takes": ["b.mp4"]}], (LEFT,), 0),
        ([], (LEFT,), 0),
    ],
)
def test_in_doubt_a_face_is_nobodys(told: list[Any], seen: Any, elsewhere: int) -> None:
    found = identify_tracks(
        tracks(*seen), TAKE, persons(*told), {}, FaceDescriptors.none(), elsewhere
    )
    assert found == {}


def test_several_who_all_agreed_may_be_seen_and_are_not_named() -> None:
    cast = cast_with(tracks(LEFT, RIGHT), notes(people=[ANA, BEN]))
    assert not cast.blur and len(cast.may_be_seen) == 2
    assert cast.appearances == ()


def test_a_picked_face_is_known_and_nobody_elses() -> None:
    pick = {"take": "a.mp4", "at": 1.0, "box": [0.26, 0.5, 0.1, 0.2]}
    ana = ANA | {"faces": [pick], "takes": []}
    found = identify_tracks(tracks(LEFT, RIGHT), TAKE, persons(ana), {}, FaceDescriptors.none())
    assert names(found) == {0: "Ana"}
    # Two fingers on one face, or one beside all of them.
    ben = BEN | {"faces": [pick]}
    assert identify_tracks(tracks(LEFT), TAKE, persons(ana, ben), {}, FaceDescriptors.none()) == {}
    far = ANA | {"faces": [pick | {"box": [0.5, 0.5, 0.1, 0.2]}]}
    assert (
        identify_tracks(tracks(LEFT, RIGHT), TAKE, persons(far), {}, FaceDescriptors.none()) == {}
    )
    other = ANA | {"faces": [pick | {"take": "b.mp4"}]}
    assert (
        identify_tracks(tracks(LEFT, RIGHT), TAKE, persons(other), {}, FaceDescriptors.none()) == {}
    )


def test_a_recognised_face_says_how_near_it_is() -> None:
    near = like(0) + 0.3 * like(5)
    seen = looks(*[(1, near)] * 5, *[(0, like(7))] * 5)
    found = identify_tracks(tracks(LEFT, RIGHT), TAKE, persons(ANA), {"Ana": like(0)}, seen)
    assert names(found) == {1: "Ana"}
    assert found[1].apart == pytest.approx(0.3)


@pytest.mark.parametrize(
    "seen",
    [
        [like(0)] * 2,  # too few looks
        [like(0)] * 4 + [like(7)] * 2,  # sometimes somebody else
        [like(0) + 0.7 * like(5)] * 6,  # too far
        [],
    ],
)
def test_an_unsure_likeness_is_none(seen: list[np.ndarray]) -> None:
    given = looks(*[(0, each) for each in seen]) if seen else FaceDescriptors.none()
    # Not even as the only one in the take: there is a picture, and this is somebody else.
    assert identify_tracks(tracks(LEFT), TAKE, persons(ANA), {"Ana": like(0)}, given) == {}


def test_a_pick_and_a_picture_that_differ_are_a_doubt() -> None:
    pick = {"take": "a.mp4", "at": 1.0, "box": list(LEFT)}
    told = persons(ANA | {"picture": "a.png"}, BEN | {"faces": [pick]})
    seen = looks(*[(0, like(0))] * 5)
    assert identify_tracks(tracks(LEFT), TAKE, told, {"Ana": like(0)}, seen) == {}


def cast_with(
    found: FaceTracks, noted: Notes | None, wished: BlurFaces | None = None, **given: Any
) -> PeopleInClip:
    guests = KnownPeople({TAKE: noted} if noted else {}, wished, given.get("likenesses", {}))
    told = guests.people(TAKE)
    who = identify_tracks(
        found, TAKE, told, guests.likenesses, given.get("looks", FaceDescriptors.none())
    )
    return people._cast(found, who, guests.blur_faces(TAKE), 1.0, 3.0)


def test_faces_within_bars_are_covered_where_they_are_in_the_take() -> None:
    pillarboxed = (0.5, 0.5, 0.5, 1.0)
    plain, barred = (
        people._cast(tracks(LEFT), {}, "all", 1.0, 3.0, *picture)
        for picture in ((), (pillarboxed,))
    )
    (_, x, y, *_), (_, within_x, within_y, *_) = plain.blur[0][0], barred.blur[0][0]
    assert (within_x, within_y) == pytest.approx((0.25 + x / 2, y), abs=0.02)


def test_who_agreed_is_seen_and_others_are_blurred() -> None:
    seen = looks(*[(0, like(0))] * 5, *[(1, like(7))] * 5)
    cast = cast_with(
        tracks(LEFT, RIGHT), notes(people=[ANA]), likenesses={"Ana": like(0)}, looks=seen
    )
    (blurred,), (open_face,) = cast.blur, cast.may_be_seen
    assert blurred[0][1] == pytest.approx(0.75, abs=0.01)
    assert open_face[0][1] == pytest.approx(0.25, abs=0.01)
    (ana,) = cast.appearances
    assert ana.person.name == "Ana"
    assert ana.times.min() >= 1.0 and ana.times.max() <= 3.0
    assert ana.boxes.shape == (len(ana.times), 4)
    assert cast.evidence == {"face_distance": 0.0}
    assert "Ana recognised (face distance 0.00, below 0.6" in cast.why
    assert "1 face blurred" in cast.why


def test_somebody_recognised_who_did_not_agree_is_blurred_and_unnamed() -> None:
    cast = cast_with(
        tracks(LEFT), notes(people=[SHY]), likenesses={"Shy": like(0)},
        looks=looks(*[(0, like(0))] * 5),
    )  # fmt: skip
    assert len(cast.blur) == 1 and not cast.may_be_seen and not cast.appearances
    assert "Shy" not in cast.why


def test_all_is_all_and_none_is_none() -> None:
    everybody = cast_with(tracks(LEFT), notes(people=[ANA]), "all")
    assert len(everybody.blur) == 1 and not everybody.may_be_seen and not everybody.appearances
    nobody = cast_with(tracks(LEFT, RIGHT), notes(people=[SHY]), "none")
    assert not nobody.blur and nobody.blur_faces == "none"


def test_the_notes_decide_when_nobody_else_does() -> None:
    assert KnownPeople().blur_faces(TAKE) == "none"
    assert KnownPeople({TAKE: notes(dish="Bread")}).blur_faces(TAKE) == "none"
    assert KnownPeople({TAKE: notes(people=[SHY])}).blur_faces(TAKE) == "others"
    assert KnownPeople({TAKE: notes(people=[SHY])}, "none").blur_faces(TAKE) == "none"
    moved = KnownPeople({TAKE: notes(people=[SHY])}).renamed(TAKE, Path("/near/x.mp4"))
    assert moved.blur_faces(Path("/near/x.mp4")) == "others"


def test_without_people_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "track_faces", None)
    assert people_in_clip(footage(TAKE), 1.0, 3.0, KnownPeople()) == PeopleInClip()


def test_only_what_is_near_the_span_is_kept() -> None:
    """A face followed from where it was picked is not blurred in the plan all the way."""
    cast = cast_with(tracks(LEFT, seconds=60.0), None, "all")
    (keys,) = cast.blur
    assert keys[-1][0] < 5.0
