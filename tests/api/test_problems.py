"""Every refusal is a problem document with a stable code, the framework's too."""

import asyncio
import json
import queue
from collections.abc import AsyncIterator

import pytest

from tests.support import mall
from tests.support.callers import refused, told
from tests.support.house import House


async def test_an_unknown_address_is_not_found(house: House) -> None:
    for path in ("/nothing", "/tickets/by-id", "/counters/1/dance"):
        refused(await house.admin.get(path), 404, "not-found")
    answer = await house.admin.get(f"{house.url}/elsewhere")
    assert answer.status_code == 404


async def test_a_wrong_method_is_named(house: House) -> None:
    answer = await house.admin.send("PUT", "/tickets")

    refused(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


async def test_what_is_invalid_is_named_field_by_field(house: House) -> None:
    body = {"service_ids": ["one"], "people": 0, "surprise": True}

    problem = refused(await house.kiosk.post("/tickets", body), 422, "invalid")

    named = {field["where"] for field in problem["fields"]}
    assert named == {"body.service_ids.0", "body.people", "body.surprise"}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'"\\ud800"', b"[" * 20_000])
async def test_what_is_no_json_is_invalid(house: House, content: bytes) -> None:
    answer = await house.kiosk.send(
        "POST",
        "/tickets",
        content=content,
        headers={"Content-Type": "application/json", "Idempotency-Key": "k"},
    )

    refused(answer, 422, "invalid")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"]
)
async def test_another_media_type_is_unsupported(house: House, media: str) -> None:
    answer = await house.kiosk.send(
        "POST",
        "/tickets",
        content=b'{"service_ids": [1]}',
        headers={"Content-Type": media, "Idempotency-Key": "k"},
    )

    refused(answer, 415, "unsupported-media-type")


async def test_a_body_over_64_kib_is_too_large(house: House) -> None:
    body = json.dumps({"service_ids": [1], "x": "y" * 65_536}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}

    announced = await house.kiosk.send(
        "POST", "/tickets", content=body, headers=headers
    )
    chunked = await house.kiosk.send(
        "POST", "/tickets", content=_pieces(body), headers=headers
    )

    refused(announced, 413, "too-large")
    refused(chunked, 413, "too-large")


async def test_a_route_that_reads_no_body_refuses_a_large_one_too(
    house: House,
) -> None:
    headers = {"Content-Type": "application/json"}
    path = f"/counters/{mall.LOKET_1}/open"

    for method, address in (("POST", path), ("DELETE", "/session")):
        answer = await house.admin.send(
            method, address, content=_pieces(b" " * 65_600), headers=headers
        )
        refused(answer, 413, "too-large")

    assert (await house.admin.get("/devices")).status_code == 200  # still signed in


async def test_exactly_64_kib_is_read(house: House) -> None:
    wish = b'{"service_ids": [1]}'
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    padded = wish + b" " * (65_536 - len(wish))

    answer = await house.kiosk.send("POST", "/tickets", content=padded, headers=headers)

    assert told(answer, 201)["number"] == "A-001"


async def test_what_is_no_http_gets_a_problem_too(house: House) -> None:
    answer = await _raw(house, b"GET / HTTP/1.1\r\nHost: a\r\nBad\x00Header\r\n\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "invalid"


async def test_a_nonsense_content_length_is_refused(house: House) -> None:
    answer = await _raw(
        house, b"POST /api/v1/tickets HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "You are not signed in"), ("id", "Anda belum masuk")],
)
async def test_titles_follow_the_callers_language(
    house: House, language: str, title: str
) -> None:
    answer = await house.anyone.get("/counters", headers={"Accept-Language": language})

    assert refused(answer, 401, "unauthenticated")["title"] == title


async def test_a_browser_gets_a_page_and_a_program_a_document(house: House) -> None:
    address = f"{house.url}/t/nobody-has-this-token"

    page = await house.anyone.get(address, headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


async def test_a_stale_version_is_refused_with_the_present_ticket(
    open_house: House,
) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    called = await open_house.sari.command(mall.LOKET_1, "call-next")

    stale = await open_house.sari.post("/counters/1/start", {"version": 1})
    problem = refused(stale, 409, "stale")
    assert problem["ticket"]["version"] == called["version"] == 2
    told(await open_house.sari.post("/counters/1/start", {"version": 2}))
    stale = await open_house.sari.post("/counters/1/serve-next", {"version": 2})
    refused(stale, 409, "stale")


async def test_a_version_where_nobody_is_called_is_stale(open_house: House) -> None:
    answer = await open_house.sari.post("/counters/1/serve", {"version": 2})

    refused(answer, 409, "stale")


async def test_a_full_inbox_is_busy_with_the_time_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_command: object) -> None:
        raise queue.Full

    with monkeypatch.context() as patch:
        patch.setattr(house.context.ledger._inbox, "put_nowait", is_full)
        answer = await house.kiosk.post("/tickets", {"service_ids": [mall.AKTA]})

    refused(answer, 503, "busy")
    assert answer.headers["retry-after"] == "1"


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


async def _raw(house: House, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer
