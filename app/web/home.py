"""The way in: where to go in this server."""

from typing import Protocol

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone
from app.web.pages import page

router = APIRouter()


class Host(Protocol):
    """Whoever receives newcomers in place of a site's own page: the demo."""

    async def welcome(self, request: Request) -> HTMLResponse:
        """Answer `/`."""
        ...


@router.get("/", include_in_schema=False, dependencies=[Anyone])
async def home(request: Request) -> HTMLResponse:
    """Show the doors of this server."""
    host: Host | None = getattr(request.app.state, "demo", None)
    return await host.welcome(request) if host else page(request, "web/home.html")
