"""For operations: liveness, readiness, metrics (outside ``/api/v1``)."""

import logging
import shutil
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel
from sqlalchemy import Connection, func, select

from app.api.document.refusals import refuses
from app.auth.access import Anyone
from app.context import Context, context_of
from app.db.engines import Readers
from app.errors import DatabaseDamaged
from app.importing.public_url import public_url_warning
from app.printing.dispatcher import Dispatcher
from app.queueing import rows
from app.queueing.line.ahead import waiting_by_service
from app.queueing.service_day import ledger_row
from app.queueing.site.rulebook import practice_services
from app.queueing.site.site_row import site_row
from app.queueing.views.printers import AlarmView, PrinterStatusView, PrintersView

MAX_JOBS = 10_000
_newest_job = select(func.max(rows.print_job.c.id)).scalar_subquery()
# not all of history: it grows with each slip
_JOBS = (
    select(rows.print_job.c.state, func.count())
    .where(rows.print_job.c.id > _newest_job - MAX_JOBS)
    .group_by(rows.print_job.c.state)
)

logger = logging.getLogger(__name__)
router = APIRouter(tags=["operations"], dependencies=[Anyone])

MIN_FREE_BYTES = 50 * 1024 * 1024


class ReadyView(BaseModel):
    """Whether the server can do its work, and what was looked at.

    ``printers``: by name, a state or the reason why it fails. ``warnings``: codes of
    what stops no work and yet fails visitors (settings.md#where-phones-go).
    """

    status: str
    checks: dict[str, bool]
    printers: dict[str, str]
    alarms: list[AlarmView]
    warnings: list[str]


@router.get("/healthz")
async def health() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    response_model=ReadyView,
    responses={503: {"model": ReadyView, "description": "Something fails."}},
)
async def ready(request: Request) -> Response:
    """Tell whether tickets can be issued: the database answers, the disk has room.

    A broken printer is reported too, and is no reason against: the number stands on
    the screen whatever the printer does.
    """
    context = context_of(request)
    standing = await _printers(context.printing)
    checks = {
        "database": await _database_answers(context.readers)
        and not context.damage.has_met,
        "disk": shutil.disk_usage(context.settings.data).free >= MIN_FREE_BYTES,
        "ledger": context.ledger.is_running,
        "clock": not context.ledger.clock_is_in_doubt,
    }
    is_ready = all(checks.values())
    view = ReadyView(
        status="ok" if is_ready else "not-ready",
        checks=checks,
        printers=_states_by_name(standing.printers) if standing else {},
        alarms=standing.alarms if standing else [],
        warnings=await _warnings(context),
    )
    # anyone may ask: which numbers it is about only staff may know
    body = view.model_dump_json(exclude={"alarms": {"__all__": {"numbers"}}})
    return Response(body, 200 if is_ready else 503, media_type="application/json")


@router.get("/metrics", response_class=PlainTextResponse)
@refuses(DatabaseDamaged)
async def metrics(request: Request) -> Response:
    """Tell figures in Prometheus' text format; no visitor can be told from them."""
    context = context_of(request)
    text = await context.readers.read(partial(_metrics, sockets=context.hub.count()))
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _printers(printing: Dispatcher) -> PrintersView | None:
    """Return how the printers stand; None when that cannot be told."""
    try:
        return await printing.printers_view()
    except DatabaseDamaged:  # the check of the database says it
        return None
    except Exception:
        logger.exception("the printers' state cannot be told")
        return None


async def _warnings(context: Context) -> list[str]:
    # the demo's own address is meant for this machine
    if context.is_demo:
        return []
    try:
        site = await context.readers.read(site_row)
    # the check of the database says it
    except Exception:
        return []
    code = public_url_warning(site.public_url)
    return [code] if code else []


async def _database_answers(readers: Readers) -> bool:
    try:
        await readers.read(ledger_row)
    except DatabaseDamaged:
        return False
    except Exception:
        logger.exception("the database does not answer")
        return False
    return True


def _states_by_name(printers: list[PrinterStatusView]) -> dict[str, str]:
    return {each.name: each.reason or each.state for each in printers}


def _metrics(db: Connection, *, sockets: int) -> bytes:
    registry = CollectorRegistry()
    revision = Gauge("antrean_revision", "Ledger revision.", registry=registry)
    revision.set(ledger_row(db).revision)
    watching = Gauge("antrean_sockets", "Live sockets.", registry=registry)
    watching.set(sockets)
    waiting = Gauge("antrean_waiting", "Waiting entries.", registry=registry)
    practice = practice_services(db)
    lines = waiting_by_service(db).items()
    waiting.set(sum(people for line, people in lines if line not in practice))
    description = f"The newest {MAX_JOBS} print jobs."
    jobs = Gauge("antrean_print_jobs", description, ["state"], registry=registry)
    for state, count in db.execute(_JOBS):
        jobs.labels(state).set(count)
    return generate_latest(registry)
