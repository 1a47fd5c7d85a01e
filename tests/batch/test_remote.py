"""Shoots and results in an object store, on a local server of moto."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dask_cluster
import pytest
from small_shoot import LOOK, part

pytest.importorskip("distributed")
pytest.importorskip("moto.server")

from btsclip.batch.outcome import Outcome
from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.scheduler import Event
from btsclip.batch.state import BatchOptions
from btsclip.errors import BtsclipError, FootageError
from btsclip.media import remote
from btsclip.plan import io
from btsclip.planning.request import ClipRequest
from btsclip.takes.listing import files_in

BUCKET = "kitchen"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An S3 client of a server with one bucket; the environment points to the server."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
            "XDG_DATA_HOME": str(tmp_path_factory.mktemp("data")),
            "BTSCLIP_CACHE": str(tmp_path_factory.mktemp("cache")),
        }.items():  # fmt: skip
            patch.setenv(name, value)
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
        client.create_bucket(Bucket=BUCKET)
        yield client
    server.stop()


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shoot in a local folder."""
    folder = tmp_path_factory.mktemp("shoot")
    part(folder / "chop.mp4", 14, 19, created="2026-05-03T11:00:00Z")
    (folder / "day 1").mkdir()
    part(folder / "day 1" / "kneten Übung.mp4", 5, 10, created="2026-05-03T10:00:00Z")
    (folder / "broken.mov").write_text("not a video")
    (folder / "shoot.toml").write_text('dish = "Bread"\n')
    (folder / "look.toml").write_text(LOOK)
    return folder


@pytest.fixture(scope="module")
def shoot(store: Any, near: Path) -> Path:
    """The same shoot in the store, with some keys that are not file names."""
    for path in near.rglob("*"):
        if path.is_file():
            store.upload_file(str(path), BUCKET, f"shoot/{path.relative_to(near).as_posix()}")
    for key in ("shoot/../up.mp4", "shoot//twice.mp4", "shoot/a\\b.mp4", "shoot/folder/"):
        store.put_object(Bucket=BUCKET, Key=key, Body=b"out of here")
    return remote.remote_folder(f"s3://{BUCKET}/shoot")


def cut(
    shoot: Path, out: Path, near: Path, events: list[Event] | None = None, **execution: Any
) -> Outcome:
    on_event = (lambda event: None) if events is None else events.append
    look = str(near / "look.toml")
    places = ExecutionOptions(**{"jobs": os.cpu_count(), **execution})
    return run_batch(shoot, out, look, ClipRequest(), BatchOptions(), places, on_event=on_event)


def objects(store: Any, prefix: str) -> dict[str, str]:
    """Names and digests of the objects in a folder."""
    contents = store.list_objects_v2(Bucket=BUCKET, Prefix=f"{prefix}/").get("Contents", [])
    return {
        item["Key"].removeprefix(f"{prefix}/"): hashlib.sha256(
            store.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
        ).hexdigest()
        for item in contents
    }


def videos(names: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in names.items() if name.endswith(".mp4")}


@pytest.fixture(scope="module")
def alone(store: Any, shoot: Path, near: Path) -> tuple[Outcome, dict[str, str]]:
    """The outcome of a run on this machine alone, and its objects."""
    outcome = cut(shoot, remote.remote_folder(f"s3://{BUCKET}/alone"), near)
    return outcome, objects(store, "alone")


@pytest.mark.slow
def test_shoot_in_a_store_gives_the_same_clips_as_a_folder(
    alone: tuple[Outcome, dict[str, str]], near: Path, tmp_path: Path
) -> None:
    here = cut(near, tmp_path / "out", near)
    outcome, stored = alone
    local = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in (tmp_path / "out").iterdir() if p.is_file() and p.suffix != ".log"
    }  # fmt: skip
    assert len(here.clips) >= 2 and videos(stored) == videos(local) and set(stored) == set(local)
    assert not any(name.startswith(".") for name in stored)
    states = {row.file: (row.state, row.why) for row in outcome.rows}
    root = f"s3://{BUCKET}/shoot"
    assert states[f"{root}/day 1/kneten Übung.mp4"][0] == states[f"{root}/chop.mp4"][0] == "cut"
    assert states[f"{root}/broken.mov"][0] == "failed"
    for key in ("../up.mp4", "/twice.mp4", "a\\b.mp4"):
        assert states[f"{root}/{key}"] == ("left out", "its name leads elsewhere")
    out = remote.remote_folder(f"s3://{BUCKET}/alone")
    plan = io.read_plan(out / "plan.json")
    assert {s.path for s in plan.sources} == {f"{root}/chop.mp4", f"{root}/day 1/kneten Übung.mp4"}
    record = json.loads((out / f"{plan.clips[0].id}.json").read_text())
    assert record["source"]["path"].startswith(root)


