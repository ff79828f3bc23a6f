"""The manual's addresses: the first page, and one page each."""

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.access import Anyone
from app.web.i18n import Language
from app.web.manual.pages import (
    address_of,
    decision_pages,
    manual,
    moved_to,
    name_at,
    shelf,
)
from app.web.pages import page
from app.web.preferences import Preferences, read_preferences

router = APIRouter(include_in_schema=False, dependencies=[Anyone])


@router.get("/help", name="help")
async def front(request: Request) -> Response:
    """Ask who the reader is."""
    return _response(request, "")


@router.get("/help/{path:path}", name="help-page")
async def show_page(request: Request, path: str) -> Response:
    """Show one page, a role's in the reader's language; 404 if there is none."""
    return _response(request, path)


def _response(request: Request, path: str) -> Response:
    language = read_preferences(request, Preferences()).lang
    name = name_at(path, language)
    if name:
        return _page_response(request, name, language)
    moved = moved_to(path)
    if not moved:
        raise HTTPException(status_code=404)
    return RedirectResponse(str(request.url.replace(path=address_of(moved))))


def _page_response(request: Request, name: str, language: Language) -> Response:
    return page(
        request,
        "web/help.html",
        manual=manual(name),
        is_front=name == f"{language}/index",
        beside=shelf(name, language),
        decisions=decision_pages()
        if name.startswith(("engineers", "decisions"))
        else [],
    )
