"""`btsclip caption`, and warnings of texts, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from media import Media
from schemas import check_schema
from test_verbs import btsclip

from btsclip.planning.result import CaptionJson

SRT = "1\n00:00:00,200 --> 00:00:01,000\nSalt\n\n2\n00:00:01,000 --> 00:00:02,000\n{}\n"
LONG = "Rest it for twenty minutes, so that it tears less when it is shaped at last"


def test_captioned_video_goes_to_the_current_folder(media: Media, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(SRT.format(LONG))
    done = btsclip("caption", media("plain.mp4"), "--captions", "a.srt", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert value["path"] == "plain-captioned.mp4"
    check_schema(CaptionJson, value)
    made = {"a.srt", *(f"plain-captioned.{kind}" for kind in ("mp4", "srt", "vtt"))}
    assert {path.name for path in tmp_path.iterdir()} == made
    # In 1.5 s there is time for 30 characters.
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("btsclip: ")]
    assert line.startswith("btsclip: plain-captioned.mp4: ") and LONG in line
    assert value["warnings"] == [line.partition("plain-captioned.mp4: ")[2]]
    again = btsclip("caption", media("plain.mp4"), "--text", "Salt", cwd=tmp_path)
    assert again.returncode == 1 and "--force" in again.stderr


@pytest.mark.slow
def test_texts_that_are_never_visible_are_named(media: Media, tmp_path: Path) -> None:
    rows = [
        ("00:00:00,100", "00:00:00,100", "Brief"), ("00:00:00,200", "00:00:01,400", "- Hot?\n- No"),
        ("00:00:09,000", "00:00:10,000", "Late"),
    ]  # fmt: skip
    (tmp_path / "a.srt").write_text(
        "".join(f"{n}\n{a} --> {b}\n{text}\n\n" for n, (a, b, text) in enumerate(rows, 1))
    )
    # The file may stand behind the video without its option.
    done = btsclip("caption", media("plain.mp4"), "a.srt", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    brief, late = json.loads(done.stdout)["warnings"]
    assert "a.srt: left out 'Brief' (line 2)" in brief and "'Late' at 9 s" in late
    assert done.stderr.count("left out") == 2
    assert "\n- Hot?\n- No\n" in (tmp_path / "plain-captioned.srt").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "one of --captions FILE, --text TEXT and --speech"),
        (["--captions", "a.srt", "--text", "x"], "one of --captions FILE, --text TEXT"),
        (["--text", "x", "--speech"], "one of --captions FILE, --text TEXT"),
        (["--captions", "a.srt", "--start", "1"], "needs --text"),
        (["--text", "x", "--language", "fr"], "--language belongs to --speech"),
        (["--text", "x", "--no-fillers"], "--no-fillers belongs to --speech"),
    ],
)
def test_exactly_one_source_of_captions_is_required(
    arguments: list[str], says: str, media: Media, tmp_path: Path
) -> None:
    done = btsclip("caption", media("plain.mp4"), *arguments, cwd=tmp_path)
    said = " ".join(done.stderr.replace("│", " ").split())
    assert done.returncode == 2 and says in said


@pytest.mark.slow
def test_error_in_notes_is_reported_before_the_analysis(media: Media, tmp_path: Path) -> None:
    media.copy("plain.mp4", tmp_path / "a.mp4")
    (tmp_path / "shoot.toml").write_text("[[steps]]\nnmae = 'Fold'\n")
    done = btsclip("cut", "a.mp4", cwd=tmp_path)
    assert done.returncode == 1 and "shoot.toml:2: " in done.stderr and "name?" in done.stderr
    (tmp_path / "other.toml").write_text("dihs = 'Fold'\n")
    done = btsclip("plan", "a.mp4", "--notes", "other.toml", cwd=tmp_path)
    assert done.returncode == 1 and "other.toml:1: " in done.stderr
