"""The card of a viewer's comment, as geometry and as pixels."""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pysubs2
import pytest
from captioned import SECONDS, caption, clip_of, drawn, look
from hypothesis import given, settings
from hypothesis import strategies as st
from made_texts import made_texts
from PIL import Image

from btsclip.captions import ass_for, fonts_folder, overlays_for, place_captions, place_comment
from btsclip.captions.comment import CommentCard, comment_of, set_comment
from btsclip.captions.layout import layout_captions
from btsclip.captions.placement import BusyArea
from btsclip.captions.safezones import safe_box
from btsclip.captions.timing import reading_seconds
from btsclip.errors import CaptionError
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Clip, Comment
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
HARD = [
    "how do you chop so fast?? 🔥😍", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "why " * 200, "哪" * 300, "ما هي درجة حرارة الفرن؟ " * 12, "👩🏽‍🍳" * 60, "?", "🔥", "Z̸̢̛͇͓̊̈́̈́ä̵̤͍́͌l̸̨̛͇̋g̵̭̈́o̶͍͐?",
    "{\\an8}{\\fs200}big\\N\\Nbreak", "%{localtime} ' : [a];[b] \\' drawtext=x",
    "a\u202egnorw\u202c",
]  # fmt: skip


def commented(text: str, author: str = "ana", style: Preset | None = None, **more: object) -> Clip:
    style = style or look()
    comment = comment_of(text, author, style.captions.comment_style, SECONDS)
    return clip_of(*more.pop("captions", ())).model_copy(  # type: ignore[arg-type,misc]
        update={"comment": comment.model_copy(update=more)}
    )


def card(text: str, author: str = "ana", style: Preset | None = None) -> CommentCard:
    clip = commented(text, author, style)
    assert clip.comment
    return set_comment(clip.comment, style or look())


def all_drawn(cards: list[Comment], style: Preset, folder: Path) -> np.ndarray:
    """Each comment half a second long over green in one film: (n, height, width, 3)."""
    document = pysubs2.SSAFile()
    for number, comment in enumerate(cards):
        times = {"start": 0.0, "end": 0.5}
        clip = clip_of().model_copy(update={"comment": comment.model_copy(update=times)})
        one = pysubs2.SSAFile.from_string(ass_for(clip, style) or "")
        one.shift(s=number * 0.5)
        one.rename_style("Default", "unused") if "Default" in one.styles else None
        document.info.update(one.info)
        for name, each in one.styles.items():
            document.styles[f"{name}x{number}"] = each
        for event in one.events:
            event.style = f"{event.style}x{number}"
        document.events += one.events
    document.save(str(folder / "all.ass"))
    wide, high = style.output.width, style.output.height
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x00A000:s={wide}x{high}:d={len(cards) / 2}:r=4,format=rgb24", "-vf",
            f"ass=f=all.ass:fontsdir={fonts_folder(folder)},select=eq(mod(n\\,2)\\,1)",
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, high, wide, 3)


