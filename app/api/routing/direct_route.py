"""Routes that are answered without FastAPI's reading of their declaration.

It reads which dependencies and values a route wants anew for each request, and that is
half of the event loop's work for a ticket (figures.md#what-is-measured). Here it is
read once, when the route is made. A request that is not as declared is handed to
FastAPI as it came, and refused by it in the contract's words (contract.md#errors).
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast, get_type_hints

from fastapi import APIRouter, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import HTTPException
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from pydantic_core import from_json
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.cross_site import SAFE_METHODS

PREFIX = "/api/v1"
JSON = "application/json"


def api_router(*tags: str, prefix: str = "") -> APIRouter:
    """Return a router for calls of the API."""
    return APIRouter(prefix=f"{PREFIX}{prefix}", tags=[*tags], route_class=DirectRoute)


class DirectRoute(APIRoute):
    """A route whose well-formed requests go straight to its function.

    What it wants has to be plain: values of the path, headers, one JSON body, and
    asynchronous dependencies without clean-up. Any other route is FastAPI's alone.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        try:
            self.app = _direct(self, _steps(self.dependant), _writer(self))
        except _NotPlain:
            return


class _NotPlain(Exception):
    """A route or a request that is left to FastAPI."""


class _Value(NamedTuple):
    """A value of a request that a function takes as an argument.

    ``default`` is what stands for one that is not there; without it, there must be one.
    """

    argument: str
    alias: str
    validate: Callable[..., tuple[Any, Any]]
    has_default: bool
    default: Any

    def of(self, received: Mapping[str, Any]) -> Any:
        given = received.get(self.alias)
        if given is None:
            if not self.has_default:
                raise _NotPlain
            return self.default
        value, errors = self.validate(given)
        if errors:
            raise _NotPlain
        return value


class _Step(NamedTuple):
    """A function to call, and where its arguments come from."""

    call: Callable[..., Awaitable[Any]]
    request_argument: str | None
    path_values: Sequence[_Value]
    header_values: Sequence[_Value]
    body_value: _Value | None
    outcomes: Sequence[tuple[str, int]]
    """Arguments that are what earlier steps came to, by their position."""

    def arguments(
        self, request: Request, body: Mapping[str, Any], earlier: Sequence[Any]
    ) -> dict[str, Any]:
        arguments = {argument: earlier[index] for argument, index in self.outcomes}
        for value in self.path_values:
            arguments[value.argument] = value.of(request.path_params)
        for value in self.header_values:
            arguments[value.argument] = value.of(request.headers)
        if self.body_value is not None:
            arguments[self.body_value.argument] = self.body_value.of(body)
        if self.request_argument is not None:
            arguments[self.request_argument] = request
        return arguments


_BODY = "body"


def _direct(
    route: APIRoute, steps: Sequence[_Step], write: Callable[[Any], Response]
) -> ASGIApp:
    ordinary = route.app
    takes_body = any(step.body_value is not None for step in steps)
    # of a change always: a dependency may read it (its key is of these bytes), and who
    # comes after it must find it again
    reads_body = not SAFE_METHODS.issuperset(route.methods or ())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        body = await _read_body(request) if reads_body else b""
        try:
            received = {_BODY: _parsed(body)} if takes_body and body else {}
            outcomes: list[Any] = []
            for step in steps:
                arguments = step.arguments(request, received, outcomes)
                outcomes.append(await step.call(**arguments))
        except _NotPlain:
            again = _once_more(body, receive) if reads_body else receive
            await ordinary(scope, again, send)
            return
        await write(outcomes[-1])(scope, receive, send)

    return app


async def _read_body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect as gone:
        # there is nobody to be answered; as FastAPI has it
        raise HTTPException(400) from gone


def _parsed(body: bytes) -> Any:
    try:
        return from_json(body)
    except ValueError as error:
        raise _NotPlain from error


def _once_more(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body again that has been read."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _writer(route: APIRoute) -> Callable[[Any], Response]:
    """Return what makes a response of that which a route's function returns."""
    hint = get_type_hints(route.endpoint).get("return")
    if isinstance(hint, type) and issubclass(hint, Response):
        return lambda response: cast(Response, response)
    shapes_answer = (
        route.response_model_include
        or route.response_model_exclude
        or route.response_model_exclude_none
        or route.response_model_exclude_unset
        or route.response_model_exclude_defaults
        or not route.response_model_by_alias
    )
    if hint is None or hint != route.response_model or shapes_answer:
        raise _NotPlain
    adapter: TypeAdapter[Any] = TypeAdapter(hint)
    status = route.status_code or 200

    def write(value: Any) -> Response:
        content = adapter.dump_json(value, by_alias=True)
        return Response(content, status, media_type=JSON)

    return write


def _steps(dependant: Dependant) -> list[_Step]:
    """Return what is called to answer, the route's own function last."""
    steps: list[_Step] = []
    positions: dict[Callable[..., Any], int] = {}
    _add_step(dependant, steps, positions)
    if sum(step.body_value is not None for step in steps) > 1:
        raise _NotPlain  # each would be a field of one body
    return steps


def _add_step(
    dependant: Dependant, steps: list[_Step], positions: dict[Callable[..., Any], int]
) -> int:
    call = dependant.call
    if call is None or not _is_plain(dependant):
        raise _NotPlain
    # what several want is asked once
    if dependant.use_cache and call in positions:
        return positions[call]
    outcomes = []
    for each in dependant.dependencies:
        position = _add_step(each, steps, positions)
        if each.name is not None:
            outcomes.append((each.name, position))
    body_values = list(_values(dependant.body_params, params.Body))
    steps.append(
        _Step(
            call,
            dependant.request_param_name,
            tuple(_values(dependant.path_params, params.Path)),
            tuple(_values(dependant.header_params, params.Header)),
            body_values[0]._replace(alias=_BODY) if body_values else None,
            outcomes,
        )
    )
    positions[call] = len(steps) - 1
    return positions[call]


def _is_plain(dependant: Dependant) -> bool:
    wants_more = (
        dependant.query_params
        or dependant.cookie_params
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.own_oauth_scopes
        or dependant.concurrency
        or len(dependant.body_params) > 1
    )
    return _is_async(dependant.call) and not wants_more


def _is_async(call: object) -> bool:
    """Tell whether a function, or an object that is called, is to be awaited."""
    function = call if inspect.isroutine(call) else type(call).__call__
    return inspect.iscoroutinefunction(function)


def _values(fields: Sequence[Any], kind: type[Any]) -> Iterator[_Value]:
    for field in fields:
        info: Any = field.field_info
        # of headers: several of one name make no list here
        # a form is a kind of body to FastAPI
        is_form = isinstance(info, params.Form)
        if not isinstance(info, kind) or is_form or getattr(info, "embed", None):
            raise _NotPlain
        if kind is params.Header and info.annotation not in (str, str | None):
            raise _NotPlain
        has_default = not info.is_required()
        default = field.get_default() if has_default else None
        yield _Value(field.name, field.alias, field.validate, has_default, default)
