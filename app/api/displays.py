"""The board over plain HTTP, for displays that cannot hold a socket."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection

from app.api.inputs import PathId
from app.api.topics import may_see_display
from app.auth.access import STAFF, allow, callers
from app.context import context_of
from app.models.states import DeviceKind
from app.queueing.board import Board, board
from app.queueing.change import Actor

router = APIRouter(tags=["displays"])

Watcher = Annotated[Actor, Depends(allow(DeviceKind.DISPLAY, *STAFF))]


@router.get("/displays/{display_id}/board", response_model=Board)
async def display_board(request: Request, display_id: PathId, _who: Watcher) -> Board:
    """Show what a display shows now."""
    context = context_of(request)
    known = list(callers(request))

    def view(db: Connection) -> Board:
        may_see_display(db, display_id, known)
        return board(
            db,
            display_id,
            now=context.clock.now(),
            stale_after_seconds=context.settings.stale_after_seconds,
        )

    return await context.readers.read(view)
