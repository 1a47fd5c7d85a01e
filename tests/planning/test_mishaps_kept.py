"""Takes with planted events, which are kept, dropped or switched off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import small_shoot
from made_signals import signals
from media import ffmpeg
from typer.testing import CliRunner

from btsclip.cli import app
from btsclip.plan.model import Clip, CutPlan
from btsclip.planning.clips import make_plan
from btsclip.planning.cut import cut, cut_json
from btsclip.planning.pacing import describe_pacing, speed_keys
from btsclip.planning.request import ClipRequest
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Pacing

RATE = 48_000
# In the sample hands knead from 5 s on and chop from 14 s to 23 s.
KNEAD, CHOP = (5.0, 14.0), (14.0, 23.0)
EVENT = 5.0


def noise(seconds: float, decay: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.random.default_rng(4).normal(size=len(t)) * np.exp(-t / decay)


def crash() -> np.ndarray:
    """The sound of something hard that falls and bounces twice."""
    sound = np.zeros(int(0.7 * RATE))
    for at, strength in ((0.0, 0.6), (0.25, 0.3), (0.4, 0.15)):
        blow = strength * noise(0.25, 0.05)
        first = int(at * RATE)
        sound[first : first + len(blow)] += blow[: len(sound) - first]
    return sound


def voiced(pitch: np.ndarray, harmonics: int, fall: float) -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    return sum(np.sin(k * phase) / k**fall for k in range(1, harmonics))


def scream(seconds: float = 0.9) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    ends = np.minimum(1, np.minimum(t / 0.03, (seconds - t) / 0.08))
    return 0.25 * voiced(900 * (1 + 0.12 * np.sin(np.pi * t / seconds)), 5, 0.5) * ends


def laughter(bursts: int = 8) -> np.ndarray:
    t = np.arange(int(0.12 * RATE)) / RATE
    parts = []
    for number in range(bursts):
        burst = voiced(np.full(len(t), 320 * (1.1 - 0.03 * number)), 12, 1.0)
        parts += [0.2 * burst * np.hanning(len(t)), np.zeros(int(0.1 * RATE))]
    return np.concatenate(parts)


def planted(
    path: Path, spans: list[tuple[float, float]], *events: tuple[float, np.ndarray]
) -> Path:
    """Write the `spans` of the sample one after the other, with `events` (seconds, sound)."""
    graph, parts = "", ""
    for i, (start, end) in enumerate(spans):
        graph += f"[0:v]trim={start}:{end},setpts=PTS-STARTPTS,scale=640:-2[v{i}];"
        graph += f"[0:a]atrim={start}:{end},asetpts=PTS-STARTPTS[a{i}];"
        parts += f"[v{i}][a{i}]"
    track = np.zeros(int(sum(b - a for a, b in spans) * RATE), np.float32)
    for at, sound in events:
        first = int(at * RATE)
        track[first : first + len(sound)] += sound[: len(track) - first].astype(np.float32)
    raw = path.with_suffix(".f32")
    track.tofile(raw)
    graph += f"{parts}concat=n={len(spans)}:v=1:a=1[v][own];[own][1:a]amix=2:normalize=0[a]"
    ffmpeg(
        "-i", small_shoot.SAMPLE, "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", raw,
        "-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "30", "-c:a", "aac", path,
    )  # fmt: skip
    raw.unlink()
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mishaps")


@pytest.fixture(scope="module")
def dropped(folder: Path) -> Path:
    """Hands knead, something falls and clatters, then somebody laughs."""
    events = ((EVENT, crash()), (EVENT + 1.2, laughter()))
    return planted(folder / "dropped.mp4", [KNEAD], *events)


@pytest.fixture(scope="module")
def hurt(folder: Path) -> Path:
    """Hands chop, somebody screams and the hands disappear at once; later they knead."""
    spans = [(14.0, 20.0), (0.0, 4.0), (5.5, 13.5)]
    return planted(folder / "hurt.mp4", spans, (EVENT + 0.6, scream()))


def plan(take: Path, name: str = "honest-kitchen", **request: object) -> CutPlan:
    return make_plan([take], load_preset(name), name, ClipRequest(**request))  # type: ignore[arg-type]


def mishap_of(plan: CutPlan) -> Clip:
    (clip,) = [clip for clip in plan.clips if clip.kind == "mishap"]
    return clip


@pytest.mark.slow
def test_planted_drop_is_kept_with_its_beginning_and_end(dropped: Path) -> None:
    clip = mishap_of(plan(dropped))
    assert clip.enabled
    assert clip.evidence["at"] == pytest.approx(EVENT, abs=0.3)
    (span,) = clip.spans
    assert span.start <= EVENT - 1.2 and span.end >= EVENT + 2
    assert (
        f"a clatter at {clip.evidence['at']:.1f} s" in clip.why and "hands stay at it" in clip.why
    )


@pytest.mark.slow
def test_line_and_sticker_come_with_the_mishap(dropped: Path) -> None:
    look = dropped.parent / "oops.toml"
    look.write_text(
        'extends = "mishap-and-fix"\n[captions.kinds]\nmishap = "Oops"\n'
        '[captions.stickers]\nmishap = "😬"\n',
        "utf-8",
    )
    clip = mishap_of(plan(dropped, str(look)))
    happens = clip.evidence["at"] - clip.spans[0].start
    line, replay_line = [caption for caption in clip.captions if caption.role == "moment"]
    (sticker,) = [caption for caption in clip.captions if caption.role == "sticker"]
    assert line.text.startswith("Oops") and line.start == pytest.approx(happens, abs=0.01)
    assert sticker.start == pytest.approx(happens, abs=0.01)
    assert replay_line.text == "Once more, slowly"


def test_mishap_is_replayed_at_half_speed_if_the_preset_says_so(dropped: Path) -> None:
    clip = mishap_of(plan(dropped, "mishap-and-fix"))
    first, replay = clip.spans
    assert replay.start < clip.evidence["at"] < replay.end
    assert replay.seconds == pytest.approx(2 * (replay.end - replay.start))
    assert "shown again at half speed" in clip.why
    replay_line = clip.captions[-1]
    assert (replay_line.start, replay_line.end) == pytest.approx(
        (first.seconds, clip.seconds_shown), abs=0.01
    )
    # There must be room for it.
    assert len(mishap_of(plan(dropped, "mishap-and-fix", max_length=7.0)).spans) == 1


def test_mishap_is_slowed_down_if_the_preset_says_so(dropped: Path) -> None:
    clip = mishap_of(plan(dropped, "street-food-fast"))
    at = clip.evidence["at"]
    (span,) = clip.spans
    time_map = span.time_map
    shown = time_map.shown(at + 0.5 - span.start) - time_map.shown(at - span.start)
    assert shown == pytest.approx(1.0, abs=0.01)
    assert "slowed as it happens" in clip.why


@pytest.mark.slow
def test_dropped_mishaps_are_reported(dropped: Path, folder: Path) -> None:
    long = planted(
        folder / "long.mp4", [KNEAD, KNEAD, KNEAD], (13.0, crash()),
    )  # fmt: skip
    dropped_plan = plan(long, mishaps="drop")
    at = 13.0
    assert all(clip.kind != "mishap" for clip in dropped_plan.clips)
    spans = [span for clip in dropped_plan.clips for span in clip.spans]
    assert spans and not any(span.start <= at <= span.end for span in spans)
    assert any("--mishaps drop" in skipped.why for skipped in dropped_plan.skipped)


@pytest.mark.slow
def test_only_mishaps_ends_with_3_without_any(dropped: Path, folder: Path, tmp_path: Path) -> None:
    mishaps = plan(dropped, mishaps="only")
    assert [clip.kind for clip in mishaps.clips] == ["mishap"]
    calm = planted(folder / "calm.mp4", [KNEAD])
    arguments = ["plan", str(calm), "--mishaps", "only", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 3 and "no mishap" in result.output
    assert CliRunner().invoke(app, [*arguments[:3], "some"]).exit_code == 2


@pytest.mark.slow
def test_possible_injury_is_switched_off_and_not_rendered(hurt: Path, folder: Path) -> None:
    out = folder / "hurt"
    result = cut(
        [hurt], out, str(small_shoot.look(folder)), ClipRequest(count=4, min_length=4, max_length=8)
    )
    off = [clip for clip in result.plan.clips if not clip.enabled]
    assert off, [clip.why for clip in result.plan.clips]
    for clip in off:
        assert clip.spans[0].start < EVENT + 2 and "switched off: a cry" in clip.why
        assert clip.evidence["cry"] >= 0.5 and clip.evidence["hand_jerk"] >= 0.5
        assert not (out / f"{clip.id}.mp4").exists()
    rendered = [clip for clip in result.plan.clips if clip.enabled]
    assert rendered and all((out / f"{clip.id}.mp4").exists() for clip in rendered)
    entries = {entry["why"]: entry for entry in cut_json(result)["clips"]}
    assert entries[off[0].why]["enabled"] is False and entries[off[0].why]["path"] is None


def test_slow_part_ends_with_the_clip() -> None:
    take_signals, slow = signals(20, ((0, 20),)), Pacing(mishap="slow")
    keys = speed_keys(take_signals, [(4.8, 11.0)], "mishap", slow, 4.0, 5.0)
    assert keys[0] == (4.8, 0.5) and keys[-1] == (6.3, 1.0)
    assert speed_keys(take_signals, [(4.8, 11.0)], "process", slow, 4.0, None) == []
    assert speed_keys(take_signals, [(4.8, 11.0)], "mishap", Pacing(), 4.0, 5.0) == []
    assert describe_pacing(keys, slow) == ", slowed as it happens"
