"""The agent as the process it is: killed at any moment, it prints nothing twice."""

import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from printer.agent.folder import AgentFolder
from printer.emulator import PrinterEmulator
from tests.printer.agent.agent_server import TOKEN, AgentServer, listening

ROOT = Path(__file__).parents[3]


def slip(number: str) -> bytes:
    return b"\x1b@" + f"{number}\n".encode() + b"\x1dVB\x00"


@pytest.fixture
def folder(tmp_path: Path) -> AgentFolder:
    folder = AgentFolder(tmp_path / "agent")
    with folder.lock():
        folder.save_token(TOKEN)
    return folder


def command(url: str, printer: PrinterEmulator, folder: AgentFolder) -> list[str]:
    return [
        *(sys.executable, "-m", "printer", "print-agent", "--server", url),
        *("--printer", str(printer.address), "--folder", str(folder.path)),
        *("--language", "en"),
    ]


@asynccontextmanager
async def process_of(
    arguments: list[str],
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_slip_that_a_kill_cut_off_is_left_to_a_person(
    printer: PrinterEmulator, folder: AgentFolder
) -> None:
    server = AgentServer()
    printer.faults.seconds_per_kib = 60.0
    async with listening(server) as url:
        async with process_of(command(url, printer, folder)) as process:
            await server.until("status")
            await server.print("A-001", slip("A-001") + bytes(4096))
            await server.until("taken", key="A-001")
            await server.print("A-002", slip("A-002"))
            await server.until("taken", key="A-002")
            process.kill()
            await process.wait()
        printer.faults.seconds_per_kib = 0.0
        async with process_of(command(url, printer, folder)):
            await server.until_ended("A-001", "A-002")

    assert server.ends["A-001"]["state"] == "unknown"
    assert server.ends["A-001"]["reason"] == "agent-restart"
    assert server.ends["A-002"]["state"] == "printed"
    assert sum("A-002" in one.text for one in printer.slips) == 1


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("kills", [4, pytest.param(12, marks=pytest.mark.full)])
async def test_random_kills_lose_no_slip_and_double_none(
    printer: PrinterEmulator, folder: AgentFolder, kills: int
) -> None:
    """Whatever is called printed came out once; what came out is never denied."""
    server, draw = AgentServer(), random.Random(4)  # noqa: S311
    printer.faults.seconds_per_reply = 0.01
    numbers = [f"A-{n:03}" for n in range(1, 3 * kills + 1)]
    async with listening(server) as url:
        for round_ in range(kills):
            async with process_of(command(url, printer, folder)) as process:
                await server.until_greeted(round_ + 1)
                for number in numbers[3 * round_ : 3 * round_ + 3]:
                    await server.print(number, slip(number))
                await asyncio.sleep(draw.uniform(0, 0.6))
                process.kill()
                await process.wait()
        async with process_of(command(url, printer, folder)):
            await server.until_ended(*numbers)

    came_out = Counter(one.text[0] for one in printer.slips if one.whole)
    states = {number: server.ends[number]["state"] for number in numbers}
    assert set(came_out.values()) <= {1}
    assert all(came_out[n] == 1 for n in numbers if states[n] == "printed")
    assert all(states[n] in ("printed", "unknown") for n in came_out)
    assert Counter(states.values())["printed"] > kills


async def test_ends_a_slip_under_way_before_it_stops(
    printer: PrinterEmulator, folder: AgentFolder
) -> None:
    server = AgentServer()
    printer.faults.seconds_per_reply = 0.1
    async with listening(server) as url:
        async with process_of(command(url, printer, folder)) as process:
            await server.until("status")
            await server.print("A-001", slip("A-001"))
            await server.until("taken", key="A-001")
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
        before = dict(server.ends)
        async with process_of(command(url, printer, folder)):
            await server.until_ended("A-001")

    assert before == {}
    assert server.ends["A-001"]["state"] in ("printed", "failed")
    assert server.ends["A-001"]["reason"] in (None, "too-late")
    assert len(printer.slips) == 1


async def test_two_agents_never_share_a_folder(
    printer: PrinterEmulator, folder: AgentFolder
) -> None:
    with folder.lock():
        arguments = command("http://127.0.0.1:9", printer, folder)
        async with process_of(arguments) as process:
            _, complaint = await process.communicate()

    assert process.returncode == 1
    assert b"already runs on" in complaint


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (["--server", "mall"], b"Write it like http://192.168.1.10:8000"),
        (["--printer", "lpt1"], b"must begin with tcp://"),
    ],
)
async def test_says_what_it_does_not_understand(
    printer: PrinterEmulator,
    folder: AgentFolder,
    changed: list[str],
    complaint: bytes,
) -> None:
    arguments = [*command("http://127.0.0.1:9", printer, folder), *changed]
    async with process_of(arguments) as process:
        _, output = await process.communicate()

    assert process.returncode == 1
    assert complaint in output


def test_keeps_its_token_to_itself(folder: AgentFolder) -> None:
    assert folder.token() == TOKEN
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (folder.path / "token").stat().st_mode & 0o777 == 0o600
