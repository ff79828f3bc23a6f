"""Receipts: what devices report of calls, and what came of a call."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from app.api.commands import Sender, sender_of
from app.api.document.refusals import refuses
from app.api.http.inputs import Body, Id, PathId, UtcDatetime, example
from app.api.routing.direct_route import api_router
from app.auth.access import AnyStaff
from app.context import context_of
from app.errors import NotFound
from app.models.states import DeviceKind
from app.queueing.hall.receipts import ShownCall, SpokenAnnouncement, note_receipts
from app.queueing.views.receipts import CallReceipts, call_receipts

router = api_router("receipts")

MAX_REPORTS = 200
ByDisplay = Annotated[Sender, Depends(sender_of(DeviceKind.DISPLAY))]


class _Report(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class ShownReport(_Report):
    """A call that this display has painted, and when."""

    call_id: Id
    at: UtcDatetime


class SpokenReport(_Report):
    """An announcement that this device speaks; ``to`` is null while it does."""

    announcement_id: Id
    since: Annotated[UtcDatetime, Field(alias="from")]
    to: UtcDatetime | None = None


class ReceiptsBody(Body):
    """What a device reports; ``sound``: whether its browser lets sound out."""

    model_config = example(
        shown=[{"call_id": 812, "at": "2026-11-30T02:05:00.200Z"}],
        spoken=[{"announcement_id": 9, "from": "2026-11-30T02:05:01Z", "to": None}],
        sound=True,
    )

    shown: Annotated[list[ShownReport], Field(max_length=MAX_REPORTS)] = []
    spoken: Annotated[list[SpokenReport], Field(max_length=MAX_REPORTS)] = []
    sound: bool | None = None


@router.post("/receipts", status_code=204)
@refuses(NotFound)
async def report(request: Request, sender: ByDisplay, body: ReceiptsBody) -> Response:
    """Report what this device has painted and spoken, and whether it can sound."""
    actor = sender.actor
    if body.shown or body.spoken:
        shown = [ShownCall(each.call_id, each.at) for each in body.shown]
        spoken = [
            SpokenAnnouncement(each.announcement_id, each.since, each.to)
            for each in body.spoken
        ]
        await sender.run(
            partial(note_receipts, shown=shown, spoken=spoken, actor=actor)
        )
    # only now: a refused report tells nothing of whoever sent it
    if actor.id is not None:
        displays = context_of(request).hub.displays
        if body.sound is not None:
            displays.note_sound(actor.id, can_sound=body.sound)
        elif body.spoken:
            displays.note_voice(actor.id)
    return Response(status_code=204)


@router.get("/calls/{call_id}/receipts", response_model=CallReceipts)
@refuses(NotFound)
async def receipts(request: Request, call_id: PathId, actor: AnyStaff) -> CallReceipts:
    """Show what was reported of a call: who painted it, who spoke it."""

    def view(db: Connection) -> CallReceipts:
        return call_receipts(db, call_id, actor)

    return await context_of(request).readers.read(view)
