"""A print agent pairs with the real server by a code, and holds a good token."""

import asyncio

import httpx2
import pytest
from sqlalchemy import insert

from app.db.engines import writer_engine
from app.models.states import DeviceKind
from app.queueing import rows
from printer.agent.pairing import PairingRefused, pair
from printer.agent.session import SessionTimeouts
from tests.support import mall
from tests.support.app_server import AppServer

FAST_TIMEOUTS = SessionTimeouts(first_delay=0.02, max_delay=0.05)


@pytest.fixture
def agent_id(server: AppServer) -> int:
    """Return a print agent's device: the box beside the first kiosk's printer."""
    engine = writer_engine(server.context.settings.database)
    with engine.begin() as db:
        made = db.execute(
            insert(rows.device).values(
                code="AGEN-1",
                kind=DeviceKind.PRINT_AGENT,
                name="Agen 1",
                printer_id=mall.PRINTER_1,
            )
        )
    engine.dispose()
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


async def test_becomes_the_agent_that_the_admin_says(
    server: AppServer, agent_id: int
) -> None:
    codes: asyncio.Queue[str] = asyncio.Queue()
    pairing = asyncio.create_task(
        pair(server.url, codes.put_nowait, timeouts=FAST_TIMEOUTS, poll_seconds=0.02)
    )
    body = {"code": await codes.get(), "device_id": agent_id}
    approved = await server.admin.post("/pairings/approve", json=body)

    token = await pairing

    assert approved.status_code == 204
    devices = (await server.admin.get("/devices")).json()
    (agent,) = [device for device in devices if device["id"] == agent_id]
    assert len(agent["token_ids"]) == 1
    async with httpx2.AsyncClient(base_url=server.url, timeout=60) as anybody:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await anybody.get("/api/v1/devices", headers=headers)
    assert answer.json()["code"] == "forbidden"  # known, and no admin


async def test_shows_a_new_code_when_one_is_over(
    server: AppServer, agent_id: int
) -> None:
    codes: asyncio.Queue[str] = asyncio.Queue()
    pairing = asyncio.create_task(
        pair(server.url, codes.put_nowait, timeouts=FAST_TIMEOUTS, poll_seconds=0.02)
    )
    first = await codes.get()
    engine = writer_engine(server.context.settings.database)
    with engine.begin() as db:
        db.exec_driver_sql("DELETE FROM pairing")
    engine.dispose()

    second = await codes.get()
    pairing.cancel()
    await asyncio.gather(pairing, return_exceptions=True)

    assert first != second


async def test_waits_for_a_server_that_is_not_up_yet() -> None:
    pairing = asyncio.create_task(
        pair("http://127.0.0.1:9", lambda _: None, timeouts=FAST_TIMEOUTS)
    )

    await asyncio.wait([pairing], timeout=0.2)

    assert not pairing.done()
    pairing.cancel()
    await asyncio.gather(pairing, return_exceptions=True)


async def test_says_so_where_agents_are_not_paired(server: AppServer) -> None:
    with pytest.raises(PairingRefused, match="404"):
        await pair(f"{server.url}/elsewhere", lambda _: None, timeouts=FAST_TIMEOUTS)
