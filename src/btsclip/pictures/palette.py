"""Colours. White text on a kind's colour, and all text on its ground, has a contrast of 4.5 or more
(WCAG 2.2, success criterion 1.4.3); no kind is told by its colour alone."""

from __future__ import annotations

GROUND, CARD, RULE = "#f3f5f8", "#ffffff", "#d9dfe7"
INK, SOFT_INK, GRID = "#111827", "#525d6e", "#e6eaf0"
WHITE = "#ffffff"

KINDS = {
    "process": "#0f766e",
    "mishap": "#c2410c",
    "people": "#7c3aed",
    "why": "#1d4ed8",
    "reveal": "#be185d",
    "idle": "#64748b",
}

BELIEF, BELIEF_LINE, BELIEF_IDLE = "#7fc4bb", "#0f766e", "#c3cbd6"
HANDS, HANDS_LINE = "#8fd0f5", "#0369a1"
MOTION, MOTION_LINE, CAMERA = "#f5c86b", "#92590a", "#64748b"
SOUND, ONSET = "#a5abf3", "#4338ca"
STRIPS = {
    "rhythm": "#0f766e",
    "voice": "#1d4ed8",
    "sizzle": "#b45309",
    "clatter": "#c2410c",
    "faces": "#7c3aed",
}
BORDER = "#475569"
# Readable before bright and dark food alike.
BOX, BOX_EDGE = "#ffd60a", "#111827"


def kind_color(kind: str) -> str:
    """The colour of a kind of moment; grey for one that is not known here."""
    return KINDS.get(kind, KINDS["idle"])
