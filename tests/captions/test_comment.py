"""The card of a viewer's comment: its layout and its pixels."""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pysubs2
import pytest
from caption_drawing import SECONDS, caption, clip_of, draw, look
from hypothesis import given, settings, strategies as st
from PIL import Image
from sample_texts import sample_texts

from btsclip.captions import ass_for, fonts_folder, overlays_for, place_captions, place_comment
from btsclip.captions.comment import CommentCard, comment_of, set_comment
from btsclip.captions.layout import layout_captions
from btsclip.captions.placement import BusyArea
from btsclip.captions.safezones import safe_box
from btsclip.captions.timing import reading_seconds
from btsclip.errors import CaptionError
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Clip
from btsclip.plan.texts import Comment
from btsclip.presets.schema import Preset

GOLDEN = Path(__file__).parent / "golden" / "comment.png"
AUTHORS = [
    "ana.cooks",
    "محمد الطباخ",
    "דנה",
    "小厨房",
    "𝓐𝓷𝓪 ✨",
    "🍕🍕",
    "",
    "W" * 60,
    "_",
    "김치왕",
]
DIFFICULT_TEXTS = [
    "how do you chop so fast?? 🔥😍", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "why " * 200, "哪" * 300, "ما هي درجة حرارة الفرن؟ " * 12, "👩🏽‍🍳" * 60, "?", "🔥", "Z̸̢̛͇͓̊̈́̈́ä̵̤͍́͌l̸̨̛͇̋g̵̭̈́o̶͍͐?",
    "{\\an8}{\\fs200}big\\N\\Nbreak", "%{localtime} ' : [a];[b] \\' drawtext=x",
    "a\u202egnorw\u202c",
]  # fmt: skip


def clip_with_comment(
    text: str, author: str = "ana", style: Preset | None = None, **changes: object
) -> Clip:
    style = style or look()
    comment = comment_of(text, author, style.captions.comment_style, SECONDS)
    return clip_of(*changes.pop("captions", ())).model_copy(  # type: ignore[arg-type,misc]
        update={"comment": comment.model_copy(update=changes)}
    )


def card_with(text: str, author: str = "ana", style: Preset | None = None) -> CommentCard:
    clip = clip_with_comment(text, author, style)
    assert clip.comment
    return set_comment(clip.comment, style or look())


def draw_all(comments: list[Comment], style: Preset, folder: Path) -> np.ndarray:
    """Each comment for half a second over green in one video: (n, height, width, 3)."""
    document = pysubs2.SSAFile()
    for number, comment in enumerate(comments):
        times = {"start": 0.0, "end": 0.5}
        clip = clip_of().model_copy(update={"comment": comment.model_copy(update=times)})
        single = pysubs2.SSAFile.from_string(ass_for(clip, style) or "")
        single.shift(s=number * 0.5)
        single.rename_style("Default", "unused") if "Default" in single.styles else None
        document.info.update(single.info)
        for name, ass_style in single.styles.items():
            document.styles[f"{name}x{number}"] = ass_style
        for event in single.events:
            event.style = f"{event.style}x{number}"
        document.events += single.events
    document.save(str(folder / "all.ass"))
    width, height = style.output.width, style.output.height
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x00A000:s={width}x{height}:d={len(comments) / 2}:r=4,format=rgb24", "-vf",
            f"ass=f=all.ass:fontsdir={fonts_folder(folder)},select=eq(mod(n\\,2)\\,1)",
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