@pytest.mark.slow
def test_clips_in_the_store_are_not_rendered_again(
    store: Any, shoot: Path, near: Path, alone: tuple[Outcome, dict[str, str]]
) -> None:
    outcome, stored = alone
    out = remote.remote_folder(f"s3://{BUCKET}/alone")
    again: list[Event] = []
    assert cut(shoot, out, near, again).kept == len(outcome.clips) and not again
    lost = outcome.clips[0]
    store.delete_object(Bucket=BUCKET, Key=f"alone/{lost.path.name}")
    repaired = cut(shoot, out, near, again)
    rendered = [e.task.subject for e in again if e.task.kind == "render" and e.state == "done"]
    assert rendered == [lost.clip.id] and repaired.kept == len(outcome.clips) - 1
    assert objects(store, "alone") == stored


@pytest.mark.slow
def test_dask_workers_make_the_same_objects(
    store: Any, shoot: Path, near: Path, alone: tuple[Outcome, dict[str, str]], tmp_path: Path
) -> None:
    with ExitStack() as machines:
        address = machines.enter_context(dask_cluster.scheduler(tmp_path))
        for number in range(2):
            # As on separate machines: no worker has the copies of another.
            space = {"BTSCLIP_CACHE": str(tmp_path / f"cache{number}")}
            one = dask_cluster.worker(tmp_path, address, "--resources", "ffmpeg=1", **space)
            machines.enter_context(one)
        outcome = cut(shoot, remote.remote_folder(f"s3://{BUCKET}/clips"), near, scheduler=address)
    assert len(outcome.clips) >= 2 and objects(store, "clips") == alone[1]
    assert all(list(tmp_path.glob(f"cache{number}/footage/*")) for number in range(2))


def test_copies_are_bounded_and_those_in_use_stay(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BTSCLIP_CACHE", str(tmp_path))
    monkeypatch.setattr(remote, "MAX_BYTES", 250)
    for name in "abc":
        store.put_object(Bucket=BUCKET, Key=f"many/{name}.mp4", Body=name.encode() * 100)
    root = remote.remote_folder(f"s3://{BUCKET}/many")
    left = tmp_path / "footage" / f"{remote.IN_USE_PREFIX}999999999-x"
    left.mkdir(parents=True)
    with remote.local_copies([root / "a.mp4"]) as (first,):
        with remote.local_copies([root / "b.mp4", root / "c.mp4"]) as others:
            assert [p.read_bytes()[:1] for p in (first, *others)] == [b"a", b"b", b"c"]
        assert first.name == "a.mp4" and first.read_bytes() == b"a" * 100
    kept = [p for p in (tmp_path / "footage").iterdir() if p.stat().st_size == 100]
    assert len(kept) == 2 and not left.exists() and not first.exists()


def test_changed_object_is_fetched_again(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BTSCLIP_CACHE", str(tmp_path))
    path = remote.remote_folder(f"s3://{BUCKET}/changing") / "a.mp4"
    for body in (b"one", b"two"):
        store.put_object(Bucket=BUCKET, Key="changing/a.mp4", Body=body)
        with remote.local_copies([path]) as (near,):
            assert near.read_bytes() == body


def test_results_in_the_shoot_are_not_footage(store: Any) -> None:
    for key in ("day/a.mp4", "day/btsclip/b.mp4", "day/.hidden/c.mp4"):
        store.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    shoot = remote.remote_folder(f"s3://{BUCKET}/day")
    for out, found in (
        (f"s3://{BUCKET}/day/btsclip", ["a.mp4"]),
        (f"s3://{BUCKET}", ["a.mp4", "b.mp4"]),
        ("here", ["a.mp4", "b.mp4"]),
    ):
        assert [path.name for path in remote.files_in(shoot, remote.remote_folder(out))] == found


def test_deleted_files_in_a_store_are_not_footage(store: Any) -> None:
    for key in ("week/a.mp4", "week/#recycle/b.mp4", "week/#recycle/deep/c.mp4", "week/@eaDir/d"):
        store.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    shoot = remote.remote_folder(f"s3://{BUCKET}/week")
    skipped: dict[str, str] = {}
    found = files_in(
        shoot,
        remote.remote_folder("here"),
        skipped=lambda path, why: skipped.update({path.name: why}),
    )
    assert [path.name for path in found] == ["a.mp4"]
    assert skipped == {
        "#recycle": "a folder of deleted files (Synology)",
        "@eaDir": "a folder of thumbnails (Synology)",
    }


def test_missing_files_and_unknown_stores_are_errors(store: Any, near: Path) -> None:
    for text in ("gs://bucket/shoot", "s3://", "s3:///"):
        with pytest.raises(BtsclipError, match="not a known store"):
            remote.remote_folder(text)
    for missing in (f"s3://{BUCKET}/nowhere", "s3://no-such-bucket/shoot"):
        with pytest.raises(FootageError):
            cut(remote.remote_folder(missing), remote.remote_folder(f"s3://{BUCKET}/none"), near)
    with (
        pytest.raises(FootageError, match=f"s3://{BUCKET}/shoot/gone.mp4: can't be fetched"),
        remote.local_copies([remote.remote_folder(f"s3://{BUCKET}/shoot") / "gone.mp4"]),
    ):
        pass
