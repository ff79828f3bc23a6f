"""People before the administration's pages, in English."""

import re
from html import unescape

import httpx2
import pytest

from tests.support.callers import Caller
from tests.support.house import House


class Desk:
    """One person's browser: asks for pages, sends forms, follows nothing."""

    def __init__(self, house: House, caller: Caller) -> None:
        self._house, self._caller = house, caller

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
        address = httpx2.URL(f"{self._house.url.rstrip('/')}{path}")
        address = address.copy_merge_params({"lang": "en", **query})
        return await self._caller.send(method, str(address), headers=headers, **more)


def words(answer: httpx2.Response) -> str:
    """Return what a page says, without its tags, in single spaces."""
    text = re.sub(r"<[^>]+>", " ", answer.text)
    return re.sub(r"\s+", " ", unescape(text))


@pytest.fixture
def admin(house: House) -> Desk:
    return Desk(house, house.admin)


@pytest.fixture
def reception(house: House) -> Desk:
    return Desk(house, house.resepsi)


@pytest.fixture
def supervisor(house: House) -> Desk:
    """Return the supervisor of the civil registration."""
    return Desk(house, house.kepala)


@pytest.fixture
def officer(house: House) -> Desk:
    return Desk(house, house.sari)


@pytest.fixture
def anybody(house: House) -> Desk:
    return Desk(house, house.anyone)
