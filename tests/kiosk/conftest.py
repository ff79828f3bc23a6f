"""A browser without scripts that has become the small mall's first kiosk."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx2
import pytest

from tests.support.app_server import AppServer
from tests.support.cast import KIOSK, OTHER_KIOSK, PairedDevice

KEY = re.compile(r'name="key" value="([0-9a-f]+)"')
FIELD = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
ACTION = re.compile(r'method="post" action="([^"]*)"')
NUMBER = re.compile(r'id="number"[^>]*>([^<]+)<')


class Screen:
    """One kiosk's browser; it follows redirects and keeps cookies as a browser does."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def look(self, path: str) -> httpx2.Response:
        """Open a page."""
        return await self.client.get(path)

    async def key(self, service_id: int) -> str:
        """Open a service's page and return the key of this showing."""
        match = KEY.search((await self.look(f"/kiosk/services/{service_id}")).text)
        assert match
        return match[1]

    async def touch(
        self, service_id: int | str, key: str, query: str = ""
    ) -> httpx2.Response:
        """Touch a service's button."""
        form = {"service_id": str(service_id), "key": key}
        return await self.client.post(f"/kiosk/tickets{query}", data=form)

    async def take(self, service_id: int) -> str:
        """Go from a service's page to a number, and return it."""
        return number_on(await self.touch(service_id, await self.key(service_id)))

    async def send(self, address: str) -> httpx2.Response:
        """Open a service's page and send its form as it stands there."""
        page = (await self.look(address)).text
        fields = FIELD.findall(page)
        action = ACTION.search(page)
        assert action
        assert fields
        names = {name for name, _ in fields}
        body = {each: [v for n, v in fields if n == each] for each in names}
        return await self.client.post(unescape(action[1]), data=body)


def number_on(page: httpx2.Response) -> str:
    """Return the number that a page shows."""
    match = NUMBER.search(page.text)
    assert match, page.text
    return match[1]


@pytest.fixture
async def nobody(server: AppServer) -> AsyncIterator[Screen]:
    """Return a browser that is no kiosk yet."""
    async with _browser(server) as client:
        yield Screen(client)


@pytest.fixture
async def screen(server: AppServer) -> AsyncIterator[Screen]:
    """Return the first kiosk's browser."""
    async with _browser(server) as client:
        await _become(client, KIOSK)
        yield Screen(client)


@pytest.fixture
async def other_screen(server: AppServer) -> AsyncIterator[Screen]:
    """Return the second kiosk's browser."""
    async with _browser(server) as client:
        await _become(client, OTHER_KIOSK)
        yield Screen(client)


def _browser(server: AppServer) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=server.url,
        headers={"Accept": "text/html"},
        follow_redirects=True,
        timeout=60,
    )


async def _become(client: httpx2.AsyncClient, device: PairedDevice) -> None:
    bearer = {"Authorization": f"Bearer {device.secret}"}
    answer = await client.post("/api/v1/device-session", headers=bearer)
    assert answer.is_success
