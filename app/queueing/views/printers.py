"""How the printers stand: one answer for staff, the admin's page and ``/readyz``.

Alarms are what a person must come for; a notice is for information only.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, Row, select

from app.models.states import DeviceKind, PrintState
from app.queueing import rows
from app.queueing.site.policy import Policy
from app.queueing.site.site_row import site_row
from app.queueing.slips.printer_status import HEALTHY, slips_per_roll
from app.queueing.slips.reprinting import lost_slips

UNHEARD, FAILING = "unheard", "failing"
AGENT_AWAY, NEAR_END, UNKNOWN_JOBS = "agent-away", "near-end", "unknown-jobs"
NEW_ROLL = "new-roll"
NOTICE_TIME = timedelta(hours=1)


class LiveState(NamedTuple):
    """What only the running server knows, by the printer's id.

    ``last_seen``: when a printer last answered. ``agents_here`` have a line to
    us; ``agents_away`` have been gone for too long, since when.
    """

    last_seen: Mapping[int, datetime] = {}
    agents_here: frozenset[int] = frozenset()
    agents_away: Mapping[int, datetime] = {}


class NamedView(BaseModel):
    """Something by its id and name."""

    id: int
    name: str


class AgentView(NamedView):
    """The print agent that drives a printer."""

    is_here: bool
    away_since: datetime | None


class PrinterStatusView(BaseModel):
    """One printer.

    ``state`` is ``ready``, ``cannot-tell``, ``failing`` (then ``reason`` says why,
    as a print job's would) or ``unheard``; ``since`` when.
    """

    id: int
    code: str
    name: str
    paper: str
    reports_status: bool
    kiosks: list[str]
    state: str
    reason: str | None
    since: datetime | None
    last_seen: datetime | None
    slips_on_roll: int
    slips_per_roll: int
    roll_since: datetime | None
    near_end: bool
    near_end_since: datetime | None
    sibling: NamedView | None
    agent: AgentView | None


class AlarmView(BaseModel):
    """What a person must come for.

    ``kind`` is the reason why a printer fails, ``near-end``, ``agent-away`` or
    ``unknown-jobs``: for so many numbers nobody knows whether a slip came out.
    """

    printer_id: int
    printer: str
    kind: str
    since: datetime | None
    numbers: list[str] = []


class NoticeView(BaseModel):
    """What was noticed of late and needs nobody: ``new-roll``."""

    printer_id: int
    printer: str
    kind: str
    since: datetime


class LostSlipView(BaseModel):
    """A slip that did not surely come out, whose visitor waits.

    ``state`` is ``failed``, or ``unknown`` where nobody knows.
    """

    job_id: int
    ticket_id: int
    number: str
    printer_id: int
    state: str
    reason: str | None
    since: datetime
    agency_ids: frozenset[int]


class PrintersView(BaseModel):
    """Every printer, what a person must come for, and what was noticed."""

    printers: list[PrinterStatusView]
    alarms: list[AlarmView]
    lost_slips: list[LostSlipView]
    notices: list[NoticeView]


_PRINTERS = (
    select(rows.printer)
    .where(rows.printer.c.is_retired.is_(False))
    .order_by(rows.printer.c.id)
)
_DEVICES = (
    select(
        rows.device.c.id, rows.device.c.kind, rows.device.c.name,
        rows.device.c.printer_id,
    )
    .where(rows.device.c.printer_id.is_not(None))
    .order_by(rows.device.c.id)
)  # fmt: skip


def printers_view(db: Connection, *, live: LiveState, now: datetime) -> PrintersView:
    """Return how every printer stands, and what is wrong with them."""
    printers = _printer_views(db, live)
    lost = [LostSlipView(**slip._asdict()) for slip in lost_slips(db)]
    return PrintersView(
        printers=printers,
        alarms=list(_alarms(printers, _unknown_jobs(lost))),
        lost_slips=lost,
        notices=[
            NoticeView(
                printer_id=each.id,
                printer=each.name,
                kind=NEW_ROLL,
                since=each.roll_since,
            )
            for each in printers
            if each.roll_since is not None and each.roll_since > now - NOTICE_TIME
        ],
    )


def _printer_views(db: Connection, live: LiveState) -> list[PrinterStatusView]:
    policy = site_row(db).rules()
    result = db.execute(_PRINTERS).all()
    names = {row.id: row.name for row in result}
    kiosks, agents = defaultdict[int, list[str]](list), dict[int, NamedView]()
    for device in db.execute(_DEVICES):
        if device.kind == DeviceKind.KIOSK:
            kiosks[device.printer_id].append(device.name)
        if device.kind == DeviceKind.PRINT_AGENT:
            agents[device.printer_id] = NamedView(id=device.id, name=device.name)
    return [
        _printer_view(
            row,
            live,
            policy,
            kiosks=kiosks[row.id],
            agent=agents.get(row.id),
            sibling=names.get(row.sibling_id),
        )
        for row in result
    ]


def _printer_view(
    row: Row[tuple[object, ...]],
    live: LiveState,
    policy: Policy,
    *,
    kiosks: list[str],
    agent: NamedView | None,
    sibling: str | None,
) -> PrinterStatusView:
    away_since = live.agents_away.get(row.id) if agent else None
    state, since = row.state, row.state_since
    # what it last reported is out of date by now
    if away_since is not None:
        state, since = "unreachable", away_since
    return PrinterStatusView(
        id=row.id,
        code=row.code,
        name=row.name,
        paper=row.paper,
        reports_status=row.reports_status,
        kiosks=kiosks,
        state=(state or UNHEARD) if state in HEALTHY else FAILING,
        reason=None if state in HEALTHY else state,
        since=since,
        last_seen=live.last_seen.get(row.id),
        slips_on_roll=row.slips_on_roll,
        slips_per_roll=slips_per_roll(policy, row.paper),
        roll_since=row.roll_since,
        near_end=row.near_end_since is not None,
        near_end_since=row.near_end_since,
        sibling=NamedView(id=row.sibling_id, name=sibling) if sibling else None,
        agent=AgentView(
            id=agent.id,
            name=agent.name,
            is_here=row.id in live.agents_here,
            away_since=away_since,
        )
        if agent
        else None,
    )


def _unknown_jobs(lost: list[LostSlipView]) -> dict[int, list[LostSlipView]]:
    """Return by printer the slips of which nobody knows whether they came out."""
    unknown = defaultdict[int, list[LostSlipView]](list)
    for slip in lost:
        if slip.state == PrintState.UNKNOWN:
            unknown[slip.printer_id].append(slip)
    return unknown


def _alarms(
    printers: list[PrinterStatusView], unknown_jobs: dict[int, list[LostSlipView]]
) -> Iterator[AlarmView]:
    for each in printers:
        printer_fields = {"printer_id": each.id, "printer": each.name}
        if each.reason is not None:
            is_away = each.agent is not None and each.agent.away_since is not None
            kind = AGENT_AWAY if is_away else each.reason
            yield AlarmView(**printer_fields, kind=kind, since=each.since)
        if each.near_end and each.reason != "paper-end":
            yield AlarmView(**printer_fields, kind=NEAR_END, since=each.near_end_since)
        if each.id in unknown_jobs:
            slips = unknown_jobs[each.id]
            yield AlarmView(
                **printer_fields,
                kind=UNKNOWN_JOBS,
                since=slips[0].since,
                numbers=[slip.number for slip in slips],
            )
