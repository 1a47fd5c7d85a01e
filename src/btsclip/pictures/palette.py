"""Colors of the pictures. White text on the color of a kind, and all text on its ground, has a
contrast of at least 4.5 (WCAG 2.2, success criterion 1.4.3). Color is never the only sign of a
kind."""

from __future__ import annotations

GROUND = "#f3f5f8"
CARD = "#ffffff"
RULE = "#d9dfe7"
INK = "#111827"
SOFT_INK = "#525d6e"
GRID = "#e6eaf0"
WHITE = "#ffffff"

KINDS = {
    "process": "#0f766e",
    "mishap": "#c2410c",
    "people": "#7c3aed",
    "why": "#1d4ed8",
    "reveal": "#be185d",
    "idle": "#64748b",
}

BELIEF = "#7fc4bb"
BELIEF_LINE = "#0f766e"
BELIEF_IDLE = "#c3cbd6"
HANDS = "#8fd0f5"
HANDS_LINE = "#0369a1"
MOTION = "#f5c86b"
MOTION_LINE = "#92590a"
CAMERA = "#64748b"
SOUND = "#a5abf3"
ONSET = "#4338ca"
STRIPS = {
    "rhythm": "#0f766e",
    "voice": "#1d4ed8",
    "sizzle": "#b45309",
    "clatter": "#c2410c",
    "faces": "#7c3aed",
}
BORDER = "#475569"
# Visible on bright and on dark food.
BOX = "#ffd60a"
BOX_EDGE = "#111827"


def kind_color(kind: str) -> str:
    """The color of a kind of moment; gray for an unknown kind."""
    return KINDS.get(kind, KINDS["idle"])
