"""Posts to clips: by code, title, length and time or a map file, and never by a guess."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from made_exports import sidecar
from media import Media
from result import PRESET, plan_of

from btsclip.errors import MeasureError
from btsclip.measure.clips import find_clips
from btsclip.measure.join import PostMatch, match_posts, read_map, words
from btsclip.measure.post import MadeClip, Post
from btsclip.media.footage import probe
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


def one(which: Post, *clips: MadeClip) -> PostMatch:
    (found,) = match_posts([which], clips, {})
    return found


@pytest.mark.parametrize(
    "title",
    ["dough 01 process 7hq3x", "Any title 7HQ3X", "Rise!\n#bread #7hq3x", "dough-01-process-7hq3x"],
)
def test_a_code_tells_the_clip_whatever_else_is_said(title: str) -> None:
    found = one(post(title, seconds=99.0), DOUGH, OVEN)
    assert found.clip == DOUGH and found.how == "code"


def test_two_codes_or_two_looks_of_a_cut_are_not_chosen_between() -> None:
    found = one(post("7hq3x and 4kk9m"), DOUGH, OVEN)
    assert found.clip is None and set(found.between) == {DOUGH.id, OVEN.id}
    other = clip("dough-01-process-7hq3x", key="other look", seconds=30.0, title="Slow bread")
    assert one(post("7hq3x"), DOUGH, other).clip is None
    assert one(post("7hq3x", seconds=30), DOUGH, other).clip == other
    assert one(post("Slow bread 7hq3x"), DOUGH, other).clip == other


@pytest.mark.parametrize(
    "title", ["Out it comes", "OUT IT COMES!!! 🍞", "Out it comes #bread #oven", "So\nOut it comes"]
)
def test_a_title_tells_the_clip(title: str) -> None:
    found = one(post(title), DOUGH, OVEN)
    assert found.clip == OVEN and found.how == "title"


def test_a_title_of_several_clips_needs_their_length_too() -> None:
    long = clip("dough-02-process-9mm4c", seconds=25.0)
    found = one(post("Bread takes its time", seconds=25), DOUGH, long)
    assert found.clip == long and found.how == "title and length"
    found = one(post("Bread takes its time"), DOUGH, long)
    assert found.clip is None and set(found.between) == {DOUGH.id, long.id}
    assert one(post("Bread takes its time", seconds=18), DOUGH, long).clip is None


def test_a_clip_filmed_after_the_post_is_not_meant() -> None:
    late = clip("dough-02-process-9mm4c", created=datetime(2025, 3, 1))
    found = one(post("Bread takes its time"), DOUGH, late)
    assert found.clip == DOUGH


def test_length_and_time_tell_one_clip_or_none() -> None:
    which = post("something else", seconds=12.4)
    found = one(which, DOUGH, OVEN)
    assert found.clip == DOUGH and found.how == "length and time"
    same = clip("chop-01-process-3cdfg", title="Chop")
    assert one(which, DOUGH, same).clip is None
    assert one(which, DOUGH, same).between == (DOUGH.id, same.id)
    # What another post of the platform is known to show is not meant again.
    joined = match_posts([which, post("it is 7hq3x")], [DOUGH, same], {})
    assert [each.clip for each in joined] == [same, DOUGH]
    twice = match_posts([which, post("and another", seconds=12)], [DOUGH], {})
    assert all(each.clip is None and each.between == (DOUGH.id,) for each in twice)
    old = post("something else", seconds=12.4, published=datetime(2025, 9, 1))
    assert one(old, DOUGH).clip is None
    assert one(post("something else"), DOUGH).clip is None


def test_short_and_usual_words_are_no_title() -> None:
    assert one(post("Bread"), clip("a-01-why", title="Bread", created=None)).clip is None
    assert words("Ça, c'est du #pain 7hq3x!") == "ca c est du"


def test_the_map_file_has_the_first_word(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("post,clip\n# mine\nOut it comes,clips/dough-01-process-7hq3x.mp4\n99;4kk9m\n")
    with pytest.raises(MeasureError, match=r"map.csv:4: is not two columns"):
        read_map(path, [DOUGH, OVEN])
    path.write_text("post;clip\n\nOut it comes;dough-01-process-7hq3x.mp4\n99;4kk9m\n")
    told = read_map(path, [DOUGH, OVEN])
    joined = match_posts([post("Out it comes"), post("dough 7hq3x", id="99")], [DOUGH, OVEN], told)
    assert [each.clip for each in joined] == [DOUGH, OVEN]
    assert {each.how for each in joined} == {"map file"}
    # A misspelt clip in the first line is not taken for a header.
    path.write_text("Out it comes,nowhere\n")
    with pytest.raises(MeasureError, match="no clip 'nowhere'"):
        read_map(path, [DOUGH])
    other = DOUGH.model_copy(update={"key": "other", "preset": "bakery-slow"})
    path.write_text(f"Out it comes,{DOUGH.id}\n")
    with pytest.raises(MeasureError, match=r"may be any of .* in bakery-slow"):
        read_map(path, [DOUGH, other])


def test_clips_are_found_by_their_sidecars(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    made = clip("dough-01-process-7hq3x", hook="Why does it stick?", preset="looks/mine.toml")
    sidecar(tmp_path / "a", made)
    sidecar(tmp_path / "a" / "b", made)
    sidecar(tmp_path, clip("old-01-mishap", kind="mishap", created=None))
    (tmp_path / "plan.json").write_text('{"version": 2, "clips": [{"kind": 1, "clip": 2}]}')
    (tmp_path / "broken.json").write_text('{"clip": "kind"')
    (tmp_path / "list.json").write_text("[1, 2]")
    found = {each.id: each for each in find_clips(tmp_path)}
    assert set(found) == {"dough-01-process-7hq3x", "old-01-mishap"}
    dough = found["dough-01-process-7hq3x"]
    assert (dough.code, dough.preset, dough.hook_form) == ("7hq3x", "mine", "question")
    assert found["old-01-mishap"].code == "" and found["old-01-mishap"].hook_form == "none"
    with pytest.raises(MeasureError, match="is no folder"):
        find_clips(tmp_path / "gone")


def test_a_rendered_clip_is_known_again_by_its_own_title(media: Media, tmp_path: Path) -> None:
    caption = {"text": "Why so slow?", "start": 0.0, "end": 1.0, "role": "hook"}
    plan = plan_of(
        media("one_second.mp4"), id="dough-01-why-7hq3x", title="Dough", captions=[caption]
    )
    (made,) = render(plan, PRESET, tmp_path)
    (found,) = find_clips(tmp_path)
    assert found.id == "dough-01-why-7hq3x" and found.hook_form == "question"
    assert found.seconds == pytest.approx(1.0, abs=0.05) and found.preset == "test"
    # A platform takes the title from the file, or from its name.
    for title in (probe(made.path).title, made.path.stem.replace("-", " ")):
        assert one(post(title), found).how == "code"
