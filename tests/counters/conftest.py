"""A browser at the small mall: it sends forms, keeps cookies, follows nothing."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from app.auth.cookies import STAFF
from tests.support.cast import Member
from tests.support.house import House

Enter = Callable[[Member], None]


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a browser in which nobody has signed in."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=house.url, headers=headers) as client:
        yield client


@pytest.fixture
def enter(browser: httpx2.AsyncClient) -> Enter:
    """Sign one of the cast in, in this browser."""

    def sign_in(member: Member) -> None:
        browser.cookies.set(STAFF, member.secret)

    return sign_in
