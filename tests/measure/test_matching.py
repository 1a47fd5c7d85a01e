"""Match posts to clips: by map file, code, title, length and time, and never by a guess."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from made_exports import sidecar
from media import Media
from result import PRESET, plan_of

from btsclip.errors import MeasureError
from btsclip.measure.clips import find_clips
from btsclip.measure.match import PostMatch, match_posts, read_map, title_words
from btsclip.measure.post import MadeClip, Post
from btsclip.media.probing import probe
from btsclip.render import render


def clip(name: str, **changes: object) -> MadeClip:
    code = name.rpartition("-")[2] if name[-5:-4].isdigit() else ""
    values = {
        "key": name, "id": name, "code": code, "title": "Bread takes its time", "kind": "process",
        "preset": "bakery-slow", "seconds": 12.0, "created": datetime(2025, 1, 3, 9),
    }  # fmt: skip
    return MadeClip.model_validate(values | changes)


def post(title: str, **changes: object) -> Post:
    values = {
        "platform": "tiktok", "id": title, "title": title, "seen": date(2025, 6, 1), "views": 100,
        "published": datetime(2025, 1, 5, 18), "timed": True,
    }  # fmt: skip
    return Post.model_validate(values | changes)


DOUGH = clip("dough-01-process-7hq3x")
OVEN = clip("oven-01-reveal-4kk9m", title="Out it comes", seconds=20.0)


def match_one(which: Post, *clips: MadeClip) -> PostMatch:
    (match,) = match_posts([which], clips, {})
    return match


@pytest.mark.parametrize(
    "title",
    ["dough 01 process 7hq3x", "Any title 7HQ3X", "Rise!\n#bread #7hq3x", "dough-01-process-7hq3x"],
)
def test_code_in_any_title_matches(title: str) -> None:
    found = match_one(post(title, seconds=99.0), DOUGH, OVEN)
    assert found.clip == DOUGH and found.how == "code"


def test_several_codes_or_looks_of_a_cut_are_not_guessed() -> None:
    found = match_one(post("7hq3x and 4kk9m"), DOUGH, OVEN)
    assert found.clip is None and set(found.between) == {DOUGH.id, OVEN.id}
    other = clip("dough-01-process-7hq3x", key="other look", seconds=30.0, title="Slow bread")
    assert match_one(post("7hq3x"), DOUGH, other).clip is None
    assert match_one(post("7hq3x", seconds=30), DOUGH, other).clip == other
    assert match_one(post("Slow bread 7hq3x"), DOUGH, other).clip == other


@pytest.mark.parametrize(
    "title", ["Out it comes", "OUT IT COMES!!! 🍞", "Out it comes #bread #oven", "So\nOut it comes"]
)
def test_title_matches(title: str) -> None:
    found = match_one(post(title), DOUGH, OVEN)
    assert found.clip == OVEN and found.how == "title"


def test_title_of_several_clips_needs_the_length() -> None:
    long = clip("dough-02-process-9mm4c", seconds=25.0)
    found = match_one(post("Bread takes its time", seconds=25), DOUGH, long)
    assert found.clip == long and found.how == "title and length"
    found = match_one(post("Bread takes its time"), DOUGH, long)
    assert found.clip is None and set(found.between) == {DOUGH.id, long.id}
    assert match_one(post("Bread takes its time", seconds=18), DOUGH, long).clip is None


def test_clip_filmed_after_the_post_does_not_match() -> None:
    late = clip("dough-02-process-9mm4c", created=datetime(2025, 3, 1))
    found = match_one(post("Bread takes its time"), DOUGH, late)
    assert found.clip == DOUGH


def test_length_and_time_match_one_clip_or_none() -> None:
    which = post("something else", seconds=12.4)
    found = match_one(which, DOUGH, OVEN)
    assert found.clip == DOUGH and found.how == "length and time"
    same = clip("chop-01-process-3cdfg", title="Chop")
    assert match_one(which, DOUGH, same).clip is None
    assert match_one(which, DOUGH, same).between == (DOUGH.id, same.id)
    # A clip with a known post on the platform does not match again.
    matches = match_posts([which, post("it is 7hq3x")], [DOUGH, same], {})
    assert [match.clip for match in matches] == [same, DOUGH]
    twice = match_posts([which, post("and another", seconds=12)], [DOUGH], {})
    assert all(match.clip is None and match.between == (DOUGH.id,) for match in twice)
    old = post("something else", seconds=12.4, published=datetime(2025, 9, 1))
    assert match_one(old, DOUGH).clip is None
    assert match_one(post("something else"), DOUGH).clip is None


def test_short_titles_do_not_match() -> None:
    assert match_one(post("Bread"), clip("a-01-why", title="Bread", created=None)).clip is None
    assert title_words("Ça, c'est du #pain 7hq3x!") == "ca c est du"


def test_map_file_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("post,clip\n# mine\nOut it comes,clips/dough-01-process-7hq3x.mp4\n99;4kk9m\n")
    with pytest.raises(MeasureError, match=r"map.csv:4: does not have two columns"):
        read_map(path, [DOUGH, OVEN])
    path.write_text("post;clip\n\nOut it comes;dough-01-process-7hq3x.mp4\n99;4kk9m\n")
    mapping = read_map(path, [DOUGH, OVEN])
    matches = match_posts(
        [post("Out it comes"), post("dough 7hq3x", id="99")], [DOUGH, OVEN], mapping
    )
    assert [match.clip for match in matches] == [DOUGH, OVEN]
    assert {match.how for match in matches} == {"map file"}
    # A misspelled clip in the first line is not a header.
    path.write_text("Out it comes,nowhere\n")
    with pytest.raises(MeasureError, match="no clip 'nowhere'"):
        read_map(path, [DOUGH])
    other = DOUGH.model_copy(update={"key": "other", "preset": "bakery-slow"})
    path.write_text(f"Out it comes,{DOUGH.id}\n")
    with pytest.raises(MeasureError, match=r"may be .* in bakery-slow or .* in bakery-slow"):
        read_map(path, [DOUGH, other])


def test_clips_are_found_by_sidecars(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    made = clip("dough-01-process-7hq3x", hook="Why does it stick?", preset="looks/mine.toml")
    sidecar(tmp_path / "a", made)
    sidecar(tmp_path / "a" / "b", made)
    sidecar(tmp_path, clip("old-01-mishap", kind="mishap", created=None))
    (tmp_path / "plan.json").write_text('{"version": 2, "clips": [{"kind": 1, "clip": 2}]}')
    (tmp_path / "broken.json").write_text('{"clip": "kind"')
    (tmp_path / "list.json").write_text("[1, 2]")
    found = {clip.id: clip for clip in find_clips(tmp_path)}
    assert set(found) == {"dough-01-process-7hq3x", "old-01-mishap"}
    dough = found["dough-01-process-7hq3x"]
    assert (dough.code, dough.preset, dough.hook_form) == ("7hq3x", "mine", "question")
    assert found["old-01-mishap"].code == "" and found["old-01-mishap"].hook_form == "none"
    with pytest.raises(MeasureError, match="is not a folder"):
        find_clips(tmp_path / "gone")


def test_rendered_clip_matches_by_its_own_title(media: Media, tmp_path: Path) -> None:
    caption = {"text": "Why so slow?", "start": 0.0, "end": 1.0, "role": "hook"}
    plan = plan_of(
        media("one_second.mp4"), id="dough-01-why-7hq3x", title="Dough", captions=[caption]
    )
    (made,) = render(plan, PRESET, tmp_path)
    (found,) = find_clips(tmp_path)
    assert found.id == "dough-01-why-7hq3x" and found.hook_form == "question"
    assert found.seconds == pytest.approx(1.0, abs=0.05) and found.preset == "test"
    # Platforms take the title from the metadata or from the file name.
    for title in (probe(made.path).title, made.path.stem.replace("-", " ")):
        assert match_one(post(title), found).how == "code"
