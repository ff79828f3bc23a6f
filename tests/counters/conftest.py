"""A browser at the small mall: it sends forms, keeps cookies, follows nothing."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from app.auth.cookies import STAFF_COOKIE
from tests.support.app_server import AppServer
from tests.support.cast import StaffMember

Enter = Callable[[StaffMember], None]


@pytest.fixture
async def browser(server: AppServer) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a browser in which nobody has signed in."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(
        base_url=server.url, headers=headers, timeout=60
    ) as client:
        yield client


@pytest.fixture
def enter(browser: httpx2.AsyncClient) -> Enter:
    """Sign one of the cast in, in this browser."""

    def sign_in(member: StaffMember) -> None:
        browser.cookies.set(STAFF_COOKIE, member.secret)

    return sign_in
