"""One fault on one way: a slip meets it, it is mended, and the next visitor comes."""

import asyncio
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from printer.address import PrinterAddress
from printer.slips.paper import PAPER_80
from printer.slips.slip import render_slip
from tests.printer.conftest import PLAIN_SLIP
from tests.printer.faults.catalogue import Fault, mend, until_printing
from tests.printer.faults.ways import NOWHERE, WAYS, End, Way

AT_ONCE = 6
FIRST, NEXT = "A-012", "A-013"


@dataclass(frozen=True)
class Outcome:
    """`paper` is what came out for the first job: whole slip, piece of one, nothing."""

    end: End
    paper: str
    next_end: End
    next_came_out: bool


def slip_bytes(number: str) -> bytes:
    """Return a whole slip."""
    return render_slip(replace(PLAIN_SLIP, number=number), PAPER_80)


async def run_trial(fault: Fault, way_name: str) -> Outcome:
    """Bring a fault about and see what becomes of two slips."""
    with tempfile.TemporaryDirectory() as folder:
        async with WAYS[way_name](Path(folder)) as way:
            for name, value in fault.switches.items():
                setattr(way.printer.faults, name, value)
            end = await _first(fault, way)
            if not fault.reports_status:  # it may not yet have seen the bytes
                await _quiet(way)
            mend(way)
            await _quiet(way)
            paper = _paper(way, FIRST)
            next_end = await way.print(NEXT, slip_bytes(NEXT))
            await _quiet(way)
            return Outcome(end, paper, next_end, _paper(way, NEXT) == "whole")


async def _first(fault: Fault, way: Way) -> End:
    here = NOWHERE[way.name] if fault.is_absent else way.address
    if not fault.reports_status:
        here = replace(here, reports_status=False)
    if way.agent is not None and here is not way.address:
        return await _first_by_agent(here, way)
    there = replace(way, address=here)
    printing = asyncio.create_task(there.print(FIRST, slip_bytes(FIRST)))
    if fault.meanwhile is not None:
        if "seconds_per_kib" in fault.switches:
            await until_printing(way)
        await fault.meanwhile(way)
    return await printing


async def _first_by_agent(address: PrinterAddress, way: Way) -> End:
    """Have the agent look for its printer where there is none."""
    assert way.agent is not None
    await way.agent.kill()
    before, way.agent.address = way.agent.address, address
    await way.agent.start()
    end = await way.print(FIRST, slip_bytes(FIRST))
    await way.agent.kill()
    way.agent.address = before
    await way.agent.start()
    return end


async def _quiet(way: Way) -> None:
    """Wait until the printer has worked off what it holds.

    On a line that never ends a torn slip stays in it: a person takes it out.
    """
    mechanism, before = way.printer._mechanism, -1
    while len(mechanism._paper) != before:
        before = len(mechanism._paper)
        await asyncio.sleep(0.1)
    if mechanism._paper:
        mechanism.tear_off(whole=False)


def _paper(way: Way, number: str) -> str:
    slips = [s for s in way.printer.slips if number in "".join(s.text)]
    if len([s for s in slips if s.whole]) > 1:
        raise AssertionError(f"{number} came out twice")
    if any(slip.whole for slip in slips):
        return "whole"
    return "a piece" if way.printer.slips and number == FIRST else "nothing"


async def run_trials(
    faults: tuple[Fault, ...], ways: tuple[str, ...]
) -> dict[tuple[str, str], Outcome]:
    """Try every fault on every way that it concerns, a few at a time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(fault: Fault, way: str) -> tuple[tuple[str, str], Outcome]:
        async with room, asyncio.timeout(60):
            return (fault.words, way), await run_trial(fault, way)

    pairs = [(f, way) for f in faults for way in ways if way in f.ways]
    return dict(await asyncio.gather(*(one(*pair) for pair in pairs)))
