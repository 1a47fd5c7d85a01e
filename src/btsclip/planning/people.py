"""People in a clip: whose faces it shows, which are blurred, and who is named.

Where faces are blurred at all, so is every face that is not identified without doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.analysis import SignalCache
from btsclip.framing import face_blur_keys
from btsclip.geometry import WHOLE, Box, to_take
from btsclip.media import Footage
from btsclip.notes import Notes, Person
from btsclip.plan import BlurFaces, CropKey
from btsclip.planning.identities import ANYONE, Identity, identify_tracks
from btsclip.signals import (
    MAX_SAME_DISTANCE,
    Descriptor,
    FaceDescriptors,
    FaceTracks,
    describe_faces,
    describe_reference,
    track_faces,
)
from btsclip.wording import count

# A face picked up to this many seconds before or after a clip is tracked into it.
MAX_PICK_SECONDS = 60.0

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class KnownPeople:
    """The people of a shoot.

    Attributes:
        notes: Notes by take.
        requested_blur: The faces that the user asks to blur; None follows the notes.
        references: Descriptors of the people with a picture, by name.
    """

    notes: Mapping[Path, Notes] = field(default_factory=dict)
    requested_blur: BlurFaces | None = None
    references: Mapping[str, Descriptor] = field(default_factory=dict)

    def blur_faces(self, take: Path) -> BlurFaces:
        """The faces to blur in `take`: everybody without consent if the notes list people."""
        if self.requested_blur is not None:
            return self.requested_blur
        return "others" if self.people(take) else "none"

    def people(self, take: Path) -> list[Person]:
        """All people in the notes on `take`."""
        return list(self.notes[take].people) if take in self.notes else []

    def renamed(self, path: Path, new_path: Path) -> KnownPeople:
        """The same people, with the footage at `path` moved to `new_path`."""
        notes = {new_path if key == path else key: value for key, value in self.notes.items()}
        return KnownPeople(notes, self.requested_blur, self.references)


@dataclass(frozen=True)
class Appearance:
    """A person with consent and their face: `times` (n,) in seconds of the take, `boxes` (n, 4)."""

    person: Person
    times: Array
    boxes: Array


@dataclass(frozen=True)
class PeopleInClip:
    """The faces of one clip: those to blur, those that may be seen, and the evidence for it."""

    blur_faces: BlurFaces = "none"
    blur: tuple[list[CropKey], ...] = ()
    may_be_seen: tuple[list[CropKey], ...] = ()
    appearances: tuple[Appearance, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict)
    why: str = ""


def know_people(all_notes: Mapping[Path, Notes], blur: BlurFaces | None) -> KnownPeople:
    """Read the people's pictures in the notes, if faces must be recognized.

    Raises NotesError for a picture without exactly one face and ToolError if it needs an extra.
    """
    references: dict[str, Descriptor] = {}
    if blur in (None, "others"):
        for notes in all_notes.values():
            for person in notes.people:
                if person.picture and person.name not in references:
                    references[person.name] = describe_reference(notes.folder / person.picture)
    return KnownPeople(dict(all_notes), blur, references)


def people_in_clip(
    footage: Footage, start: float, end: float, known_people: KnownPeople, max_faces: int = 0
) -> PeopleInClip:
    """The faces of `footage` from `start` to `end` seconds.

    `max_faces` is the largest number of faces at one time in the footage. Without people in the
    notes and without faces to blur, no face is tracked.
    """
    blur_faces, people = known_people.blur_faces(footage.path), known_people.people(footage.path)
    if blur_faces == "none" and not people:
        return PeopleInClip()
    picks = [
        pick.at
        for person in people
        for pick in person.faces
        if Path(pick.take).name == footage.path.name
        and start - MAX_PICK_SECONDS < pick.at < end + MAX_PICK_SECONDS
    ]
    tracks = _track_faces(footage, min([start, *picks]), max([end, *picks]))
    references, descriptors = known_people.references, FaceDescriptors.none()
    if references and tracks.boxes.shape[1]:
        descriptors = _describe_faces(footage, tracks, start, end)
    in_take = _in_take(tracks, footage.picture)
    identities = identify_tracks(in_take, footage.path, people, references, descriptors, max_faces)
    return _sort_faces(tracks, identities, blur_faces, start, end, footage.picture)


def _in_take(tracks: FaceTracks, picture: Box) -> FaceTracks:
    """`tracks` with boxes as fractions of the complete picture, not of its part without bars."""
    return replace(tracks, boxes=to_take(tracks.boxes, picture))


def _track_faces(footage: Footage, start: float, end: float) -> FaceTracks:
    """The face tracks of the span, from the cache if it was tracked before."""
    return SignalCache().get_or_make_span(
        footage, start, end, FaceTracks, lambda: track_faces(footage, start, end)
    )


def _describe_faces(
    footage: Footage, tracks: FaceTracks, start: float, end: float
) -> FaceDescriptors:
    """Descriptors of the faces in the span, from the cache if they were computed before."""
    first, last = float(tracks.times[0]), float(tracks.times[-1])
    return SignalCache().get_or_make_span(
        footage, start, end, FaceDescriptors, lambda: describe_faces(footage, tracks, start, end),
        tracks=[first, last],
    )  # fmt: skip


def _sort_faces(
    tracks: FaceTracks,
    identities: Mapping[int, Identity],
    blur_faces: BlurFaces,
    start: float,
    end: float,
    picture: Box = WHOLE,
) -> PeopleInClip:
    """Sort the faces into those to blur and those that may be seen."""
    blur, may_be_seen = [], []
    columns_of: dict[str, list[int]] = {}
    people: dict[str, Person] = {}
    inside = (tracks.times >= start) & (tracks.times <= end)
    near = tracks.near(start, end)
    covered = _in_take(tracks, picture)
    for column in range(tracks.boxes.shape[1]):
        keys = face_blur_keys(covered, column, near)
        if not keys:
            continue
        identity = identities.get(column)
        consents = identity is not None and identity.person.consent
        if blur_faces == "all" or (blur_faces == "others" and not consents):
            blur.append(keys)
        elif blur_faces == "others":
            may_be_seen.append(keys)
        if identity and consents and identity.person is not ANYONE and blur_faces != "all":
            columns_of.setdefault(identity.person.name, []).append(column)
            people[identity.person.name] = identity.person
    appearances = [
        _appearance(people[name], tracks, columns, inside) for name, columns in columns_of.items()
    ]
    max_distances: dict[str, float] = {}
    for identity in identities.values():
        name, distance = identity.person.name, identity.distance
        if distance is not None and name in columns_of:
            max_distances[name] = max(distance, max_distances.get(name, distance))
    return PeopleInClip(
        blur_faces,
        tuple(blur),
        tuple(may_be_seen),
        tuple(appearance for appearance in appearances if len(appearance.times)),
        {"face_distance": round(max(max_distances.values()), 3)} if max_distances else {},
        _why(blur, max_distances),
    )


def _appearance(
    person: Person, tracks: FaceTracks, columns: Sequence[int], inside: NDArray[np.bool_]
) -> Appearance:
    rows, times = tracks.boxes[inside][:, columns], tracks.times[inside]
    index, column = np.nonzero(np.isfinite(rows[..., 0]))
    return Appearance(person, times[index], rows[index, column])


def _why(blur: Sequence[object], max_distances: Mapping[str, float]) -> str:
    """A description of the faces, to be added to the clip's `why`."""
    parts = [
        f"{name} recognized (face distance {distance:.2f}, "
        f"below {MAX_SAME_DISTANCE:g} is one person)"
        for name, distance in max_distances.items()
    ]
    if blur:
        parts.append(f"{count(len(blur), 'face')} blurred")
    return "".join(f"; {part}" for part in parts)
