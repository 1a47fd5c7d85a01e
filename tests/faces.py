"""A face, drawn: takes in which it is known on every frame where it is."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.media.ffmpeg import ffmpeg_path

Picture = NDArray[np.uint8]
Box = tuple[float, float, float, float]
# Skin, hair and eyes; the looks of two people.
ANA = {"skin": (224, 180, 150), "hair": (60, 40, 30), "eyes": (60, 90, 60)}
BEN = {"skin": (150, 105, 80), "hair": (20, 16, 14), "eyes": (40, 25, 15)}
# The face in the drawing, forehead to chin, as (cx, cy, w, h) in fractions of it.
FACE = (0.5, 0.575, 0.56, 0.74)
SIDE = 320


def face(look: dict[str, tuple[int, int, int]] = ANA, beard: bool = False) -> Picture:
    """The head of somebody with that look, RGB (SIDE, SIDE, 3) on a grey ground."""
    skin, hair, eyes = (np.array(look[key], float) for key in ("skin", "hair", "eyes"))
    picture = np.full((500, 400, 3), (118, 122, 120), np.uint8)

    def oval(
        at: tuple[float, float], axes: tuple[float, float], colour: object, **arc: int
    ) -> None:
        place, size = (round(at[0]), round(at[1])), (round(axes[0]), round(axes[1]))
        shade = tuple(int(min(255.0, value)) for value in np.asarray(colour))
        cv2.ellipse(picture, place, size, 0, arc.get("start", 0), arc.get("end", 360), shade,
                    arc.get("thick", -1), cv2.LINE_AA)  # fmt: skip

    oval((200, 470), (150, 80), (70, 80, 140))
    oval((200, 380), (50, 80), skin * 0.8)
    oval((200, 205), (130, 165), hair)
    for step in range(30):
        size = 1 - step / 30
        oval((200 - 8 * (1 - size), 230 - 10 * (1 - size)), (112 * size, 148 * size),
             skin * (1 + 0.1 * (1 - size)))  # fmt: skip
    oval((200, 110), (110, 50), hair)
    if beard:
        oval((200, 320), (85, 60), hair)
        oval((200, 285), (75, 30), skin)
    for side in (-1, 1):
        x = 200 + 48 * side
        oval((x, 212), (34, 22), skin * 0.82)
        oval((x, 215), (25, 12), (245, 245, 240))
        oval((x, 215), (11, 11), eyes)
        oval((x, 215), (5, 5), (10, 10, 10))
        oval((x, 215), (26, 13), hair * 0.7, start=180, end=360, thick=4)
        oval((x, 190), (34, 12), hair, start=200, end=340, thick=9)
    oval((200, 262), (20, 14), skin * 0.82)
    oval((200, 258), (17, 12), skin * 1.04)
    for side in (-1, 1):
        oval((200 + 10 * side, 266), (5, 4), skin * 0.45)
    cv2.line(picture, (193, 215), (188, 255), tuple(int(v) for v in skin * 0.88), 4, cv2.LINE_AA)
    oval((200, 315), (42, 13), (150, 70, 75))
    oval((200, 313), (40, 3), (90, 35, 40))
    soft = cv2.GaussianBlur(picture[:400], (0, 0), 1.2)
    return np.asarray(cv2.resize(soft, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def ground(size: tuple[int, int]) -> Picture:
    """Something soft and coloured to stand before, RGB of `size` (width, height)."""
    patches = np.random.default_rng(1).integers(60, 190, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(patches, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def put(picture: Picture, head: Picture, left: float, top: float, side: float) -> Box | None:
    """Draws `head` into the picture, `side` pixels large; where its face then is, as (cx, cy, w, h)
    in fractions of the picture, None when nothing of it is in there."""
    high, wide = picture.shape[:2]
    move = np.array([[side / SIDE, 0, left], [0, side / SIDE, top]])
    flat = cv2.INTER_AREA if side < SIDE else cv2.INTER_LINEAR
    cv2.warpAffine(head, move, (wide, high), picture, flags=flat,
                   borderMode=cv2.BORDER_TRANSPARENT)  # fmt: skip
    x0, x1 = (left + side * (FACE[0] + s * FACE[2] / 2) for s in (-1, 1))
    y0, y1 = (top + side * (FACE[1] + s * FACE[3] / 2) for s in (-1, 1))
    x0, x1, y0, y1 = max(x0, 0.0), min(x1, wide), max(y0, 0.0), min(y1, high)
    if x1 <= x0 or y1 <= y0:
        return None
    return (x0 + x1) / 2 / wide, (y0 + y1) / 2 / high, (x1 - x0) / wide, (y1 - y0) / high


# What is drawn at a time in seconds: pictures of a head, each with its left, top and size in
# pixels. Scene = Callable[[float], Sequence[tuple[Picture, float, float, float]]]


# What is drawn at a time in seconds: heads, each with its left, top and side in pixels.
Scene = Callable[[float], Sequence[tuple[Picture, float, float, float]]]


def film(
    path: Path,
    scene: Scene,
    seconds: float,
    *,
    size: tuple[int, int] = (1280, 720),
    rate: int = 30,
    extra: Sequence[str] = (),
) -> list[list[Box]]:
    """Writes a take with sound; for each frame the boxes of the faces that are in it."""
    wide, high = size
    command = [
        ffmpeg_path(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{wide}x{high}", "-r", str(rate), "-i", "-",
        "-f", "lavfi", "-i", f"sine=f=220:d={seconds}", "-shortest",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "14", "-g", "30", *extra, str(path),
    ]  # fmt: skip
    truth: list[list[Box]] = []
    behind = ground(size)
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert child.stdin
    for number in range(round(seconds * rate)):
        picture = behind.copy()
        boxes = [put(picture, *each) for each in scene(number / rate)]
        truth.append([box for box in boxes if box])
        child.stdin.write(picture.tobytes())
    child.stdin.close()
    assert child.wait() == 0
    return truth


def back() -> Picture:
    """The same head from behind: no face, and all hair."""
    head = np.full((SIDE, SIDE, 3), (118, 122, 120), np.uint8)
    cv2.ellipse(head, (160, 170), (105, 132), 0, 0, 360, ANA["hair"], -1, cv2.LINE_AA)
    return head


HEAD, OTHER, BACK = face(), face(BEN), back()


def fast(t: float) -> Sequence[tuple[Picture, float, float, float]]:
    """To and fro, each way in 0.6 s, at most two and a third pictures wide a second."""
    return [(HEAD, 560 + 480 * math.sin(2 * math.pi * t / 1.2), 200, 160)]


def grows(t: float) -> Sequence[tuple[Picture, float, float, float]]:
    """Comes nearer: seven times as large in three seconds."""
    side = 70 + 140 * t
    return [(HEAD, 600 - side / 2, 340 - side / 2, side)]


def leaves(t: float) -> Sequence[tuple[Picture, float, float, float]]:
    """Out on the one side and, later, in again, and on to the other."""
    return [(HEAD, 100 + 1120 * abs(2 * ((t / 3) % 1) - 1), 250 + 60 * math.sin(4 * t), 150)]


def turns(t: float) -> Sequence[tuple[Picture, float, float, float]]:
    """Walks, and shows only the back of the head from 1.0 to 1.9 s."""
    return [(BACK if 1.0 < t < 1.9 else HEAD, 300 + 150 * t, 250 - 30 * t, 150)]


def meets(t: float) -> Sequence[tuple[Picture, float, float, float]]:
    """Two walk past each other, one before the other."""
    return [(HEAD, 300 + 100 * t, 250, 150), (OTHER, 900 - 100 * t, 260, 150)]


# By name, with their seconds.
SCENES: dict[str, tuple[Scene, float]] = {
    "fast": (fast, 3.0),
    "grows": (grows, 3.0),
    "leaves": (leaves, 6.0),
    "turns": (turns, 3.0),
    "meets": (meets, 6.0),
}
