"""The demo's reception, signed in, its desk open."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.browser.reception.desk import Desk, sign_in
from tests.support.demo import DemoServer

Slow = Callable[[str, float], None]


@pytest.fixture
def desk(demo: DemoServer, page: Page) -> Desk:
    sign_in(page, demo)
    page.goto("/reception")
    return Desk(demo, page)


@pytest.fixture
def slow(desk: Desk) -> Iterator[Slow]:
    """Return what lets requests to some addresses wait so many milliseconds."""

    def set_slow(address: str, milliseconds: float) -> None:
        def later(route: Route) -> None:
            desk.page.wait_for_timeout(milliseconds)
            route.continue_()

        desk.page.route(re.compile(address), later)

    yield set_slow
    desk.page.unroute_all(behavior="ignoreErrors")
