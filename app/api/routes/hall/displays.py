"""The board over plain HTTP, for displays that cannot hold a socket."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from app.api.http.inputs import PathId
from app.api.live.topics import may_see_display
from app.api.routing.direct_route import api_router
from app.auth.access import STAFF, allow, callers
from app.context import context_of
from app.models.states import DeviceKind
from app.queueing.change import Actor
from app.queueing.views.board import Board, board

router = api_router("displays")

Watcher = Annotated[Actor, Depends(allow(DeviceKind.DISPLAY, *STAFF))]


@router.get("/displays/{display_id}/board", response_model=Board)
async def display_board(request: Request, display_id: PathId, _who: Watcher) -> Board:
    """Show what a display shows now."""
    context = context_of(request)
    viewers = list(callers(request))

    def view(db: Connection) -> Board:
        may_see_display(db, display_id, viewers)
        return board(
            db,
            display_id,
            now=context.clock.now(),
            stale_after_seconds=context.settings.stale_after_seconds,
        )

    return await context.readers.read(view)
