"""Every route of the server with who may use it, read from its dependencies."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.api.routing.route_index import RouteIndex
from app.auth.access import Allow, AllowAnyone


class RouteUse(NamedTuple):
    """One method of one route; ``roles`` is None where nothing is declared."""

    method: str
    path: str
    roles: frozenset[str] | None


def routes_of(app: FastAPI) -> Iterator[RouteUse]:
    """Yield every route, sockets (method WS) and plain Starlette ones included."""
    for context in iter_route_contexts(app.router.routes):
        # its routes follow it, each for itself
        if isinstance(context.original_route, RouteIndex):
            continue
        path = str(context.path or getattr(context.starlette_route, "path", ""))
        dependant = _dependant(context)
        roles = None if dependant is None else _roles(dependant)
        for method in sorted(context.methods or {"WS"}):
            yield RouteUse(method, path, roles)


def _dependant(context: Any) -> Dependant | None:
    for holder in (context, getattr(context, "starlette_route", None)):
        found = getattr(holder, "dependant", None)
        if isinstance(found, Dependant):
            return found
    return None


def _roles(dependant: Dependant) -> frozenset[str] | None:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Allow | AllowAnyone):
            return frozenset(dependency.call.roles)
        found = _roles(dependency)
        if found is not None:
            return found
    return None
