"""Whoever calls the API: each person and device of the cast, with its credential."""

import itertools
import socket
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect

from app.auth.cookies import STAFF_COOKIE
from tests.support.cast import PairedDevice, StaffMember
from tests.support.http.declared import undeclared

_keys = itertools.count(1)


class Caller:
    """One person or device; sends a new Idempotency-Key with each POST."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self._client = client
        self.headers = headers

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        """GET a path under /api/v1."""
        return await self.send("GET", path, **options)

    async def post(
        self, path: str, body: Any = None, *, key: str | None = None, **options: Any
    ) -> httpx2.Response:
        """POST JSON to a path under /api/v1; ``key=""`` sends no key."""
        headers = dict(options.pop("headers", {}))
        if key != "":
            headers["Idempotency-Key"] = key or f"key-{next(_keys)}"
        if body is not None:
            options["json"] = body
        return await self.send("POST", path, headers=headers, **options)

    async def send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Send any request."""
        headers = {**self.headers, **options.pop("headers", {})}
        url = path if path.startswith("http") else f"/api/v1{path}"
        answer = await self._client.request(method, url, headers=headers, **options)
        assert undeclared(answer) is None, undeclared(answer)
        return answer

    def watch(
        self, topic: str, *, sock: socket.socket | None = None, **query: Any
    ) -> connect:
        """Open a live socket: ``async with caller.watch("display:1") as watching``."""
        url = self._client.base_url.join("/api/v1/live").copy_with(scheme="ws")
        url = url.copy_merge_params({"topic": topic, **query})
        return connect(
            str(url),
            additional_headers=self.headers,
            compression=None,
            proxy=None,
            sock=sock,
        )

    async def issue(self, *service_ids: int, **body: Any) -> dict[str, Any]:
        """Issue a ticket and return it."""
        request = {"service_ids": list(service_ids), **body}
        return body_of(await self.post("/tickets", request), 201)

    async def command(
        self, counter_id: int, command: str, **body: Any
    ) -> dict[str, Any]:
        """Give a command at a counter that must succeed; ``{}`` for 204."""
        answer = await self.post(f"/counters/{counter_id}/{command}", body)
        return {} if answer.status_code == 204 else body_of(answer)


class Callers:
    """Everybody who may call one running server."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client
        self.anyone = Caller(client, {})

    def member(self, member: StaffMember) -> Caller:
        """Return a signed-in member of staff."""
        return Caller(self._client, {"Cookie": f"{STAFF_COOKIE}={member.secret}"})

    def device(self, device: PairedDevice) -> Caller:
        """Return a device with its token."""
        return self.bearer(device.secret)

    def bearer(self, secret: str) -> Caller:
        """Return whoever holds a device's secret."""
        return Caller(self._client, {"Authorization": f"Bearer {secret}"})


def no_jar() -> CookieJar:
    """Return a jar that keeps no cookie: each caller sends its own."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))


def body_of(answer: httpx2.Response, status: int = 200) -> dict[str, Any]:
    """Return an answer's body after looking at its status."""
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def problem_of(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Return a problem document after looking at its status, type and code."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = body_of(answer, status)
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["title"]
    return problem


__all__ = ["Caller", "Callers", "ClientConnection", "body_of", "problem_of"]
