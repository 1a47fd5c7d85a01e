"""The complete way on the sample, from footage to clips."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from schemas import check_schema
from small_shoot import look

from btsclip.analysis.analysis import Analysis, analysis_json, analyze, track_span
from btsclip.analysis.result import AnalyzeJson
from btsclip.errors import NothingFound, OutputError, ToolError
from btsclip.framing.crop import CropSpan
from btsclip.framing.layout import Canvas, frame_subject
from btsclip.framing.subject import find_subject
from btsclip.media.paths import slug
from btsclip.plan import io
from btsclip.planning.cut import CutResult, cut, cut_json, plan_footage, render_plan
from btsclip.planning.request import ClipRequest, Progress, RenderOptions
from btsclip.planning.result import CutJson

SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"


def labels(path: Path = SAMPLE) -> list[dict[str, str]]:
    with path.with_suffix(".labels.csv").open() as file:
        return list(csv.DictReader(file))


def share_in_work(spans: list[tuple[float, float]], rows: list[dict[str, str]]) -> float:
    """Share of the spans' time that is labelled as work."""
    shown = sum(b - a for a, b in spans)
    work = [(float(r["start"]), float(r["end"])) for r in rows if r["process"] == "1"]
    good = sum(max(0.0, min(b, e) - max(a, s)) for a, b in spans for s, e in work)
    return good / shown


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze(SAMPLE)


@pytest.fixture(
    scope="module", params=["small", pytest.param("honest-kitchen", marks=pytest.mark.slow)]
)
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CutResult:
    """Two clips of the sample, small and fast or with a built-in preset."""
    folder = tmp_path_factory.mktemp("cut")
    preset = str(look(folder)) if request.param == "small" else request.param
    return cut(
        [SAMPLE], folder / "clips", preset, ClipRequest(count=2, max_length=6, hook="Real work")
    )


def test_wrong_encoder_fails_before_the_analysis(tmp_path: Path) -> None:
    def report(*_: object) -> None:
        pytest.fail("the take was analyzed first")

    with pytest.raises(ToolError, match="no such encoder"):
        cut(
            [SAMPLE],
            tmp_path / "c",
            "honest-kitchen",
            ClipRequest(),
            RenderOptions(encoder="x265"),
            Progress(report),
        )
    assert not (tmp_path / "c").exists()


@pytest.mark.slow
def test_only_the_work_is_found(analysis: Analysis) -> None:
    times = analysis.signals.times
    truth = np.zeros(len(times), bool)
    for row in labels():
        if row["process"] == "1":
            truth |= (times >= float(row["start"])) & (times < float(row["end"]))
    assert analysis.process[truth].mean() > 0.75
    assert analysis.process[~truth].mean() < 0.3


@pytest.mark.slow
def test_shot_borders_are_at_scene_changes(analysis: Analysis) -> None:
    for row in labels()[1:]:
        assert min(abs(b - float(row["start"])) for b in analysis.signals.borders) < 0.25


def test_json_keeps_its_contract(analysis: Analysis) -> None:
    value = json.loads(json.dumps(analysis_json(analysis)))
    check_schema(AnalyzeJson, value)
    assert value["version"] == 1 and value["generator"].startswith("btsclip ")
    assert set(value["footage"]) >= {
        "path", "duration", "width", "height", "fps", "vfr", "rotation", "hdr", "has_audio",
        "created",
    }  # fmt: skip
    signals = value["signals"]
    count = len(signals["times"])
    for name in ("process", "hands", "hand_box", "motion", "sound", "faces"):
        assert len(signals[name]) == count
    steps = np.diff(signals["times"])
    assert steps.max() <= 0.5 and signals["times"][-1] > value["footage"]["duration"] - 0.5
    assert all(0 <= p <= 1 for p in signals["process"])
    assert all(b is None or len(b) == 4 for b in signals["hand_box"])
    for moment in value["moments"]:
        assert set(moment) == {
            "id", "kind", "action", "start", "end", "best", "score", "evidence", "why",
        }  # fmt: skip


def test_clips_show_work_and_match_the_preset(result: CutResult) -> None:
    assert len(result.clips) == 2
    first_spans = [rendered.clip.spans[0] for rendered in result.clips]
    spans = [(span.start, span.end) for span in first_spans]
    assert share_in_work(spans, labels()) >= 0.95
    size = (1080, 1920) if result.plan.preset == "honest-kitchen" else (216, 384)
    for rendered in result.clips:
        with av.open(str(rendered.path)) as container:
            video, sound = container.streams.video[0], container.streams.audio[0]
            assert (video.width, video.height, video.average_rate) == (*size, 30)
            assert sound.codec_context.sample_rate == 48000
            seconds = float(video.duration * video.time_base)
            assert seconds == pytest.approx(rendered.clip.spans[0].duration, abs=1 / 30 + 1e-3)
        assert rendered.cover.stat().st_size > size[0] * size[1] / 207
        sidecar = json.loads(rendered.sidecar.read_text("utf-8"))
        assert sidecar["crop"] or sidecar["layout"] == "fit-blur"
        assert sidecar["why"] == rendered.clip.why
        output = sidecar["output"]
        held_back = "so that noise in rests stays" in output["sound"]
        assert output["loudness"] == pytest.approx(-14, abs=0.5) or held_back
        assert all(noise["finished"] <= -49.9 for noise in output["noise"])
        assert output["true_peak"] <= -1.5
        assert {c["text"] for c in sidecar["captions"]} >= {"Real work"}


