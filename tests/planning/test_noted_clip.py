"""A noted step on the clips of its take, though the analysis saw another action."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_shoot import LOOK, part

from btsclip.batch.run import ExecutionOptions
from btsclip.plan.io import read_plan
from btsclip.planning.cut import cut, plan_footage
from btsclip.planning.request import ClipRequest, RenderOptions
from btsclip.reply.comments import ViewerComment
from btsclip.reply.make import make_replies, replies_json
from btsclip.story.make import StoryOptions as StoryAsked, make_story
from btsclip.takes.notes_template import write_notes_template

NOTES = """
[[steps]]
name = "Toss the noodles"
action = "toss"
take = "pot.mp4"
note = "So that each one is coated"
"""


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take of chopping, which the notes call tossing noodles."""
    folder = tmp_path_factory.mktemp("noodles")
    part(folder / "pot.mp4", 14, 23)
    (folder / "look.toml").write_text(LOOK.replace("honest-kitchen", "recipe-steps"))
    return folder


@pytest.mark.slow
def test_clip_shows_the_words_of_its_step(shoot: Path, tmp_path: Path) -> None:
    look, take = str(shoot / "look.toml"), shoot / "pot.mp4"
    (shoot / "shoot.toml").unlink(missing_ok=True)
    unnoted = plan_footage(
        [take], tmp_path / "none", look, ClipRequest(count=1), RenderOptions(dry_run=True)
    )
    # Without notes, the action is the one that was seen.
    assert [clip.action for clip in unnoted.plan.clips] == ["chop"]
    write_notes_template(shoot)
    assert 'action = "chop"  # a guess' in (shoot / "shoot.toml").read_text("utf-8")
    (shoot / "shoot.toml").write_text(NOTES)
    result = cut([take], tmp_path / "out", look, ClipRequest(count=1))
    (clip,) = read_plan(tmp_path / "out" / "plan.json").clips
    assert clip.action == "toss" and clip.title == "1. Toss the noodles"
    assert "the notes say toss, though it looked like chop" in clip.why
    assert [caption.text for caption in clip.captions] == [
        "1. Toss the noodles", "So that each one is coated",
    ]  # fmt: skip
    (rendered,) = result.clips
    sidecar = json.loads(rendered.sidecar.read_text("utf-8"))
    assert sidecar["action"] == "toss" and sidecar["title"] == "1. Toss the noodles"
    assert "Toss the noodles" in rendered.path.with_suffix(".srt").read_text("utf-8")
    assert "Chop" not in rendered.path.with_suffix(".vtt").read_text("utf-8")


@pytest.mark.slow
def test_comment_matches_the_noted_step(shoot: Path, tmp_path: Path) -> None:
    (shoot / "shoot.toml").write_text(NOTES)
    comments = [
        ViewerComment("how do you toss the noodles?"),
        ViewerComment("how do you chop so fast?"),
    ]
    result = make_replies(
        shoot,
        comments,
        tmp_path / "out",
        str(shoot / "look.toml"),
        ClipRequest(),
        count=2,
        options=RenderOptions(dry_run=True),
    )
    answers = replies_json(result)
    (answered,) = answers["replies"]
    assert answered["comment"] == comments[0].text and answered["action"] == "toss"
    assert "So that each one is coated" in [c.text for c in result.plan.clips[0].captions]
    assert [entry["comment"] for entry in answers["unanswered"]] == [comments[1].text]


@pytest.mark.slow
def test_story_shows_the_noted_step(shoot: Path, tmp_path: Path) -> None:
    (shoot / "shoot.toml").write_text(NOTES)
    result = make_story(
        shoot, tmp_path / "out", str(shoot / "look.toml"), ClipRequest(), StoryAsked(length=6.0),
        ExecutionOptions(jobs=1), RenderOptions(dry_run=True),
    )  # fmt: skip
    story = result.planned.story
    assert {span.cut.action for span in story.layout.spans if span.cut.kind == "process"} == {
        "toss"
    }
    (clip,) = result.planned.plan.clips
    texts = [caption.text for caption in clip.captions]
    assert "Toss the noodles" in texts or "So that each one is coated" in texts
    assert not any("chop" in text.lower() for text in texts)
