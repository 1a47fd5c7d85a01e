"""Results of a comparison: sentences, table, charts, page and suggested preset."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_exports import exports, sidecar
from made_year import Effects, year

from btsclip.errors import NothingFound, OutputError, PresetError
from btsclip.measure import report, sentences, suggest
from btsclip.measure.chart import draw_findings
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
    matches = year(2, 200, EFFECTS)
    clips = {match.clip.key: match.clip for match in matches if match.clip}
    for clip in clips.values():
        sidecar(folder, clip)
    files = exports(folder, matches)
    table = files[0].read_text("utf-8-sig")
    stranger = f'x1,"{EVIL.replace(chr(34), chr(34) * 2)}",,9,10,,,,,,,,,,\n'
    files[0].write_text(table + stranger, "utf-8")
    return measure_returns(files, clips=folder, history=folder / "h.sqlite3")


def test_sentence_of_a_finding() -> None:
    text = sentences.sentence(finding(1.31, 1.12, 1.58))
    assert text == (
        "clips with a mishap: 1.3x the saves per view of your other clips, "
        "90% interval 1.1 to 1.6, 24 clips"
    )
    assert "1.04x" in sentences.sentence(finding(1.04, 1.01, 1.07))
    assert "0.63x" in sentences.sentence(finding(0.63, 0.5, 0.8))
    assert "12x" in sentences.sentence(finding(12.2, 3.0, 50.0))


def test_missing_conclusions_are_explained() -> None:
    unsure = Comparison((finding(1.3, 0.9, 1.9, adjusted=0.4),), ())
    assert sentences.conclusions(unsure)[0].startswith(
        "Nothing can be concluded yet: in 1 comparison, no"
    )
    assert "at least 8 clips" in sentences.conclusions(Comparison((), ()))[0]


def test_exports_lead_to_the_planted_effects(measured: MeasureResult) -> None:
    sure = {(f.question.name, f.metric): f.ratio for f in measured.comparison.sure}
    assert set(sure) == {("mishap", "saves"), ("why", "shares")}
    assert sure["mishap", "saves"] > 1.5 and sure["why", "shares"] < 0.75
    assert {match.how for match in measured.matches if match.clip} == {"title"}
    assert any("not matched" in line for line in sentences.summarize_matches(measured.matches))
    # Writing and reading the exports changes no figure.
    views = {match.post.views for match in measured.matches}
    assert {match.post.views for match in year(2, 200, EFFECTS)} <= views


def test_chart_has_a_row_per_question_on_one_scale() -> None:
    findings = [finding(2.0, 1.5, 2.7), finding(0.5, 0.37, 0.67, adjusted=0.5)]
    drawing = draw_findings(findings, "Saves")
    marks = [shape for shape in drawing.shapes if isinstance(shape, Rect)]
    (tick,) = (s for s in drawing.shapes if isinstance(s, TextLine) and s.text == "1x")
    above, below = (mark.x + mark.width / 2 for mark in marks)
    assert above - tick.x == pytest.approx(tick.x - below)
    assert marks[0].fill == marks[0].stroke and marks[1].fill == drawing.ground
    assert sentences.sentence(findings[0]) == marks[0].tip
    assert b"Saves" in to_svg(drawing) and draw_findings([], "Nothing").shapes


@pytest.mark.slow
def test_page_is_one_file_and_escapes_text(measured: MeasureResult, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    report.write_report(measured, path)
    page = path.read_text("utf-8")
    for line in sentences.conclusions(measured.comparison):
        assert line in page
    assert EVIL not in page and "&lt;script&gt;" in page and "<script" not in page
    # Only data URLs and links within the page.
    assert not re.search(r"(?:src|href|srcset)=\"(?!data:|#)", page) and "url(" not in page
    assert page.count("<img") == page.count('alt="Chart') >= 4
    with pytest.raises(OutputError, match="already exists"):
        report.write_report(measured, path)
    report.write_report(measured, path, force=True)


def test_page_without_posts(tmp_path: Path) -> None:
    empty = MeasureResult((), (), Comparison((), ()), tmp_path, {})
    page = report.render_page(empty)
    assert "No clear differences yet" in page and "<img" not in page


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "settings"
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: folder / name)
    return folder / "btsclip" / "presets"


def test_suggested_preset_never_extends_itself(measured: MeasureResult, own: Path) -> None:
    path = suggest.write_suggestion(measured.comparison, "learned", "bakery-slow")
    before = path.read_bytes()
    for base in ("learned", str(path)):
        with pytest.raises(PresetError, match="would extend itself"):
            suggest.write_suggestion(measured.comparison, "learned", base, force=True)
    assert path.read_bytes() == before


def test_suggested_preset_changes_only_weights(measured: MeasureResult, own: Path) -> None:
    path = suggest.write_suggestion(measured.comparison, "learned", "bakery-slow")
    assert path == own / "learned.toml"
    text = path.read_text("utf-8")
    base, made = load_preset("bakery-slow"), load_preset("learned")
    # The weight rises, but by less than the saves.
    assert 1 < made.weights["mishap"] / base.weights["mishap"] <= suggest.MAX_FACTOR
    assert made.weights["why"] < 1 and made.weights["process"] == base.weights["process"]
    changed = {"name", "description", "extends", "weights"}
    assert made.model_dump(exclude=changed) == base.model_dump(exclude=changed)
    for finding_ in measured.comparison.sure:
        assert f"# {sentences.sentence(finding_)}\n" in text
    with pytest.raises(OutputError, match="already exists"):
        suggest.write_suggestion(measured.comparison, "learned", "bakery-slow")
    with pytest.raises(PresetError, match="is not a valid file name"):
        suggest.write_suggestion(measured.comparison, "../learned", "bakery-slow")


def test_nothing_is_suggested_without_a_clear_difference(own: Path) -> None:
    unsure = Comparison((finding(1.3, 0.9, 1.9, adjusted=0.4),), ())
    with pytest.raises(NothingFound, match="no kind of moment has a clear difference"):
        suggest.write_suggestion(unsure, "learned", "honest-kitchen")
    assert not own.exists()


def test_suggestion_for_a_preset_in_a_file(
    measured: MeasureResult, own: Path, tmp_path: Path
) -> None:
    mine = tmp_path / 'my "look".toml'
    mine.write_text('extends = "honest-kitchen"\ncount = 3\n')
    suggest.write_suggestion(measured.comparison, "learned", str(mine))
    assert load_preset("learned").count == 3


def test_most_used_preset_is_taken(measured: MeasureResult) -> None:
    assert suggest.most_used_preset(measured.presets, "asmr-no-text") == "honest-kitchen"
    assert suggest.most_used_preset({"gone": 9, "bakery-slow": 2}, "asmr-no-text") == "bakery-slow"
    assert suggest.most_used_preset({}, "asmr-no-text") == "asmr-no-text"


@pytest.mark.slow
def test_earlier_clips_are_known_without_their_folder(
    measured: MeasureResult, tmp_path: Path
) -> None:
    again = measure_returns([measured.exports[1].path], history=measured.history)
    assert len(again.matches) == len(measured.matches)
    assert {match.post.id: match.clip for match in again.matches} == {
        match.post.id: match.clip for match in measured.matches
    }
    assert all(isinstance(match.clip, MadeClip | None) for match in again.matches)
