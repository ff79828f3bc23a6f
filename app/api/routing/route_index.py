"""Finds the route of a request in one walk along its path."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class _Segment:
    """What may follow a path so far: a word, any other text, or nothing more."""

    words: dict[str, "_Segment"] = field(default_factory=dict)
    text: "_Segment | None" = None
    routes: dict[str, APIRoute] = field(default_factory=dict)
    """By method."""

    def add(self, part: str) -> "_Segment":
        """Return what follows a part of a route's path."""
        if part.startswith("{"):
            self.text = self.text or _Segment()
            return self.text
        return self.words.setdefault(part, _Segment())


class RouteIndex(BaseRoute):
    """Stands before the routes that it holds: the framework searches them in turn.

    Which takes the longer, the more there are. What is not found here, another method
    or a path of another form, is left to that search.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._root = _Segment()
        for route in routes:
            if isinstance(route, APIRoute) and _is_plain(route):
                self._add(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find a request's route, and the values in its path."""
        # below another application the path would have to be cut
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        route, values = self._find(scope["method"], scope["path"])
        if route is None:
            return Match.NONE, {}
        names = route.param_convertors
        return Match.FULL, {
            "endpoint": route.endpoint,
            "path_params": dict(zip(names, values, strict=True)),
            "route": route,
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the route that was found for it."""
        await cast(APIRoute, scope["route"]).app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Refuse: the routes themselves know their addresses."""
        raise NoMatchFound(name, dict(path_params))

    def _add(self, route: APIRoute) -> None:
        segment = self._root
        for part in route.path.split("/"):
            segment = segment.add(part)
        for method in route.methods or ():
            # of two, the first is the one that the search would come to
            segment.routes.setdefault(method, route)

    def _find(self, method: str, path: str) -> tuple[APIRoute | None, list[str]]:
        segment = self._root
        values: list[str] = []
        for part in path.split("/"):
            following = segment.words.get(part)
            if following is None and part:
                values.append(part)
                following = segment.text
            if following is None:
                return None, values
            segment = following
        return segment.routes.get(method), values


def _is_plain(route: APIRoute) -> bool:
    """Tell whether each part of a path is a word, or a text as it comes."""
    converts = route.param_convertors.values()
    whole = all(
        part.startswith("{") == part.endswith("}") == ("{" in part)
        for part in route.path.split("/")
    )
    return whole and all(type(convert) is StringConvertor for convert in converts)
