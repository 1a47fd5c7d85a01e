"""A preset's watermark, end card, backdrop and cover, in pixels and samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from media import Media
from PIL import Image
from plans import with_first
from result import PRESET, beep_time, flash_time, loudness, pictures, plan_of, quadrants, samples

from btsclip.captions.safezones import safe_box
from btsclip.errors import PresetError
from btsclip.plan.texts import Caption, EndCard
from btsclip.presets import schema
from btsclip.presets.schema import Preset
from btsclip.render import render
from btsclip.render.color import yuv
from btsclip.render.preview import render_preview
from btsclip.render.timeline import still_frame

FPS = PRESET.output.fps
WIDTH, HEIGHT = PRESET.output.width, PRESET.output.height
PINK = (230, 60, 160)


def look(**tables: object) -> Preset:
    return PRESET.model_copy(update=tables)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """Pink on the left, transparent on the right, 2:1."""
    picture = Image.new("RGBA", (200, 100), (*PINK, 0))
    picture.paste((*PINK, 255), (0, 0, 100, 100))
    picture.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


@pytest.mark.parametrize("place", ["top-left", "bottom-right"])
def test_watermark_is_in_its_corner_during_the_clip(
    place: str, logo: Path, media: Media, tmp_path: Path
) -> None:
    mark = schema.Watermark(image=str(logo), width=0.3, place=place, opacity=1.0)
    plan = plan_of(media("one_second.mp4"), end_card=EndCard(seconds=0.5))
    made = render(plan, look(watermark=mark), tmp_path / "a")[0]
    frames = pictures(made.path).astype(int)
    left, top, right, bottom = safe_box(PRESET.output)
    width, height = round(0.3 * WIDTH), round(0.15 * WIDTH)
    x, y = (left, top) if place == "top-left" else (right - width, bottom - height)
    for frame in (frames[0], frames[25], frames[-1]):
        inner = frame[y + 4 : y + height - 4, x + 4 : x + width // 2 - 4]
        assert np.abs(inner - PINK).max(-1).mean() < 12
        pink = np.abs(frame - PINK).max(-1) < 30
        assert pink.sum() < 1.15 * width * height / 2
        assert not pink[:, x + width // 2 + 4 :].any(), "its transparent part shows the picture"


@pytest.mark.slow
def test_watermark_has_its_opacity(logo: Path, media: Media, tmp_path: Path) -> None:
    seen = {}
    for opacity in (1.0, 0.4):
        mark = schema.Watermark(image=str(logo), width=0.3, place="top-left", opacity=opacity)
        made = render(
            plan_of(media("one_second.mp4")), look(watermark=mark), tmp_path / str(opacity)
        )
        seen[opacity] = pictures(made[0].path)[5].astype(float)
    plain = pictures(render(plan_of(media("one_second.mp4")), PRESET, tmp_path / "n")[0].path)[5]
    left, top, *_ = safe_box(PRESET.output)
    spot = slice(top + 8, top + 24), slice(left + 8, left + 24)
    whole, half, none = (a[spot].mean((0, 1)) for a in (seen[1.0], seen[0.4], plain))
    assert half == pytest.approx(0.4 * whole + 0.6 * none, abs=5)


def test_missing_watermark_is_named(media: Media, tmp_path: Path) -> None:
    mark = schema.Watermark(image=str(tmp_path / "gone.png"))
    with pytest.raises(PresetError, match=r"gone\.png"):
        render(plan_of(media("one_second.mp4")), look(watermark=mark), tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_preview_keeps_captions_clear_of_the_watermark(logo: Path, tmp_path: Path) -> None:
    mark = schema.Watermark(image=str(logo), width=0.5, place="top-left", opacity=1.0)
    captions = schema.Captions(hooks={"process": "This is how it's made"})
    drawn = {}
    for name, tables in {
        "nothing": {}, "text": {"captions": captions}, "logo": {"watermark": mark},
        "both": {"captions": captions, "watermark": mark},
    }.items():  # fmt: skip
        render_preview(look(**tables), tmp_path / f"{name}-look.png")
        with Image.open(tmp_path / f"{name}-look.png") as picture:
            drawn[name] = np.asarray(picture.convert("RGB")).astype(int)
    left, top, *_ = safe_box(PRESET.output)
    side = round(0.25 * WIDTH)
    spot = drawn["both"][top + 6 : top + side - 6, left + 6 : left + side - 6]
    assert np.abs(spot - PINK).max(-1).mean() < 25
    alone = np.nonzero(np.abs(drawn["text"] - drawn["nothing"]).max(-1) > 90)
    beside = np.nonzero(np.abs(drawn["both"] - drawn["logo"]).max(-1) > 90)
    assert alone[0].min() < top + side <= beside[0].min() + 2
    assert len(beside[0]) == pytest.approx(len(alone[0]), rel=0.4)


def test_end_card_is_the_last_picture_dark_and_silent(media: Media, tmp_path: Path) -> None:
    card = EndCard(text="Bye", seconds=1.0)
    preset = look(end_card=schema.EndCard(dim=0.5))
    plan = plan_of(media("plain.mp4"), end=2.0, end_card=card)
    made = render(plan, preset, tmp_path)[0]
    frames, sound = pictures(made.path).astype(int), samples(made.path)
    assert len(frames) == 90 and abs(len(sound) / 48_000 - 3) < 1024 / 48_000
    assert abs(flash_time(frames) - beep_time(sound)) <= 1.5 / FPS
    last, end_card = frames[59], frames[75]
    for bright, dark in zip(quadrants(last), quadrants(end_card), strict=True):
        assert np.asarray(dark) == pytest.approx(np.asarray(bright) / 2, abs=9)
    mean = frames.mean((1, 2, 3))
    assert mean[59] > mean[61] > mean[63] > mean[66] - 0.5, "it darkens within some frames"
    left, top, right, bottom = safe_box(PRESET.output)
    rows, columns = np.nonzero(frames[75].min(-1) > 220)
    assert rows.size > 100 and abs(rows.mean() - (top + bottom) / 2) < 12
    assert abs(columns.mean() - (left + right) / 2) < 12
    assert not (frames[55].min(-1) > 220).any()
    assert np.abs(sound[48_000 * 2 + 2048 :]).max() < 1e-3
    assert np.abs(sound[48_000 : 48_000 + 9600]).max() > 0.1
    assert abs(loudness(made.path)[0] + 14) <= 0.5
    record = json.loads(made.sidecar.read_text("utf-8"))
    assert record["end_card"] == {"text": "Bye", "seconds": 1.0} and record["speeds"] == []
    assert record["output"]["duration"] == 3.0


def test_end_card_picture_has_no_captions(logo: Path, media: Media, tmp_path: Path) -> None:
    Image.new("RGB", (300, 300), (20, 90, 200)).save(tmp_path / "card.jpg")
    preset = look(end_card=schema.EndCard(image=str(tmp_path / "card.jpg")))
    caption = Caption(text="Still here", start=0, end=9)
    plan = plan_of(media("one_second.mp4"), end_card=EndCard(seconds=0.5), captions=[caption])
    frames = pictures(render(plan, preset, tmp_path / "a")[0].path).astype(int)
    assert len(frames) == 45
    assert np.abs(frames[30:] - (20, 90, 200)).max() <= 12
    assert np.abs(frames[29] - (20, 90, 200)).mean() > 40


def test_silent_clip_has_an_end_card(media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("no_sound.mp4"), end=1, end_card=EndCard(text="Bye", seconds=0.5))
    made = render(plan, PRESET, tmp_path)[0]
    assert len(pictures(made.path)) == 45 and np.abs(samples(made.path)).max() < 1e-4


@pytest.mark.parametrize("color", ["#E0B040", "#102030"])
def test_backdrop_of_one_color(color: str, media: Media, tmp_path: Path) -> None:
    preset = look(framing=schema.FramingStyle(backdrop=color))
    plan = plan_of(media("one_second.mp4"), layout="fit-blur", crop=[])
    frame = pictures(render(plan, preset, tmp_path)[0].path)[3].astype(int)
    expected = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    top = (HEIGHT - WIDTH * 9 // 16) // 2
    for part in (frame[: top - 3], frame[HEIGHT - top + 3 :]):
        assert np.abs(part - expected).max() <= 6
    assert np.abs(frame[top + 6 : HEIGHT - top - 6] - expected).max() > 60


def test_white_and_black_have_no_chroma() -> None:
    assert yuv("#FFFFFF") == (235, 128, 128) and yuv("#000000") == (16, 128, 128)


@pytest.mark.parametrize(("at", "white"), [(0.5, True), (0.1, False), (1.0, False)])
def test_cover_is_at_the_share_of_the_preset(
    at: float, white: bool, media: Media, tmp_path: Path
) -> None:
    """one_second.mp4 is white from 0.5 to 0.7 s."""
    preset = look(cover=schema.Cover(at=at))
    made = render(plan_of(media("one_second.mp4")), preset, tmp_path)[0]
    with Image.open(made.cover) as picture:
        assert (np.asarray(picture).mean() > 215) == white


def test_cover_of_the_plan_is_a_source_time(media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("one_second.mp4"), cover=0.6, speeds=[(0, 2.0)])
    made = render(plan, PRESET, tmp_path)[0]
    with Image.open(made.cover) as picture:
        assert np.asarray(picture).mean() > 215
    clip = with_first(plan.clips[0], cover=9.0)
    assert still_frame(clip, PRESET) == 6, "outside the clip: the preset's share"


def test_cover_without_title(media: Media, tmp_path: Path) -> None:
    caption = Caption(text="Dough", start=0, end=1)
    plan = plan_of(media("one_second.mp4"), title="Dough", captions=[caption])
    for shown in (True, False):
        preset = look(cover=schema.Cover(title=shown))
        made = render(plan, preset, tmp_path / str(shown))[0]
        with Image.open(made.cover) as picture:
            drawn = (np.asarray(picture).min(-1) > 235).sum()
        assert (drawn > 100) == shown
