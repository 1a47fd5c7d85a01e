"""Lines beside the tables."""

from __future__ import annotations

import pytest

from btsclip.cli.tables import print_text_hint
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.plan.texts import Caption


def plan(preset: str, *texts: list[Caption]) -> CutPlan:
    span = Span(source="/a.mp4", start=0, end=5, layout="fit-blur")
    clips = [
        Clip(id=f"c{i}", kind="process", score=1, why="", spans=[span], captions=captions)
        for i, captions in enumerate(texts)
    ]
    return CutPlan(preset=preset, sources=[Source(path="/a.mp4", size=1, duration=9)], clips=clips)


HOOK = Caption(text="Bread", start=0, end=2, role="hook")


@pytest.mark.parametrize(
    ("made", "hint"),
    [
        (plan("honest-kitchen", [], [HOOK], []), "2 clips without text: nothing is known"),
        (plan("honest-kitchen", []), "1 clip without text: nothing is known about it."),
        (plan("honest-kitchen", [HOOK]), ""),
        # Without texts by choice.
        (plan("asmr-no-text", []), ""),
    ],
)
def test_clips_without_text_come_with_a_hint(
    made: CutPlan, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_text_hint(made)
    shown = capsys.readouterr()
    assert shown.out == ""
    said = " ".join(shown.err.split())
    assert said.startswith(hint) and bool(said) == bool(hint)
    assert not hint or ("--hook" in said and "shoot init" in said and "review" in said)
