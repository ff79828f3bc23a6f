"""A direct route answers as FastAPI's own would, and asks it only when it must."""

from typing import Annotated

import pytest
from fastapi import (
    APIRouter,
    Body,
    Depends,
    FastAPI,
    Form,
    Header,
    Path,
    Request,
    Response,
)
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from pydantic import BaseModel, ConfigDict, Field

from app.api.router import api_routes
from app.api.routing.direct_route import DirectRoute
from app.errors import Forbidden


class Wish(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    people: int
    name: str = "Sari"


class Shown(BaseModel):
    text: str


class Renamed(BaseModel):
    text: str = Field(serialization_alias="the text")
    more: str | None = None


def routes_of(route_class: type[APIRoute], calls: list[str]) -> APIRouter:
    """Declare the same routes with a class of routes; ``calls`` notes what is run."""
    router = APIRouter(route_class=route_class)

    async def counted(request: Request) -> str:
        calls.append(f"counted {request.method}")
        return "counted"

    async def allowed(
        counted: Annotated[str, Depends(counted)], x_role: Annotated[str, Header()]
    ) -> str:
        if x_role == "nobody":
            raise Forbidden
        return f"{counted} {x_role}"

    @router.post("/all/{number}", status_code=201, response_model=Shown)
    async def everything(
        number: Annotated[int, Path(ge=1)],
        role: Annotated[str, Depends(allowed)],
        again: Annotated[str, Depends(counted)],
        wish: Wish,
    ) -> Response:
        calls.append("everything")
        return Response(f"{number} {role} {again} {wish}", 201)

    _add_plain_routes(router)
    return router


def _add_plain_routes(router: APIRouter) -> None:
    @router.post("/model/{text}", status_code=202, response_model=Shown)
    async def model(text: str, wish: Annotated[Wish | None, Body()] = None) -> Shown:
        return Shown(text=f"{text} ü {wish}")

    async def of_the_body(request: Request) -> bytes:
        return await request.body()

    @router.post("/raw/{number}")
    async def raw(
        number: int, body: Annotated[bytes, Depends(of_the_body)]
    ) -> Response:
        return Response(body)

    @router.get("/list", response_model=list[Shown])
    async def listed() -> list[Shown]:
        return [Shown(text="1"), Shown(text="2")]

    @router.get("/nothing/{number}")
    async def nothing(number: int) -> Response:
        return Response(status_code=204)

    _add_routes_of_another_shape(router)


def _add_routes_of_another_shape(router: APIRouter) -> None:
    @router.get("/renamed", response_model=Renamed)
    async def renamed() -> Renamed:
        return Renamed(text="1")

    @router.get("/bare", response_model=Renamed, response_model_exclude_none=True)
    async def bare() -> Renamed:
        return Renamed(text="1")

    @router.post("/form")
    async def form(text: Annotated[str, Form()]) -> Response:
        return Response(text)


FORM = {"content-type": "application/x-www-form-urlencoded"}
GOOD = {"x-role": "officer", "content-type": "application/json"}
REQUESTS: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "as declared": ("POST", "/all/7", GOOD, b'{"people": 2}'),
    "twice the same field": ("POST", "/all/7", GOOD, b'{"people": 2, "people": 3}'),
    "no body": ("POST", "/all/7", GOOD, b""),
    "null": ("POST", "/all/7", GOOD, b"null"),
    "no JSON": ("POST", "/all/7", GOOD, b'{"people": '),
    "UTF-16": ("POST", "/all/7", GOOD, '{"people": 2}'.encode("utf-16")),
    "with a mark of bytes' order": (
        "POST",
        "/all/7",
        GOOD,
        b'\xef\xbb\xbf{"people":2}',
    ),
    "half a surrogate": ("POST", "/all/7", GOOD, b'{"people": 2, "name": "\\ud800"}'),
    "no UTF-8": ("POST", "/all/7", GOOD, b'{"people": 2, "name": "\xff"}'),
    "a text for a number": ("POST", "/all/7", GOOD, b'{"people": "2"}'),
    "no number at all": ("POST", "/all/7", GOOD, b'{"people": NaN}'),
    "a huge number": ("POST", "/all/7", GOOD, b'{"people": 1e999}'),
    "an unknown field": ("POST", "/all/7", GOOD, b'{"people": 2, "peple": 3}'),
    "a list": ("POST", "/all/7", GOOD, b"[]"),
    "deep": ("POST", "/all/7", GOOD, b"[" * 100_000),
    "a path that is no number": ("POST", "/all/x", GOOD, b'{"people": 2}'),
    "a path below its limit": ("POST", "/all/0", GOOD, b'{"people": 2}'),
    "no role": (
        "POST",
        "/all/7",
        {"content-type": GOOD["content-type"]},
        b'{"people":2}',
    ),
    "refused": ("POST", "/all/7", {**GOOD, "x-role": "nobody"}, b'{"people": 2}'),
    "refused, and wrong": ("POST", "/all/x", {**GOOD, "x-role": "nobody"}, b"{}"),
    "a model": ("POST", "/model/a%20b", GOOD, b'{"people": 2}'),
    "a model without a body": ("POST", "/model/a", GOOD, b""),
    "a model of null": ("POST", "/model/a", GOOD, b"null"),
    "a body for a dependency": ("POST", "/raw/1", GOOD, b"{"),
    "a body for a dependency, and wrong": ("POST", "/raw/x", GOOD, b"{"),
    "a list of models": ("GET", "/list", {}, b""),
    "a model's other names": ("GET", "/renamed", {}, b""),
    "a model without what is None": ("GET", "/bare", {}, b""),
    "a form": ("POST", "/form", FORM, b"text=a"),
    "JSON for a form": ("POST", "/form", GOOD, b'{"text": "a"}'),
    "nothing": ("GET", "/nothing/3", {}, b""),
    "nothing, of no number": ("GET", "/nothing/x", {}, b""),
    "another method": ("PUT", "/all/7", GOOD, b'{"people": 2}'),
}


