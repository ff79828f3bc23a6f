"""Requests that no sane client sends, byte by byte: a problem, and no broken server."""

import json
from typing import Any

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of
from tests.support.http.raw import RawAnswer, exchange, request_bytes

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
JSON = b"application/json"
OPEN = f"/api/v1/counters/{mall.LOKET_1}/open"
UPGRADE = {
    "Connection": b"Upgrade",
    "Upgrade": b"websocket",
    "Sec-WebSocket-Version": b"13",
    "Sec-WebSocket-Key": b"dGhlIHNhbXBsZSBub25jZQ==",
}


async def test_a_wrong_method_is_told_with_the_right_ones(server: AppServer) -> None:
    document = body_of(await server.anyone.get("/openapi.json"))
    wrong = {}
    for path, operations in document["paths"].items():
        has = {method.upper() for method in operations}
        for method in METHODS:
            if method in has:
                continue
            address = path.replace("{", "").replace("}", "")
            answer = await exchange(
                server.port, request_bytes(method, address, (), b"")
            )
            wanted = has | ({"HEAD"} if "GET" in has else set())
            if answer.status != 405 or answer.allow != wanted or not is_problem(answer):
                wrong[method, path] = (answer.status, answer.allow, answer.media)

    assert wrong == {}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/site/",
        "//api/v1/site",
        "/api/v1//site",
        "/api/v1/./site",
        "/api/v1/../v1/site",
        "/api/v1/site%00",
        "/api/v1/%00",
        "/api/v1/site%2F",
        "/api/v1/%zz",
        "/api/v1/%",
        "/api/v1/%c0%af",
        "/api/v1/%ed%a0%80",
        "/api/v1/%F0%9F%98%80",
        "/api/v1/tickets/%00%00%00%00",
        "/api/v1/tickets/%ed%a0%80",
        "/api/v1/tickets/..%2f..%2fsite",
        "/api/v1/SITE",
        "/api/v2/site",
        "/api",
        "/api/v1/site;a=b",
    ],
)
async def test_a_path_that_there_is_not_is_not_found(
    server: AppServer, path: str
) -> None:
    answer = await exchange(server.port, request_bytes("GET", path, (), b""))

    assert (answer.status, code_of(answer)) == (404, "not-found")


@pytest.mark.parametrize("number", ["0", "-1", "9" * 18, "9" * 400, "1e3", "%00", "٣"])
async def test_an_id_that_no_row_can_have_is_refused(
    server: AppServer, number: str
) -> None:
    request = request_bytes(
        "GET",
        f"/api/v1/tickets/by-id/{number}".encode().decode("latin-1"),
        who(server),
        b"",
    )

    answer = await exchange(server.port, request)

    assert answer.status in (400, 404, 422)
    assert is_problem(answer)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"null", 200),
        (b"{}", 200),
        (b"{}" + b" " * 1000, 200),
        # what the parser reads besides; of two fields of one name the last counts
        (b"\xef\xbb\xbf{}", 200),
        ("{}".encode("utf-16"), 200),
        ("{}".encode("utf-32-le"), 200),
        (b'{"version": 1, "version": null}', 200),
        (b'{"version": %s}' % (b"9" * 5000), 422),
        (b'{"version": NaN}', 422),
        (b'{"version": 2.5}', 422),
        (b'{"version": "\\ud800"}', 422),
        (b'{"\\ud800": null}', 422),
        (b'{"\\u0000": null}', 422),
        (b'{"a":' * 8000 + b"1" + b"}" * 8000, 422),
        (b"[" * 20_000, 422),
        (b"\xff\xfe", 422),
        (b"{}{}", 422),
        (b"{'version': 1}", 422),
        (b'{"version": 1,}', 422),
    ],
)
async def test_a_body_is_json_in_utf_8_or_refused(
    server: AppServer, body: bytes, status: int
) -> None:
    headers = [*who(server), ("Content-Type", JSON)]

    answer = await exchange(server.port, request_bytes("POST", OPEN, headers, body))

    assert answer.status == status, answer.body
    assert status == 200 or (is_problem(answer) and code_of(answer) == "invalid")


