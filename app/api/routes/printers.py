"""The printers for staff: how they stand, alarms, a new roll."""

from fastapi import Request, Response
from sqlalchemy import Connection

from app.api.commands import ByCloser
from app.api.http.inputs import OptionalBody, PathId
from app.api.routing.direct_route import api_router
from app.auth.access import Closer
from app.context import context_of
from app.queueing.change import Change
from app.queueing.slips.printer_status import note_new_roll
from app.queueing.views.printers import PrintersView, printers_view

router = api_router("printers")


@router.get("/printers", response_model=PrintersView)
async def printers(request: Request, _who: Closer) -> PrintersView:
    """Tell how every printer stands, what a person must come for, what changed."""
    return await context_of(request).printing.printers_view()


@router.post("/printers/{printer_id}/new-roll", response_model=PrintersView)
async def new_roll(
    request: Request, printer_id: PathId, sender: ByCloser, _body: OptionalBody
) -> Response:
    """Say that a new roll is in a printer that cannot tell by itself."""
    # here, on the loop: the command below runs on the writer's thread
    live = context_of(request).printing.live_state()

    def run(db: Connection, change: Change) -> PrintersView:
        note_new_roll(db, change, printer_id=printer_id)
        return printers_view(db, live=live, now=change.now)

    return await sender.run(run)
