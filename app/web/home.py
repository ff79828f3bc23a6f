"""The way in: where to go in this server."""

from typing import Protocol

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone
from app.web.pages import page

router = APIRouter()


class HomePage(Protocol):
    """What answers `/` in place of a site's own page: the demo."""

    async def welcome(self, request: Request) -> HTMLResponse:
        """Answer `/`."""
        ...


@router.get("/", include_in_schema=False, dependencies=[Anyone])
async def home(request: Request) -> HTMLResponse:
    """Show the pages of this server."""
    home_page: HomePage | None = getattr(request.app.state, "demo", None)
    return (
        await home_page.welcome(request)
        if home_page
        else page(request, "web/home.html")
    )
