"""Foreign names, titles, scripts and plans reach no shell, no filter and no other file."""

from __future__ import annotations

import ast
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import media
import pytest
from result import PRESET, plan_of

from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.state import BatchOptions
from btsclip.errors import FootageError, PlanError
from btsclip.media.probing import probe
from btsclip.plan import io
from btsclip.plan.model import Clip
from btsclip.planning.request import ClipRequest
from btsclip.render import render

SOURCES = Path(__file__).parents[2] / "src"
SCRIPTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{target}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{target}'\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>'
    '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
    "<BaseURL>{target}</BaseURL>"
    "</Representation></AdaptationSet></Period></MPD>",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
}


class Listener:
    """A server on this machine that records whether anybody connected."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.called = threading.Event()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        try:
            self.socket.accept()[0].close()
            self.called.set()
        except OSError:
            return


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.socket.close()


@pytest.mark.parametrize("ending", ["mp4", "mov", "m3u8", "mpd", "sdp", "ffconcat", "ts"])
@pytest.mark.parametrize("kind", SCRIPTS)
def test_scripts_open_nothing(
    kind: str, ending: str, tmp_path: Path, media: media.Media, listener: Listener
) -> None:
    canary = media.copy("one_second.mp4", tmp_path / "canary.mp4")
    targets = (
        str(canary), "canary.mp4", f"file:{canary}", f"http://127.0.0.1:{listener.port}/a.mp4",
        f"tcp://127.0.0.1:{listener.port}",
    )  # fmt: skip
    for number, target in enumerate(targets):
        # Some systems update the access time only if it is older than the last change.
        os.utime(canary, ns=(1_000_000_000, 2_000_000_000))
        script = tmp_path / f"take{number}.{ending}"
        script.write_text(SCRIPTS[kind].format(target=target, port=listener.port))
        with pytest.raises(FootageError) as caught:
            probe(script)
        assert "playlist" in caught.value.cause, caught.value
        assert canary.stat().st_atime_ns == 1_000_000_000, f"{target} was read"
    assert not listener.called.is_set()


def test_canary_detects_a_read(tmp_path: Path, media: media.Media) -> None:
    """Check the check: reading the canary shows on this disk."""
    canary = media.copy("one_second.mp4", tmp_path / "canary.mp4")
    os.utime(canary, ns=(1_000_000_000, 2_000_000_000))
    probe(canary)
    read = canary.stat().st_atime_ns
    if read == 1_000_000_000:
        pytest.skip("this disk does not record when files are read")
    assert read > 2_000_000_000


@pytest.mark.parametrize("name", ["http:--x.mp4", "concat:a.mp4", "pipe:0", "-i.mp4", "a%03d.mp4"])
def test_names_that_look_like_addresses_are_files(
    name: str, tmp_path: Path, media: media.Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    media.copy("one_second.mp4", tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert probe(name).duration == pytest.approx(1.0, abs=0.1)


def test_titles_of_footage_reach_no_filter(tmp_path: Path, media: media.Media) -> None:
    nasty = "':[x];drawtext=textfile=/etc/passwd,$(touch pwned)`id`\\%{eif}\n{\\p1}m 0 0"
    path = tmp_path / "take.mp4"
    media_file = media("one_second.mp4")
    from media import ffmpeg

    ffmpeg("-i", media_file, "-c", "copy", "-metadata", f"title={nasty}", path)
    assert probe(path).title
    (rendered,) = render(plan_of(path), PRESET, tmp_path / "out")
    assert rendered.path.exists() and not list(tmp_path.rglob("pwned"))
    assert "pwned" not in rendered.sidecar.read_text()


@pytest.mark.parametrize(
    "name", ["../clip", "a/b", "/tmp/clip", "..", ".", "a\0b", "a\nb", "~/x", ".hidden", "", "a\\b"]
)
def test_clip_ids_that_lead_out_of_the_folder_are_refused(
    name: str, tmp_path: Path, media: media.Media
) -> None:
    plan = plan_of(media("one_second.mp4"))
    values = json.loads(io.to_json(plan))
    values["clips"][0]["id"] = name
    (tmp_path / "plan.json").write_text(json.dumps(values))
    with pytest.raises(PlanError, match="id"):
        io.read_plan(tmp_path / "plan.json")
    with pytest.raises(ValueError):
        Clip.model_validate(values["clips"][0])


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
@pytest.mark.parametrize("ending", ["mp4", "json", "jpg"])
def test_link_in_place_of_a_result_is_not_followed(
    ending: str, tmp_path: Path, media: media.Media
) -> None:
    plan, out = plan_of(media("one_second.mp4")), tmp_path / "out"
    precious = tmp_path / "precious"
    precious.write_text("mine")
    out.mkdir()
    link = out / f"{plan.clips[0].id}.{ending}"
    link.symlink_to(precious)
    with pytest.raises(Exception, match="already exists"):
        render(plan, PRESET, out)
    render(plan, PRESET, out, force=True)
    assert precious.read_text() == "mine" and not link.is_symlink()


def all_calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """All calls in the source, with the dotted name of the function."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func)


def test_source_uses_no_shell_and_no_code_loading() -> None:
    banned = {
        "eval", "exec", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads",
        "joblib.load", "shelve.open", "yaml.load", "torch.load",
    }  # fmt: skip
    seen = 0
    for path, node, name in all_calls():
        named = {k.arg: ast.unparse(k.value) for k in node.keywords}
        assert name not in banned, f"{path}: {name}"
        assert named.get("shell", "False") == "False", f"{path}: shell"
        assert named.get("allow_pickle", "False") == "False", f"{path}: allow_pickle"
        if name.endswith("np.load"):
            assert named.get("allow_pickle") == "False", f"{path}: np.load"
            seen += 1
        # Arguments are a list, never a text for a shell to split.
        if name in ("subprocess.run", "subprocess.Popen", "subprocess.check_output"):
            assert isinstance(node.args[0], ast.List), f"{path}: {ast.unparse(node)}"
            seen += 1
    assert seen >= 2


@pytest.mark.parametrize("verb", ["render"])
def test_foreign_plan_writes_only_inside_its_folder(
    verb: str, tmp_path: Path, media: media.Media, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The program prints one line, exits with 1, and writes nothing."""
    from btsclip.cli import app

    values = json.loads(io.to_json(plan_of(media("one_second.mp4"))))
    values["clips"][0]["id"] = "../../escaped"
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "plan.json").write_text(json.dumps(values))
    with pytest.raises(SystemExit) as left:
        app([verb, str(inner / "plan.json"), "-o", str(inner / "out")])
    assert left.value.code == 1 and "clips.0.id" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "plan.json"]


def test_batch_refuses_a_foreign_plan(tmp_path: Path) -> None:
    """The plan is neither used nor overwritten."""
    shoot, out = tmp_path / "shoot", tmp_path / "out"
    for folder in (shoot, out):
        folder.mkdir()
    plan = {"version": 1, "preset": "x", "sources": [], "clips": [{"id": "../../escaped"}]}
    (out / "plan.json").write_text(json.dumps(plan))
    (out / "report.json").write_text('{"plan": "../../escaped", "rows": 3}')
    with pytest.raises(PlanError, match="was edited"):
        run_batch(
            shoot, out, "honest-kitchen", ClipRequest(), BatchOptions(), ExecutionOptions(jobs=1)
        )
    assert json.loads((out / "plan.json").read_text()) == plan
    assert not list(tmp_path.rglob("escaped*")) and not list(tmp_path.parent.glob("escaped*"))
