"""A real Chromium, found on the machine; it is not downloaded."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.chromium import ARGUMENTS, chromium_path
from tests.support.demo import DemoServer

# what a page comes to, not how soon: a busy machine is no fault of it
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    path = chromium_path()
    if path is None:
        pytest.fail("Install chromium-headless-shell, or run with -m 'not browser'.")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def base_url(demo: DemoServer) -> str:
    """Let ``page.goto("/kiosk")`` reach the demo."""
    return demo.url


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(10_000)
    # when interception begins on an open page, Chromium may let the next request by:
    # it begins here, so that a test's own route catches every one
    page.route("**/*.caught-by-nobody", lambda route: route.abort())
    return page
