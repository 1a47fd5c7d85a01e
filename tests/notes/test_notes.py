"""Read shoot.toml, and find the notes for a clip."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from noted import BEGAN, FOLD, cut_of, footage, notes

from btsclip.captions import Fact
from btsclip.errors import NotesError
from btsclip.moments.select import Cut
from btsclip.notes.model import Notes, find_notes, missing_takes, read_notes
from btsclip.plan.model import Clip, Span
from btsclip.planning.clips import assemble_plan
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.planning.template_fields import elapsed_words, shoot_start, template_values
from btsclip.planning.text_sources import CaptionSources
from btsclip.presets.load import load_preset
from btsclip.story.arc import arc_named
from btsclip.story.compose import hook_of
from btsclip.story.why import notes_for

PAGE = Path(__file__).parents[2] / "docs" / "shoot.md"


def facts(cut: Cut, noted: Notes) -> dict[str, str]:
    return {name: fact.text for name, fact in template_values(cut, noted, None).items()}


def test_example_in_the_docs_is_valid(tmp_path: Path) -> None:
    example = PAGE.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    (tmp_path / "shoot.toml").write_text(example, "utf-8")
    read = read_notes(tmp_path / "shoot.toml")
    assert read.dish and isinstance(read.date, date)
    assert {field for field in Notes.model_fields if getattr(read, field)} == set(
        Notes.model_fields
    )
    used = {field for step in read.steps for field in step.model_fields_set}
    assert used == {"name", "action", "take", "start", "end", "note"}
    assert {"name", "role", "consent", "takes", "picture", "faces"} == {
        field for person in read.people for field in person.model_fields_set
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dihs = 'x'", r"s\.toml:1: unknown key dihs; did you mean dish\?"),
        ("[[steps]]\nname = 'a'\n[[steps]]\nnmae = 'b'", r"s\.toml:4: unknown key .*mean name\?"),
        ("[[steps]]\nname = 'a'\n[[steps]]\nnote = 'b'", r"s\.toml:3: steps\.1\.name is missing"),
        ("[[steps]]\nname = 'a'\naction = 'kneed'", r"s\.toml:3: .*'kneed'.*did you mean knead\?"),
        ("[[steps]]\nname = 'a'\ntake = 'b'\nstart = '1:99'", r"s\.toml:4: .*'1:99' is not a time"),
        ("[[steps]]\nname = 'a'\nstart = 3", r"s\.toml:1: steps\.0: .*name it with `take`"),
        ("[[steps]]\nname='a'\ntake='b'\nstart=3\nend=2", r"s\.toml:1: .*end after it starts"),
        ("\n[[people]]\nname = 'a'\nconsent = 'perhaps'", r"s\.toml:4: people\.0\.consent: .*bool"),
        ("[[people]]\nname = 'a'\nnotes = ['b']", r"s\.toml:3: .*; move it above the first table"),
        ("dish = = 3", r"s\.toml:1: is not TOML"),
        ("date = 'soon'", r"s\.toml:1: date: "),
        ("steps = 3", r"s\.toml:1: steps: "),
        ("dish = 'x'\n[[step]]\nname = 'a'", r"s\.toml:2: unknown key step; did you mean steps\?"),
        ("\n[steps]\nname = 'a'", r"s\.toml:2: steps: must be a list; write \[\[steps\]\]"),
        ("[[people]]\nname = 'a'\ntakes = 'b'", r"s\.toml:3: .*takes: must be a list; .*in \[ \]"),
    ],
)
def test_mistakes_are_reported_with_line_key_and_cure(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises(NotesError, match=says):
        read_notes(tmp_path / "s.toml")


def test_misspelled_take_is_missing(tmp_path: Path) -> None:
    take = tmp_path / "a.mp4"
    take.touch()
    noted = notes(
        steps=[{"name": "Fold", "take": "a.mp4"}, {"name": "Bake", "take": "oven.mov"}],
        people=[{"name": "Ana", "takes": ["a.mp4", "b.mp4", "oven.mov"]}],
    )
    assert missing_takes({take: noted}) == ["oven.mov", "b.mp4"]
    long = "x" * 5000
    assert missing_takes({take: notes(steps=[{"name": "Fold", "take": long}])}) == [long]
    assert missing_takes({}) == missing_takes({take: notes()}) == []


def test_notes_are_found_beside_takes_or_by_name(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    (tmp_path / "one" / "shoot.toml").write_text("dish = 'Bread'")
    (tmp_path / "mine.toml").write_text("dish = 'Soup'")
    takes = [tmp_path / "one" / "a.mp4", tmp_path / "two" / "b.mp4"]
    assert {take.name: n.dish for take, n in find_notes(takes).items()} == {"a.mp4": "Bread"}
    named = find_notes(takes, tmp_path / "mine.toml")
    assert [n.dish for n in named.values()] == ["Soup", "Soup"]
    with pytest.raises(NotesError, match="no such file"):
        find_notes(takes, tmp_path / "nix.toml")


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([FOLD, {"name": "Knead", "action": "knead"}], "Fold"),
        ([{**FOLD, "start": 16}, {"name": "Knead", "action": "knead"}], "Knead"),
        ([{**FOLD, "take": "b.mp4"}], None),
        ([{**FOLD, "start": 40, "end": 50, "action": "knead"}], None),
        ([{"name": "One", "action": "knead"}, {"name": "Two", "action": "knead"}], None),
        ([{"name": "Rest", "take": "takes/a.mp4"}], "Rest"),
        ([{"name": "Rest", "take": "a.mp4"}, {"name": "Proof", "take": "a.mp4"}], None),
        ([{"name": "Stir", "take": "a.mp4", "action": "stir"}], "Stir"),
        ([{"name": "Knead", "action": "knead", "take": "b.mp4"}], None),
        ([{"name": "Somewhere"}], None),
    ],
)
def test_only_certain_steps_are_used(steps: list[dict[str, Any]], found: str | None) -> None:
    told = facts(cut_of(), notes(steps=steps))
    assert told.get("step") == found
    assert told.get("note") == ("It tears less" if found == "Fold" else None)


def test_person_is_named_only_with_consent_and_if_certain() -> None:
    ana = {"name": "Ana", "consent": True, "takes": ["a.mp4"]}
    for kind, people, name in (
        ("people", [ana], "Ana"), ("why", [ana], "Ana"), ("process", [ana], None),
        ("people", [{**ana, "consent": False}], None), ("people", [{**ana, "takes": []}], None),
        ("people", [ana, {"name": "Ben", "takes": ["a.mp4"]}], None),
        ("people", [ana, {"name": "Ben", "consent": True, "takes": ["b.mp4"]}], "Ana"),
    ):  # fmt: skip
        assert facts(cut_of(kind=kind), notes(people=people)).get("person") == name


def test_no_text_names_a_person_without_consent() -> None:
    ana, ben = {"name": "Ana Ruiz", "takes": ["a.mp4"]}, {"name": "Ben", "consent": True}
    fold = {"name": "Ana Ruiz folds", "take": "a.mp4", "note": "Ana Ruiz's way: it tears less"}
    values: dict[str, Any] = {
        "dish": "Focaccia à la Ana Ruiz", "steps": [fold, {"name": "Ben bakes", "note": "Hot"}],
        "notes": ["Ana Ruiz was late", "Ben kneads for ten minutes"],
        "questions": ["Why does Ana Ruiz fold it?", "Why no mixer?"],
    }  # fmt: skip
    silent = notes(people=[ana, ben], **values)
    assert silent.withheld() == [
        "Focaccia à la Ana Ruiz", "Ana Ruiz folds", "Ana Ruiz's way: it tears less",
        "Ana Ruiz was late", "Why does Ana Ruiz fold it?",
    ]  # fmt: skip
    assert facts(cut_of(kind="why"), silent) == {
        "number": "1", "steps": "2", "action": "kneading",
    }  # fmt: skip
    agreed = notes(people=[{**ana, "consent": True}, ben], **values)
    assert agreed.withheld() == [] and notes(**values).withheld() == []
    assert facts(cut_of(kind="why"), agreed) == {
        "dish": values["dish"], "step": fold["name"], "note": fold["note"], "person": "Ana Ruiz",
        "number": "1", "steps": "2", "action": "kneading",
    }  # fmt: skip
    take = cut_of().footage
    brief = PlanContext(
        load_preset("honest-kitchen"),
        "",
        ClipRequest(),
        CaptionSources(notes={take.path: silent, Path("b"): silent}),
    )
    clip = Clip(
        id="a", kind="why", score=1, why="",
        spans=[Span(source=str(take.path), start=0, end=1, layout="fit-blur")],
    )  # fmt: skip
    said = assemble_plan([take], [clip], [], brief).clips[0].warnings
    assert len([text for text in said if "without consent" in text]) == 5
    assert hook_of(arc_named("question"), brief) == Fact("Why no mixer?", "notes: questions")
    assert notes_for([cut_of()], {take.path: silent}, brief.preset) == [None]
    # A part of a longer word is not the name.
    assert notes(people=[{"name": "Rose"}]).may_write("Add rose water and Roses")


@given(st.integers(0, 400_000), st.floats(0, 3000))
def test_elapsed_is_the_time_in_whole_minutes(gap: int, start: float) -> None:
    told = elapsed_words(BEGAN + timedelta(seconds=gap), start, BEGAN)
    minutes = 0
    for number, unit in zip(told.split()[::2], told.split()[1::2], strict=True):
        minutes += int(number) * {"h": 60, "min": 1}[unit]
    # The resolution of datetime is a microsecond.
    assert minutes * 60 <= gap + start + 1e-6 < (minutes + 1) * 60 + 2e-6


def test_elapsed_needs_all_clocks() -> None:
    one, two = footage(Path("a")), footage(Path("b"), BEGAN + timedelta(hours=3, minutes=20))
    assert elapsed_words(two.created, 0, shoot_start([one, two])) == "3 h 20 min"
    assert (
        elapsed_words(one.created, 59, BEGAN) == ""
        and elapsed_words(one.created, 7200, BEGAN) == "2 h"
    )
    assert shoot_start([one, footage(Path("c"), None)]) is None and shoot_start([]) is None
    assert "elapsed" not in template_values(cut_of(), None, None)
    known = template_values(cut_of(start=2400.0, end=2410.0), None, BEGAN)
    assert known == {"elapsed": Fact("40 min", "the clocks of the takes")}


def test_person_with_picture_and_picked_faces(tmp_path: Path) -> None:
    path = tmp_path / "shoot.toml"
    path.write_text(
        '[[people]]\nname = "Ana"\nconsent = true\npicture = "people/ana.jpg"\n'
        '[[people.faces]]\ntake = "dough.mp4"\nat = "0:12.5"\nbox = [0.4, 0.3, 0.1, 0.2]\n'
    )
    notes = read_notes(path)
    (ana,) = notes.people
    assert notes.folder == tmp_path and ana.picture == "people/ana.jpg"
    (pick,) = ana.faces
    assert (pick.take, pick.at, pick.box) == ("dough.mp4", 12.5, (0.4, 0.3, 0.1, 0.2))
    assert ana.is_in(Path("/elsewhere/dough.mp4")) and not ana.is_in(Path("/elsewhere/b.mp4"))
    assert "dough.mp4" in notes.takes()
    assert pickle.loads(pickle.dumps(notes)).folder == tmp_path


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("box = [0.4, 0.3, 0.1]", "line|box"),
        ("box = [0.4, 0.3, 0.1, 2.0]", "box"),
        ("bx = [0.4, 0.3, 0.1, 0.2]", "did you mean box"),
    ],
)
def test_wrong_pick_is_reported(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "shoot.toml"
    path.write_text(f'[[people]]\nname = "Ana"\n[[people.faces]]\ntake = "a.mp4"\nat = 1\n{line}\n')
    with pytest.raises(NotesError, match=says) as raised:
        read_notes(path)
    assert "shoot.toml" in str(raised.value)
