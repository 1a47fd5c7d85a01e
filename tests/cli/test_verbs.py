"""The program as a person runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import interlaced_media
import pytest
from interrupts import hears_interrupts
from media import Media
from quick import mostly_slow
from schemas import check_schema

from btsclip.analysis.result import ProbeJson

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"


def btsclip(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


def test_help_names_every_verb_and_loads_nothing_heavy() -> None:
    heavy = "{'cv2', 'moviepy', 'av', 'scenedetect', 'numpy', 'opentimelineio'} & set(sys.modules)"
    asked = (
        "import sys, atexit; sys.argv = ['btsclip', '--help'];"
        f"atexit.register(lambda: print('HEAVY', {heavy}));"
        "from btsclip.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.returncode == 0 and "HEAVY set()" in done.stdout
    for verb in (
        "cut",
        "plan",
        "render",
        "export",
        "caption",
        "analyze",
        "probe",
        "doctor",
        "presets",
    ):
        assert verb in done.stdout


@pytest.mark.parametrize(
    "verb",
    mostly_slow(
        ["cut", "plan", "render", "export", "caption", "reply", "analyze", "probe", "doctor"], "cut"
    ),
)
def test_every_verb_has_help_with_examples(verb: str) -> None:
    done = btsclip(verb, "--help")
    assert done.returncode == 0 and "Example" in done.stdout


@pytest.mark.parametrize(
    "verb", mostly_slow(["list", "show", "check", "new", "schema", "preview"], "new")
)
def test_every_presets_verb_has_help_with_examples(verb: str) -> None:
    done = btsclip("presets", verb, "--help")
    assert done.returncode == 0 and "Example" in done.stdout


@pytest.mark.slow
def test_presets_are_listed_shown_and_checked(tmp_path: Path) -> None:
    listed = json.loads(btsclip("presets", "list", "--json", cwd=tmp_path).stdout)
    assert len(listed) >= 8 and all(preset["description"] for preset in listed)
    shown = btsclip("presets", "show", "bakery-slow", cwd=tmp_path).stdout
    (tmp_path / "mine.toml").write_text(shown, "utf-8")
    assert btsclip("presets", "check", "mine.toml", cwd=tmp_path).returncode == 0
    assert btsclip("presets", "check", "bakery-slow", cwd=tmp_path).returncode == 0
    (tmp_path / "mine.toml").write_text("cuont = 1\n[output]\ncrf = 99\n", "utf-8")
    wrong = btsclip("presets", "check", "mine.toml", cwd=tmp_path)
    assert wrong.returncode == 1 and wrong.stderr.count("mine.toml:") == 2
    assert json.loads(btsclip("presets", "schema").stdout)["properties"]


def test_version_and_no_arguments() -> None:
    assert btsclip("--version").stdout.startswith("btsclip 0.")
    assert "Usage" in btsclip().stdout + btsclip().stderr
    assert btsclip("cut").returncode == 2


@pytest.mark.parametrize(
    "name",
    mostly_slow(["empty.mp4", "text.mp4", "unfinished.mp4", "sound_only.mp4"], "unfinished.mp4"),
)
@pytest.mark.parametrize("verb", mostly_slow(["cut", "probe"], "cut"))
def test_bad_footage_is_one_clear_line(verb: str, name: str, media: Media, tmp_path: Path) -> None:
    path = media(name)
    done = btsclip(verb, path, cwd=tmp_path)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and path.name in done.stderr and ";" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_cache_info_lists_facts() -> None:
    done = btsclip("cache", "info")
    assert done.returncode == 0 and "entries" in done.stdout and "limit" in done.stdout


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    missing = btsclip("cut", "nix.mp4", cwd=tmp_path)
    assert missing.returncode == 1 and "nix.mp4: no such file" in missing.stderr
    folder = btsclip("cut", ".", cwd=tmp_path)
    assert folder.returncode == 1 and "is a folder" in folder.stderr


@pytest.mark.slow
def test_wrong_usage_is_exit_2(tmp_path: Path) -> None:
    assert btsclip("cut", "a.mp4", "--count", "0").returncode == 2
    assert btsclip("cut", "a.mp4", "--nix").returncode == 2
    assert btsclip("mince").returncode == 2


@pytest.mark.slow
def test_lengths_that_cross_are_named(tmp_path: Path) -> None:
    done = btsclip("cut", SAMPLE, "--min-length", "9", "--max-length", "4", cwd=tmp_path)
    assert done.returncode == 2 and "--min-length 9: is more than --max-length 4" in done.stderr


def test_undrawable_hook_is_reported_before_the_analysis(tmp_path: Path) -> None:
    done = btsclip("cut", SAMPLE, "--hook", "So good ก", cwd=tmp_path)
    assert done.returncode == 1 and "U+0E01" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_an_unknown_preset_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = btsclip("cut", SAMPLE, "--preset", "brand-minimum", cwd=tmp_path)
    assert done.returncode == 1 and "did you mean brand-minimal?" in done.stderr


def test_nothing_worth_cutting_is_exit_3_and_leaves_nothing(media: Media, tmp_path: Path) -> None:
    done = btsclip("cut", media("plain.mp4"), "-o", "out", cwd=tmp_path)
    assert done.returncode == 3 and "nothing worth cutting" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_probe_prints_the_facts(tmp_path: Path) -> None:
    facts = json.loads(btsclip("probe", SAMPLE, "--json").stdout)
    check_schema(ProbeJson, facts)
    assert (facts["width"], facts["height"], facts["fps"]) == (1280, 720, 30.0)
    assert facts["duration"] == pytest.approx(45, abs=0.1) and facts["has_audio"]
    assert facts["created"].startswith("2026-11-01")
    assert "1280" in btsclip("probe", SAMPLE).stdout


def test_probe_says_which_field_is_first(tmp_path: Path) -> None:
    take = interlaced_media.path_of(tmp_path, "dv")
    assert "interlaced, bottom field first" in btsclip("probe", take).stdout


def test_doctor_finds_all_that_is_needed() -> None:
    done = btsclip("doctor", "--json")
    states = {check["name"]: check["state"] for check in json.loads(done.stdout)}
    assert done.returncode == 0 and "missing" not in states.values()
    assert states["encoder libx264"] == "ok"
    assert states["model palm_detection_full.f16.onnx"] == "ok"
    assert states["export"] == "ok"


@pytest.mark.slow
def test_doctor_reports_a_bad_ffmpeg(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BTSCLIP_FFMPEG", "/nix/ffmpeg")
    done = btsclip("doctor")
    assert done.returncode == 1 and "/nix/ffmpeg" in done.stdout


def test_an_interrupt_before_a_verb_has_begun_is_quiet() -> None:
    program = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'btsclip.cli.program': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from btsclip.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("number", mostly_slow([signal.SIGINT, signal.SIGTERM], signal.SIGTERM))
@pytest.mark.parametrize("wait", [3.0, pytest.param(14.0, marks=pytest.mark.slow)])
def test_an_interrupt_leaves_nothing(number: int, wait: float, tmp_path: Path) -> None:
    """After 3 s it analyses; after 14 s, on most machines, it renders."""
    child = subprocess.Popen(
        [*PROGRAM, "cut", str(SAMPLE), "-o", "out"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=hears_interrupts,
    )
    time.sleep(wait)
    if child.poll() is not None:
        pytest.skip("this machine was done before it could be interrupted")
    child.send_signal(number)
    _, said = child.communicate(timeout=20)
    assert child.returncode == 130 and b"interrupted" in said
    left = [p.name for p in tmp_path.rglob("*") if p.name.startswith(".btsclip")]
    assert left == []
    whole = {p.stem for p in tmp_path.rglob("*.mp4")}
    assert {p.stem for p in tmp_path.rglob("*.jpg")} == whole
    assert whole or not (tmp_path / "out").exists()
    assert not _children_of(tmp_path)


def _children_of(folder: Path) -> list[str]:
    """Processes that still work inside `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in str((process / "cwd").readlink()):
                found.append(process.name)
        except OSError:
            continue
    return found
