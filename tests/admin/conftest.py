"""People before the administration's pages, in English."""

import re
from html import unescape

import httpx2
import pytest

from tests.support.app_server import AppServer
from tests.support.http.callers import Caller


class Desk:
    """One person's browser: asks for pages, sends forms, follows nothing."""

    def __init__(self, server: AppServer, caller: Caller) -> None:
        self._server, self._caller = server, caller

    async def get(self, path: str, **query: str) -> httpx2.Response:
        return await self._send("GET", path, query)

    async def post(
        self, path: str, headers: dict[str, str] | None = None, **form: str
    ) -> httpx2.Response:
        return await self._send("POST", path, {}, data=form, headers=headers or {})

    async def _send(
        self, method: str, path: str, query: dict[str, str], **more: object
    ) -> httpx2.Response:
        headers = {"Accept": "text/html", **dict(more.pop("headers", {}))}  # type: ignore[call-overload]
        address = httpx2.URL(f"{self._server.url.rstrip('/')}{path}")
        address = address.copy_merge_params({"lang": "en", **query})
        return await self._caller.send(method, str(address), headers=headers, **more)


def words(answer: httpx2.Response) -> str:
    """Return what a page says, without its tags, in single spaces."""
    text = re.sub(r"<[^>]+>", " ", answer.text)
    return re.sub(r"\s+", " ", unescape(text))


@pytest.fixture
def admin(server: AppServer) -> Desk:
    return Desk(server, server.admin)


@pytest.fixture
def reception(server: AppServer) -> Desk:
    return Desk(server, server.resepsi)


@pytest.fixture
def supervisor(server: AppServer) -> Desk:
    """Return the supervisor of the civil registration."""
    return Desk(server, server.kepala)


@pytest.fixture
def officer(server: AppServer) -> Desk:
    return Desk(server, server.sari)


@pytest.fixture
def anybody(server: AppServer) -> Desk:
    return Desk(server, server.anyone)
