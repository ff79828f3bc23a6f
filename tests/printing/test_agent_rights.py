"""What a print agent may not do to others: their slips, their readers, their time."""

import asyncio
import json
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.api.live.print_agent import MESSAGE_RATE
from printer.address import parse_address
from printer.agent.journal import Journal, JournalJob
from printer.agent.messages import MAX_REPORTS, hello_message
from printer.agent.server_messages import MAX_JOBS
from printer.agent.session import Session, socket_url
from printer.agent.worker import Worker
from tests.printing.agents import line_to, printer_states, until
from tests.printing.conftest import TOKEN, PrintShop, end_as_restart
from tests.support import mall

STATUS = {"type": "status", "problem": None, "near_end": False}
FREE_TEXT = "<script>Budi, KTP 1571</script>"


def ended(key: str, state: str = "printed") -> str:
    """Return an agent's word that a job ended."""
    fields = {"state": state, "reason": None, "nothing_printed": False}
    return json.dumps({"type": "ended", "key": key, **fields})


async def flood(line: ClientConnection) -> None:
    """Say more than an agent may, and wait for what comes of it."""
    for _ in range(10 * MESSAGE_RATE.burst):
        await line.send(json.dumps(STATUS))
    await line.recv()


@pytest.mark.parametrize("kiosk", ["kiosk", "other_kiosk"])
async def test_an_agent_ends_its_own_printers_jobs_alone(
    agent_shop: PrintShop, kiosk: str
) -> None:
    is_own = kiosk == "kiosk"
    printer_id = mall.PRINTER_1 if is_own else mall.PRINTER_2
    body = {"service_ids": [mall.AKTA]}
    await getattr(agent_shop.server, kiosk).post("/tickets", body)
    await until(lambda: agent_shop.jobs(printer_id)[-1][0] not in ("queued", "sending"))
    key = end_as_restart(agent_shop, printer_id)

    async with line_to(agent_shop) as line:
        await line.send(ended(key))
        assert json.loads(await line.recv()) == {"type": "settled", "key": key}

    state = ("printed", None) if is_own else ("unknown", "server-restart")
    assert agent_shop.jobs(printer_id) == [state]


async def test_anyone_reads_codes_and_no_agents_texts(agent_shop: PrintShop) -> None:
    async with line_to(agent_shop) as line:
        await line.send(json.dumps({**STATUS, "problem": FREE_TEXT}))
        while (await printer_states(agent_shop))["Printer 1"] != "error":
            pass

        assert "Budi" not in (await agent_shop.server.client.get("/readyz")).text


@pytest.mark.parametrize("count", [35, MAX_JOBS])
async def test_a_hello_may_name_all_that_an_agent_may_hold(
    agent_shop: PrintShop, count: int
) -> None:
    """Of more than 35 unconfirmed jobs the line was closed, for ever."""
    jobs = [
        JournalJob(f"{n}-{'a' * 32}", "unknown", "connection-lost", False)
        for n in range(count)
    ]
    async with connect(
        socket_url(agent_shop.server.url),
        additional_headers={"Authorization": f"Bearer {TOKEN}"},
        proxy=None,
    ) as line:
        await line.send(hello_message(jobs))

        assert '"welcome"' in str(await line.recv())
        settled = [json.loads(await line.recv())["key"] for _ in jobs]
    assert settled == [job.key for job in jobs]


async def test_an_agent_tells_many_ends_a_few_at_a_time(
    agent_shop: PrintShop, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    for number in range(3 * MAX_REPORTS):
        journal.take(f"{number}-x", b"slip", 60)
        journal.begin_next()
        journal.end(f"{number}-x", "printed", None, nothing_printed=False)
    worker = Worker(parse_address("tcp://127.0.0.1:9"), journal, status_seconds=0.05)
    working = asyncio.create_task(worker.run())
    session = Session(agent_shop.server.url, TOKEN, journal, worker)
    speaking = asyncio.create_task(session.run())

    await until(lambda: not journal.unsettled_jobs())

    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    worker.stop()
    await working
    journal.close()


async def test_an_agent_that_says_too_much_is_hung_up_on(
    agent_shop: PrintShop,
) -> None:
    async with line_to(agent_shop) as line:
        with pytest.raises(ConnectionClosed) as closed:
            await flood(line)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008

    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = socket_url(agent_shop.server.url)
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, additional_headers=headers, proxy=None):
            pass
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
