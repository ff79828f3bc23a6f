"""The index finds what the framework's own search would find, and nothing else."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from starlette.routing import Match
from starlette.types import Scope

from app.api.router import api_routes
from app.api.routing.route_index import RouteIndex

INDEX = RouteIndex(api_routes)
ROUTES = [route for route in api_routes if isinstance(route, APIRoute)]


def request_of(method: str, path: str) -> Scope:
    return {"type": "http", "method": method, "path": path, "path_params": {}}


def searched(scope: Scope) -> tuple[APIRoute | None, object]:
    """Return what the search in turn comes to first."""
    for route in ROUTES:
        match, child = route.matches(dict(scope))
        if match is Match.FULL:
            return route, child["path_params"]
    return None, None


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_each_route_is_found_as_by_a_search(route: APIRoute) -> None:
    for value in ("7", "by-id", "x y", "close", "é"):
        path = route.path.replace(":path", "")
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", value)
        for method in route.methods or ():
            scope = request_of(method, path)
            expected, values = searched(scope)
            match, child = INDEX.matches(scope)
            if match is Match.NONE:
                # left to the search: a word of another route, or parts of any number
                assert value == "by-id" or ":path" in route.path
                continue
            assert child["route"] is expected
            assert child["path_params"] == values


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/counters/7/call-next"),
        ("POST", "/api/v1/counters//call-next"),
        ("POST", "/api/v1/counters/7/call-next/"),
        ("POST", "/api/v1//counters/7/call-next"),
        ("POST", "api/v1/counters/7/call-next"),
        ("POST", "/api/v1/counters/7"),
        ("GET", "/"),
        ("GET", ""),
    ],
)
def test_another_path_or_method_is_left_to_the_search(method: str, path: str) -> None:
    assert INDEX.matches(request_of(method, path)) == (Match.NONE, {})


def test_a_socket_and_a_mounted_application_are_left_to_the_search() -> None:
    scope = request_of("GET", "/api/v1/counters")
    assert INDEX.matches(scope)[0] is Match.FULL
    assert INDEX.matches({**scope, "type": "websocket"})[0] is Match.NONE
    assert INDEX.matches({**scope, "root_path": "/api"})[0] is Match.NONE


async def test_a_word_comes_before_any_text_and_the_first_of_two_routes_wins() -> None:
    router = APIRouter()

    @router.get("/lines/longest")
    async def longest() -> str:
        return "longest"

    @router.get("/lines/{line}")
    async def line(line: str) -> str:
        return f"line {line}"

    @router.get("/lines/{other}")
    async def other(other: str) -> str:
        return f"other {other}"

    app = FastAPI()
    # in front of no route: what the index does not find, nobody answers
    app.router.routes[:] = [RouteIndex(router.routes)]
    async with AsyncClient(transport=ASGITransport(app), base_url="http://x") as client:
        assert (await client.get("/lines/longest")).json() == "longest"
        assert (await client.get("/lines/7")).json() == "line 7"
        assert (await client.get("/lines")).status_code == 404
