"""Attacks from inside the hall's network: ``python -m tests.faults.attacks NAME …``.

Each is one process that ends by itself, and knows no other address than this machine's.
Prints as JSON how often what was answered.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

from app.process import raise_descriptor_limit
from tests.support.http.raw import UPGRADE

HOST = b"Host: 127.0.0.1\r\n"
HEAD = b"GET /api/v1/site HTTP/1.1\r\n" + HOST
BODY = (
    b"POST /api/v1/pairings HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    b"Content-Length: 60000\r\n\r\n{"
)
TEXT_FRAME = bytes((0x81, 0x81, 0, 0, 0, 0)) + b"x"
PING_FRAME = bytes((0x89, 0x80, 0, 0, 0, 0))
READ_BYTES = 400


class Target(NamedTuple):
    """Where, for how long, and what the attacker has found."""

    port: int
    seconds: float
    tickets: list[str]
    display: tuple[int, str]


class Attacker:
    """Opens connections, and counts what comes of them."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.outcomes: Counter[str] = Counter()

    async def hold(self, start: bytes, drip: bytes = b"") -> None:
        """Hold one connection open, and another as soon as it is closed."""
        while True:
            with suppress(OSError):
                reader, writer = await self.connect()
                writer.write(start)
                await self._drip(reader, writer, drip)
            await asyncio.sleep(0.2)

    async def repeat(self, request: bytes) -> None:
        """Send a request again and again, on a connection kept as long as it lasts."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await self.connect()
                while True:
                    writer.write(request)
                    head = await reader.readuntil(b"\r\n\r\n")
                    self._note(head)
                    length = head.lower().partition(b"content-length: ")[2]
                    await reader.readexactly(int(length.partition(b"\r\n")[0] or 0))
                    if b"connection: close" in head.lower():
                        break
            await asyncio.sleep(0)

    async def pour(self, start: bytes, flood: bytes) -> None:
        """Send without end, after a start."""
        while True:
            with suppress(OSError):
                reader, writer = await self.connect()
                writer.write(start)
                answer = asyncio.create_task(reader.read(READ_BYTES))
                answer.add_done_callback(_retrieve)
                while not writer.transport.is_closing():
                    writer.write(flood)
                    await writer.drain()
                    await asyncio.sleep(0)
                    if answer.done() and not answer.result():
                        break
                self._note(await answer)
            await asyncio.sleep(0.05)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the server on this machine."""
        return await asyncio.open_connection("127.0.0.1", self.target.port)

    def watch(self, ticket: int, credential: str = "") -> bytes:
        """Return the handshake of a ticket's page."""
        token = self.target.tickets[ticket % len(self.target.tickets)]
        return handshake(f"ticket:{token}", credential)

    async def _drip(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drip: bytes
    ) -> None:
        answer = asyncio.create_task(reader.read(READ_BYTES))
        answer.add_done_callback(_retrieve)
        while not answer.done():
            await asyncio.wait({answer}, timeout=1.0)
            if drip and not answer.done():
                writer.write(drip)
        self._note(await answer)
        # a socket that was let in is held
        while await reader.read(65536):
            pass
        writer.close()

    def _note(self, answer: bytes) -> None:
        status = answer[9:12].decode("ascii", "replace") if answer else "closed"
        self.outcomes[status] += 1


def _retrieve(answer: "asyncio.Task[bytes]") -> None:
    """Take note of how a reading ended: mostly the server hung up."""
    if not answer.cancelled():
        answer.exception()


def handshake(topic: str, credential: str = "") -> bytes:
    """Return the head of a handshake."""
    start = f"GET /api/v1/live?topic={topic} HTTP/1.1\r\n".encode()
    return start + HOST + UPGRADE + credential.encode() + b"\r\n"


def sign_in(number: int) -> bytes:
    """Return a sign-in with a wrong password, of one name in fifty."""
    body = json.dumps({"username": f"petugas{number % 50}", "password": "x" * 12})
    head = f"POST /api/v1/session HTTP/1.1\r\n{HOST.decode()}"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


Attack = Callable[[Attacker], list[Awaitable[Any]]]


def _display(attacker: Attacker) -> bytes:
    display_id, token = attacker.target.display
    return handshake(f"display:{display_id}", f"Authorization: Bearer {token}\r\n")


ATTACKS: dict[str, tuple[str, Attack]] = {
    "silent": (
        "1,100 connections that say nothing",
        lambda a: [a.hold(b"") for _ in range(1100)],
    ),
    "half-heads": (
        "1,100 heads, a byte a second",
        lambda a: [a.hold(HEAD + b"X: ", b"a") for _ in range(1100)],
    ),
    "half-bodies": (
        "1,100 bodies, a byte a second",
        lambda a: [a.hold(BODY, b" ") for _ in range(1100)],
    ),
    "half-handshakes": (
        "1,100 handshakes, a byte a second",
        lambda a: [
            a.hold(handshake("overview")[:-2] + b"X: ", b"a") for _ in range(1100)
        ],
    ),
    "endless-heads": (
        "20 heads without end",
        lambda a: [a.pour(HEAD, b"X: " + b"a" * 4000 + b"\r\n") for _ in range(20)],
    ),
    "one-ticket": (
        "2,000 sockets on one ticket",
        lambda a: [a.hold(a.watch(0)) for _ in range(2000)],
    ),
    "many-tickets": (
        "2,000 sockets on 100 tickets",
        lambda a: [a.hold(a.watch(n)) for n in range(2000)],
    ),
    "one-display": (
        "2,000 sockets with a display's token",
        lambda a: [a.hold(_display(a)) for _ in range(2000)],
    ),
    "sign-ins": (
        "32 callers who guess passwords",
        lambda a: [a.repeat(sign_in(n)) for n in range(32)],
    ),
    "requests": (
        "200 callers who read the agencies",
        lambda a: [
            a.repeat(HEAD.replace(b"site", b"agencies") + b"\r\n") for _ in range(200)
        ],
    ),
    "messages": (
        "20 sockets that send texts",
        lambda a: [a.pour(a.watch(n), TEXT_FRAME * 5000) for n in range(20)],
    ),
    "pings": (
        "20 sockets that send pings",
        lambda a: [a.pour(a.watch(n), PING_FRAME * 5000) for n in range(20)],
    ),
}
"""By name: what it is in words, and what it does."""


async def attack(name: str, target: Target) -> dict[str, int]:
    """Attack until the time is over; return how often what was answered."""
    attacker = Attacker(target)
    with suppress(TimeoutError):
        async with asyncio.timeout(target.seconds):
            await asyncio.gather(*ATTACKS[name][1](attacker))
    return dict(attacker.outcomes)


def main(name: str) -> None:
    """Read the target from standard input, attack it, and print the outcomes."""
    raise_descriptor_limit()
    found = json.loads(sys.stdin.readline())
    target = Target(**{**found, "display": tuple(found["display"])})
    began = time.perf_counter()
    outcomes = asyncio.run(attack(name, target))
    outcomes["seconds"] = round(time.perf_counter() - began)
    sys.stdout.write(json.dumps(outcomes))


if __name__ == "__main__":
    main(sys.argv[1])
