"""``/reception``: a number for whoever stands here, and everything after it."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import TypeAdapter
from starlette.responses import HTMLResponse

from app.admin.access import StaffPageRoute
from app.admin.forms import TIME_FORM
from app.admin.reception import (
    BUTTON_STATES,
    DeskServiceView,
    desk_services,
    spare_roll,
    spare_rolls,
)
from app.admin.words import PLAIN_REASON, PRINT_REASONS
from app.auth.access import Reception
from app.context import context_of
from app.models import ENDED
from app.models.states import MAX_ID, Priority
from app.printing.printers import printer_rows
from app.queueing.change import Actor
from app.queueing.site.policy import MAX_SERVICES
from app.queueing.slips.under_way import UNDER_WAY
from app.queueing.views.site import site_view
from app.queueing.views.ticket_search import NUMBER_FORM
from app.web.pages import page
from app.web.preferences import Preferences, read_preferences

router = APIRouter(
    prefix="/reception", include_in_schema=False, route_class=StaffPageRoute
)

SeriesId = Annotated[int, Path(ge=1, le=MAX_ID)]
_services_json = TypeAdapter(list[DeskServiceView])
PRIORITY_CLASSES = [each.value for each in Priority if each != Priority.REGULAR]
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
"""Each language in its own words: no text of the catalogue."""


@router.get("")
async def desk(request: Request, actor: Reception) -> HTMLResponse:
    """Show the desk: a number in three letters, a ticket by its number."""
    context = context_of(request)
    return await _show(
        request,
        "desk.html",
        actor,
        services=_services_json.dump_json(await _services(request)).decode(),
        printers=await context.readers.read(printer_rows),
        reasons=PRINT_REASONS,
        plain_reason=PLAIN_REASON,
        now=context.clock.now(),
        max_services=MAX_SERVICES,
        states=BUTTON_STATES,
        ended_states=ENDED,
        under_way_states=UNDER_WAY,
    )


@router.get("/services", response_model=list[DeskServiceView])
async def services(request: Request, _actor: Reception) -> list[DeskServiceView]:
    """Return to the open desk which services give numbers now, in its language."""
    return await _services(request)


@router.get("/roll")
async def roll(request: Request, actor: Reception) -> HTMLResponse:
    """Show the spare rolls: their sheets, and booking their numbers in."""
    rolls = await context_of(request).readers.read(spare_rolls)
    text = _services_json.dump_json(await _services(request)).decode()
    return await _show(
        request,
        "roll.html",
        actor,
        rolls=rolls,
        services=text,
        max_services=MAX_SERVICES,
        number_pattern=NUMBER_FORM.pattern,
        time_pattern=TIME_FORM.pattern,
    )


@router.get("/roll/{series_id}")
async def roll_sheet(
    request: Request, actor: Reception, series_id: SeriesId
) -> HTMLResponse:
    """Show a roll's numbers as sheets to print and cut."""
    view = partial(spare_roll, series_id=series_id)
    spare = await context_of(request).readers.read(view)
    return await _show(request, "sheet.html", actor, roll=spare)


async def _services(request: Request) -> list[DeskServiceView]:
    context = context_of(request)
    view = partial(
        desk_services,
        now=context.clock.now(),
        language=read_preferences(request, Preferences()).lang,
    )
    return await context.readers.read(view)


async def _show(
    request: Request, template: str, actor: Actor, **values: Any
) -> HTMLResponse:
    context = context_of(request)
    site = await context.readers.read(partial(site_view, now=context.clock.now()))
    return page(
        request,
        f"admin/reception/{template}",
        actor=actor,
        people_max=site.policy.people_max,
        priority_classes=PRIORITY_CLASSES,
        languages=[(code, LANGUAGE_NAMES[code]) for code in site.languages],
        **values,
    )
