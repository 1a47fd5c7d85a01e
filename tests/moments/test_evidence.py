"""The sentences for the figures of a moment."""

from btsclip.moments.evidence import describe_evidence

FIGURES = {
    "hands": 0.0, "hands_share": 0.0, "motion": 0.2, "camera": 0.0, "rhythm": 0.0, "strokes": 0.0,
    "onsets": 0.0, "sizzle": 0.0, "voice": 0.0,
}  # fmt: skip


def test_hands_without_palms_are_likely_from_the_scene() -> None:
    assert describe_evidence(FIGURES, 4.0).startswith("no hands seen, ")
    assert describe_evidence({**FIGURES, "hand_belief": 0.2}, 4.0).startswith("no hands seen, ")
    gloved = describe_evidence({**FIGURES, "hand_belief": 0.9}, 4.0)
    assert gloved.startswith("hands likely in the picture, ") and "no hands" not in gloved
    bare = describe_evidence({**FIGURES, "hands": 2.0, "hands_share": 0.5, "hand_belief": 0.9}, 4.0)
    assert bare.startswith("two hands seen for 2.0 of 4.0 s")


def test_voice_without_hands_does_not_mention_hands() -> None:
    assert describe_evidence(FIGURES, 4.0, "why").startswith("somebody speaks, no hands seen")
    shown = describe_evidence({**FIGURES, "hand_belief": 0.9}, 4.0, "why")
    assert shown.startswith("somebody speaks while hands rest or show something, hands likely")
