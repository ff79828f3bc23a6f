"""A printer behind an agent: the server and the real agent on real sockets."""

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.printing.agents import Agents
from printer.agent.journal import Journal
from printer.agent.session import Session, socket_url
from printer.agent.worker import Worker
from printer.emulator import PrinterEmulator
from tests.printing.agents import (
    FAST_TIMEOUTS,
    agent,
    issue,
    line_to,
    next_job_key,
    printer_states,
    until,
    until_state,
    until_status,
)
from tests.printing.conftest import TOKEN, PrintShop
from tests.support import mall


async def test_prints_a_ticket_beside_the_kiosk(
    agent_shop: PrintShop, usb_printer: PrinterEmulator, tmp_path: Path
) -> None:
    async with agent(agent_shop, usb_printer, tmp_path):
        ticket = await issue(agent_shop)
        assert await agent_shop.job_of(ticket) == ("printed", None)

    assert usb_printer.slips[0].headline == ticket["number"]
    assert len(usb_printer.slips) == 1


async def test_says_what_the_agents_printer_says(
    agent_shop: PrintShop, usb_printer: PrinterEmulator, tmp_path: Path
) -> None:
    async with agent(agent_shop, usb_printer, tmp_path):
        usb_printer.faults.paper_end = True
        ticket = await issue(agent_shop)
        assert await agent_shop.job_of(ticket) == ("failed", "paper-end")
        await until_state(agent_shop, "paper-end")
        usb_printer.faults.paper_end = False
        await until_state(agent_shop, "ready")


async def test_an_agent_that_is_away_printed_nothing(
    agent_shop: PrintShop, usb_printer: PrinterEmulator
) -> None:
    ticket = await issue(agent_shop)

    assert await agent_shop.job_of(ticket) == ("failed", "unreachable")
    assert (await printer_states(agent_shop))["Printer 1"] == "unreachable"
    assert usb_printer.slips == ()


async def test_an_agent_that_takes_a_slip_and_is_gone_leaves_it_to_a_person(
    agent_shop: PrintShop,
) -> None:
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send('{"type":"hello","version":1,"jobs":[]}')
        ticket = await issue(agent_shop)
        assert '"welcome"' in str(await line.recv())
        key = str(await line.recv()).partition('"key":"')[2].partition('"')[0]
        await line.send(f'{{"type":"taken","key":"{key}"}}')
        await until(lambda: agent_shop.jobs()[-1][0] != "queued")

    assert await agent_shop.job_of(ticket) == ("unknown", "connection-lost")


@pytest.mark.parametrize("again", [False, True])
async def test_an_end_that_is_told_late_is_written_where_it_was_not_heard(
    agent_shop: PrintShop, *, again: bool
) -> None:
    printing = agent_shop.server.context.printing
    printing.agents = Agents(
        away_seconds=0.3, taken_seconds=0.3, on_late_end=printing._correct_late_end
    )
    ended = '"state":"printed","reason":null,"nothing_printed":false'
    async with line_to(agent_shop) as line:
        ticket = await issue(agent_shop)
        key = await next_job_key(line)
        await line.send(f'{{"type":"taken","key":"{key}"}}')
        assert await agent_shop.job_of(ticket) == ("unknown", "connection-lost")

        ended_key = f"0{key}" if again else key  # a key that no job has
        await line.send(f'{{"type":"ended","key":"{ended_key}",{ended}}}')
        while again and f'"{ended_key}"' not in str(await line.recv()):
            pass
        known = ("unknown", "connection-lost") if again else ("printed", None)
        while await agent_shop.job_of(ticket) != known:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_an_agent_that_says_nothing_is_away(
    agent_shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = agent_shop.server.context.printing.agents.of(mall.PRINTER_1)
    monkeypatch.setattr(agent, "_taken_seconds", 60.0)
    async with line_to(agent_shop) as line:
        ticket = await issue(agent_shop)
        key = await next_job_key(line)
        monkeypatch.setattr("app.api.live.print_agent.MAX_SILENCE_SECONDS", 0.2)
        await line.send(f'{{"type":"taken","key":"{key}"}}')
        await asyncio.sleep(0.5)
        assert agent.is_connected, "it may be printing"

        ended = '"state":"printed","reason":null,"nothing_printed":false'
        await line.send(f'{{"type":"ended","key":"{key}",{ended}}}')
        assert await agent_shop.job_of(ticket) == ("printed", None)
        await until(lambda: not agent.is_connected)


async def test_a_slip_is_begun_on_disk_before_an_agent_hears_of_it(
    agent_shop: PrintShop,
) -> None:
    async with line_to(agent_shop) as line:
        ticket = await issue(agent_shop)
        await next_job_key(line)

        assert agent_shop.jobs()[-1][0] == "sending"
        await agent_shop.job_of(ticket)


async def test_a_slip_that_was_taken_goes_to_no_other_journal(
    agent_shop: PrintShop,
) -> None:
    async with line_to(agent_shop) as line:
        ticket = await issue(agent_shop)
        key = await next_job_key(line)
        await line.send(f'{{"type":"taken","key":"{key}"}}')
        async with line_to(agent_shop) as other:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.recv(), 0.3)
            ended = '"state":"printed","reason":null,"nothing_printed":false'
            await line.send(f'{{"type":"ended","key":"{key}",{ended}}}')

            assert await agent_shop.job_of(ticket) == ("unknown", "connection-lost")


