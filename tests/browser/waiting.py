"""Waiting for what no locator can see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Look ten times a second, for ten seconds."""
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not come to pass")