@pytest.mark.slow
def test_hands_are_in_the_crop(analysis: Analysis) -> None:
    canvas = Canvas((1280, 720), (1080, 1920))
    for row in labels():
        start, end = float(row["start"]), float(row["end"])
        if row["source"] not in ("knead", "chop", "dropped_spoon", "stir"):
            continue
        subject = find_subject(track_span(analysis.footage, start, end))
        framing = frame_subject(subject, CropSpan(start, end), canvas)
        # The hands that stir are wider apart than any crop that fills the screen.
        assert framing.layout == ("fit-blur" if row["source"] == "stir" else "crop")
        # There a tall picture that cuts a wrist now and then is better than a thin strip.
        assert framing.subject_kind == "hands"
        assert framing.inside >= (0.4 if row["source"] == "stir" else 0.9)


def test_plan_and_json_list_everything(result: CutResult) -> None:
    assert result.plan_path
    assert io.read_plan(result.plan_path) == result.plan
    value = json.loads(json.dumps(cut_json(result)))
    check_schema(CutJson, value)
    assert set(value) == {"version", "plan", "clips", "skipped"}
    for clip in value["clips"]:
        assert set(clip) == {
            "path", "sidecar", "cover", "source", "start", "end", "kind", "score", "why",
            "enabled", "warnings",
        }  # fmt: skip
        assert Path(clip["path"]).is_file()
    assert all(s["why"] for s in value["skipped"])
    assert any("no work" in s["why"] for s in value["skipped"])


def test_results_are_replaced_only_with_force(result: CutResult) -> None:
    assert result.plan_path
    before = sorted((p.name, p.stat().st_mtime_ns) for p in result.plan_path.parent.iterdir())
    with pytest.raises(OutputError, match="--force"):
        cut([SAMPLE], result.plan_path.parent, "honest-kitchen", ClipRequest())
    assert before == sorted(
        (p.name, p.stat().st_mtime_ns) for p in result.plan_path.parent.iterdir()
    )


def test_edited_plan_renders_as_edited(result: CutResult, tmp_path: Path) -> None:
    values = json.loads(io.to_json(result.plan))
    values["clips"][1]["enabled"] = False
    clip = values["clips"][0]
    clip.update(captions=[], id="mine")
    (span,) = clip["spans"]
    span.update(end=span["start"] + 1.5, crop=span["crop"][:1])
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(values), "utf-8")
    edited = render_plan(path)
    assert [clip.path.name for clip in edited.clips] == ["mine.mp4"]
    assert (tmp_path / "mine.json").is_file()


@pytest.mark.slow
def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = plan_footage(
        [SAMPLE], out, "honest-kitchen", ClipRequest(count=1), RenderOptions(dry_run=True)
    )
    assert len(result.plan.clips) == 1 and not out.exists()


@pytest.mark.slow
def test_nothing_worth_cutting_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingFound, match="nothing worth cutting") as raised:
        cut(
            [SAMPLE],
            tmp_path / "out",
            "honest-kitchen",
            ClipRequest(min_length=100, max_length=200),
        )
    assert list(tmp_path.iterdir()) == []
    # The suggested length gives a clip.
    advice = re.fullmatch(r"--min-length (\S+) shows it", raised.value.cure)
    assert advice and "the longest moment lasts" in raised.value.cause
    request = ClipRequest(min_length=float(advice[1]), max_length=200)
    plan = plan_footage(
        [SAMPLE], tmp_path / "out", "honest-kitchen", request, RenderOptions(dry_run=True)
    ).plan
    assert plan.clips


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ärger's [Topf]: 50% ", "arger-s-topf-50"),
        ("خبز", "clip"),
        ("🥖 bread", "bread"),
        ("a" * 90, "a" * 40),
        ("../../etc", "etc"),
    ],
)
def test_names_become_plain(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_public_api_is_listed_without_imports() -> None:
    code = (
        "import sys, btsclip; assert not {'cv2', 'av', 'moviepy', 'numpy'} & set(sys.modules);"
        "print(btsclip.probe(sys.argv[1]).duration, btsclip.Footage, btsclip.Moment,"
        " btsclip.CutPlan, btsclip.analyze, btsclip.make_plan, btsclip.render_plan)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(SAMPLE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