def test_nothing_of_a_hundred_cards_is_cut_off(tmp_path: Path) -> None:
    """Text keeps clear of the panel's edges, the panel lies in the safe box, and emoji on it."""
    style = look(small=True, fade=0.0)
    still = style.captions.comment_style.model_copy(update={"fade": 0.0, "panel": "#FFFFFF"})
    captions = style.captions.model_copy(update={"comment_style": still})
    style = style.model_copy(update={"captions": captions})
    texts = [text for _, text in made_texts(110)] + HARD
    authors = [AUTHORS[i % len(AUTHORS)] for i in range(len(texts))]
    made = [comment_of(t, a, still, 60.0) for t, a in zip(texts, authors, strict=True)]
    frames = all_drawn(made, style, tmp_path)
    assert len(frames) == len(made) > 110
    left, top, right, bottom = safe_box(style.output)
    for comment, frame in zip(made, frames, strict=True):
        at = set_comment(comment, style).block
        x0, x1, y0, y1 = at.x - at.width / 2, at.x + at.width / 2, at.y, at.y + at.height
        assert left - 1 <= x0 and x1 <= right + 1 and top <= y0 and y1 <= bottom, comment.text
        # Whatever is neither the ground nor its shadow: the panel and all on it.
        seen = np.abs(frame.astype(int) - (0, 160, 0)).max(-1) > 0
        bright = frame[..., 0].astype(int) > 130
        rows, columns = np.nonzero(bright)
        assert abs(rows.min() - y0) <= 8 and abs(rows.max() - y1) <= 8, comment.text
        assert abs(columns.min() - x0) <= 8 and abs(columns.max() - x1) <= 8, comment.text
        inside = frame[round(y0) + 2 : round(y1) - 2, round(x0) + 2 : round(x1) - 2]
        edges = np.ones(inside.shape[:2], bool)
        margin = round(0.3 * at.size)
        edges[margin:-margin, margin:-margin] = False
        corner = round(0.8 * at.size)
        for row in (slice(corner), slice(-corner, None)):
            for column in (slice(corner), slice(-corner, None)):
                edges[row, column] = False
        assert inside[edges].min() > 225, f"{comment.text!r} reaches the panel's edge"
        assert seen.any()


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=300), st.text(max_size=40), st.floats(0.012, 0.05))
def test_any_text_is_set_inside_the_safe_box_or_named(text: str, author: str, size: float) -> None:
    base = look()
    sized = base.captions.comment_style.model_copy(update={"size": size})
    style = base.model_copy(
        update={"captions": base.captions.model_copy(update={"comment_style": sized})}
    )
    try:
        made = card(text, author, style)
    except CaptionError as error:
        assert any(w in str(error) for w in ("no font has", "nothing to draw", "larger than"))
        return
    left, top, right, bottom = safe_box(style.output)
    block = made.block
    assert left - 1 <= block.x - block.width / 2 and block.x + block.width / 2 <= right + 1
    assert top <= block.y and block.y + block.height <= bottom
    lines = [each for each in made.texts if each.size == block.size]
    assert 1 <= len(lines) <= sized.lines
    for each in made.texts:
        assert block.x - block.width / 2 <= each.x - each.width / 2 + 1
        assert each.x + each.width / 2 <= block.x + block.width / 2 + 1


def test_a_long_comment_ends_with_an_ellipsis_at_a_word() -> None:
    lines = [each.lines[0] for each in card("so many words to read here " * 30).texts[1:-1]]
    assert len(lines) == 4 and lines[-1].endswith("…")
    assert lines[-1].removesuffix("…").split()[-1] in ["so", "many", "words", "to", "read", "here"]
    assert not [each for each in card("short").texts if "…" in each.lines[0]]


def test_an_author_has_a_letter_and_always_the_same_colour() -> None:
    for author, letter in (
        ("ana", "A"), ("@ben", "B"), ("✨zoë", "Z"), ("𝓐𝓷𝓪", "A"), ("小厨房", "小"), ("🍕", "🍕"),
        ("_", "_"), ("ßeta", "ß"), ("محمد", "م"),
    ):  # fmt: skip
        assert card("x", author).texts[-1].lines == (letter,), author
    assert card("x", "ana").colour == card("y", "ana").colour
    assert len({card("x", f"user{i}").colour for i in range(40)}) == 6
    for nobody in ("", "   ", "\u0e01\u0e02"):
        assert card("x", nobody).avatar is None and len(card("x", nobody).texts) == 1


def test_cards_of_texts_from_the_right_are_mirrored() -> None:
    there, here = card("how long?", "ana"), card("כמה זמן?", "ana")
    assert there.avatar and there.avatar[0] < there.block.x
    assert here.avatar and here.avatar[0] > here.block.x


def test_what_would_mislead_is_taken_away_and_what_cannot_be_drawn_named() -> None:
    def shown(text: str) -> str:
        return " ".join(each.lines[0] for each in card(text, "").texts)

    assert shown("a\u202egnorw\u202c b") == "agnorw b"
    assert shown("𝓗𝓸𝔀 𝘧𝘢𝘴𝘵") == "How fast" and shown("one\ntwo\x07") == "one two"
    assert len(shown("e" + "\u0301" * 40)) <= 3
    with pytest.raises(CaptionError, match=r"no font has ก \(U\+0E01\)"):
        card("ก")
    with pytest.raises(CaptionError, match="nothing to draw"):
        card("\u200b \u202e")