async def answer_of(
    route_class: type[APIRoute], what: str
) -> tuple[int, str, bytes, list[str]]:
    calls: list[str] = []
    app = FastAPI()
    app.add_exception_handler(Forbidden, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.router.routes += routes_of(route_class, calls).routes
    method, path, headers, body = REQUESTS[what]
    async with AsyncClient(transport=ASGITransport(app), base_url="http://x") as client:
        answer = await client.request(method, path, headers=headers, content=body)
    return answer.status_code, str(answer.headers), answer.content, calls


async def _refused(request: Request, error: Exception) -> Response:
    return Response("refused", 403)


async def _invalid(request: Request, error: Exception) -> Response:
    # FastAPI's own breaks at an infinite number
    assert isinstance(error, RequestValidationError)
    return Response(repr(error.errors()), 422)


@pytest.mark.parametrize("what", REQUESTS)
async def test_each_request_is_answered_as_by_fastapi(what: str) -> None:
    status, headers, content, calls = await answer_of(APIRoute, what)
    direct = await answer_of(DirectRoute, what)

    assert direct[:3] == (status, headers, content)
    # once more where the request is handed on, and a route's own function never
    assert direct[3].count("everything") == calls.count("everything")


@pytest.mark.parametrize(
    "what", ["as declared", "a model", "a model of null", "a list of models", "nothing"]
)
async def test_what_is_as_declared_does_without_fastapis_reading(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    async def read(**_options: object) -> None:
        raise AssertionError("FastAPI read the declaration")

    monkeypatch.setattr("fastapi.routing.solve_dependencies", read)
    status, _, _, calls = await answer_of(DirectRoute, what)

    assert status < 300
    assert calls in (["counted POST", "everything"], [])


def test_no_route_of_a_visit_is_fastapis_alone() -> None:
    """With a query, a form of no JSON or an answer's cookies it may be."""
    alone = {
        route.name
        for route in api_routes
        if isinstance(route, APIRoute) and "_direct" not in route.app.__qualname__
    }
    assert alone == {
        "announcement_audio",
        "audit",
        "audit_csv",
        "availability",
        "device_session",
        "import_config",
        "preview",
        "preview_audio",
        "search",
        "sign_in",
    }
