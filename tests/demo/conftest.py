"""A newcomer's browser before the demo: keeps cookies, follows nothing."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.demo import DemoServer


@pytest.fixture
def newcomer(demo: DemoServer) -> Iterator[httpx2.Client]:
    headers = {"Accept": "text/html"}
    with httpx2.Client(base_url=demo.url, headers=headers, timeout=60) as client:
        client.cookies.set("antrean_lang", "en")
        yield client
