"""Thousands of slips on printers that break at random, by agents that get killed.

Each lane is one printer with its jobs, one after the other, as at a kiosk.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import Faults, PrinterEmulator
from tests.printer.agent.agent_server import AgentServer, listening
from tests.printer.faults.ways import SHORT_DEADLINES

ROOT = Path(__file__).parents[3]
BROKEN = 0.4  # of the jobs meet a fault, some of them two
KILLED = 0.08  # of an agent's jobs meet a kill
TCP_LANES, AGENT_LANES, AGENT_SHARE = 8, 4, 0.2

KEEPING = frozenset(("T0", "T1", "T2", "T3", "G0", "G1"))
"""Lanes whose printer prints the rest of a slip once it is mended."""

Ask = Callable[[str, bytes], Awaitable[str]]


@dataclass
class Tally:
    """What was asked for, how it ended, and what lies in the trays."""

    keys_printed: list[str] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)
    came_out: Counter[str] = field(default_factory=Counter)
    kills: int = 0

    @property
    def lost(self) -> list[str]:
        return [key for key in self.keys_printed if key not in self.ends]

    @property
    def doubled(self) -> list[str]:
        return [key for key, times in self.came_out.items() if times > 1]

    @property
    def falsely_printed(self) -> list[str]:
        return [k for k, end in self.ends.items() if end == "printed"
                and not self.came_out[k]]  # fmt: skip

    @property
    def falsely_failed(self) -> list[str]:
        return [k for k, end in self.ends.items() if end == "failed"
                and self.came_out[k]]  # fmt: skip


async def soak(jobs: int, seed: int, folder: Path) -> Tally:
    """Print so many jobs over all lanes; the draw is the seed's, the timing is not."""
    tally = Tally()
    by_agent = round(jobs * AGENT_SHARE)
    shares = [(f"T{n}", (jobs - by_agent) // TCP_LANES) for n in range(TCP_LANES)]
    agents = [(f"G{n}", by_agent // AGENT_LANES) for n in range(AGENT_LANES)]
    await asyncio.gather(
        *(_tcp_lane(name, share, seed, tally) for name, share in shares),
        *(_agent_lane(name, share, seed, tally, folder) for name, share in agents),
    )
    return tally


def slip(key: str) -> bytes:
    """Return a slip with its key in the largest letters."""
    return (
        b"\x1b@\x1d!\x77" + key.encode() + b"\n\x1d!\x00" + b"x\n" * 60 + b"\x1dVB\x00"
    )


def drawn_faults(draw: random.Random) -> dict[str, Any]:
    """Draw what breaks, nothing most of the time.

    A printer that does not know `GS r` is given no further fault: there a slip
    that comes to grief after the time waited is called printed
    (printers.md#how-a-print-job-ends).
    """
    if draw.random() > BROKEN:
        return {}
    size = len(slip("T0-0000"))
    kinds: Sequence[dict[str, Any]] = (
        *({name: True} for name in ("paper_end", "cover_open", "offline")),
        *({name: True} for name in ("cutter_error", "cutter_jams", "near_end")),
        *({name: True} for name in ("silent", "garbage", "refuse")),
        *({name: True} for name in ("stray_on_connect", "stray_with_reply")),
        *({name: draw.randint(1, size)} for name in ("close_after", "dies_after")),
        {"paper_ends_after": draw.randint(1, size)},
        {"seconds_per_reply": draw.choice((0.02, 0.3))},
        {"seconds_per_kib": draw.choice((0.3, 4.0))},
    )
    if draw.random() < 0.1:
        return {"answers_gs_r": False}
    return draw.choice(kinds) | (draw.choice(kinds) if draw.random() < 0.3 else {})


async def _tcp_lane(name: str, jobs: int, seed: int, tally: Tally) -> None:
    async with PrinterEmulator(max_slips=20_000) as printer:
        driven = DrivenPrinter(printer.address)

        async def ask(_key: str, data: bytes) -> str:
            delivery = await deliver(data, driven, deadlines=SHORT_DEADLINES)
            return delivery.state

        await _work(name, jobs, _draw(seed, name), printer, tally, ask)


async def _agent_lane(
    name: str, jobs: int, seed: int, tally: Tally, folder: Path
) -> None:
    draw, server = _draw(seed, name), AgentServer()
    (folder / name).mkdir()
    async with PrinterEmulator(max_slips=20_000) as printer, listening(server) as url:
        command = [
            *(sys.executable, "-m", "tests.printer.faults.agent_process"),
            *(url, str(printer.address), str(folder / name)),
        ]

        async def start() -> asyncio.subprocess.Process:
            return await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
            )

        process = await start()

        async def ask(key: str, data: bytes) -> str:
            nonlocal process
            await server.print(key, data)
            if draw.random() < KILLED:
                await asyncio.sleep(draw.uniform(0, 0.2))
                process.kill()
                await process.wait()
                tally.kills += 1
                process = await start()
            await server.until_ended(key)
            return str(server.ends[key]["state"])

        try:
            await _work(name, jobs, draw, printer, tally, ask)
        finally:
            process.kill()
            await process.wait()


async def _work(
    name: str,
    jobs: int,
    draw: random.Random,
    printer: PrinterEmulator,
    tally: Tally,
    ask: Ask,
) -> None:
    keys = [f"{name}-{number:04}" for number in range(jobs)]
    tally.keys_printed += keys
    always = {"keeps_buffer": name in KEEPING}
    for key in keys:
        _set(printer, drawn_faults(draw) | always)
        tally.ends[key] = await ask(key, slip(key))
        _set(printer, always)
        while printer._connections:  # noqa: ASYNC110 (what it holds still comes out)
            await asyncio.sleep(0.005)
    # what comes out of a mended printer may lack its head: a piece, and no slip again
    whole = (slip.headline for slip in printer.slips if slip.whole)
    tally.came_out.update(key for key in whole if key in keys)


def _draw(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}{name}")  # noqa: S311 (it guards nothing)


def _set(printer: PrinterEmulator, switches: dict[str, Any]) -> None:
    sound = Faults(**switches)
    for switch in Faults.__slots__:
        setattr(printer.faults, switch, getattr(sound, switch))
