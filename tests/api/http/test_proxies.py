"""A reverse proxy in front: believed where the site names it, and nowhere else."""

from typing import Any

import pytest
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from app.api.http.proxies import TrustedProxies
from app.auth.cross_site import has_foreign_origin
from app.settings import Settings
from tests.support.app_server import AppServer
from tests.support.http.callers import problem_of

PROXY, STRANGER = "10.0.0.2", "192.0.2.9"
OURS, EVIL = "https://mall.example", "https://evil.example"
FORWARDED = {
    "x-forwarded-for": "203.0.113.5",
    "x-forwarded-proto": "https",
}


async def seen_by_the_app(peer: str, headers: dict[str, str]) -> Scope:
    """Send a request through the middleware and return what comes out behind it."""
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def receive() -> Message:
        raise AssertionError

    async def send(_message: Message) -> None:
        raise AssertionError

    scope: dict[str, Any] = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 5000),
        "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
    }
    await TrustedProxies(app, ["10.0.0.0/24"])(scope, receive, send)
    return seen[0]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"host": "mall.example"}, id="as the manual shows"),
        pytest.param({"host": "mall.example:443"}, id="with the port"),
        pytest.param(
            {"host": "127.0.0.1:8000", "x-forwarded-host": "mall.example"}, id="Apache"
        ),
        pytest.param(
            {"host": "127.0.0.1:8000", "sec-fetch-site": "same-origin"}, id="nginx"
        ),
    ],
)
async def test_our_own_page_passes_behind_it(headers: dict[str, str]) -> None:
    scope = await seen_by_the_app(PROXY, {**headers, **FORWARDED, "origin": OURS})

    assert not has_foreign_origin(Headers(scope=scope))
    assert scope["client"][0] == "203.0.113.5"
    assert scope["scheme"] == "https"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "mall.example"},
        {"host": "127.0.0.1:8000", "x-forwarded-host": "mall.example"},
        {"host": "127.0.0.1:8000", "x-forwarded-host": "evil.example, mall.example"},
        {"host": "127.0.0.1:8000", "sec-fetch-site": "cross-site"},
        {"host": "127.0.0.1:8000"},
    ],
)
async def test_another_sites_page_is_refused_behind_it(headers: dict[str, str]) -> None:
    scope = await seen_by_the_app(PROXY, {**headers, **FORWARDED, "origin": EVIL})

    assert has_foreign_origin(Headers(scope=scope))


async def test_a_stranger_is_not_believed() -> None:
    lies = {"host": "mall.example", "x-forwarded-host": "evil.example", "origin": EVIL}

    scope = await seen_by_the_app(STRANGER, {**lies, **FORWARDED})

    assert has_foreign_origin(Headers(scope=scope))
    assert (scope["client"][0], scope["scheme"]) == (STRANGER, "http")


async def test_without_the_setting_this_machine_is_a_stranger_too(
    server: AppServer,
) -> None:
    headers = {"Origin": EVIL, "X-Forwarded-Host": "evil.example"}

    answer = await server.sari.post("/counters/1/open", headers=headers)

    problem_of(answer, 403, "cross-site")


def test_addresses_of_proxies_are_looked_at_when_the_server_starts() -> None:
    assert Settings(trusted_proxies="127.0.0.1, ::1, 10.0.0.0/24").proxy_addresses == [
        "127.0.0.1",
        "::1",
        "10.0.0.0/24",
    ]
    with pytest.raises(ValidationError):
        Settings(trusted_proxies="the-proxy")