async def test_a_slip_nobody_answered_for_is_not_called_failed(
    agent_shop: PrintShop,
) -> None:
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send('{"type":"hello","version":1,"jobs":[]}')
        await line.recv()
        ticket = await issue(agent_shop)

        assert await agent_shop.job_of(ticket) == ("unknown", "no-answer")


async def test_a_line_that_breaks_in_the_middle_is_taken_up_again(
    agent_shop: PrintShop,
    usb_printer: PrinterEmulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agent = agent_shop.server.context.printing.agents.of(mall.PRINTER_1)
    monkeypatch.setattr(agent, "_taken_seconds", 60.0)
    usb_printer.faults.seconds_per_reply = 0.02
    journal = Journal(tmp_path / "journal.sqlite3")
    worker = Worker(usb_printer.address, journal, status_seconds=0.05)
    working = asyncio.create_task(worker.run())
    for round_ in range(2):
        session = Session(agent_shop.server.url, TOKEN, journal, worker, FAST_TIMEOUTS)
        speaking = asyncio.create_task(session.run())
        if round_ == 0:
            await until_status(agent_shop)
            ticket = await issue(agent_shop)
            await until(journal.unsettled_jobs)
        else:
            ended = await agent_shop.job_of(ticket)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
    worker.stop()
    await working
    journal.close()

    assert ended == ("printed", None)
    assert len(usb_printer.slips) == 1


async def test_hears_an_end_again_after_it_was_settled(
    agent_shop: PrintShop,
) -> None:
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    old = '{"key":"9-x","state":"unknown","reason":null,"nothing_printed":false}'
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send(f'{{"type":"hello","version":1,"jobs":[{old}]}}')

        assert '"welcome"' in str(await line.recv())
        assert str(await line.recv()) == '{"type":"settled","key":"9-x"}'


@pytest.mark.parametrize(
    "message",
    [
        "no json", "[]", '{"type":"hello"}', '{"type":"taken","key":""}',
        '{"type":"ended","key":"a","state":"taken","reason":null,'
        '"nothing_printed":true}',
        '{"type":"status","problem":["paper-end"],"near_end":false}',
        "[" * 4_000, b"bytes", b"",
    ],
)  # fmt: skip
async def test_hangs_up_on_nonsense(
    agent_shop: PrintShop, message: str | bytes
) -> None:
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send('{"type":"weather"}')
        await line.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            await line.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1002


@pytest.mark.parametrize("token", ["nonsense", ""])
async def test_refuses_whoever_is_no_agent(agent_shop: PrintShop, token: str) -> None:
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, additional_headers=headers, proxy=None):
            pass

    assert refused.value.response.status_code == 401


async def test_a_revoked_agent_is_hung_up_on(
    agent_shop: PrintShop, usb_printer: PrinterEmulator
) -> None:
    devices = (await agent_shop.server.admin.get("/devices")).json()
    (token_id,) = next(d["token_ids"] for d in devices if d["code"] == "AGEN-1")
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send('{"type":"hello","version":1,"jobs":[]}')
        await line.recv()
        await agent_shop.server.admin.post(f"/device-tokens/{token_id}/revoke")
        await line.send('{"type":"weather"}')
        with pytest.raises(ConnectionClosed) as closed:
            await line.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
