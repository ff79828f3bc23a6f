"""The contract's routes under one prefix."""

from fastapi import APIRouter

from app.api.live import print_agent, socket
from app.api.routes import (
    audit,
    chosen_tickets,
    clock,
    counters,
    devices,
    displays,
    lines,
    mall,
    printers,
    session,
    staff_tickets,
    ticket_search,
    tickets,
    users,
)
from app.api.routes.setup import config

api = APIRouter(prefix="/api/v1")
# routes are matched in this order: the busiest first
for part in (
    counters,
    staff_tickets,
    ticket_search,
    tickets,
    session,
    mall,
    printers,
    chosen_tickets,
    lines,
    clock,
    displays,
    devices,
    users,
    audit,
    config,
    socket,
    print_agent,
):
    api.include_router(part.router)
