"""Whose faces a clip shows, which of them may be seen, and who is named in it.

Somebody is known by a picture, by a face that the notes pick in a take, or by being the only one
noted there. Where that leaves a doubt a face belongs to nobody, and nobody's face is blurred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.analysis.cache import SignalCache
from btsclip.framing.veil import face_cover
from btsclip.geometry import WHOLE, Box, to_take
from btsclip.media.footage import Footage
from btsclip.notes.model import Notes, Person
from btsclip.plan.model import BlurFaces, CropKey
from btsclip.signals.face_tracks import FaceTracks, track_faces
from btsclip.signals.recognize import (
    MAX_SAME_DISTANCE,
    Descriptor,
    FaceDescriptors,
    describe_faces,
    describe_reference,
)
from btsclip.wording import count

# A face that is picked this many seconds before or after a clip is followed into it.
FOLLOWED = 60.0
# A pick means the face whose middle is this near to its own, in its sizes.
PICKED = 0.5
# Of the looks at a face, of which there must be so many, this share must be of one person.
LEAST_LOOKS, LOOKS_AGREE = 3, 0.9

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class KnownPeople:
    """What is known of the people of a shoot: the notes by take, whose faces the user wants
    blurred (None: as the notes ask for) and by name what those look like who have a picture."""

    notes: Mapping[Path, Notes] = field(default_factory=dict)
    wished: BlurFaces | None = None
    likenesses: Mapping[str, Descriptor] = field(default_factory=dict)

    def blur_faces(self, take: Path) -> BlurFaces:
        """Whose faces are blurred in the file at `take`: where people are noted, all but theirs
        who agreed."""
        if self.wished is not None:
            return self.wished
        return "others" if self.people(take) else "none"

    def people(self, take: Path) -> list[Person]:
        """All people that the notes on the file at `take` name."""
        return list(self.notes[take].people) if take in self.notes else []

    def renamed(self, path: Path, other: Path) -> KnownPeople:
        """The same where the footage at `path` lies at `other`."""
        notes = {other if at == path else at: each for at, each in self.notes.items()}
        return KnownPeople(notes, self.wished, self.likenesses)


@dataclass(frozen=True)
class Appearance:
    """Somebody who agreed, and where they are seen: seconds of the take (n,) and boxes (n, 4)."""

    person: Person
    times: Array
    boxes: Array


@dataclass(frozen=True)
class PeopleInClip:
    """The faces of one clip: what is blurred, who may be seen, and what that was judged by."""

    blur_faces: BlurFaces = "none"
    blur: tuple[list[CropKey], ...] = ()
    may_be_seen: tuple[list[CropKey], ...] = ()
    appearances: tuple[Appearance, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class _Identity:
    """To whom a track belongs, and for a recognised one how far it is from their picture."""

    person: Person
    apart: float | None = None


def know_people(noted: Mapping[Path, Notes], wished: BlurFaces | None) -> KnownPeople:
    """Reads the pictures that the notes name, where faces are to be told apart.

    Raises NotesError for a picture without exactly one face and ToolError when it needs an extra.
    """
    likenesses: dict[str, Descriptor] = {}
    if wished in (None, "others"):
        for notes in noted.values():
            for person in notes.people:
                if person.picture and person.name not in likenesses:
                    likenesses[person.name] = describe_reference(notes.folder / person.picture)
    return KnownPeople(dict(noted), wished, likenesses)


def people_in_clip(
    footage: Footage, start: float, end: float, guests: KnownPeople, most_seen: int = 0
) -> PeopleInClip:
    """The faces of `footage` from `start` to `end`; `most_seen` is how many were seen at once
    elsewhere in it. Without people in the notes and anything to blur nothing is looked at."""
    policy, people = guests.blur_faces(footage.path), guests.people(footage.path)
    if policy == "none" and not people:
        return PeopleInClip()
    picks = [
        pick.at
        for person in people
        for pick in person.faces
        if Path(pick.take).name == footage.path.name and start - FOLLOWED < pick.at < end + FOLLOWED
    ]
    tracks = _tracked(footage, min([start, *picks]), max([end, *picks]))
    looks = FaceDescriptors.none()
    if guests.likenesses and tracks.boxes.shape[1]:
        looks = _looked_at(footage, tracks, start, end)
    whole = _in_take(tracks, footage.picture)
    who = identify_tracks(whole, footage.path, people, guests.likenesses, looks, most_seen)
    return _cast(tracks, who, policy, start, end, footage.picture)


def identify_tracks(
    tracks: FaceTracks,
    take: Path,
    people: Sequence[Person],
    likenesses: Mapping[str, Descriptor],
    looks: FaceDescriptors,
    most_seen: int = 0,
) -> dict[int, _Identity]:
    """To whom the tracks belong, whose boxes are in fractions of all of the take, by their number;
    of those for whom that is sure."""
    known: dict[int, _Identity] = {}
    doubtful: set[int] = set()
    for column in range(tracks.boxes.shape[1]):
        recognised = _recognised(looks.of(column), likenesses)
        picked = [person for person in people if _is_picked(tracks, column, take, person)]
        named = [person for person in people if recognised and person.name == recognised[0]]
        if len(named) == 1 and picked in ([], named):
            known[column] = _Identity(named[0], recognised[1] if recognised else None)
        elif len(picked) == 1 and not named:
            known[column] = _Identity(picked[0])
        elif picked or named:
            doubtful.add(column)
    here = [person for person in people if person.is_in(take)]
    told = any(p.name in likenesses or p.picture or p.faces for p in here)
    # Of whom nothing says where they were filmed may be seen anywhere.
    anywhere = [p for p in people if not (p.takes or p.faces or p.picture)]
    if here and not told and all(person.consent for person in [*here, *anywhere]):
        at_once = int((tracks.scores > 0).sum(1).max(initial=0))
        if max(at_once, most_seen) <= len(here):
            # Each of them may be seen; who is who is known of one alone.
            anyone = _Identity(here[0] if len(here) == 1 else _ANYONE)
            for column in range(tracks.boxes.shape[1]):
                if column not in doubtful:
                    known.setdefault(column, anyone)
    return known


# One of several people who all agreed.
_ANYONE = Person(name="?", consent=True)


def _in_take(tracks: FaceTracks, picture: Box) -> FaceTracks:
    """`tracks` with boxes in fractions of all of the take, not of its `picture` within bars."""
    return replace(tracks, boxes=to_take(tracks.boxes, picture))


def _tracked(footage: Footage, start: float, end: float) -> FaceTracks:
    """The faces of the span. What was seen before is kept."""
    parameters = {"start": round(start, 3), "end": round(end, 3), "picture": footage.picture}
    return SignalCache().get_or_make(
        footage, parameters, FaceTracks, lambda: track_faces(footage, start, end)
    )


def _looked_at(footage: Footage, tracks: FaceTracks, start: float, end: float) -> FaceDescriptors:
    """What the faces of the span look like. What was seen before is kept."""
    first, last = float(tracks.times[0]), float(tracks.times[-1])
    parameters = {
        "tracks": [first, last], "start": round(start, 3), "end": round(end, 3),
        "picture": footage.picture,
    }  # fmt: skip
    return SignalCache().get_or_make(
        footage, parameters, FaceDescriptors, lambda: describe_faces(footage, tracks, start, end)
    )


def _recognised(looks: Array, likenesses: Mapping[str, Descriptor]) -> tuple[str, float] | None:
    """Who the `looks` (n, 128) at one face are of, and their median distance from the picture."""
    if len(looks) < LEAST_LOOKS or not likenesses:
        return None
    names = list(likenesses)
    known = np.array([likenesses[name] for name in names])
    apart = np.linalg.norm(looks[:, None] - known, axis=2)
    nearest = apart.argmin(1)
    best = int(np.bincount(nearest).argmax())
    alike = (nearest == best) & (apart[:, best] < MAX_SAME_DISTANCE)
    if alike.mean() < LOOKS_AGREE:
        return None
    return names[best], float(np.median(apart[:, best]))


def _is_picked(tracks: FaceTracks, column: int, take: Path, person: Person) -> bool:
    """Whether one of the person's picks is the face of the track."""
    for pick in person.faces:
        if Path(pick.take).name != take.name or not len(tracks.times):
            continue
        nearest = int(np.abs(tracks.times - pick.at).argmin())
        box = tracks.boxes[nearest, column]
        apart = np.abs(box[:2] - np.array(pick.box[:2])) / np.maximum(pick.box[2:], 1e-6)
        if abs(tracks.times[nearest] - pick.at) < 0.5 and (apart <= PICKED).all():
            return True
    return False


