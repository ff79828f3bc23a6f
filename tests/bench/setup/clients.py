"""Light HTTP clients, so that what is measured is the server.

Each holds one connection and sends the next request as soon as it has the
answer to the last. All share one iterator: it ends the run.
"""

import asyncio
from collections.abc import Iterator
from time import perf_counter
from types import TracebackType
from typing import Self, cast

from tests.bench.sample import Sample

LONGEST_RUN = 120.0


def request(method: str, path: str, body: bytes = b"{}", **headers: str) -> bytes:
    """Return a request's bytes; ``idempotency_key`` becomes Idempotency-Key."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{k.replace('_', '-').title()}: {v}" for k, v in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Clients:
    """Some clients connected to a server; several runs may follow each other."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._count = count
        self._clients: list[_Client] = []

    async def __aenter__(self) -> Self:
        self._clients = [await self._connect() for _ in range(self._count)]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in self._clients:
            client.close()

    async def run(self, requests: Iterator[bytes]) -> Sample:
        """Send requests until there are none, and return what they took."""
        # a server may have ended what was idle between two turns
        self._clients = [
            client if client.is_open() else await self._connect()
            for client in self._clients
        ]
        sample = Sample()
        began = perf_counter()
        runs = [client.start(requests, sample) for client in self._clients]
        async with asyncio.timeout(LONGEST_RUN):
            await asyncio.gather(*runs)
        sample.seconds = perf_counter() - began
        return sample

    async def _connect(self) -> "_Client":
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(_Client, "127.0.0.1", self._port)
        return client

    async def ask(self, request: bytes) -> bytes:
        """Send one request and return the body of its answer; it must succeed."""
        sample = await self.run(iter([request]))
        if sample.refused:
            raise RuntimeError(self._clients[0].answer.decode())
        return self._clients[0].answer.partition(b"\r\n\r\n")[2]


class _Client(asyncio.Protocol):
    """One connection with at most one request under way."""

    answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def start(self, requests: Iterator[bytes], sample: Sample) -> asyncio.Future[None]:
        self._requests, self._sample = requests, sample
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._next()
        return self._done

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not _is_whole(self._received):
            return
        took = perf_counter() - self._sent_at
        self.answer = self._received
        if self._received[9:12] in (b"200", b"201"):
            self._sample.took.append(took)
        else:
            self._sample.refused += 1
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        done: asyncio.Future[None] | None = getattr(self, "_done", None)
        if done is not None and not done.done():
            done.set_exception(exc or ConnectionError("the server hung up"))

    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()

    def _next(self) -> None:
        self._received = b""
        request = next(self._requests, None)
        if request is None:
            self._done.set_result(None)
            return
        self._sent_at = perf_counter()
        self._transport.write(request)


def _is_whole(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return False
    _, named, rest = head.lower().partition(b"content-length:")
    return not named or len(body) >= int(rest.partition(b"\r\n")[0])
