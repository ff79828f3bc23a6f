"""The demo's first page: its surfaces, its accounts, and a story to try."""

import asyncio
from collections import defaultdict

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import Connection, select
from starlette.responses import HTMLResponse

from app.context import context_of
from app.demo.accounts import CounterAccount, DemoFile, read_demo_file
from app.queueing import rows
from app.web.pages import page


class ServedServiceRow(BaseModel):
    """A service that a counter serves."""

    counter_id: int
    agency_id: int
    agency: str
    agency_en: str
    service: str
    service_en: str


class AgencyAccounts(BaseModel):
    """Who works for an agency: its supervisor and the officers of its counters."""

    name: str
    name_en: str
    supervisor: str
    officers: list[str]


_SERVED = (
    select(
        rows.counter_service.c.counter_id,
        rows.agency.c.id.label("agency_id"),
        rows.agency.c.name.label("agency"),
        rows.agency.c.name_en.label("agency_en"),
        rows.service.c.name.label("service"),
        rows.service.c.name_en.label("service_en"),
    )
    .select_from(rows.counter_service.join(rows.service).join(rows.agency))
    .order_by(
        rows.agency.c.position,
        rows.service.c.position,
        rows.counter_service.c.counter_id,
    )
)


async def landing(request: Request) -> HTMLResponse:
    """Show a newcomer what to open, as whom, and what to try first."""
    context = context_of(request)
    file = context.settings.data / "demo.json"
    accounts = await asyncio.to_thread(read_demo_file, file)
    served = await context.readers.read(served_by_counters)
    return page(
        request,
        "demo/landing.html",
        accounts=accounts,
        agencies=accounts_of_agencies(served, accounts) if accounts else [],
        first=_first(served, accounts.officers[0]) if accounts else None,
    )


def served_by_counters(db: Connection) -> list[ServedServiceRow]:
    """Return which counter serves which service, in the order of the kiosk."""
    return [ServedServiceRow(**row._asdict()) for row in db.execute(_SERVED)]


def accounts_of_agencies(
    served: list[ServedServiceRow], accounts: DemoFile
) -> list[AgencyAccounts]:
    """Return the accounts by agency, agencies in the order of the kiosk."""
    officer_of = {a.counter_id: a.username for a in accounts.officers}
    supervisor_of = {i: a.username for a in accounts.supervisors for i in a.agency_ids}
    counters: dict[int, set[int]] = defaultdict(set)
    for row in served:
        counters[row.agency_id].add(row.counter_id)
    names = {row.agency_id: row for row in served}
    return [
        AgencyAccounts(
            name=row.agency,
            name_en=row.agency_en,
            supervisor=supervisor_of.get(agency_id, ""),
            officers=[officer_of[i] for i in sorted(counters[agency_id])],
        )
        for agency_id, row in names.items()
    ]


def _first(
    served: list[ServedServiceRow], officer: CounterAccount
) -> ServedServiceRow | None:
    """Return a service that this officer can call from."""
    return next((s for s in served if s.counter_id == officer.counter_id), None)
