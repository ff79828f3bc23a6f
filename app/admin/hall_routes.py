"""The hall: quiet in a sound space, and an evacuation of the whole building."""

from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin.access import StaffPageRoute
from app.admin.forms import EvacuationForm, QuietForm
from app.admin.pages import show
from app.auth.access import SUPERVISORS, Closer, Supervisor
from app.context import context_of
from app.ledger import Run
from app.models.states import MAX_ID
from app.queueing.hall.evacuation import (
    EvacuationRow,
    begin_evacuation,
    end_evacuation,
    evacuation_of,
)
from app.queueing.hall.quiet import begin_quiet, end_quiet
from app.queueing.hall.sound_spaces import SoundSpaces, SoundSpaceView
from app.queueing.site.site_row import site_row

router = APIRouter(
    prefix="/admin/hall", include_in_schema=False, route_class=StaffPageRoute
)

SpaceId = Annotated[int, Path(ge=1, le=MAX_ID)]
MINUTES = (5, 15, 30)
"""A call to prayer, a speech, a ceremony."""


class HallView(NamedTuple):
    """What the page shows of the hall."""

    spaces: list[SoundSpaceView]
    evacuation: EvacuationRow | None


@router.get("")
async def hall_page(request: Request, actor: Closer, problem: str = "") -> HTMLResponse:
    """Show the sound spaces, and whether the building is being left."""
    context = context_of(request)
    now = context.clock.now()

    def view(db: Connection) -> HallView:
        return HallView(SoundSpaces(db, now).views(), evacuation_of(site_row(db)))

    hall = await context.readers.read(view)
    return show(
        request,
        "hall.html",
        actor,
        minutes=MINUTES,
        may_evacuate=actor.role in SUPERVISORS,
        is_unconfirmed=problem == "unconfirmed",
        spaces=hall.spaces,
        evacuation=hall.evacuation,
    )


@router.post("/spaces/{space_id}/quiet")
async def keep_quiet(
    request: Request,
    _actor: Closer,
    space_id: SpaceId,
    form: Annotated[QuietForm, Form()],
) -> Response:
    """Have nothing spoken in a sound space for some minutes; 0 ends it."""
    if form.minutes:
        return await _done(
            request, partial(begin_quiet, space_id=space_id, minutes=form.minutes)
        )
    return await _done(request, partial(end_quiet, space_id=space_id))


@router.post("/evacuation")
async def evacuate(
    request: Request, _actor: Supervisor, form: Annotated[EvacuationForm, Form()]
) -> Response:
    """Let the building be left; only with the tick that guards it."""
    if not form.is_meant:
        return RedirectResponse("/admin/hall?problem=unconfirmed#evacuation", 303)
    return await _done(
        request, partial(begin_evacuation, text=form.text.strip() or None)
    )


@router.post("/evacuation/end")
async def go_on(request: Request, _actor: Supervisor) -> Response:
    """Go on where it stopped."""
    return await _done(request, end_evacuation)


async def _done(request: Request, run: Run) -> Response:
    await context_of(request).ledger.do(run)
    return RedirectResponse("/admin/hall", 303)
