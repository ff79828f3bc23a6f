"""``/reception``: a number for whoever stands here, and everything after it."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import TypeAdapter
from starlette.responses import HTMLResponse

from app.admin.access import StaffPage
from app.admin.reception import DeskService, desk_services, spare_roll, spare_rolls
from app.admin.words import PLAIN_REASON, PRINT_REASONS
from app.auth.access import Reception
from app.context import context_of
from app.models.states import LARGEST_ID, Priority
from app.printing.printers import printer_rows
from app.queueing.change import Actor
from app.queueing.lists import site_view
from app.web.pages import page
from app.web.preferences import Preferences, preferences

router = APIRouter(prefix="/reception", include_in_schema=False, route_class=StaffPage)

SeriesId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
_as_text = TypeAdapter(list[DeskService])
CLASSES = [each.value for each in Priority if each != Priority.REGULAR]
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
"""Each language in its own words: no text of the catalogue."""


@router.get("")
async def desk(request: Request, who: Reception) -> HTMLResponse:
    """Show the desk: a number in three letters, a ticket by its number."""
    context = context_of(request)
    return await _show(
        request,
        "desk.html",
        who,
        services=_as_text.dump_json(await _services(request)).decode(),
        printers=await context.readers.read(printer_rows),
        reasons=PRINT_REASONS,
        plain_reason=PLAIN_REASON,
        now=context.clock.now(),
    )


@router.get("/services", response_model=list[DeskService])
async def services(request: Request, _who: Reception) -> list[DeskService]:
    """Tell the open desk which services give numbers now, in its language."""
    return await _services(request)


@router.get("/roll")
async def roll(request: Request, who: Reception) -> HTMLResponse:
    """Show the spare rolls: their sheets, and booking their numbers in."""
    rolls = await context_of(request).readers.read(spare_rolls)
    text = _as_text.dump_json(await _services(request)).decode()
    return await _show(request, "roll.html", who, rolls=rolls, services=text)


@router.get("/roll/{series_id}")
async def roll_sheet(
    request: Request, who: Reception, series_id: SeriesId
) -> HTMLResponse:
    """Show a roll's numbers as sheets to print and cut."""
    view = partial(spare_roll, series_id=series_id)
    found = await context_of(request).readers.read(view)
    return await _show(request, "sheet.html", who, roll=found)


async def _services(request: Request) -> list[DeskService]:
    context = context_of(request)
    view = partial(
        desk_services,
        now=context.clock.now(),
        language=preferences(request, Preferences()).lang,
    )
    return await context.readers.read(view)


async def _show(
    request: Request, template: str, who: Actor, **shown: Any
) -> HTMLResponse:
    context = context_of(request)
    site = await context.readers.read(partial(site_view, now=context.clock.now()))
    return page(
        request,
        f"admin/reception/{template}",
        who=who,
        people_max=site.policy.people_max,
        classes=CLASSES,
        languages=[(code, LANGUAGE_NAMES[code]) for code in site.languages],
        **shown,
    )
