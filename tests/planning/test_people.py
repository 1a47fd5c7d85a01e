"""Faces are identified without doubt or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noted import footage, notes

from btsclip.notes.model import Notes, Person
from btsclip.plan.model import BlurFaces
from btsclip.planning import people
from btsclip.planning.identities import identify_tracks
from btsclip.planning.people import KnownPeople, PeopleInClip, people_in_clip
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


def persons(*people: dict[str, Any]) -> list[Person]:
    return list(notes(people=list(people)).people)


def names(identities: dict[int, Any]) -> dict[int, str]:
    return {column: identity.person.name for column, identity in identities.items()}


def like(number: int) -> np.ndarray:
    """The descriptor of a face, more than 0.6 from all others."""
    figures = np.zeros(DESCRIPTOR_SIZE)
    figures[number] = 1.0
    return figures


def looks(*seen: tuple[int, np.ndarray]) -> FaceDescriptors:
    return FaceDescriptors(np.array([c for c, _ in seen]), np.array([d for _, d in seen]))


def test_only_person_in_the_notes_has_the_only_face() -> None:
    assert names(identify_tracks(tracks(LEFT), TAKE, persons(ANA), {}, FaceDescriptors.none())) == {
        0: "Ana"
    }


@pytest.mark.parametrize(
    ("people", "boxes", "max_faces"),
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
def test_face_in_doubt_is_not_identified(people: list[Any], boxes: Any, max_faces: int) -> None:
    identities = identify_tracks(
        tracks(*boxes), TAKE, persons(*people), {}, FaceDescriptors.none(), max_faces
    )
    assert identities == {}


def test_several_people_with_consent_are_seen_but_not_named() -> None:
    sorted_faces = sort_faces(tracks(LEFT, RIGHT), notes(people=[ANA, BEN]))
    assert not sorted_faces.blur and len(sorted_faces.may_be_seen) == 2
    assert sorted_faces.appearances == ()


def test_picked_face_belongs_to_one_person() -> None:
    pick = {"take": "a.mp4", "at": 1.0, "box": [0.26, 0.5, 0.1, 0.2]}
    ana = ANA | {"faces": [pick], "takes": []}
    found = identify_tracks(tracks(LEFT, RIGHT), TAKE, persons(ana), {}, FaceDescriptors.none())
    assert names(found) == {0: "Ana"}
    # Two picks on one face, or a pick beside all faces.
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


def test_recognized_face_has_its_distance() -> None:
    near = like(0) + 0.3 * like(5)
    seen = looks(*[(1, near)] * 5, *[(0, like(7))] * 5)
    found = identify_tracks(tracks(LEFT, RIGHT), TAKE, persons(ANA), {"Ana": like(0)}, seen)
    assert names(found) == {1: "Ana"}
    assert found[1].distance == pytest.approx(0.3)


@pytest.mark.parametrize(
    "seen",
    [
        [like(0)] * 2,  # too few looks
        [like(0)] * 4 + [like(7)] * 2,  # sometimes somebody else
        [like(0) + 0.7 * like(5)] * 6,  # too far
        [],
    ],
)
def test_unsure_match_is_not_an_identity(seen: list[np.ndarray]) -> None:
    given = looks(*[(0, each) for each in seen]) if seen else FaceDescriptors.none()
    # Not even as the only one in the take: there is a picture, and this is somebody else.
    assert identify_tracks(tracks(LEFT), TAKE, persons(ANA), {"Ana": like(0)}, given) == {}


def test_pick_and_picture_that_disagree_are_a_doubt() -> None:
    pick = {"take": "a.mp4", "at": 1.0, "box": list(LEFT)}
    told = persons(ANA | {"picture": "a.png"}, BEN | {"faces": [pick]})
    seen = looks(*[(0, like(0))] * 5)
    assert identify_tracks(tracks(LEFT), TAKE, told, {"Ana": like(0)}, seen) == {}


def sort_faces(
    found: FaceTracks, noted: Notes | None, blur: BlurFaces | None = None, **given: Any
) -> PeopleInClip:
    known = KnownPeople({TAKE: noted} if noted else {}, blur, given.get("references", {}))
    identities = identify_tracks(
        found,
        TAKE,
        known.people(TAKE),
        known.references,
        given.get("looks", FaceDescriptors.none()),
    )
    return people._sort_faces(found, identities, known.blur_faces(TAKE), 1.0, 3.0)


def test_faces_between_bars_are_covered_at_their_place_in_the_take() -> None:
    pillarboxed = (0.5, 0.5, 0.5, 1.0)
    plain, barred = (
        people._sort_faces(tracks(LEFT), {}, "all", 1.0, 3.0, *picture)
        for picture in ((), (pillarboxed,))
    )
    (_, x, y, *_), (_, within_x, within_y, *_) = plain.blur[0][0], barred.blur[0][0]
    assert (within_x, within_y) == pytest.approx((0.25 + x / 2, y), abs=0.02)


def test_person_with_consent_is_seen_and_others_are_blurred() -> None:
    seen = looks(*[(0, like(0))] * 5, *[(1, like(7))] * 5)
    sorted_faces = sort_faces(
        tracks(LEFT, RIGHT), notes(people=[ANA]), references={"Ana": like(0)}, looks=seen
    )
    (blurred,), (open_face,) = sorted_faces.blur, sorted_faces.may_be_seen
    assert blurred[0][1] == pytest.approx(0.75, abs=0.01)
    assert open_face[0][1] == pytest.approx(0.25, abs=0.01)
    (ana,) = sorted_faces.appearances
    assert ana.person.name == "Ana"
    assert ana.times.min() >= 1.0 and ana.times.max() <= 3.0
    assert ana.boxes.shape == (len(ana.times), 4)
    assert sorted_faces.evidence == {"face_distance": 0.0}
    assert "Ana recognized (face distance 0.00, below 0.6" in sorted_faces.why
    assert "1 face blurred" in sorted_faces.why


def test_recognized_person_without_consent_is_blurred_and_unnamed() -> None:
    sorted_faces = sort_faces(
        tracks(LEFT), notes(people=[SHY]), references={"Shy": like(0)},
        looks=looks(*[(0, like(0))] * 5),
    )  # fmt: skip
    assert (
        len(sorted_faces.blur) == 1
        and not sorted_faces.may_be_seen
        and not sorted_faces.appearances
    )
    assert "Shy" not in sorted_faces.why


def test_blur_all_and_blur_none() -> None:
    everybody = sort_faces(tracks(LEFT), notes(people=[ANA]), "all")
    assert len(everybody.blur) == 1 and not everybody.may_be_seen and not everybody.appearances
    nobody = sort_faces(tracks(LEFT, RIGHT), notes(people=[SHY]), "none")
    assert not nobody.blur and nobody.blur_faces == "none"


def test_notes_decide_without_a_request() -> None:
    assert KnownPeople().blur_faces(TAKE) == "none"
    assert KnownPeople({TAKE: notes(dish="Bread")}).blur_faces(TAKE) == "none"
    assert KnownPeople({TAKE: notes(people=[SHY])}).blur_faces(TAKE) == "others"
    assert KnownPeople({TAKE: notes(people=[SHY])}, "none").blur_faces(TAKE) == "none"
    moved = KnownPeople({TAKE: notes(people=[SHY])}).renamed(TAKE, Path("/near/x.mp4"))
    assert moved.blur_faces(Path("/near/x.mp4")) == "others"


def test_faces_are_not_tracked_without_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "track_faces", None)
    assert people_in_clip(footage(TAKE), 1.0, 3.0, KnownPeople()) == PeopleInClip()


def test_blur_keys_are_near_the_span() -> None:
    """A face followed from where it was picked is not blurred in the plan all the way."""
    sorted_faces = sort_faces(tracks(LEFT, seconds=60.0), None, "all")
    (keys,) = sorted_faces.blur
    assert keys[-1][0] < 5.0
