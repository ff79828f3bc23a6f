"""The hall display's page, for a screen that is paired as a display."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone, callers
from app.context import context_of
from app.models.states import MAX_ID, DeviceKind
from app.web.pages import page, site_info_of
from displays import views

router = APIRouter()

PATH = "/display"
DisplayId = Annotated[int | None, Query(ge=1, le=MAX_ID)]


@router.get(PATH, include_in_schema=False, dependencies=[Anyone])
async def display_page(request: Request, display: DisplayId = None) -> HTMLResponse:
    """Show this screen's board; a screen that is no display yet is paired first.

    ``display`` says which one to become; only the demo listens to it.
    """
    is_demo = context_of(request).is_demo
    display_id = _display_of(request)
    if is_demo and display is not None and display != display_id:
        return _pairing(request, "displays/become.html", requested_id=display)
    if display_id is None:
        return _pairing(request, "web/pairing.html")
    return await _board(request, display_id)


def _display_of(request: Request) -> int | None:
    """Return the display that this browser is, by its own cookie or token."""
    for actor in callers(request):
        if actor.role == DeviceKind.DISPLAY:
            return actor.id
    return None


def _pairing(
    request: Request, template: str, *, requested_id: int | None = None
) -> HTMLResponse:
    return page(
        request,
        template,
        theme="dark",
        kind=DeviceKind.DISPLAY.value,
        next=PATH if requested_id is None else f"{PATH}?display={requested_id}",
        device_id=requested_id,
        is_demo=context_of(request).is_demo,
    )


async def _board(request: Request, display_id: int) -> HTMLResponse:
    context = context_of(request)
    screen = await context.readers.read(
        partial(
            views.screen,
            display_id=display_id,
            now=context.clock.now(),
            stale_after_seconds=context.settings.stale_after_seconds,
        )
    )
    return page(
        request,
        "displays/board.html",
        theme="dark",
        screen=screen,
        layout=views.LAYOUT,
        # the frame's ribbon is too small for a hall: the footer says it
        sample_label=False,
        is_sample=site_info_of(request).sample,
    )
