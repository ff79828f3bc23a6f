"""Sound spaces: who speaks in each, and quiet by hand (contract.md#the-hall)."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.api.commands import ByCloser
from app.api.document.refusals import refuses
from app.api.http.inputs import WHOLE, Body, PathId, example
from app.api.routing.direct_route import api_router
from app.auth.access import STAFF, allow
from app.context import context_of
from app.errors import NotFound
from app.models.states import DeviceKind
from app.queueing.change import Actor, Change
from app.queueing.hall.quiet import begin_quiet, end_quiet
from app.queueing.hall.sound_spaces import SoundSpaces, SoundSpaceView
from app.queueing.views.agencies import Utc

router = api_router("sound-spaces")

MAX_MINUTES = 240


class QuietBody(Body):
    """For how many minutes nothing is spoken."""

    model_config = example(minutes=5)

    minutes: Annotated[int, Field(ge=1, le=MAX_MINUTES), WHOLE]


class QuietView(BaseModel):
    """Until when it is quiet."""

    until: Utc


Listener = Annotated[Actor, Depends(allow(DeviceKind.DISPLAY, *STAFF))]


@router.get("/sound-spaces", response_model=list[SoundSpaceView])
async def list_sound_spaces(request: Request, _who: Listener) -> list[SoundSpaceView]:
    """List the sound spaces: their zones, who speaks there, until when it is quiet."""
    context = context_of(request)
    now: datetime = context.clock.now()

    def view(db: Connection) -> list[SoundSpaceView]:
        return SoundSpaces(db, now).views()

    return await context.readers.read(view)


@router.post("/sound-spaces/{space_id}/quiet", response_model=QuietView)
@refuses(NotFound)
async def keep_quiet(space_id: PathId, sender: ByCloser, body: QuietBody) -> Response:
    """Have nothing spoken for some minutes; calls are shown, and spoken afterwards."""

    def run(db: Connection, change: Change) -> QuietView:
        until = begin_quiet(db, change, space_id=space_id, minutes=body.minutes)
        return QuietView(until=until)

    return await sender.run(run)


@router.delete("/sound-spaces/{space_id}/quiet", status_code=204)
@refuses(NotFound)
async def speak_again(space_id: PathId, sender: ByCloser) -> Response:
    """End the quiet; whoever is still called is spoken now."""
    return await sender.run(partial(end_quiet, space_id=space_id))
