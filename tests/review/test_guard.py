"""Access to the review server: only the window that was opened."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import media
import pytest
from result import plan_of
from reviewed import client, served
from starlette.exceptions import HTTPException
from starlette.types import Message

from btsclip.plan import io
from btsclip.review import request_timeout
from btsclip.review.guard import LARGEST, _Limited


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shoot")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    media.take(folder / "take.mp4", size=(320, 180))
    (folder / "secret.txt").write_text("not named in the plan")
    io.write_plan(plan_of(folder / "take.mp4"), folder / "plan.json")
    with served(folder / "plan.json") as opened:
        yield opened


@pytest.fixture
def server_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log of the server's errors, which it keeps from other loggers."""
    logger = logging.getLogger("uvicorn.error")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def base(address: str) -> str:
    return address.partition("/?")[0]


def test_only_the_printed_address_opens_the_page(address: str) -> None:
    for path in ("/", "/api/plan", "/static/main.js", "/media/takes/clip-1/0/0-0.mp4", "/nothing"):
        assert httpx.get(base(address) + path).status_code == 403
    assert httpx.get(f"{base(address)}/?token=guess").status_code == 403
    answer = httpx.get(address, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert address.partition("token=")[2] not in answer.headers["location"]


def test_every_answer_has_strict_headers(address: str) -> None:
    with client(address) as asking:
        for path in ("/", "/static/main.js", "/api/plan", "/nothing"):
            headers = asking.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "server" not in headers
    assert httpx.get(base(address)).headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil:80", ""]
)
def test_other_host_names_are_refused(host: str, address: str) -> None:
    name, _, port = base(address).removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(name, int(port), timeout=10)
    connection.putrequest("GET", "/api/plan", skip_host=True)
    if host:
        connection.putheader("Host", host)
    connection.putheader("Cookie", cookie_of(address))
    connection.endheaders()
    assert connection.getresponse().status in (400, 421)


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": ""},
        {"origin": "https://HOST"}, {"origin": "HOST"}, {"origin": "://HOST"},
        {"origin": "http://localhost:PORT"},
        {"sec-fetch-site": "cross-site"}, {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
    ],
)  # fmt: skip
def test_requests_of_other_pages_are_refused(changed: dict[str, str], address: str) -> None:
    with client(address) as asking:
        tag = asking.get("/api/plan").json()["tag"]
        edits = [{"do": "clip", "clip": "clip-1", "values": {"title": "x"}}]
        body = json.dumps({"tag": tag, "edits": edits})
        host = base(address).removeprefix("http://")
        port = host.partition(":")[2]
        changed = {
            key: value.replace("HOST", host).replace("PORT", port) for key, value in changed.items()
        }
        headers = {"content-type": "application/json"} | changed
        assert asking.post("/api/edits", content=body, headers=headers).status_code in (403, 415)
        assert asking.get("/api/plan").json()["tag"] == tag
        assert asking.post("/api/edits", json={"tag": tag, "edits": edits}).status_code == 200
        now = asking.get("/api/plan").json()["tag"]
        asking.post("/api/undo", json={"tag": now})


@pytest.mark.parametrize(
    "path",
    [
        "/static/../guard.py", "/static/..%2fguard.py", "/static/%2e%2e/guard.py", "/static/",
        "/static/C:%5Cwindows", "/media/clips/..%2f..%2fsecret/txt", "/media/clips/clip-1/json",
        "/media/clips/secret/txt", "/media/takes/..%2fsecret.txt/0/0", "/media/takes/clip-1/9/0-0",
        "/media/takes/clip-1/-1/0-0", "/secret.txt", "//etc/passwd", "/media/clips/clip-1/..",
    ],
)  # fmt: skip
def test_only_files_of_the_plan_are_served(path: str, address: str) -> None:
    with client(address) as asking:
        answer = asking.get(path)
        assert answer.status_code == 404, answer.text
        assert "not named" not in answer.text and "root:" not in answer.text


def test_too_large_request_is_refused(address: str, server_log: pytest.LogCaptureFixture) -> None:
    with client(address) as asking:
        headers = {"content-type": "application/json"}
        large = b" " * (LARGEST + 1)
        assert asking.post("/api/edits", content=large, headers=headers).status_code == 413

        def endless() -> Iterator[bytes]:
            for _ in range(LARGEST // 65536 + 2):
                yield b" " * 65536

        answer = asking.post("/api/edits", content=endless(), headers=headers)
        assert (answer.status_code, answer.text) == (413, "too large")
        assert asking.get("/api/plan").status_code == 200, "and the server still answers"
    assert "Traceback" not in server_log.text


def test_too_large_request_in_one_part_is_refused() -> None:
    """Nothing is drained, because no part follows."""
    parts = iter([{"type": "http.request", "body": b" " * (LARGEST + 1), "more_body": False}])

    async def receive() -> Message:
        return next(parts)

    async def read(limited: _Limited) -> Message:
        return await limited()

    with pytest.raises(HTTPException) as raised:
        asyncio.run(read(_Limited(receive)))
    assert raised.value.status_code == 413


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000, '{"tag": 1, "edits": {}}', "null"])
def test_invalid_body_is_refused(body: str, address: str) -> None:
    with client(address) as asking:
        answer = asking.post(
            "/api/edits", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422)


