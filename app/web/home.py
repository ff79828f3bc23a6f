"""The way in: where to go in this server."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone
from app.web.pages import page

router = APIRouter()


@router.get("/", include_in_schema=False, dependencies=[Anyone])
async def home(request: Request) -> HTMLResponse:
    """Show the doors of this server."""
    return page(request, "web/home.html")
