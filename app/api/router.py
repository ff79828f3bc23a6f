"""The contract's routes under one prefix."""

from fastapi import APIRouter

from app.api import (
    counters,
    devices,
    displays,
    live,
    mall,
    session,
    tickets,
)

api = APIRouter(prefix="/api/v1")
for part in (session, mall, tickets, counters, displays, devices, live):
    api.include_router(part.router)