def test_byte_ranges_of_the_take_are_served(address: str) -> None:
    with client(address) as asking:
        whole = asking.get("/media/takes/clip-1/0/0-0.mp4")
        assert whole.status_code == 200 and whole.headers["accept-ranges"] == "bytes"
        part = asking.get("/media/takes/clip-1/0/0-0.mp4", headers={"range": "bytes=10-19"})
        assert part.status_code == 206 and part.content == whole.content[10:20]
        beyond = asking.get("/media/takes/clip-1/0/0-0.mp4", headers={"range": "bytes=99999999-"})
        assert beyond.status_code == 416
        assert asking.get("/media/pictures/clip-1/0/middle").content[:2] == b"\xff\xd8"


def cookie_of(address: str) -> str:
    with client(address) as asking:
        return "; ".join(f"{name}={value}" for name, value in asking.cookies.items())


def raw(address: str, *, length: int | None = None) -> bytes:
    """The headers of an allowed request; without `length` they are unfinished."""
    host = base(address).removeprefix("http://")
    lines = ["POST /api/edits HTTP/1.1", f"host: {host}", f"origin: http://{host}",
             "content-type: application/json", f"cookie: {cookie_of(address)}"]  # fmt: skip
    if length is not None:
        lines += [f"content-length: {length}", ""]
    return "".join(f"{line}\r\n" for line in lines).encode()


@pytest.mark.parametrize("sent", ["nothing", "a word", "half of the headers", "half of the body"])
def test_unfinished_request_is_closed(
    sent: str, address: str, monkeypatch: pytest.MonkeyPatch, server_log: pytest.LogCaptureFixture
) -> None:
    parts = {
        "nothing": b"", "a word": b"GET", "half of the headers": raw(address),
        "half of the body": raw(address, length=100) + b'{"tag',
    }  # fmt: skip
    monkeypatch.setattr(request_timeout, "MAX_REQUEST_SECONDS", 0.2)
    host, _, port = base(address).removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(parts[sent])
        # One byte at a time does not extend the limit.
        with contextlib.suppress(OSError):
            for _ in range(500 if sent == "half of the headers" else 0):
                connection.sendall(b"x")
                time.sleep(0.02)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1000) == b""
    with client(address) as asking:
        assert asking.get("/api/plan").status_code == 200
    assert "Traceback" not in server_log.text


def test_slow_reader_is_not_closed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A video is read little by little while it plays."""
    monkeypatch.setattr(request_timeout, "MAX_REQUEST_SECONDS", 0.2)
    with client(address) as asking:
        with asking.stream("GET", "/media/takes/clip-1/0/0-0.mp4") as answer:
            time.sleep(0.5)
            assert len(answer.read()) > 1000
        time.sleep(0.3)
        assert asking.get("/api/plan").status_code == 200


def test_client_that_disconnects_does_no_harm(
    address: str, server_log: pytest.LogCaptureFixture
) -> None:
    host, _, port = base(address).removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(raw(address, length=100) + b'{"tag')
    with client(address) as asking:
        assert asking.get("/api/plan").status_code == 200
    assert "Traceback" not in server_log.text


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights")
def test_links_in_the_folder_of_clips_are_not_followed(address: str, folder: Path) -> None:
    outside = folder.parent / "outside.mp4"
    outside.write_text("not beside the plan")
    with client(address) as asking:
        for form in ("mp4", "jpg"):
            link = folder / f"clip-1.{form}"
            link.symlink_to(outside)
            try:
                answer = asking.get(f"/media/clips/clip-1/{form}")
                assert answer.status_code == 404 and "beside" not in answer.text
                assert asking.get("/api/plan").json()["clips"]["clip-1"]["made"] is None
            finally:
                link.unlink()
        (folder / "clip-1.mp4").write_bytes(b"made here")
        assert asking.get("/media/clips/clip-1/mp4").content == b"made here"
        assert asking.get("/api/plan").json()["clips"]["clip-1"]["made"]
        (folder / "clip-1.mp4").unlink()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names there are Unicode")
def test_folder_may_have_any_name(folder: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    odd.mkdir()
    (odd / "plan.json").write_bytes((folder / "plan.json").read_bytes())
    with served(odd / "plan.json") as address, client(address) as asking:
        assert "caf?" in asking.get("/").text
        (odd / "plan.json").write_text("{")
        answer = asking.get("/api/plan")
        assert answer.status_code == 422 and "caf\\xe9" in answer.json()["error"]
