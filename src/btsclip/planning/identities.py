"""Identify people: which person of the notes each face track belongs to.

A person is identified by a picture, by a face that the notes pick in a take, or as the only person
that the notes list for the take. A face in doubt stays unidentified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.notes import Person
from btsclip.signals import MAX_SAME_DISTANCE, Descriptor, FaceDescriptors, FaceTracks

# Distance of a picked box's centre from the face's, in sizes of the picked box.
MAX_PICK_DISTANCE = 0.5
# Seconds between a pick and the nearest sample of the face.
MAX_PICK_DELAY = 0.5
# Descriptors of a face that are needed to recognize it.
MIN_DESCRIPTORS = 3
# Share of them that must match the same person.
MIN_AGREEMENT = 0.9

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Identity:
    """The person of a face track, with the distance from their picture if recognized by it."""

    person: Person
    distance: float | None = None


# One of several people who all gave consent.
ANYONE = Person(name="?", consent=True)


def identify_tracks(
    tracks: FaceTracks,
    take: Path,
    people: Sequence[Person],
    references: Mapping[str, Descriptor],
    descriptors: FaceDescriptors,
    max_faces: int = 0,
) -> dict[int, Identity]:
    """The people of the face tracks that are identified without doubt, by column of `tracks`.

    The boxes of `tracks` are fractions of the complete picture of the take, with its bars.
    """
    identities: dict[int, Identity] = {}
    doubtful: set[int] = set()
    for column in range(tracks.boxes.shape[1]):
        match = _recognize(descriptors.of(column), references)
        picked = [person for person in people if _is_picked(tracks, column, take, person)]
        recognized = [person for person in people if match and person.name == match[0]]
        if len(recognized) == 1 and picked in ([], recognized):
            identities[column] = Identity(recognized[0], match[1] if match else None)
        elif len(picked) == 1 and not recognized:
            identities[column] = Identity(picked[0])
        elif picked or recognized:
            doubtful.add(column)
    in_take = [person for person in people if person.is_in(take)]
    can_recognize = any(p.name in references or p.picture or p.faces for p in in_take)
    # People without any place in the notes may be seen in any take.
    anywhere = [p for p in people if not (p.takes or p.faces or p.picture)]
    if in_take and not can_recognize and all(p.consent for p in [*in_take, *anywhere]):
        at_once = int((tracks.scores > 0).sum(1).max(initial=0))
        if max(at_once, max_faces) <= len(in_take):
            # All of them may be seen. A face has a name only if there is a single person.
            anyone = Identity(in_take[0] if len(in_take) == 1 else ANYONE)
            for column in range(tracks.boxes.shape[1]):
                if column not in doubtful:
                    identities.setdefault(column, anyone)
    return identities


def _recognize(
    descriptors: Array, references: Mapping[str, Descriptor]
) -> tuple[str, float] | None:
    """The name of the person with the face of `descriptors` (n, 128), and the median distance.

    None if there are too few descriptors or they disagree.
    """
    if len(descriptors) < MIN_DESCRIPTORS or not references:
        return None
    names = list(references)
    known = np.array([references[name] for name in names])
    distances = np.linalg.norm(descriptors[:, None] - known, axis=2)
    nearest = distances.argmin(1)
    best = int(np.bincount(nearest).argmax())
    matches = (nearest == best) & (distances[:, best] < MAX_SAME_DISTANCE)
    if matches.mean() < MIN_AGREEMENT:
        return None
    return names[best], float(np.median(distances[:, best]))


def _is_picked(tracks: FaceTracks, column: int, take: Path, person: Person) -> bool:
    """Whether one of the person's picks in the notes is the face of the track."""
    for pick in person.faces:
        if Path(pick.take).name != take.name or not len(tracks.times):
            continue
        nearest = int(np.abs(tracks.times - pick.at).argmin())
        box = tracks.boxes[nearest, column]
        distance = np.abs(box[:2] - np.array(pick.box[:2])) / np.maximum(pick.box[2:], 1e-6)
        is_near = abs(tracks.times[nearest] - pick.at) < MAX_PICK_DELAY
        if is_near and (distance <= MAX_PICK_DISTANCE).all():
            return True
    return False
