"""A caller that hangs up cancels nothing and gets nothing twice."""

import asyncio
import json

from tests.support import cast, mall
from tests.support.callers import told
from tests.support.house import House
from tests.support.raw import request_bytes

WISH = {"service_ids": [mall.AKTA]}


async def test_what_was_asked_happens_and_a_repeat_tells_of_it(house: House) -> None:
    request = request_bytes(
        "POST",
        "/api/v1/tickets",
        [
            ("Authorization", f"Bearer {cast.KIOSK.secret}".encode()),
            ("Content-Type", b"application/json"),
            ("Idempotency-Key", b"k"),
        ],
        json.dumps(WISH, separators=(",", ":")).encode(),
    )
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(request)
    await writer.drain()
    writer.transport.abort()

    while not house.disk.count("ticket"):  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.01)
    repeated = told(await house.kiosk.post("/tickets", WISH, key="k"), 201)

    assert repeated["number"] == "A-001"
    assert house.disk.count("ticket") == 1