@pytest.mark.parametrize(
    ("media", "status"),
    [
        (b"application/json; charset=utf-8", 200),
        (b'application/json;charset="UTF-8"', 200),
        (b"APPLICATION/JSON", 200),
        # JSON has none: whatever it says, the body is read as what it is (RFC 8259, 11)
        (b"application/json; charset=utf-16", 200),
        (b"application/json; charset=latin-1", 200),
        (b"text/json", 415),
        (b"", 415),
        (b"multipart/form-data; boundary=x", 415),
    ],
)
async def test_a_body_of_another_media_type_is_unsupported(
    server: AppServer, media: bytes, status: int
) -> None:
    headers = [*who(server), ("Content-Type", media)]

    answer = await exchange(server.port, request_bytes("POST", OPEN, headers, b"{}"))

    assert answer.status == status, answer.body


@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/v1/site HTTP/1.1\r\n\r\n",
        b"GET /api/v1/site HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST %s HTTP/1.1\r\nHost: a\r\n"
        b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST %s HTTP/1.1\r\nHost: a\r\n"
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/v1/site HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /api/v1/site HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/v1/si te HTTP/1.1\r\nHost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_a_head_that_is_no_http_is_a_problem_or_a_hang_up(
    server: AppServer, head: bytes
) -> None:
    answer = await exchange(server.port, head.replace(b"%s", OPEN.encode()))

    assert 400 <= answer.status <= 505, answer
    assert is_problem(answer)


@pytest.mark.parametrize(
    "authorization",
    [
        b"Bearer",
        b"Bearer ",
        b"Bearer a b",
        b"Basic YTpi",
        b"Bearer \xff\xfe",
        b"Digest username=a",
        b"Bearer " + b"x" * 8000,
        b"",
    ],
)
async def test_a_credential_that_is_none_is_unauthenticated(
    server: AppServer, authorization: bytes
) -> None:
    headers = [("Authorization", authorization)]

    answer = await exchange(
        server.port, request_bytes("GET", "/api/v1/devices", headers, b"")
    )

    assert (answer.status, code_of(answer)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/api/v1/live", {}, 422, "invalid"),
        ("/api/v1/live?topic=", {}, 422, "invalid"),
        ("/api/v1/live?topic=overview", {}, 401, "unauthenticated"),
        ("/api/v1/live?topic=%00", {}, 404, "not-found"),
        ("/api/v1/live?topic=ticket:nobody-has-this", {}, 404, "not-found"),
        ("/api/v1/live?topic=overview&after=-1", {}, 422, "invalid"),
        (
            "/api/v1/live?topic=overview",
            {"Authorization": b"Bearer x"},
            401,
            "unauthenticated",
        ),
        (
            "/api/v1/live?topic=overview",
            {"Cookie": b"antrean_staff=x", "Origin": b"http://elsewhere.example"},
            403,
            "cross-site",
        ),
        ("/api/v1/print-agent", {}, 401, "unauthenticated"),
        (
            "/api/v1/print-agent?topic=overview",
            {"Authorization": b"Bearer x"},
            401,
            "unauthenticated",
        ),
        ("/api/v1/lives", {}, 404, "not-found"),
        ("/api/v1/tickets", {}, 404, "not-found"),
        ("/%00", {}, 404, "not-found"),
        (
            "/api/v1/live?topic=overview",
            {"Sec-WebSocket-Version": b"12"},
            400,
            "invalid",
        ),
        (
            "/api/v1/live?topic=overview",
            {"Sec-WebSocket-Key": b"short"},
            400,
            "invalid",
        ),
    ],
)
async def test_a_socket_is_refused_before_its_upgrade_with_a_problem(
    server: AppServer, path: str, headers: dict[str, bytes], status: int, code: str
) -> None:
    request = request_bytes("GET", path, {**UPGRADE, **headers}.items(), b"")

    answer = await exchange(server.port, request)

    assert (answer.status, code_of(answer)) == (status, code)


async def test_an_agent_is_refused_what_is_not_an_agent_s(server: AppServer) -> None:
    for headers in ([("Authorization", bearer(server.kiosk))], who(server)):
        request = request_bytes(
            "GET", "/api/v1/print-agent", [*UPGRADE.items(), *headers], b""
        )
        answer = await exchange(server.port, request)
        assert (answer.status, code_of(answer)) == (403, "forbidden")


def who(server: AppServer) -> list[tuple[str, bytes]]:
    """Return the officer's credential: one who may open the counter."""
    return [(name, value.encode()) for name, value in server.sari.headers.items()]


def bearer(caller: Any) -> bytes:
    found: bytes = caller.headers["Authorization"].encode()
    return found


def is_problem(answer: RawAnswer) -> bool:
    return answer.media == "application/problem+json" and bool(code_of(answer))


def code_of(answer: RawAnswer) -> str:
    code: str = json.loads(answer.body)["code"]
    return code
