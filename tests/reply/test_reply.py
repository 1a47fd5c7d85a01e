"""Replies to comments, from a small shoot with known contents."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import media
import numpy as np
import pytest
import result
from plans import with_first
from schemas import check_schema
from small_shoot import LOOK, look, part
from spoken_takes import SPOKEN, tiny_model

from btsclip.captions.comment import set_comment
from btsclip.captions.placement import covered_share
from btsclip.errors import CaptionError, NothingFound, OutputError
from btsclip.intervals import overlap
from btsclip.media.probing import probe
from btsclip.moments.select import find_candidates
from btsclip.plan.io import read_plan, write_plan
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption
from btsclip.planning.framing import busy_areas_of_clip
from btsclip.planning.request import ClipRequest, RenderOptions
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.reply import make as work
from btsclip.reply.answer import answer
from btsclip.reply.comments import ViewerComment
from btsclip.reply.match import CommentMatch
from btsclip.reply.result import RepliesJson
from btsclip.story.why import card_of

WHY = "We knead for ten minutes by hand, because a mixer warms the dough and then it tears."
NOTES = f"""
dish = "Focaccia"
notes = ["The tray goes into the oven at 250 °C."]

[[steps]]
name = "Knead the dough"
action = "knead"
take = "first.mp4"
note = "{WHY}"

[[steps]]
name = "Cut the carrot"
take = "board.mp4"
note = "Thin ones cook evenly"
"""


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kneading, then cutting and a spoon that falls, then stirring; with notes."""
    folder = tmp_path_factory.mktemp("day") / "saturday's dough 🍞"
    folder.mkdir()
    part(folder / "first.mp4", 5, 14, created="2026-11-01T08:00:00Z")
    part(folder / "board.mp4", 14, 23, created="2026-11-01T09:00:00Z")
    part(folder / "spoon.mp4", 23, 30, created="2026-11-01T09:30:00Z")
    part(folder / "pot.mp4", 30, 38, created="2026-11-01T10:00:00Z")
    (folder / "shoot.toml").write_text(NOTES, "utf-8")
    look(folder)
    return folder


def replied(shoot: Path, *comments: ViewerComment, **more: object) -> work.Replies:
    out = more.pop("out", shoot.parent / "none")
    preset = (shoot if shoot.is_dir() else shoot.parent) / str(more.pop("preset", "look.toml"))
    options = RenderOptions(dry_run=bool(more.pop("dry_run", True)))
    return work.make_replies(
        shoot, comments, out, str(preset), ClipRequest(), options=options, **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("comment", "take"),
    [
        ("why do you knead by hand?", "first.mp4"), ("¿por qué amasas a mano?", "first.mp4"),
        ("do you ever use a mixer", "first.mp4"),
        ("how do you cut the carrots so thin", "board.mp4"),
        ("wie schneidest du die?", "board.mp4"), ("did you drop something? 😂", "spoon.mp4"),
        ("c'est tombé ??", "spoon.mp4"),
    ],
)  # fmt: skip
def test_comment_is_answered_by_its_moment(comment: str, take: str, shoot: Path) -> None:
    replies = replied(shoot, ViewerComment(comment, "ana"))
    (clip,) = replies.plan.clips
    assert Path(clip.spans[0].source).name == take
    assert clip.comment and clip.comment.text == comment and clip.comment.author == "ana"
    assert not [c for c in clip.captions if c.role == "hook"]
    assert clip.evidence["answer_sure"] >= 0.55 and "answers" in clip.why


@pytest.mark.slow
@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("what song is this", "'what song is this': no footage answers this; write what is shown"),
        ("what temperature is the oven", "a note says 'The tray goes into the oven at 250 °C.'"),
        ("how long do you cut the carrots", r"nearest is board.mp4 .*0\.\d+ sure where 0.55"),
        ("so good!!", "asks nothing that footage shows"),
    ],
)
def test_comment_without_an_answer_is_refused(comment: str, says: str, shoot: Path) -> None:
    with pytest.raises(NothingFound, match=says) as caught:
        replied(shoot, ViewerComment(comment))
    assert caught.value.exit_code == 3 and not (shoot.parent / "none").exists()


