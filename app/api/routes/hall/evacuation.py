"""Evacuation: one command, and screens say it while calling and issuing stop."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.commands import BySupervisor
from app.api.http.inputs import Body, ShortText, example, or_empty
from app.api.routing.direct_route import api_router
from app.queueing.change import Change
from app.queueing.hall.evacuation import begin_evacuation, end_evacuation
from app.queueing.views.agencies import Utc

router = api_router("evacuation")


class EvacuationBody(Body):
    """What the screens say; without it, how to leave, in both languages."""

    model_config = example(text="Latihan evakuasi. Berkumpul di halaman depan.")

    text: ShortText | None = None


class EvacuationView(BaseModel):
    """Since when the building is being left, and what the screens say."""

    since: Utc
    text: str


OptionalEvacuation = Annotated[EvacuationBody, or_empty(EvacuationBody)]


@router.post("/evacuation", response_model=EvacuationView)
async def begin(sender: BySupervisor, body: OptionalEvacuation) -> Response:
    """Let the hall be left: nobody is called, no number given; serving may end."""

    def run(db: Connection, change: Change) -> EvacuationView:
        row = begin_evacuation(db, change, text=body.text)
        return EvacuationView(since=row.since, text=row.text)

    return await sender.run(run)


@router.delete("/evacuation", status_code=204)
async def end(sender: BySupervisor) -> Response:
    """Go on where it stopped; nothing happens where there is no evacuation."""
    return await sender.run(end_evacuation)
