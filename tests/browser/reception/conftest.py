"""The demo's reception, signed in, its desk open."""

import pytest
from playwright.sync_api import Page

from tests.browser.reception.desk import Desk, sign_in
from tests.support.demo import DemoServer


@pytest.fixture
def desk(demo: DemoServer, page: Page) -> Desk:
    sign_in(page, demo)
    page.goto("/reception")
    return Desk(demo, page)
