"""Every refusal is a problem document with a stable code, the framework's too."""

import asyncio
import json
import queue
from collections.abc import AsyncIterator

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of, problem_of


async def test_an_unknown_address_is_not_found(server: AppServer) -> None:
    for path in ("/nothing", "/tickets/by-id", "/counters/1/dance"):
        problem_of(await server.admin.get(path), 404, "not-found")
    answer = await server.admin.get(f"{server.url}/elsewhere")
    assert answer.status_code == 404


async def test_a_wrong_method_is_named(server: AppServer) -> None:
    answer = await server.admin.send("PUT", "/tickets")

    problem_of(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


async def test_what_is_invalid_is_named_field_by_field(server: AppServer) -> None:
    body = {"service_ids": ["one"], "people": 0, "surprise": True}

    problem = problem_of(await server.kiosk.post("/tickets", body), 422, "invalid")

    named = {field["where"] for field in problem["fields"]}
    assert named == {"body.service_ids.0", "body.people", "body.surprise"}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'"\\ud800"', b"[" * 20_000])
async def test_what_is_no_json_is_invalid(server: AppServer, content: bytes) -> None:
    answer = await server.kiosk.send(
        "POST",
        "/tickets",
        content=content,
        headers={"Content-Type": "application/json", "Idempotency-Key": "k"},
    )

    problem_of(answer, 422, "invalid")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"]
)
async def test_another_media_type_is_unsupported(server: AppServer, media: str) -> None:
    answer = await server.kiosk.send(
        "POST",
        "/tickets",
        content=b'{"service_ids": [1]}',
        headers={"Content-Type": media, "Idempotency-Key": "k"},
    )

    problem_of(answer, 415, "unsupported-media-type")


async def test_a_body_over_64_kib_is_too_large(server: AppServer) -> None:
    body = json.dumps({"service_ids": [1], "x": "y" * 65_536}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}

    announced = await server.kiosk.send(
        "POST", "/tickets", content=body, headers=headers
    )
    chunked = await server.kiosk.send(
        "POST", "/tickets", content=_pieces(body), headers=headers
    )

    for answer in (announced, chunked):
        problem = problem_of(answer, 413, "too-large")
        assert problem["detail"] == "The body is larger than 64 KiB."


async def test_a_route_that_reads_no_body_refuses_a_large_one_too(
    server: AppServer,
) -> None:
    headers = {"Content-Type": "application/json"}
    path = f"/counters/{mall.LOKET_1}/open"

    for method, address in (("POST", path), ("DELETE", "/session")):
        answer = await server.admin.send(
            method, address, content=_pieces(b" " * 65_600), headers=headers
        )
        problem_of(answer, 413, "too-large")

    assert (await server.admin.get("/devices")).status_code == 200  # still signed in


async def test_exactly_64_kib_is_read(server: AppServer) -> None:
    body = b'{"service_ids": [1]}'
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    padded = body + b" " * (65_536 - len(body))

    answer = await server.kiosk.send(
        "POST", "/tickets", content=padded, headers=headers
    )

    assert body_of(answer, 201)["number"] == "A-001"


async def test_what_is_no_http_gets_a_problem_too(server: AppServer) -> None:
    answer = await _raw(server, b"GET / HTTP/1.1\r\nHost: a\r\nBad\x00Header\r\n\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "invalid"


async def test_a_nonsense_content_length_is_refused(server: AppServer) -> None:
    answer = await _raw(
        server, b"POST /api/v1/tickets HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "You are not signed in"), ("id", "Anda belum masuk")],
)
async def test_titles_follow_the_callers_language(
    server: AppServer, language: str, title: str
) -> None:
    answer = await server.anyone.get("/counters", headers={"Accept-Language": language})

    assert problem_of(answer, 401, "unauthenticated")["title"] == title


async def test_a_browser_gets_a_page_and_a_program_a_document(
    server: AppServer,
) -> None:
    address = f"{server.url}/t/nobody-has-this-token"

    page = await server.anyone.get(address, headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


async def test_a_stale_version_is_refused_with_the_present_ticket(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    called = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    stale = await staffed_server.sari.post("/counters/1/start", {"version": 1})
    problem = problem_of(stale, 409, "stale")
    assert problem["ticket"]["version"] == called["version"] == 2
    body_of(await staffed_server.sari.post("/counters/1/start", {"version": 2}))
    stale = await staffed_server.sari.post("/counters/1/serve-next", {"version": 2})
    problem_of(stale, 409, "stale")


async def test_a_version_where_nobody_is_called_is_stale(
    staffed_server: AppServer,
) -> None:
    answer = await staffed_server.sari.post("/counters/1/serve", {"version": 2})

    problem_of(answer, 409, "stale")


async def test_a_full_inbox_is_busy_with_the_time_to_wait(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_command: object) -> None:
        raise queue.Full

    with monkeypatch.context() as patch:
        patch.setattr(server.context.ledger._inbox, "put_nowait", is_full)
        answer = await server.kiosk.post("/tickets", {"service_ids": [mall.AKTA]})

    problem_of(answer, 503, "busy")
    assert answer.headers["retry-after"] == "1"


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


async def _raw(server: AppServer, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer
