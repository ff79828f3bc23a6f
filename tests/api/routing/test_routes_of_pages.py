"""Every page is found in one walk, as the API's calls are: none by a search."""

from pathlib import Path

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match

from app.api.routing.route_index import RouteIndex
from app.main import create_app
from app.settings import Settings


def test_no_router_stands_in_another(folder: Path) -> None:
    routes = create_app(Settings(data=folder)).router.routes

    kinds = {type(route).__name__ for route in routes}

    assert not {kind for kind in kinds if "Router" in kind}


def test_a_page_is_found_in_one_walk(folder: Path) -> None:
    routes = create_app(Settings(data=folder)).router.routes
    (index,) = [route for route in routes if isinstance(route, RouteIndex)]

    searched = [
        (method, route.path)
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if ":path}" not in route.path and not _is_found(index, method, route)
    ]

    assert searched == []


def _is_found(index: BaseRoute, method: str, route: APIRoute) -> bool:
    path = route.path.replace("{", "").replace("}", "")
    scope = {"type": "http", "method": method, "path": path}
    match, found = index.matches(scope)
    return match is Match.FULL and found["route"].path == route.path
