"""What can go wrong with a printer, each with the way to bring it about."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from printer.emulator import Faults
from tests.printer.faults.ways import NOWHERE, Way

Action = Callable[[Way], Awaitable[object]]
MIDDLE = 300  # bytes of a slip of about 900
SLOW = 1.0  # seconds for each KiB: time enough to do something in the middle


@dataclass(frozen=True)
class Fault:
    """`switches` are those of the emulator; `meanwhile` happens while it prints.

    `is_absent` sends the first slip to where no printer is.
    """

    words: str
    switches: dict[str, Any] = field(default_factory=dict)
    meanwhile: Action | None = None
    is_absent: bool = False
    reports_status: bool = True
    ways: frozenset[str] = frozenset(NOWHERE)


def _set(**switches: Any) -> Action:
    async def action(way: Way) -> None:
        for name, value in switches.items():
            setattr(way.printer.faults, name, value)

    return action


async def _restart(way: Way) -> None:
    assert way.agent is not None
    await way.agent.kill()
    mend(way)
    await way.agent.start()


async def _lose_line(way: Way) -> None:
    assert way.agent is not None
    for socket in tuple(way.agent.server.sockets):
        socket.transport.abort()


async def _forget(way: Way) -> None:
    """Lose the end that comes, as a server that dies before it is on disk."""
    assert way.agent is not None
    server = way.agent.server
    server.is_forgetful = True
    await server.until("ended")
    server.is_forgetful = False
    await _lose_line(way)


def mend(way: Way) -> None:
    """Repair everything a person or time repairs."""
    sound = Faults()
    for name in Faults.__slots__:
        setattr(way.printer.faults, name, getattr(sound, name))


async def until_printing(way: Way) -> None:
    """Wait until a good part of a slip is on the paper, which tells nobody."""
    while len(way.printer._mechanism._paper) < MIDDLE:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


NETWORK = frozenset(("TCP", "agent"))
AGENT = frozenset(("agent",))
DIRECT = frozenset(NOWHERE) - AGENT
PRINTS_SLOWLY = {"seconds_per_kib": SLOW}

FAULTS = (
    Fault("the paper is out", {"paper_end": True}),
    Fault("the paper is near its end", {"near_end": True}),
    Fault("the cover is open", {"cover_open": True}),
    Fault("switched offline at its buttons", {"offline": True}),
    Fault("the knife is stuck", {"cutter_error": True}),
    Fault("paper out and cover open", {"paper_end": True, "cover_open": True}),
    Fault("the knife sticks at this slip", {"cutter_jams": True}),
    Fault("the paper ends in the middle of the slip", {"paper_ends_after": MIDDLE}),
    Fault("the paper ends at the first byte", {"paper_ends_after": 1}),
    Fault("the cover is opened in the middle", PRINTS_SLOWLY, _set(cover_open=True)),
    Fault("the cover is opened at the first byte", {"cover_opens_after": 1}),
    Fault("it goes offline in the middle", PRINTS_SLOWLY, _set(offline=True)),
    Fault("it falls silent in the middle", PRINTS_SLOWLY, _set(silent=True)),
    Fault("it answers nonsense from the middle on", PRINTS_SLOWLY, _set(garbage=True)),
    Fault("it answers nothing", {"silent": True}),
    Fault("it answers bytes that are no status", {"garbage": True}),
    Fault("an automatic status comes first", {"stray_on_connect": True}, ways=NETWORK),
    Fault("an automatic status comes with each answer", {"stray_with_reply": True}),
    Fault("it answers slowly", {"seconds_per_reply": 0.05}),
    Fault("it answers after the deadline", {"seconds_per_reply": 1.2}),
    Fault("it does not know `GS r`", {"answers_gs_r": False}),
    Fault("it prints slowly", {"seconds_per_kib": 0.4}),
    Fault(
        "it answers nothing while it prints",
        {"seconds_per_kib": 0.6, "deaf_while_printing": True},
    ),
    Fault(
        "it answers only after it has printed",
        {"seconds_per_kib": 0.6, "status_after_printing": True},
    ),
    Fault("it prints too slowly to wait for", {"seconds_per_kib": 8.0}),
    Fault("it resets every connection", {"refuse": True}, ways=NETWORK),
    Fault("it hangs up at the first byte", {"close_after": 1}, ways=NETWORK),
    Fault("it hangs up in the middle", {"close_after": MIDDLE}, ways=NETWORK),
    Fault("it loses power at the first byte", {"dies_after": 1}, ways=NETWORK),
    Fault("it loses power in the middle", {"dies_after": MIDDLE}, ways=NETWORK),
    Fault("nothing is at its address", is_absent=True),
    Fault("a model that cannot tell, and is well", reports_status=False, ways=DIRECT),
    Fault(
        "a model that cannot tell, out of paper",
        {"paper_end": True},
        reports_status=False,
        ways=DIRECT,
    ),
    Fault("the agent is killed while it prints", PRINTS_SLOWLY, _restart, ways=AGENT),
    Fault("the agent's line breaks", PRINTS_SLOWLY, _lose_line, ways=AGENT),
    Fault("the server loses the end it heard", {}, _forget, ways=AGENT),
)
