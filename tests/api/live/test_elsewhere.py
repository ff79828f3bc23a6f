"""Sockets that lead nowhere, and HEAD."""

import pytest

from tests.support.app_server import AppServer
from tests.support.http.callers import problem_of


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/kiosk", "/"])
async def test_a_socket_to_an_unknown_path_meets_a_problem(
    server: AppServer, path: str
) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    answer = await server.client.get(f"{server.url}{path}", headers=headers)

    problem_of(answer, 404, "not-found")


@pytest.mark.parametrize("path", ["/", "/help", "/healthz", "/kiosk", "/nothing"])
async def test_head_answers_as_get_without_a_body(server: AppServer, path: str) -> None:
    answer = await server.client.get(f"{server.url}{path}")

    head = await server.client.head(f"{server.url}{path}")

    assert head.status_code == answer.status_code
    for name in ("content-type", "content-length", "cache-control"):
        assert head.headers.get(name) == answer.headers.get(name)
    assert head.content == b""
    assert answer.content


async def test_head_changes_nothing_of_what_is_posted(server: AppServer) -> None:
    answer = await server.client.head(f"{server.url}/api/v1/tickets")

    assert answer.status_code == 405