@pytest.mark.slow
def test_reply_is_rendered_with_its_comment_and_note(shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    replies = replied(
        shoot, ViewerComment("how do you cut the carrot?", "%{ana}' 🔥"), out=out, dry_run=False
    )
    (clip,) = replies.clips
    assert read_plan(out / "reply.json").clips == replies.plan.clips
    assert sorted(p.suffix for p in out.iterdir()) == [
        ".jpg", ".json", ".json", ".mp4", ".srt", ".vtt",
    ]  # fmt: skip
    texts = [c.text for c in clip.clip.captions]
    comment, preset = clip.clip.comment, load_preset(str(shoot / "look.toml"))
    assert "Thin ones cook evenly" in texts and comment
    card = set_comment(comment, preset)
    frames = result.pictures(clip.path, preset.output)
    at = (slice(int(card.block.y) + 4, int(card.block.y + card.block.height) - 4),
          slice(int(card.block.x - card.block.width / 2) + 4,
                int(card.block.x + card.block.width / 2) - 4))  # fmt: skip
    shown, gone = frames[int(comment.end / 2 * 30)][at], frames[int(comment.end * 30) + 2][at]
    assert np.median(shown.min(-1)) > 225 and np.median(gone.min(-1)) < 225
    with pytest.raises(OutputError, match=r"reply\.json: already exists"):
        replied(shoot, ViewerComment("how do you cut the carrot?"), out=out, dry_run=False)


@pytest.mark.slow
def test_long_note_is_a_card_after_the_comment(shoot: Path, tmp_path: Path) -> None:
    longer = LOOK.replace("target = 3.0", "target = 7.0").replace("max = 4.0", "max = 9.0")
    (shoot / "longer.toml").write_text(longer)
    asked = ViewerComment("why knead by hand?")
    replies = replied(shoot, asked, out=tmp_path, dry_run=False, preset="longer.toml")
    (clip,) = replies.plan.clips
    first, second = clip.spans
    assert clip.comment
    assert second.card and second.card.text == WHY
    assert second.start == first.end
    assert first.seconds == pytest.approx(clip.comment.end, abs=0.05)
    assert not [c for c in clip.captions if c.role == "moment"]
    # The cover shows the work and not the card.
    assert any(s.cover is not None and s.start <= s.cover <= s.end for s in clip.spans)
    assert probe(replies.clips[0].path).duration == pytest.approx(clip.seconds_in_all, abs=0.1)
    (short,) = replied(shoot, asked).plan.clips
    assert len(short.spans) == 1 and short.warnings
    assert short.captions[0].text.removesuffix("…").rstrip() in WHY


@pytest.mark.slow
def test_clips_of_a_plan_can_answer(shoot: Path, tmp_path: Path) -> None:
    first = replied(shoot, ViewerComment("how do you cut the carrot?"))
    source = first.plan.clips[0].model_copy(
        update={
            "id": "mine", "comment": None,
            "captions": [Caption(text="Julienne of parsnip", start=0, end=2)],
        }
    )  # fmt: skip
    relative = Path(source.spans[0].source).name
    moved = with_first(source, source=relative)
    sources = [s.model_copy(update={"path": relative}) for s in first.plan.sources]
    plan = first.plan.model_copy(update={"clips": [moved], "sources": sources})
    write_plan(plan, shoot / "mine.json")
    replies = replied(shoot / "mine.json", ViewerComment("is that parsnip?"), out=tmp_path / "o")
    (clip,) = replies.plan.clips
    assert (
        clip.id == "reply-is-that-parsnip"
        and Path(clip.spans[0].source) == shoot.resolve() / relative
    )
    assert clip.spans[0].crop == source.spans[0].crop and clip.comment
    (shoot / "mine.json").unlink()


@pytest.mark.slow
def test_similar_questions_are_answered_once_and_counted(shoot: Path) -> None:
    comments = [
        ViewerComment("how do you cut the carrot", "ana", 2),
        ViewerComment("how do you cut carrots??", "ben", 7),
        ViewerComment("why by hand and no mixer", "cat", 1),
        ViewerComment("what song is this", "dan", 90),
        ViewerComment("did you drop it", "eve", 3),
        ViewerComment("wow", "fay", 4),
        ViewerComment("ก cut ก", "gil", 0),
    ]
    result_json = work.replies_json(replied(shoot, *comments, count=2))
    check_schema(RepliesJson, result_json)
    assert [(e["comment"], e["asked"], e["likes"]) for e in result_json["replies"]] == [
        ("how do you cut carrots??", 2, 9), ("did you drop it", 1, 3),
    ]  # fmt: skip
    assert result_json["silent"] == 1 and result_json["replies"][0]["author"] == "ben"
    why = {question["comment"]: question["why"] for question in result_json["unanswered"]}
    assert why["what song is this"] == "no footage answers this"
    assert "--count" in why["why by hand and no mixer"]
    all_replies = work.replies_json(replied(shoot, *comments, count=9))
    why = {question["comment"]: question["why"] for question in all_replies["unanswered"]}
    assert "can't be drawn" in why["ก cut ก"]
    with pytest.raises(CaptionError, match=r"U\+0E01"):
        replied(shoot, ViewerComment("ก cut ก"))


def clip_for(seconds: float, *captions: Caption) -> Clip:
    return Clip(
        id="c", kind="process", score=1, why="work",
        spans=[Span(source="a", start=10, end=10 + seconds, layout="fit-blur", cover=12.0)],
        captions=list(captions),
    )  # fmt: skip


@pytest.mark.parametrize("seconds", [3.0, 4.5, 6.0, 9.0, 20.0])
@pytest.mark.parametrize("note", ["", "So it melts", WHY, WHY * 4])
def test_texts_of_an_answer_do_not_overlap(
    seconds: float, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another test covers hands.
    monkeypatch.setattr("btsclip.reply.answer.busy_areas_of_clip", lambda *_: [])
    lines = [
        Caption(text="A hook", start=0, end=2, role="hook"),
        Caption(text="said first", start=0.2, end=1.4, role="speech"),
        Caption(text="said last", start=2.0, end=2.9, role="speech"),
    ]
    preset: Preset = load_preset("honest-kitchen")
    match = CommentMatch(0, 0.9, ("note",))
    answered = answer(
        clip_for(seconds, *lines), ViewerComment("why so small?", "ana"), note, match, {}, preset
    )
    comment, texts = answered.comment, answered.captions
    assert comment and comment.end <= answered.seconds_shown + 1e-6
    assert all(c.end <= answered.seconds_shown + 1e-6 and c.role != "hook" for c in texts)
    times = [(c.start, c.end) for c in texts if c.role == "moment"]
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(times))
    assert sum(span.duration for span in answered.spans) == pytest.approx(seconds)
    cards = [span.card for span in answered.spans if span.card]
    written = " ".join(c.text for c in texts if c.role == "moment")
    if note and cards:
        assert note.startswith(cards[0].text.removesuffix("…")) and not written
        opens = comment.end
        assert not [c for c in texts if c.start < opens + cards[0].seconds - 1e-6 and c.end > opens]
    elif note:
        assert written.removesuffix("…")[:8] in note
    assert any(span.cover == 12.0 for span in answered.spans)
    speech = [c for c in texts if c.role == "speech"]
    assert not any(overlap(a, b) for a in speech for b in texts if a is not b)


def test_single_replies_have_their_own_folders() -> None:
    fast, why = (
        work.default_folder([ViewerComment("How fast?")]),
        work.default_folder([ViewerComment("Why?")]),
    )
    assert fast == Path("replies/how-fast") and why != fast
    assert work.default_folder([ViewerComment("a"), ViewerComment("b")]) == Path("replies")


def test_comments_in_other_letters_have_their_own_folders() -> None:
    texts = ["لماذا ترتاح العجينة؟", "なぜ休ませるの", "Warum ruht der Teig?", "why rest"]
    folders = [work.default_folder([ViewerComment(text, "")]).name for text in texts]
    assert len(set(folders)) == 4 and folders[3] == "why-rest"
    long = "why do you let it rest for so very long before you "
    assert work.default_folder([ViewerComment(long + "a", "")]) != work.default_folder(
        [ViewerComment(long + "b", "")]
    )


def test_possible_injury_is_no_answer(shoot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def marked(*given: Any) -> Any:
        cuts, refused = find_candidates(*given)
        hurt = [replace(c, danger="may be an injury") if c.kind == "mishap" else c for c in cuts]
        return hurt, refused

    monkeypatch.setattr("btsclip.reply.sources.find_candidates", marked)
    with pytest.raises(NothingFound):
        replied(shoot, ViewerComment("did you drop something? 😂"))


def test_busy_areas_follow_hands_on_the_screen(shoot: Path) -> None:
    preset = load_preset(str(shoot / "look.toml"))
    (clip,) = replied(shoot, ViewerComment("how do you cut the carrot?")).plan.clips
    (span,) = clip.spans
    footage = {span.source: probe(span.source)}
    seen = busy_areas_of_clip(clip, footage, preset)
    assert seen and all(0 <= b.start < b.end <= span.seconds + 0.5 for b in seen)
    assert all(0 <= b.box[i] <= 1 for b in seen for i in range(4))
    carded = span.model_copy(update={"card": card_of("Why")})
    after = clip.model_copy(update={"spans": [carded, span]})
    later = busy_areas_of_clip(after, footage, preset)
    assert len(later) == 2 * len(seen)
    shift = card_of("Why").seconds
    assert [b.start for b in later[: len(seen)]] == pytest.approx([b.start + shift for b in seen])
    assert later[len(seen)].start == pytest.approx(seen[0].start + shift + span.seconds)
    block = set_comment(clip.comment, preset).block if clip.comment else None
    assert block and covered_share(block, [b for b in seen if b.start < 2], preset) < 0.5


@pytest.mark.slow
def test_speech_can_answer(shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BTSCLIP_WHISPER", str(tiny_model()))
    take = tmp_path / "told.mp4"
    media.ffmpeg(
        "-i", shoot / "first.mp4", "-ss", "0.5", "-i", SPOKEN, "-map", "0:v", "-map", "1:a",
        "-af", "volume=24dB", "-c:v", "copy", "-c:a", "aac", "-t", "9", take,
    )  # fmt: skip
    asked = [ViewerComment("why do you wait twenty minutes?")]
    place = tmp_path / "out", str(shoot / "look.toml")
    with pytest.raises(NothingFound):
        work.make_replies(take, asked, *place, ClipRequest(), options=RenderOptions(dry_run=True))
    replies = work.make_replies(
        take,
        asked,
        *place,
        ClipRequest(speech=True, language="en"),
        options=RenderOptions(dry_run=True),
    )
    (reply,) = replies.replies
    assert reply.match and "speech" in reply.match.by and reply.clip
    assert any(c.role == "speech" for c in reply.clip.captions)
