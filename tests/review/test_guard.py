"""Who may speak to the review's server: only the window that was opened."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import httpx
import media
import pytest
from result import plan_of
from reviewed import client, served

from btsclip.plan import io
from btsclip.review.guard import LARGEST


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shoot")
    media.take(folder / "take.mp4", size=(320, 180))
    (folder / "secret.txt").write_text("not named in the plan")
    io.write(plan_of(folder / "take.mp4"), folder / "plan.json")
    with served(folder / "plan.json") as opened:
        yield opened


def base(address: str) -> str:
    return address.partition("/?")[0]


def test_only_the_opened_address_opens_it(address: str) -> None:
    for path in ("/", "/api/plan", "/static/main.js", "/media/takes/clip-1/0/0-0.mp4", "/nothing"):
        assert httpx.get(base(address) + path).status_code == 403
    assert httpx.get(f"{base(address)}/?token=guess").status_code == 403
    answer = httpx.get(address, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert address.partition("token=")[2] not in answer.headers["location"]


def test_every_answer_is_strict(address: str) -> None:
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
def test_other_names_are_not_served(host: str, address: str) -> None:
    with client(address) as asking:
        cookies = "; ".join(f"{name}={value}" for name, value in asking.cookies.items())
    name, _, port = base(address).removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(name, int(port), timeout=10)
    connection.putrequest("GET", "/api/plan", skip_host=True)
    if host:
        connection.putheader("Host", host)
    connection.putheader("Cookie", cookies)
    connection.endheaders()
    assert connection.getresponse().status in (400, 421)


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": ""},
        {"sec-fetch-site": "cross-site"}, {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
    ],
)  # fmt: skip
def test_other_pages_change_nothing(changed: dict[str, str], address: str) -> None:
    with client(address) as asking:
        tag = asking.get("/api/plan").json()["tag"]
        edits = [{"do": "clip", "clip": "clip-1", "values": {"title": "x"}}]
        body = json.dumps({"tag": tag, "edits": edits})
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
def test_nothing_but_the_plans_files_is_served(path: str, address: str) -> None:
    with client(address) as asking:
        answer = asking.get(path)
        assert answer.status_code == 404, answer.text
        assert "not named" not in answer.text and "root:" not in answer.text


def test_too_much_is_refused(address: str) -> None:
    with client(address) as asking:
        headers = {"content-type": "application/json"}
        large = b" " * (LARGEST + 1)
        assert asking.post("/api/edits", content=large, headers=headers).status_code == 413

        def endless() -> Iterator[bytes]:
            for _ in range(LARGEST // 65536 + 2):
                yield b" " * 65536

        with pytest.raises(httpx.HTTPError):
            asking.post("/api/edits", content=endless(), headers=headers).raise_for_status()
        assert asking.get("/api/plan").status_code == 200, "and the server goes on"


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000, '{"tag": 1, "edits": {}}', "null"])
def test_nonsense_is_refused(body: str, address: str) -> None:
    with client(address) as asking:
        answer = asking.post(
            "/api/edits", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422)


def test_parts_of_the_take_are_served(address: str) -> None:
    with client(address) as asking:
        whole = asking.get("/media/takes/clip-1/0/0-0.mp4")
        assert whole.status_code == 200 and whole.headers["accept-ranges"] == "bytes"
        part = asking.get("/media/takes/clip-1/0/0-0.mp4", headers={"range": "bytes=10-19"})
        assert part.status_code == 206 and part.content == whole.content[10:20]
        beyond = asking.get("/media/takes/clip-1/0/0-0.mp4", headers={"range": "bytes=99999999-"})
        assert beyond.status_code == 416
        assert asking.get("/media/pictures/clip-1/0").content[:2] == b"\xff\xd8"