def test_it_is_shown_for_as_long_as_reading_takes() -> None:
    style = look().captions.comment_style
    text = "what temperature is the oven, and for how long do you bake the bread in it?"
    made = comment_of(text, "ana", style, 30)
    assert made.start == 0 and made.end >= reading_seconds(f"ana {text}") + 0.5
    assert comment_of("?", "", style, 30).end == 2.0
    assert comment_of(text, "ana", style, 3.0).end == 3.0
    later = style.model_copy(update={"start": 1.0, "seconds": 2.5})
    assert (comment_of("?", "", later, 9).start, comment_of("?", "", later, 9).end) == (1.0, 3.5)
    with pytest.raises(CaptionError, match=r"comment 'x'.*starts at 9"):
        ass_for(commented("x", start=9.0, end=10.0), look())


def test_captions_and_stickers_make_way_for_it() -> None:
    style = look()
    texts = [caption("This is how it's made"), caption("Kneaded by hand", "moment")]
    clip = commented("how do you chop so fast?", captions=texts)
    block = card("how do you chop so fast?").block
    for each in (
        layout_captions(texts, style, [block]),
        layout_captions(place_captions(texts, style, [], [block]), style, [block]),
    ):
        assert all(b.y >= block.y + block.height or b.y + b.height <= block.y for b in each)
    assert "This is how" in (ass_for(clip, style) or "")
    stuck = commented("how do you chop so fast?", captions=[caption("🔥", "sticker")])
    (sticker,) = (o for o in overlays_for(stuck, style) if o.start == 0)
    assert sticker.y >= block.y + block.height or sticker.x >= block.x + block.width / 2


def test_it_stands_clear_of_hands_and_faces() -> None:
    style = look()
    comment = commented("how do you chop so fast?").comment
    assert comment and place_comment(comment, style, []) == comment
    hands = [BusyArea(0, 4, (0.5, 0.15, 0.9, 0.3))]
    moved = place_comment(comment, style, hands)
    block = set_comment(moved, style).block
    assert moved.y and block.y > 0.3 * style.output.height
    assert place_comment(comment, style, [BusyArea(5, 6, hands[0].box)]) == comment


def test_it_rises_and_fades(tmp_path: Path) -> None:
    style, clip = look(small=True), commented("how do you chop? 🔥")
    early, late = (drawn(clip, style, tmp_path, at).astype(int) for at in (0.1, 1.0))
    tops = [np.nonzero(np.abs(f - f[0, 0]).max(-1) > 60)[0].min() for f in (early, late)]
    assert tops[0] > tops[1]
    (overlay,) = overlays_for(clip, style)
    assert overlay.rise > 0 and overlay.rise_seconds > 0 and overlay.fade > 0


def test_the_card_looks_as_it_did(tmp_path: Path) -> None:
    """BTSCLIP_GOLDEN=1 writes the picture anew."""
    style, rows = look(small=True), []
    for text, author in (
        ("how do you chop so fast?? 🔥😍", "ana.cooks"), ("ما هي درجة حرارة الفرن؟", "محمد"),
        ("这个面团要醒多久？请问你用的是什么刀", "小厨房 🍜"),
        ("so long a question " * 20, "Zoë Müller"),
    ):  # fmt: skip
        rows.append(drawn(commented(text, author), style, tmp_path)[120:300])
    shown = np.concatenate(rows).astype(np.uint8)
    if os.environ.get("BTSCLIP_GOLDEN"):
        Image.fromarray(shown).save(GOLDEN)
    golden = np.asarray(Image.open(io.BytesIO(GOLDEN.read_bytes())).convert("RGB")).astype(int)
    difference = np.abs(golden - shown)
    assert difference.mean() < 0.6 and (difference.max(-1) > 60).mean() < 0.004


@pytest.mark.parametrize("text", HARD[-3:-1])
def test_commands_in_a_text_are_text(text: str) -> None:
    document = ass_for(commented(text, "{\\fs400}ana"), look()) or ""
    drawn_texts = [e.text for e in pysubs2.SSAFile.from_string(document).events]
    # The brace is escaped, so what follows it is letters.
    assert any("\\{\\\u2060fs400" in each for each in drawn_texts)
    assert not any(re.search(r"(?<!\\)\{\\(fs[24]00|an8)", each) for each in drawn_texts)
