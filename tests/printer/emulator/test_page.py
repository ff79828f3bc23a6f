"""The emulator's command: a printer on a port, its paper and faults on a page."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import Faults, PrinterEmulator
from printer.emulator.page import EmulatorPage
from printer.emulator.switches import SWITCHES, is_on, read_fault, set_fault
from printer.emulator.texts import FAULT_TEXTS
from printer.silence import Deadlines
from printer.slips.paper import PAPER_80
from printer.slips.slip import render_slip
from tests.printer.conftest import MakeSlip

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def page(printer: PrinterEmulator) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        EmulatorPage(printer, language="en") as page,
        httpx2.AsyncClient(base_url=page.url, timeout=60) as client,
    ):
        yield client


async def test_shows_the_paper(
    page: httpx2.AsyncClient,
    printer: PrinterEmulator,
    make_slip: MakeSlip,
    deadlines: Deadlines,
) -> None:
    assert "Nothing printed yet" in (await page.get("/")).text
    data = render_slip(make_slip(), PAPER_80)
    await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

    html = (await page.get("/")).text
    picture = await page.get("/slips/1.png")

    assert "Slip A-012" in html
    assert picture.headers["content-type"] == "image/png"
    assert picture.content == printer.slips[0].png()


@pytest.mark.parametrize("fault", SWITCHES)
async def test_breaks_and_mends(
    page: httpx2.AsyncClient, printer: PrinterEmulator, fault: str
) -> None:
    answer = await page.post("/faults", data={"fault": fault, "on": "true"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert is_on(printer.faults, fault)
    assert (await page.get("/")).text.count('aria-pressed="true"') == 1
    await page.post("/faults", data={"fault": fault, "on": "false"})
    assert printer.faults == Faults()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/page.js", {}, 200),
        ("GET", "/page.css", {}, 200),
        ("GET", "/page.py", {}, 404),
        ("GET", "/../html.py", {}, 404),
        ("GET", "/slips/7.png", {}, 404),
        ("GET", "/faults", {}, 404),
        ("DELETE", "/", {}, 405),
        ("POST", "/faults", {}, 422),
        ("POST", "/faults", {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_answers_only_what_it_has(
    page: httpx2.AsyncClient,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    assert (await page.request(method, path, headers=headers)).status_code == status


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + bytes(32 * 1024),
        b"POST /faults HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
        b"POST /faults HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ],
    ids=["nothing", "nonsense", "long head", "long body", "no length"],
)
async def test_hangs_up_on_what_is_no_request(
    printer: PrinterEmulator, request_bytes: bytes
) -> None:
    async with EmulatorPage(printer) as page:
        address = httpx2.URL(page.url)
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(request_bytes)
        writer.write_eof()
        answer = b""
        with suppress(ConnectionError):
            answer = await reader.read()
        writer.close()

        assert answer == b""
        async with httpx2.AsyncClient(base_url=page.url, timeout=60) as client:
            assert "Kertas" in (await client.get("/")).text


async def test_what_is_not_served_has_no_address(printer: PrinterEmulator) -> None:
    page = EmulatorPage(printer)

    with pytest.raises(RuntimeError, match="not served"):
        _ = page.url
    await page.__aexit__(None, None, None)


def test_every_fault_has_its_words() -> None:
    assert set(SWITCHES) == set(FAULT_TEXTS)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("cover", "cover_open", True),
        ("slow=2", "seconds_per_reply", 2.0),
        ("dies=1000", "dies_after", 1000),
        ("dies", "dies_after", 300),
        ("no-turn", "answers_gs_r", False),
    ],
)
def test_reads_a_fault(text: str, field: str, value: Any) -> None:
    faults = Faults()
    name, amount = read_fault(text)

    set_fault(faults, name, on=True, amount=amount)

    assert getattr(faults, field) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("fire", "No fault is called 'fire'; there are paper"),
        ("cover=3", "takes no amount"),
        ("slow=x", "no amount"),
        ("dies=0", "no amount"),
        ("slow=nan", "no amount"),
    ],
)
def test_says_which_fault_cannot_be(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_fault(text)


@pytest.mark.parametrize("program", ["printer", "app.cli"])
async def test_runs_as_a_command(program: str) -> None:
    command = [
        *(sys.executable, "-m", program, "printer-emulator"),
        *("--port", "0", "--page-port", "0", "--paper", "58mm", "--fault", "cover"),
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=os.environ, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    output = (
        await process.stdout.readline() + await process.stdout.readline()
    ).decode()
    url = re.findall(r"http\S+", output)[0]
    async with httpx2.AsyncClient(timeout=60) as client:
        html = (await client.get(url)).text
    process.send_signal(signal.SIGINT)

    assert await process.wait() == 130
    assert "tcp://127.0.0.1:" in output
    assert 'data-state="cover"' in html


async def test_the_command_says_what_it_does_not_understand() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "printer", "printer-emulator", "--fault", "fire"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )

    _, complaint = await process.communicate()

    assert process.returncode == 1
    assert complaint.startswith(b"No fault is called 'fire'")
