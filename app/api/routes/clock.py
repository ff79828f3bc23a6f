"""The clock: a date in doubt is confirmed by a person."""

from datetime import date
from typing import Annotated

from fastapi import Response
from pydantic import Field
from sqlalchemy import Connection

from app.api.commands import ByAdmin
from app.api.http.inputs import Body
from app.api.routing.direct_route import api_router
from app.queueing.change import Change
from app.queueing.views.site import SiteView, site_view

router = api_router("clock")


class ClockConfirmBody(Body):
    """Today's date, as a person read it elsewhere than on this machine."""

    day: Annotated[date, Field(strict=False)]


@router.post("/clock/confirm", response_model=SiteView)
async def confirm_clock(sender: ByAdmin, body: ClockConfirmBody) -> Response:
    """Confirm the date; then numbers are given again."""

    def show(db: Connection, change: Change) -> SiteView:
        return site_view(db, change.now)

    await sender.ledger.confirm_clock(body.day)
    # the writer turns the day before a command: it begins at once
    return await sender.run(show)
