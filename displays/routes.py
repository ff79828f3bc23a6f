"""The hall display's page, for a screen that is paired as a display."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone, callers
from app.context import context_of
from app.models.states import LARGEST_ID, DeviceKind
from app.web.pages import hall_of, page
from displays import views

router = APIRouter()

PATH = "/display"
Wanted = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


@router.get(PATH, include_in_schema=False, dependencies=[Anyone])
async def display_page(request: Request, display: Wanted = None) -> HTMLResponse:
    """Show this screen's board; a screen that is no display yet is paired first.

    ``display`` says which one to become; only the demo listens to it.
    """
    is_demo = context_of(request).is_demo
    known = _display_of(request)
    if is_demo and display is not None and display != known:
        return _pairing(request, "displays/become.html", wanted=display)
    if known is None:
        return _pairing(request, "web/pairing.html")
    return await _board(request, known)


def _display_of(request: Request) -> int | None:
    """Return the display that this browser is, by its own cookie or token."""
    for actor in callers(request):
        if actor.role == DeviceKind.DISPLAY:
            return actor.id
    return None


def _pairing(
    request: Request, template: str, *, wanted: int | None = None
) -> HTMLResponse:
    return page(
        request,
        template,
        theme="dark",
        kind=DeviceKind.DISPLAY.value,
        next=PATH if wanted is None else f"{PATH}?display={wanted}",
        device_id=wanted,
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
        is_sample=hall_of(request).sample,
    )
