"""The contract's routes."""

from starlette.routing import BaseRoute

from app.api.live import print_agent, socket
from app.api.routes import (
    audit,
    chosen_tickets,
    clock,
    counters,
    devices,
    lines,
    mall,
    printers,
    session,
    staff_tickets,
    ticket_search,
    tickets,
    users,
)
from app.api.routes.hall import displays, evacuation, receipts, sound_spaces
from app.api.routes.setup import config

# in one list, not as routers in a router: FastAPI looks through each of them twice
api_routes: list[BaseRoute] = [
    route
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
        sound_spaces,
        receipts,
        evacuation,
        devices,
        users,
        audit,
        config,
        socket,
        print_agent,
    )
    for route in part.router.routes
]
