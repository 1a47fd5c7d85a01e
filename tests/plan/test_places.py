"""A plan finds its takes after either was moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from btsclip.media.fingerprint import recorded_fingerprint
from btsclip.plan import io
from btsclip.plan.model import Clip, CutPlan, Lane, Skipped, Source, Span

TAKE = b"a take " * 50_000


def take(path: Path, data: bytes = TAKE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def source_of(*files: Path) -> Source:
    """The source of a take with these files."""
    return Source(
        path=str(files[0]), chapters=[str(file) for file in files] if len(files) > 1 else [],
        fingerprints=[recorded_fingerprint(file) for file in files],
        size=sum(file.stat().st_size for file in files), duration=9,
    )  # fmt: skip


def plan_of(*sources: Source, preset: str = "p", lanes: tuple[Lane, ...] = ()) -> CutPlan:
    """A clip that shows each of the sources."""
    spans = [Span(source=s.path, start=1, end=5, crop=[(1, 0.5, 0.5, 0.3, 1)]) for s in sources]
    clip = Clip(id="c", kind="process", score=0.5, why="", spans=spans, lanes=list(lanes))
    skipped = [Skipped(source=sources[-1].path, start=5, end=9, why="dull")]
    return CutPlan(preset=preset, sources=list(sources), clips=[clip], skipped=skipped)


def written(plan: CutPlan, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    io.write_plan(plan, folder / "plan.json")
    return folder / "plan.json"


def paths(plan: CutPlan) -> list[str]:
    """All paths of sources in the plan, in order."""
    spans = [span.source for clip in plan.clips for span in clip.spans]
    return [*spans, *(skipped.source for skipped in plan.skipped)]


def test_near_paths_are_relative_in_the_file_only(tmp_path: Path) -> None:
    near, far = take(tmp_path / "a/b/shoot/é ü.mp4"), take(tmp_path / "x/card/far.mp4", b"far")
    plan = plan_of(source_of(near), source_of(far))
    path = written(plan, tmp_path / "a/b/shoot/btsclip")
    values = json.loads(path.read_text("utf-8"))
    assert [source["path"] for source in values["sources"]] == ["../é ü.mp4", str(far)]
    first, second = values["clips"][0]["spans"]
    assert first["source"] == "../é ü.mp4"
    assert second["source"] == values["skipped"][0]["source"] == str(far)
    assert io.read_plan(path) == plan


def test_moved_shoot_is_found_with_its_plan(tmp_path: Path) -> None:
    shoot = tmp_path / "shoot"
    plan = plan_of(source_of(take(shoot / "a.mp4")), source_of(take(shoot / "card/b.mp4", b"b")))
    written(plan, shoot / "btsclip")
    moved = shoot.rename(tmp_path / "moved")
    take(shoot / "a.mp4", b"another")
    a, b = str(moved / "a.mp4"), str(moved / "card" / "b.mp4")
    assert paths(io.read_plan(moved / "btsclip" / "plan.json")) == [a, b, b]


def test_moved_results_find_takes_sounds_and_presets(tmp_path: Path) -> None:
    day = tmp_path / "day"
    song, look = take(day / "song.mp3", b"la"), take(day / "look.toml", b"")
    plan = plan_of(
        source_of(take(day / "shoot/a.mp4")), preset=str(look), lanes=(Lane(path=str(song)),)
    )
    path = written(plan, day / "shoot/btsclip")
    values = json.loads(path.read_text())
    assert values["preset"] == "../../look.toml"
    assert values["clips"][0]["lanes"][0]["path"] == "../../song.mp3"
    assert values["folder"] == str(path.parent)
    moved = path.parent.rename(tmp_path / "sent")
    assert io.read_plan(moved / "plan.json") == plan
    # And again after it was written there.
    io.write_plan(io.read_plan(moved / "plan.json"), moved / "plan.json")
    assert io.read_plan(moved / "plan.json") == plan


def test_plan_far_from_its_takes_is_the_same_in_any_folder(tmp_path: Path) -> None:
    plan = plan_of(source_of(take(tmp_path / "card/dcim/a.mp4")))
    first, second = (written(plan, tmp_path / name) for name in ("x/clips", "y/z/clips"))
    assert first.read_text() == second.read_text()
    assert json.loads(first.read_text())["sources"][0]["path"] == plan.sources[0].path


@pytest.mark.parametrize("to", ["shoot/renamed.MP4", "shoot/best/of/a.mp4", "archive/x/a.mp4"])
def test_moved_or_renamed_take_is_found_by_its_content(to: str, tmp_path: Path) -> None:
    source = source_of(take(tmp_path / "day/shoot/a.mp4"))
    path = written(plan_of(source), tmp_path / "day/clips")
    take(tmp_path / "day/shoot/same size.mp4", TAKE[::-1])
    (tmp_path / "day" / to).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "day/shoot/a.mp4").rename(tmp_path / "day" / to)
    assert paths(io.read_plan(path))[0] == str(tmp_path / "day" / to)


def test_take_far_from_its_plan_is_searched_near_its_old_folder(tmp_path: Path) -> None:
    source = source_of(take(tmp_path / "videos/may/saturday/a.mp4"))
    path = written(plan_of(source), tmp_path / "home/ann/clips/x")
    (tmp_path / "videos/may/saturday").rename(tmp_path / "videos/may/2026-05-03")
    assert paths(io.read_plan(path))[0] == str(tmp_path / "videos/may/2026-05-03/a.mp4")


def test_other_take_of_the_same_name_and_size_is_not_used(tmp_path: Path) -> None:
    lost = take(tmp_path / "day/shoot/a.mp4")
    path = written(plan_of(source_of(lost)), tmp_path / "day/clips")
    lost.unlink()
    take(tmp_path / "day/a.mp4", TAKE[::-1])
    # The error then names where it should be.
    assert paths(io.read_plan(path))[0] == str(lost)


def test_chapters_are_found_together_or_not_at_all(tmp_path: Path) -> None:
    shoot = tmp_path / "day/shoot"
    files = [take(shoot / f"GH0{n}0007.MP4", TAKE + bytes([n])) for n in (1, 2)]
    path = written(plan_of(source_of(*files)), tmp_path / "day/clips")
    for file in files:
        take(tmp_path / "day/card 2" / file.name, file.read_bytes())
    files[1].unlink()
    found = [Path(file) for file in io.read_plan(path).sources[0].files]
    assert [file.read_bytes()[-1] for file in found] == [1, 2]
    (tmp_path / "day/card 2" / files[1].name).unlink()
    assert io.read_plan(path).sources[0].files == [str(file) for file in files]


def old(path: Path, text: str, size: int) -> Path:
    """A plan from before folders and fingerprints were recorded."""
    source = {"path": text, "chapters": [], "size": size, "duration": 9.0, "created": None}
    clip = {"id": "c", "source": text, "start": 1, "end": 5, "kind": "process", "score": 0.5,
            "why": "", "crop": [[1, 0.5, 0.5, 0.3, 1]]}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {"version": 2, "preset": "p", "sources": [source], "clips": [clip]}
    path.write_text(json.dumps(values))
    return path


@pytest.mark.parametrize("where", ["saturday/btsclip", "saturday-story", "clips"])
@pytest.mark.parametrize("name", ["a.mp4", "card/a.mp4"])
def test_old_plan_with_paths_from_a_working_folder_is_read(
    where: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = take(tmp_path / "saturday" / name)
    path = old(tmp_path / where / "plan.json", f"saturday/{name}", len(TAKE))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert paths(io.read_plan(path)) == [str(found)]
    (tmp_path / "saturday").rename(tmp_path / "sunday")
    if where.startswith("saturday/"):
        moved = tmp_path / "sunday" / "btsclip" / "plan.json"
        assert paths(io.read_plan(moved)) == [str(tmp_path / "sunday" / name)]


def test_old_plan_far_from_its_takes_is_read_in_its_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = take(tmp_path / "day/saturday/a.mp4")
    path = old(tmp_path / "x/y/z/clips/plan.json", "saturday/a.mp4", len(TAKE))
    monkeypatch.chdir(tmp_path / "day")
    assert paths(io.read_plan(path)) == [str(found)]


@pytest.mark.parametrize("text", ["/gone/saturday/a.mp4", "C:\\takes\\saturday\\a.mp4"])
def test_old_plan_with_absolute_paths_is_read_after_a_move(text: str, tmp_path: Path) -> None:
    found = take(tmp_path / "new/place/a.mp4")
    path = old(tmp_path / "new/place/btsclip/plan.json", text, len(TAKE))
    assert paths(io.read_plan(path)) == [str(found)]
    take(found, b"of another size")
    assert not Path(paths(io.read_plan(path))[0]).exists()


def test_linked_plan_finds_its_takes(tmp_path: Path) -> None:
    plan = plan_of(source_of(take(tmp_path / "shoot/a.mp4")))
    path = written(plan, tmp_path / "shoot/btsclip")
    (tmp_path / "x").mkdir()
    (tmp_path / "x/plan.json").symlink_to(path)
    (tmp_path / "x/folder").symlink_to(path.parent)
    assert (
        io.read_plan(tmp_path / "x/plan.json")
        == io.read_plan(tmp_path / "x/folder/plan.json")
        == plan
    )
