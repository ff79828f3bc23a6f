"""Many clients of one server, who remember their requests and the answers."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.support.demo import DemoServer
from tests.support.http.callers import no_jar

Headers = dict[str, str]


@dataclass(frozen=True)
class KeyedRequest:
    """One POST with its key: sent again as it is when nobody knows its outcome."""

    path: str
    body: Any
    headers: Headers

    @property
    def key(self) -> str:
        """Return its Idempotency-Key."""
        return self.headers["Idempotency-Key"]


@dataclass
class Crowd:
    """Sends requests; keeps what was acknowledged, by key."""

    demo: DemoServer
    client: httpx2.AsyncClient
    answers: dict[str, Any] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def request(self, path: str, body: Any, caller: Headers) -> KeyedRequest:
        """Return a request under a new key."""
        key = f"crowd-{next(self._numbers)}"
        return KeyedRequest(f"/api/v1{path}", body, {**caller, "Idempotency-Key": key})

    async def send(self, request: KeyedRequest) -> Any:
        """Send a request; returns its answer, None for 204."""
        answer = await self.client.post(
            request.path, json=request.body, headers=request.headers
        )
        if answer.status_code == 204:
            return None
        assert answer.is_success, answer.text
        self.answers[request.key] = answer.json()
        return self.answers[request.key]

    async def insist(self, request: KeyedRequest) -> Any:
        """Send a request until the server lives and has answered it."""
        while True:
            try:
                return await self.send(request)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)

    @property
    def kiosk(self) -> Headers:
        """Return the first kiosk's credential."""
        return {"Authorization": f"Bearer {self.demo.kiosk_token}"}

    async def sign_in(self, username: str) -> Headers:
        """Sign a member of staff in; returns the cookie."""
        body = {"username": username, "password": self.demo.password_of(username)}
        answer = await self.client.post("/api/v1/session", json=body)
        assert answer.is_success, answer.text
        return {"Cookie": f"antrean_staff={answer.cookies['antrean_staff']}"}

    async def open_all(self) -> dict[int, Headers]:
        """Let every officer sign in and open the counter; returns their cookies."""
        ids = [account["counter_id"] for account in self.demo.file["officers"]]
        cookies = await asyncio.gather(
            *(self.sign_in(self.demo.officer_of(counter_id)) for counter_id in ids)
        )
        officers = dict(zip(ids, cookies, strict=True))
        for counter_id, caller in officers.items():
            await self.send(self.request(f"/counters/{counter_id}/open", {}, caller))
        return officers


@asynccontextmanager
async def crowd_at(demo: DemoServer, *, clients: int) -> AsyncIterator[Crowd]:
    """Give a crowd of so many connections."""
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx2.AsyncClient(
        base_url=demo.url, verify=False, timeout=60, limits=limits, cookies=no_jar()
    ) as client:
        yield Crowd(demo, client)
