"""The printers, live: how they stand, a new roll, and lost slips printed again."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin.access import StaffPageRoute
from app.admin.forms import ReprintForm, read_reprint_form
from app.admin.pages import show
from app.admin.printers import printers
from app.admin.words import (
    ALARMS,
    PLAIN_REASON,
    PRINT_REASONS,
    PRINT_STATES,
    PRINTER_STATES,
    REFUSALS,
)
from app.auth.access import Closer
from app.context import context_of
from app.errors import NoPrinter
from app.models.states import MAX_ID
from app.queueing.slips.printer_status import note_new_roll
from app.queueing.slips.reprinting import ReprintResult, reprint_lost

router = APIRouter(
    prefix="/admin/printers", include_in_schema=False, route_class=StaffPageRoute
)

PrinterId = Annotated[int, Path(ge=1, le=MAX_ID)]
Count = Annotated[int, Query(ge=0, le=MAX_ID)]


@router.get("")
async def printer_list(
    request: Request,
    actor: Closer,
    notice: str = "",
    about: Count = 0,
    queued: Count = 0,
    skipped: Count = 0,
) -> HTMLResponse:
    """Show every printer, how it stands, what to do and how its last slips ended."""
    context = context_of(request)
    view = partial(
        printers,
        live=context.printing.live_state(),
        now=context.clock.now(),
        actor=actor,
    )
    return show(
        request,
        "printers.html",
        actor,
        printers=await context.readers.read(view),
        print_states=PRINT_STATES,
        printer_states=PRINTER_STATES,
        alarm_words=ALARMS,
        reasons=PRINT_REASONS,
        plain_reason=PLAIN_REASON,
        refusal=REFUSALS.get(notice),
        notice=notice,
        about=about,
        result=ReprintResult(queued, skipped),
    )


@router.post("/{printer_id}/new-roll")
async def new_roll(request: Request, _actor: Closer, printer_id: PrinterId) -> Response:
    """Note a new roll in a printer that cannot tell by itself."""
    await context_of(request).ledger.do(partial(note_new_roll, printer_id=printer_id))
    return _done(f"notice=new-roll&about={printer_id}#printer-{printer_id}")


@router.post("/reprint")
async def reprint(
    request: Request, actor: Closer, form: Annotated[ReprintForm, Form()]
) -> Response:
    """Print lost slips again, each once, however often the button is pressed."""
    wanted = read_reprint_form(form)
    run = partial(
        reprint_lost,
        job_ids=wanted.job_ids,
        printer_id=wanted.printer_id,
        actor=actor,
    )
    try:
        result: ReprintResult = (await context_of(request).ledger.do(run)).value
    except NoPrinter:
        return _done("notice=no-printer#done")
    return _done(
        f"notice=reprinted&queued={result.queued}&skipped={result.skipped}#done"
    )


def _done(query: str) -> Response:
    return RedirectResponse(f"/admin/printers?{query}", 303)
