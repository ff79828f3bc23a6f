"""The contract's routes under one prefix."""

from fastapi import APIRouter

from app.api import (
    clock,
    counters,
    devices,
    displays,
    finding,
    lines,
    live,
    mall,
    print_agent,
    printers,
    sending,
    session,
    staff_tickets,
    tickets,
)

api = APIRouter(prefix="/api/v1")
# routes are matched in this order: the busiest first
for part in (
    counters,
    staff_tickets,
    finding,
    tickets,
    session,
    mall,
    printers,
    sending,
    lines,
    clock,
    displays,
    devices,
    live,
    print_agent,
):
    api.include_router(part.router)
