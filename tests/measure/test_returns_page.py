"""What is told of a comparison: sentences, the table, charts, the page and the preset."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_exports import exports, sidecar
from made_year import Effects, year

from btsclip.errors import NothingFound, OutputError, PresetError
from btsclip.measure import report, suggest, tell
from btsclip.measure.chart import draw
from btsclip.measure.compare import Comparison, Finding
from btsclip.measure.design import Question
from btsclip.measure.post import MadeClip
from btsclip.measure.run import MeasureResult, measure_returns
from btsclip.pictures.shapes import Rect, TextLine
from btsclip.pictures.svg import to_svg
from btsclip.presets.load import load_preset

EFFECTS: Effects = {("kind", "mishap", "saves"): 2.0, ("kind", "why", "shares"): 0.5}
EVIL = '<script>alert("x")</script>'


def finding(ratio: float, low: float, high: float, adjusted: float = 0.01) -> Finding:
    question = Question("kind", "mishap", ("mishap",), ("process",))
    return Finding(question, "saves", 24, 90, 60, ratio, low, high, 0.001, 1.2, adjusted)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> MeasureResult:
    folder = tmp_path_factory.mktemp("a year")
    joined = year(2, 200, EFFECTS)
    clips = {each.clip.key: each.clip for each in joined if each.clip}
    for clip in clips.values():
        sidecar(folder, clip)
    files = exports(folder, joined)
    table = files[0].read_text("utf-8-sig")
    stranger = f'x1,"{EVIL.replace(chr(34), chr(34) * 2)}",,9,10,,,,,,,,,,\n'
    files[0].write_text(table + stranger, "utf-8")
    return measure_returns(files, clips=folder, history=folder / "h.sqlite3")


def test_a_sentence_says_it_as_people_do() -> None:
    said = tell.sentence(finding(1.31, 1.12, 1.58))
    assert said == (
        "clips with a mishap kept: 1.3x the saves per view of your other clips, "
        "90 % interval 1.1 to 1.6, 24 clips"
    )
    assert "1.04x" in tell.sentence(finding(1.04, 1.01, 1.07))
    assert "0.63x" in tell.sentence(finding(0.63, 0.5, 0.8))
    assert "12x" in tell.sentence(finding(12.2, 3.0, 50.0))


def test_nothing_sure_is_said_so() -> None:
    unsure = Comparison((finding(1.3, 0.9, 1.9, adjusted=0.4),), ())
    assert tell.conclusions(unsure)[0].startswith("Nothing can be concluded yet: of 1 comparison")
    assert "at least 8 clips" in tell.conclusions(Comparison((), ()))[0]


def test_exports_go_all_the_way_to_what_was_planted(measured: MeasureResult) -> None:
    sure = {(f.question.name, f.what): f.ratio for f in measured.found.sure}
    assert set(sure) == {("mishap", "saves"), ("why", "shares")}
    assert sure["mishap", "saves"] > 1.5 and sure["why", "shares"] < 0.75
    assert {each.how for each in measured.joined if each.clip} == {"title"}
    assert any("not joined" in line for line in tell.joins(measured.joined))
    # Ways of writing change nothing: what came through files is what was made.
    views = {each.post.views for each in measured.joined}
    assert {each.post.views for each in year(2, 200, EFFECTS)} <= views


def test_a_chart_has_a_row_a_question_on_one_scale() -> None:
    findings = [finding(2.0, 1.5, 2.7), finding(0.5, 0.37, 0.67, adjusted=0.5)]
    drawing = draw(findings, "Saves")
    marks = [shape for shape in drawing.shapes if isinstance(shape, Rect)]
    (one,) = (s for s in drawing.shapes if isinstance(s, TextLine) and s.text == "1x")
    above, below = (mark.x + mark.width / 2 for mark in marks)
    assert above - one.x == pytest.approx(one.x - below)
    assert marks[0].fill == marks[0].stroke and marks[1].fill == drawing.ground
    assert tell.sentence(findings[0]) == marks[0].tip
    assert b"Saves" in to_svg(drawing) and draw([], "Nothing").shapes


@pytest.mark.slow
def test_the_page_needs_nothing_else_and_trusts_nobody(
    measured: MeasureResult, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    report.write_report(measured, path)
    page = path.read_text("utf-8")
    for line in tell.conclusions(measured.found):
        assert line in page
    assert EVIL not in page and "&lt;script&gt;" in page and "<script" not in page
    # Other places are only named in what it shows.
    assert not re.search(r"(?:src|href|srcset)=\"(?!data:|#)", page) and "url(" not in page
    assert page.count("<img") == page.count('alt="Chart') >= 4
    with pytest.raises(OutputError, match="already exists"):
        report.write_report(measured, path)
    report.write_report(measured, path, force=True)


def test_a_page_of_nothing(tmp_path: Path) -> None:
    empty = MeasureResult((), (), Comparison((), ()), tmp_path, {})
    page = report.page(empty)
    assert "Nothing is sure" in page and "<img" not in page


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "settings"
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: folder / name)
    return folder / "btsclip" / "presets"


def test_a_suggestion_never_extends_itself(measured: MeasureResult, own: Path) -> None:
    path = suggest.write_suggestion(measured.found, "learned", "bakery-slow")
    before = path.read_bytes()
    for base in ("learned", str(path)):
        with pytest.raises(PresetError, match="would extend itself"):
            suggest.write_suggestion(measured.found, "learned", base, force=True)
    assert path.read_bytes() == before


def test_a_suggestion_is_a_preset_that_changes_weights_alone(
    measured: MeasureResult, own: Path
) -> None:
    path = suggest.write_suggestion(measured.found, "learned", "bakery-slow")
    assert path == own / "learned.toml"
    text = path.read_text("utf-8")
    base, made = load_preset("bakery-slow"), load_preset("learned")
    # What is more saved is shown more, by less than it was more saved.
    assert 1 < made.weights["mishap"] / base.weights["mishap"] <= suggest.MOST
    assert made.weights["why"] < 1 and made.weights["process"] == base.weights["process"]
    changed = {"name", "description", "extends", "weights"}
    assert made.model_dump(exclude=changed) == base.model_dump(exclude=changed)
    for each in measured.found.sure:
        assert f"# {tell.sentence(each)}\n" in text
    with pytest.raises(OutputError, match="already exists"):
        suggest.write_suggestion(measured.found, "learned", "bakery-slow")
    with pytest.raises(PresetError, match="is not a valid file name"):
        suggest.write_suggestion(measured.found, "../learned", "bakery-slow")


def test_nothing_is_suggested_when_nothing_is_sure(own: Path) -> None:
    unsure = Comparison((finding(1.3, 0.9, 1.9, adjusted=0.4),), ())
    with pytest.raises(NothingFound, match="nothing sure is known"):
        suggest.write_suggestion(unsure, "learned", "honest-kitchen")
    assert not own.exists()


def test_a_suggestion_for_a_preset_in_a_file(
    measured: MeasureResult, own: Path, tmp_path: Path
) -> None:
    mine = tmp_path / 'my "look".toml'
    mine.write_text('extends = "honest-kitchen"\ncount = 3\n')
    suggest.write_suggestion(measured.found, "learned", str(mine))
    assert load_preset("learned").count == 3


def test_the_most_used_preset_is_taken(measured: MeasureResult) -> None:
    assert suggest.most_used(measured.presets, "asmr-no-text") == "honest-kitchen"
    assert suggest.most_used({"gone": 9, "bakery-slow": 2}, "asmr-no-text") == "bakery-slow"
    assert suggest.most_used({}, "asmr-no-text") == "asmr-no-text"


@pytest.mark.slow
def test_what_is_known_of_before_is_used_without_its_folder(
    measured: MeasureResult, tmp_path: Path
) -> None:
    again = measure_returns([measured.exports[1].path], history=measured.history)
    assert len(again.joined) == len(measured.joined)
    assert {each.post.id: each.clip for each in again.joined} == {
        each.post.id: each.clip for each in measured.joined
    }
    assert all(isinstance(each.clip, MadeClip | None) for each in again.joined)
