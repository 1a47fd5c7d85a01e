"""Time-lapses of takes whose brightness tells the moment, and whose sound has a known beat."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import small_shoot
from made_pot import day, pot
from result import pictures, samples
from typer.testing import CliRunner

from btsclip.cli import app
from btsclip.errors import NothingFound
from btsclip.framing.layout import Canvas, Framing
from btsclip.geometry import WHOLE
from btsclip.media.probing import probe
from btsclip.plan.model import Clip
from btsclip.planning.cut import CutResult, render_plan
from btsclip.presets.load import load_preset
from btsclip.render import graph
from btsclip.signals.subject_tracks import Tracks
from btsclip.timelapse.framing import FramedPart
from btsclip.timelapse.make import MIN_SECONDS, make_timelapses, plan_timelapses
from btsclip.timelapse.schedule import schedule
from btsclip.timelapse.series import SeriesPart

# Seconds of the long take.
LONG = 120
LENGTH = 8.0


def clock_of(clip: Clip) -> list[str]:
    return [caption.text for caption in clip.captions if caption.role == "clock"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lapse")


@pytest.fixture(scope="module")
def lapse_result(folder: Path) -> CutResult:
    take = pot(folder / "proof.mp4", LONG)
    look = small_shoot.look(folder)
    return make_timelapses([take], folder / "out", str(look), length=LENGTH)


@pytest.mark.slow
def test_long_take_is_one_clip_that_counts_its_time(lapse_result: CutResult) -> None:
    (clip,) = lapse_result.plan.clips
    assert clip.seconds_shown == pytest.approx(LENGTH, abs=0.05)
    assert (clip.spans[0].start, clip.spans[-1].end) == (0, pytest.approx(LONG, abs=0.2))
    assert clock_of(clip)[0] == "0 min" and clock_of(clip)[-1] == "2 min"
    assert clip.evidence["elapsed"] == pytest.approx(LONG, abs=0.2)
    assert "steady for 2 min" in clip.why and not clip.warnings


@pytest.mark.slow
def test_each_picture_shows_its_moment(lapse_result: CutResult) -> None:
    (done,) = lapse_result.clips
    output = load_preset(str(done.path.parents[1] / "look.toml")).output
    frames = pictures(done.path, output)[:, 250:380].mean(axis=(1, 2, 3))
    times = np.arange(len(frames)) / output.fps
    flies = done.clip.spans[1]
    speed = flies.speeds[0][1]
    true = np.where(times < 1, times, np.minimum(1 + (times - 1) * speed, LONG - 2))
    inside = (times > 1.1) & (times < LENGTH - 2.1)
    # Texts and the range of the picture leave one slope; keyframes are a second apart.
    slope = np.polyfit(true[inside], frames[inside], 1)[0]
    seen = (frames - frames[0]) / slope
    assert np.abs(seen - true)[inside].max() < 2.0
    assert np.ptp(frames[times > LENGTH - 1.8]) < 3 * slope


@pytest.mark.slow
def test_sound_is_quieter_at_its_own_pitch_and_never_silent(lapse_result: CutResult) -> None:
    (done,) = lapse_result.clips
    sound = samples(done.path).mean(1)
    life, flies = sound[6000:42_000], sound[2 * 48_000 : 5 * 48_000]
    for part in (life, flies):
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        assert np.fft.rfftfreq(len(part), 1 / 48_000)[spectrum.argmax()] == pytest.approx(
            440, abs=3
        )
    level = [20 * np.log10(np.sqrt((part**2).mean())) for part in (life, flies)]
    assert 4 < level[0] - level[1] < 12
    hundredths = sound[: len(sound) // 4800 * 4800].reshape(-1, 4800)
    assert np.sqrt((hundredths[1:-1] ** 2).mean(1)).min() > 0.003
    # Still one beat a second.
    beats = np.abs(flies).reshape(-1, 2400).mean(1) > np.abs(flies).mean()
    assert np.count_nonzero(np.diff(beats.astype(int)) == 1) in (2, 3)


@pytest.mark.slow
def test_only_keyframes_are_read_where_they_suffice(folder: Path, lapse_result: CutResult) -> None:
    footage = probe(folder / "proof.mp4")
    flies = lapse_result.plan.clips[0].spans[1]
    assert footage.keyframe_interval == pytest.approx(1, abs=0.05)
    # Fifteen times as fast needs a picture each half second.
    assert graph.skip_options(footage, flies, 30) == {"skip_frame": "noref"}
    assert graph.skip_options(footage, flies, 10)["skip_frame"] == "nokey"
    assert graph.skip_options(footage, lapse_result.plan.clips[0].spans[0], 10) == {}


@pytest.mark.slow
def test_edited_plan_can_be_rendered(folder: Path, lapse_result: CutResult) -> None:
    plan = json.loads((folder / "out" / "plan.json").read_text("utf-8"))
    flies = plan["clips"][0]["spans"][1]
    flies["speeds"] = [[flies["start"], 2 * flies["speeds"][0][1]]]
    edited = folder / "out" / "edited.json"
    edited.write_text(json.dumps(plan), "utf-8")
    plan["clips"][0]["captions"] = []
    edited.write_text(json.dumps(plan), "utf-8")
    (done,) = render_plan(edited, folder / "again").clips
    assert done.clip.seconds_shown == pytest.approx((LENGTH - 3) / 2 + 3, abs=0.1)


@pytest.mark.slow
def test_takes_of_one_thing_are_counted_by_their_clocks(tmp_path: Path) -> None:
    takes = day(tmp_path, "10:00:00", "11:10:00", "13:20:00")
    look = load_preset(str(small_shoot.look(tmp_path)))
    (clip,) = plan_timelapses(takes[::-1], look, "look", length=LENGTH).clips
    assert [Path(span.source).name for span in clip.spans] == [
        "pot 0.mp4", "pot 0.mp4", "pot 1.mp4", "pot 2.mp4", "pot 2.mp4",
    ]  # fmt: skip
    assert clock_of(clip) == ["0 min", "1 h 10 min", "3 h 20 min"]
    assert "3 h 20 min passed by the clock" in clip.why
    assert len({tuple(span.crop[0][1:]) for span in clip.spans}) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("clocks", "word"),
    [(("10:00:00", ""), "does not say"), (("10:00:00", "10:00:02"), "same time")],
)
def test_without_a_known_time_there_is_no_counter_but_a_reason(
    tmp_path: Path, clocks: tuple[str, str], word: str
) -> None:
    takes = day(tmp_path, *clocks)
    (clip,) = plan_timelapses(takes, load_preset(str(small_shoot.look(tmp_path))), "look").clips
    assert clock_of(clip) == [] and "elapsed" not in clip.evidence
    assert word in clip.warnings[0] and "no time is shown" in clip.warnings[0]


@pytest.mark.slow
def test_short_or_unsteady_takes_are_refused(tmp_path: Path) -> None:
    take = pot(tmp_path / "short.mp4", 10)
    result = CliRunner().invoke(app, ["timelapse", str(take), "-o", str(tmp_path / "out")])
    assert result.exit_code == 3 and not (tmp_path / "out").exists()
    busy = small_shoot.part(tmp_path / "busy.mp4", 5, 23)
    with pytest.raises(NothingFound, match="time-lapse"):
        plan_timelapses([busy], load_preset("honest-kitchen"), "honest-kitchen")


@pytest.mark.slow
def test_dry_run_prints_the_plan(folder: Path, lapse_result: CutResult) -> None:
    take, out = folder / "proof.mp4", folder / "dry"
    asked = ["timelapse", str(take), "--dry-run", "--json", "--length", "9", "-o", str(out)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0 and not out.exists()
    assert "steady for 2 min" in json.loads(result.stdout)["clips"][0]["why"]
    assert CliRunner().invoke(app, [*asked, "--length", str(MIN_SECONDS - 1)]).exit_code == 2


def test_many_takes_share_the_seconds_and_each_can_be_seen() -> None:
    class Stretch:
        def __init__(self, seconds: float) -> None:
            self.start, self.end, self.seconds = 0.0, seconds, seconds

    parts: list[SeriesPart] = [Stretch(s) for s in (2000.0, 5.0, 5.0, 900.0)]  # type: ignore[misc]
    shown = schedule(parts, 12.0)
    assert sum(span.seconds for span in shown) == pytest.approx(12, abs=0.01)
    assert min(span.seconds for span in shown) >= 0.5 - 1e-6
    many: list[SeriesPart] = [Stretch(60.0) for _ in range(60)]  # type: ignore[misc]
    shown = schedule(many, 12.0)
    assert len(shown) <= 14 and shown[0].part is many[0] and shown[-1].part is many[-1]
    assert sum(span.seconds for span in shown) == pytest.approx(12, abs=0.01)


def test_part_within_bars_is_framed_within_them() -> None:
    pillarboxed = (0.5, 0.5, 0.5, 1.0)
    canvas = Canvas((960, 1080), (1080, 1920))
    tracks = Tracks(*(np.zeros(0) for _ in fields(Tracks)))
    for keys in ((), ((0.0, 0.5, 0.5, 1.0, 1.0),)):
        framed = FramedPart(Framing("fit-blur", "frame", keys, 1.0), tracks, canvas, pillarboxed)
        assert framed.keys_at(7.0) == [(7.0, *pillarboxed)]
    whole = FramedPart(Framing("fit-blur", "frame", (), 1.0), tracks, canvas, WHOLE)
    assert whole.keys_at(7.0) == []