@pytest.mark.slow
def test_hundred_cards_are_not_cut_off(tmp_path: Path) -> None:
    """Text keeps clear of the panel's edges, and the panel is in the safe box."""
    style = look(small=True, fade=0.0)
    still = style.captions.comment_style.model_copy(update={"fade": 0.0, "panel": "#FFFFFF"})
    captions = style.captions.model_copy(update={"comment_style": still})
    style = style.model_copy(update={"captions": captions})
    texts = [text for _, text in sample_texts(110)] + DIFFICULT_TEXTS
    authors = [AUTHORS[i % len(AUTHORS)] for i in range(len(texts))]
    comments = [comment_of(t, a, still, 60.0) for t, a in zip(texts, authors, strict=True)]
    frames = draw_all(comments, style, tmp_path)
    assert len(frames) == len(comments) > 110
    left, top, right, bottom = safe_box(style.output)
    for comment, frame in zip(comments, frames, strict=True):
        panel = set_comment(comment, style).block
        x0, x1 = panel.x - panel.width / 2, panel.x + panel.width / 2
        y0, y1 = panel.y, panel.y + panel.height
        assert left - 1 <= x0 and x1 <= right + 1 and top <= y0 and y1 <= bottom, comment.text
        # All pixels but the plain background.
        drawn = np.abs(frame.astype(int) - (0, 160, 0)).max(-1) > 0
        bright = frame[..., 0].astype(int) > 130
        rows, columns = np.nonzero(bright)
        assert abs(rows.min() - y0) <= 8 and abs(rows.max() - y1) <= 8, comment.text
        assert abs(columns.min() - x0) <= 8 and abs(columns.max() - x1) <= 8, comment.text
        inside = frame[round(y0) + 2 : round(y1) - 2, round(x0) + 2 : round(x1) - 2]
        edges = np.ones(inside.shape[:2], bool)
        margin = round(0.3 * panel.size)
        edges[margin:-margin, margin:-margin] = False
        corner = round(0.8 * panel.size)
        for row in (slice(corner), slice(-corner, None)):
            for column in (slice(corner), slice(-corner, None)):
                edges[row, column] = False
        assert inside[edges].min() > 225, f"{comment.text!r} reaches the panel's edge"
        assert drawn.any()


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=300), st.text(max_size=40), st.floats(0.012, 0.05))
def test_any_text_is_inside_the_safe_box_or_refused(text: str, author: str, size: float) -> None:
    base = look()
    sized = base.captions.comment_style.model_copy(update={"size": size})
    style = base.model_copy(
        update={"captions": base.captions.model_copy(update={"comment_style": sized})}
    )
    try:
        card = card_with(text, author, style)
    except CaptionError as error:
        assert any(w in str(error) for w in ("no font has", "nothing to draw", "larger than"))
        return
    left, top, right, bottom = safe_box(style.output)
    block = card.block
    assert left - 1 <= block.x - block.width / 2 and block.x + block.width / 2 <= right + 1
    assert top <= block.y and block.y + block.height <= bottom
    lines = [line for line in card.texts if line.size == block.size]
    assert 1 <= len(lines) <= sized.lines
    for line in card.texts:
        assert block.x - block.width / 2 <= line.x - line.width / 2 + 1
        assert line.x + line.width / 2 <= block.x + block.width / 2 + 1


def test_long_comment_is_cut_at_a_word_with_an_ellipsis() -> None:
    lines = [line.lines[0] for line in card_with("so many words to read here " * 30).texts[1:-1]]
    assert len(lines) == 4 and lines[-1].endswith("…")
    assert lines[-1].removesuffix("…").split()[-1] in ["so", "many", "words", "to", "read", "here"]
    assert not [line for line in card_with("short").texts if "…" in line.lines[0]]


def test_author_has_a_letter_and_always_the_same_color() -> None:
    for author, letter in (
        ("ana", "A"), ("@ben", "B"), ("✨zoë", "Z"), ("𝓐𝓷𝓪", "A"), ("小厨房", "小"), ("🍕", "🍕"),
        ("_", "_"), ("ßeta", "ß"), ("محمد", "م"),
    ):  # fmt: skip
        assert card_with("x", author).texts[-1].lines == (letter,), author
    assert card_with("x", "ana").color == card_with("y", "ana").color
    assert len({card_with("x", f"user{i}").color for i in range(40)}) == 6
    for no_author in ("", "   ", "\u0e01\u0e02"):
        assert (
            card_with("x", no_author).avatar is None and len(card_with("x", no_author).texts) == 1
        )


def test_cards_of_right_to_left_texts_are_mirrored() -> None:
    latin, hebrew = card_with("how long?", "ana"), card_with("כמה זמן?", "ana")
    assert latin.avatar and latin.avatar[0] < latin.block.x
    assert hebrew.avatar and hebrew.avatar[0] > hebrew.block.x


def test_misleading_characters_are_removed_and_missing_ones_named() -> None:
    def card_text(text: str) -> str:
        return " ".join(line.lines[0] for line in card_with(text, "").texts)

    assert card_text("a\u202egnorw\u202c b") == "agnorw b"
    assert card_text("𝓗𝓸𝔀 𝘧𝘢𝘴𝘵") == "How fast" and card_text("one\ntwo\x07") == "one two"
    assert len(card_text("e" + "\u0301" * 40)) <= 3
    with pytest.raises(CaptionError, match=r"no font has ก \(U\+0E01\)"):
        card_with("ก")
    with pytest.raises(CaptionError, match="nothing to draw"):
        card_with("\u200b \u202e")


