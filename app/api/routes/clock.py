"""The clock: a date in doubt is confirmed by a person."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from app.api.http.inputs import Body
from app.auth.access import Admin
from app.context import context_of
from app.queueing.views.agencies import SiteView, site_view

router = APIRouter(tags=["clock"])


class ClockConfirmBody(Body):
    """Today's date, as a person read it elsewhere than on this machine."""

    day: Annotated[date, Field(strict=False)]


@router.post("/clock/confirm", response_model=SiteView)
async def confirm_clock(
    request: Request, _who: Admin, body: ClockConfirmBody
) -> SiteView:
    """Confirm the date; then numbers are given again."""
    context = context_of(request)
    await context.ledger.confirm_clock(body.day)
    # the writer turns the day before a command: it begins at once
    await context.ledger.do(lambda _db, _change: None)
    now = context.clock.now()
    return await context.readers.read(lambda db: site_view(db, now))
