"""The pieces of all takes in the order in which they happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from btsclip.moments.select import Cut
from btsclip.story.order import TakeOrder, When
from btsclip.story.pieces import STILL, StoryPiece

# From this part of the shoot on, 0 to 1, a quiet picture may be of the finished dish.
LATE = 0.5
# Correlation of two small pictures from which on they are of one scene, however the light changed.
SAME_SCENE = 0.9


@dataclass(frozen=True)
class OrderedPiece:
    """A piece at its time, with the place of it in the shoot's footage, 0 to 1."""

    piece: StoryPiece
    when: When
    place: float


def order_pieces(pieces: Sequence[StoryPiece], order: TakeOrder) -> list[OrderedPiece]:
    """`pieces` in the order in which they happened, each with the figure `change`: how much its
    picture differs from that of the piece before it.

    Quiet pictures without people are the finished dish only late in the shoot and after work, be
    it in other takes; before that they show things.
    """
    timed = [(order.when(piece.cut.footage, piece.cut.start), piece) for piece in pieces]
    timed.sort(key=lambda each: (each[0], str(each[1].cut.footage.path), each[1].cut.start))
    takes = list(dict.fromkeys(piece.cut.footage for _, piece in timed))
    takes.sort(key=lambda footage: order.when(footage, 0.0))
    whole = sum(take.duration for take in takes)
    before, passed = {}, 0.0
    for take in takes:
        before[take.path], passed = passed, passed + take.duration
    made: list[OrderedPiece] = []
    for when, piece in timed:
        cut = piece.cut
        last = made[-1].piece.cut.thumb if made else cut.thumb
        change = 0.0 if last.shape != cut.thumb.shape else float(np.abs(last - cut.thumb).mean())
        figures = piece.figures | {"change": round(change, 2)}
        middle = before[cut.footage.path] + (cut.start + cut.end) / 2
        place = middle / max(whole, 1e-9)
        if cut.kind in STILL:
            worked = any(each.piece.cut.kind == "process" for each in made)
            cut = replace(cut, kind="reveal" if worked and place >= LATE else "idle")
        made.append(OrderedPiece(replace(piece, cut=cut, figures=figures), when, place))
    return made


def one_scene(a: Cut, b: Cut) -> bool:
    """Whether two pictures show the same scene, such as a room that the camera drifts through."""
    if a.thumb.shape != b.thumb.shape:
        return False
    first, second = a.thumb - a.thumb.mean(), b.thumb - b.thumb.mean()
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return size > 0 and float((first * second).sum()) / size >= SAME_SCENE
