"""A small application with the parts of `app.web` and nothing else."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from app.web import static
from app.web.i18n import Language
from app.web.manual import routes as manual
from app.web.pages import SiteInfo, describe_site
from app.web.problems import problem_page, wants_html

SITE = SiteInfo("MPP Kota Contoh", ZoneInfo("Asia/Jakarta"), sample=True)


@pytest.fixture
def app() -> FastAPI:
    """Return the application as app.main wires it."""
    application = FastAPI()
    application.router.routes.append(static.route)
    application.include_router(manual.router)
    application.add_exception_handler(HTTPException, _refused)
    application.add_api_route("/problem/{code}", _problem, response_class=HTMLResponse)
    application.add_api_route("/slip/{language}", _given, response_class=HTMLResponse)
    describe_site(application, SITE)
    return application


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    """Return a browser: it asks for HTML and keeps cookies."""
    with TestClient(app, headers={"Accept": "text/html"}) as client:
        yield client


async def _problem(request: Request, code: str) -> HTMLResponse:
    return problem_page(request, status=409, code=code)


async def _given(request: Request, language: Language) -> HTMLResponse:
    return problem_page(request, status=200, code="busy", language=language)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if wants_html(request):
        return problem_page(request, status=error.status_code, code="not-found")
    return PlainTextResponse(error.detail, status_code=error.status_code)
