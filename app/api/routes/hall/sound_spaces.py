"""Sound spaces: who speaks in each, and quiet by hand (contract.md#the-hall)."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from app.api.routing.direct_route import api_router
from app.auth.access import STAFF, allow
from app.context import context_of
from app.models.states import DeviceKind
from app.queueing.change import Actor
from app.queueing.hall.sound_spaces import SoundSpaces, SoundSpaceView

router = api_router("sound-spaces")

Listener = Annotated[Actor, Depends(allow(DeviceKind.DISPLAY, *STAFF))]


@router.get("/sound-spaces", response_model=list[SoundSpaceView])
async def list_sound_spaces(request: Request, _who: Listener) -> list[SoundSpaceView]:
    """List the sound spaces: their zones, who speaks there, until when it is quiet."""
    context = context_of(request)
    now: datetime = context.clock.now()

    def view(db: Connection) -> list[SoundSpaceView]:
        return SoundSpaces(db, now).views()

    return await context.readers.read(view)