def test_card_is_shown_for_the_time_it_takes_to_read() -> None:
    style = look().captions.comment_style
    text = "what temperature is the oven, and for how long do you bake the bread in it?"
    comment = comment_of(text, "ana", style, 30)
    assert comment.start == 0 and comment.end >= reading_seconds(f"ana {text}") + 0.5
    assert comment_of("?", "", style, 30).end == 2.0
    assert comment_of(text, "ana", style, 3.0).end == 3.0
    later = style.model_copy(update={"start": 1.0, "seconds": 2.5})
    assert (comment_of("?", "", later, 9).start, comment_of("?", "", later, 9).end) == (1.0, 3.5)
    with pytest.raises(CaptionError, match=r"comment 'x'.*starts at 9"):
        ass_for(clip_with_comment("x", start=9.0, end=10.0), look())


def test_captions_and_stickers_make_way_for_a_card() -> None:
    style = look()
    texts = [caption("This is how it's made"), caption("Kneaded by hand", "moment")]
    clip = clip_with_comment("how do you chop so fast?", captions=texts)
    block = card_with("how do you chop so fast?").block
    for blocks in (
        layout_captions(texts, style, [block]),
        layout_captions(place_captions(texts, style, [], [block]), style, [block]),
    ):
        assert all(b.y >= block.y + block.height or b.y + b.height <= block.y for b in blocks)
    assert "This is how" in (ass_for(clip, style) or "")
    with_sticker = clip_with_comment(
        "how do you chop so fast?", captions=[caption("🔥", "sticker")]
    )
    (sticker,) = (o for o in overlays_for(with_sticker, style) if o.start == 0)
    assert sticker.y >= block.y + block.height or sticker.x >= block.x + block.width / 2


def test_card_is_clear_of_hands_and_faces() -> None:
    style = look()
    comment = clip_with_comment("how do you chop so fast?").comment
    assert comment and place_comment(comment, style, []) == comment
    hands = [BusyArea(0, 4, (0.5, 0.15, 0.9, 0.3))]
    moved = place_comment(comment, style, hands)
    block = set_comment(moved, style).block
    assert moved.y and block.y > 0.3 * style.output.height
    assert place_comment(comment, style, [BusyArea(5, 6, hands[0].box)]) == comment


def test_card_rises_and_fades(tmp_path: Path) -> None:
    style, clip = look(small=True), clip_with_comment("how do you chop? 🔥")
    early, late = (draw(clip, style, tmp_path, at).astype(int) for at in (0.1, 1.0))
    tops = [np.nonzero(np.abs(f - f[0, 0]).max(-1) > 60)[0].min() for f in (early, late)]
    assert tops[0] > tops[1]
    (overlay,) = overlays_for(clip, style)
    assert overlay.rise > 0 and overlay.rise_seconds > 0 and overlay.fade > 0


def test_card_looks_as_before(tmp_path: Path) -> None:
    """Compare with a picture that people checked; BTSCLIP_GOLDEN=1 draws it again."""
    style, rows = look(small=True), []
    for text, author in (
        ("how do you chop so fast?? 🔥😍", "ana.cooks"), ("ما هي درجة حرارة الفرن؟", "محمد"),
        ("这个面团要醒多久？请问你用的是什么刀", "小厨房 🍜"),
        ("so long a question " * 20, "Zoë Müller"),
    ):  # fmt: skip
        rows.append(draw(clip_with_comment(text, author), style, tmp_path)[120:300])
    picture = np.concatenate(rows).astype(np.uint8)
    if os.environ.get("BTSCLIP_GOLDEN"):
        Image.fromarray(picture).save(GOLDEN)
    golden = np.asarray(Image.open(io.BytesIO(GOLDEN.read_bytes())).convert("RGB")).astype(int)
    difference = np.abs(golden - picture)
    assert difference.mean() < 0.6 and (difference.max(-1) > 60).mean() < 0.004


@pytest.mark.parametrize("text", DIFFICULT_TEXTS[-3:-1])
def test_commands_in_a_text_are_drawn_as_text(text: str) -> None:
    document = ass_for(clip_with_comment(text, "{\\fs400}ana"), look()) or ""
    drawn_texts = [e.text for e in pysubs2.SSAFile.from_string(document).events]
    # After an escaped brace the rest is letters.
    assert any("\\{\\\u2060fs400" in text for text in drawn_texts)
    assert not any(re.search(r"(?<!\\)\{\\(fs[24]00|an8)", text) for text in drawn_texts)
