"""One kept connection of one caller, as light as it gets: a race needs no overhead."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

_keys = itertools.count(1)


class Answer(NamedTuple):
    """An answer's status and JSON; ``{}`` where there is none."""

    status: int
    body: dict[str, Any]


class Connection:
    """A connection; at most one request is under way."""

    def __init__(
        self,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        credential: Mapping[str, str],
    ) -> None:
        self._reader, self._writer = streams
        self._credential = credential

    @classmethod
    async def open(cls, port: int, credential: Mapping[str, str]) -> Self:
        """Connect to a server on this machine."""
        return cls(await asyncio.open_connection("127.0.0.1", port), credential)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()

    async def get(self, path: str) -> dict[str, Any]:
        """Return what a GET answers; it must succeed."""
        answer = await self._ask("GET", path, b"")
        assert answer.status == 200, answer
        return answer.body

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST under a key of its own."""
        return await self._ask("POST", path, json.dumps(body).encode())

    async def done(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST; it must succeed."""
        answer = await self.post(path, body)
        assert answer.status in (200, 201), (path, answer)
        return answer.body

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        lines = [
            f"{method} /api/v1{path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"Idempotency-Key: race-{next(_keys)}",
            *(f"{name}: {value}" for name, value in self._credential.items()),
        ]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
        text = await self._reader.readexactly(length)
        return Answer(int(head.split()[1]), json.loads(text) if text else {})