def _cast(
    tracks: FaceTracks,
    who: Mapping[int, _Identity],
    policy: BlurFaces,
    start: float,
    end: float,
    picture: Box = WHOLE,
) -> PeopleInClip:
    blur, seen = [], []
    faces: dict[str, list[int]] = {}
    persons: dict[str, Person] = {}
    inside = (tracks.times >= start) & (tracks.times <= end)
    near = tracks.near(start, end)
    covered = _in_take(tracks, picture)
    for column in range(tracks.boxes.shape[1]):
        keys = face_cover(covered, column, near)
        if not keys:
            continue
        known = who.get(column)
        agreed = known is not None and known.person.consent
        if policy == "all" or (policy == "others" and not agreed):
            blur.append(keys)
        elif policy == "others":
            seen.append(keys)
        if known and agreed and known.person is not _ANYONE and policy != "all":
            faces.setdefault(known.person.name, []).append(column)
            persons[known.person.name] = known.person
    appearances = [
        _appearance(persons[name], tracks, columns, inside) for name, columns in faces.items()
    ]
    apart = [
        (each.person.name, each.apart)
        for column, each in who.items()
        if each.apart is not None and each.person.name in faces
    ]
    farthest = {name: max(far for other, far in apart if other == name) for name, _ in apart}
    return PeopleInClip(
        policy,
        tuple(blur),
        tuple(seen),
        tuple(each for each in appearances if len(each.times)),
        {"face_distance": round(max(farthest.values()), 3)} if farthest else {},
        _why(blur, farthest),
    )


def _appearance(
    person: Person, tracks: FaceTracks, columns: Sequence[int], inside: NDArray[np.bool_]
) -> Appearance:
    rows, times = tracks.boxes[inside][:, columns], tracks.times[inside]
    there, which = np.nonzero(np.isfinite(rows[..., 0]))
    return Appearance(person, times[there], rows[there, which])


def _why(blur: Sequence[object], farthest: Mapping[str, float]) -> str:
    told = [
        f"{name} recognised (face distance {apart:.2f}, below {MAX_SAME_DISTANCE:g} is one person)"
        for name, apart in farthest.items()
    ]
    if blur:
        told.append(f"{count(len(blur), 'face')} blurred")
    return "".join(f"; {text}" for text in told)
