"""Who may use which route: one table, and a route that is not in it fails."""

import re
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from app.auth.access import Anyone
from app.demo import Demo
from app.main import create_app
from app.settings import Settings
from tests.support.app_server import AppServer
from tests.support.http.callers import Caller
from tests.support.http.routes import RouteUse, routes_of

ANYONE = "anyone"
STAFF = "officer reception supervisor admin"
COUNTER = "officer supervisor admin"
ISSUER = "kiosk reception admin"
CLOSER = "reception supervisor admin"
DEVICE = "kiosk display print_agent"

TABLE = {
    "POST /session": ANYONE,
    "DELETE /session": ANYONE,
    "POST /session/password": f"only-password {STAFF}",
    "GET /users": "supervisor admin",
    "POST /users": "supervisor admin",
    "PATCH /users/{user_id}": "supervisor admin",
    "POST /users/{user_id}/reset-password": "supervisor admin",
    "POST /users/{user_id}/sign-out": "supervisor admin",
    "GET /config": "local admin",
    "POST /config": "local admin",
    "GET /audit": "admin",
    "GET /audit.csv": "admin",
    "POST /device-session": DEVICE,
    "GET /site": ANYONE,
    "GET /agencies": ANYONE,
    "GET /search": ANYONE,
    "GET /services/{service_id}/availability": STAFF,
    "POST /agencies/{agency_id}/close": CLOSER,
    "POST /agencies/{agency_id}/reopen": CLOSER,
    "POST /services/{service_id}/close": CLOSER,
    "POST /services/{service_id}/reopen": CLOSER,
    "POST /tickets": ISSUER,
    "GET /tickets/by-id/{ticket_id}": STAFF,
    "GET /tickets/by-number/{number:path}": STAFF,
    "POST /tickets/by-id/{ticket_id}/cancel": STAFF,
    "GET /tickets/{token}": ANYONE,
    "POST /tickets/{token}/cancel": ANYONE,
    "GET /counters": STAFF,
    "POST /counters/{counter_id}/open": COUNTER,
    "POST /counters/{counter_id}/pause": COUNTER,
    "POST /counters/{counter_id}/close": COUNTER,
    "POST /counters/{counter_id}/call-next": COUNTER,
    "POST /counters/{counter_id}/recall": COUNTER,
    "POST /counters/{counter_id}/start": COUNTER,
    "POST /counters/{counter_id}/serve": COUNTER,
    "POST /counters/{counter_id}/serve-next": COUNTER,
    "POST /counters/{counter_id}/no-show": COUNTER,
    "POST /counters/{counter_id}/return": COUNTER,
    "POST /counters/{counter_id}/walk-up": COUNTER,
    "POST /counters/{counter_id}/call": COUNTER,
    "POST /counters/{counter_id}/take": COUNTER,
    "POST /counters/{counter_id}/resume": COUNTER,
    "POST /counters/{counter_id}/take-over": COUNTER,
    "POST /counters/{counter_id}/park": COUNTER,
    "POST /counters/{counter_id}/transfer": COUNTER,
    "POST /counters/{counter_id}/undo": COUNTER,
    "POST /counters/{counter_id}/practice-line": COUNTER,
    "GET /tickets/by-id/{ticket_id}/history": STAFF,
    "POST /tickets/by-id/{ticket_id}/add": STAFF,
    "POST /tickets/by-id/{ticket_id}/requeue": STAFF,
    "POST /tickets/by-id/{ticket_id}/transfer": STAFF,
    "POST /tickets/by-id/{ticket_id}/priority": CLOSER,
    "POST /tickets/by-id/{ticket_id}/release": "supervisor admin",
    "POST /tickets/by-id/{ticket_id}/undo": STAFF,
    "POST /tickets/by-id/{ticket_id}/reprint": STAFF,
    "POST /tickets/{token}/requeue": ANYONE,
    "POST /services/{service_id}/line/transfer": "supervisor admin",
    "POST /services/{service_id}/line/cancel": "supervisor admin",
    "POST /services/{service_id}/line/close": "supervisor admin",
    "POST /services/{service_id}/spare-roll": "admin",
    "GET /printers": CLOSER,
    "POST /printers/{printer_id}/new-roll": CLOSER,
    "POST /spare-numbers": "reception admin",
    "POST /clock/confirm": "admin",
    "GET /displays/{display_id}/board": f"display {STAFF}",
    "GET /sound-spaces": f"display {STAFF}",
    "POST /sound-spaces/{space_id}/quiet": CLOSER,
    "DELETE /sound-spaces/{space_id}/quiet": CLOSER,
    "POST /receipts": "display",
    "POST /evacuation": "supervisor admin",
    "DELETE /evacuation": "supervisor admin",
    "GET /calls/{call_id}/receipts": STAFF,
    "POST /pairings": ANYONE,
    "POST /pairings/claim": ANYONE,
    "POST /pairings/approve": "admin",
    "GET /devices": "admin",
    "POST /device-tokens/{token_id}/revoke": "admin",
    "WS /live": ANYONE,  # each topic then decides: test_live.py
    "WS /print-agent": ANYONE,  # then an agent alone: printing/test_agents.py
}
API = "/api/v1"
# Starlette's own, without a place to declare anything: both are for anyone
PLAIN = {"/api/v1/openapi.json", "/static/{name:path}"}
CALLERS = {
    "sari": "officer",
    "kepala": "supervisor",
    "resepsi": "reception",
    "admin": "admin",
    "kiosk": "kiosk",
    "hall": "display",
}


@pytest.fixture
def routes(tmp_path: Path) -> list[RouteUse]:
    """Return every route, the demo's too."""
    return list(routes_of(create_app(Settings(data=tmp_path), demo=Demo())))


def test_every_route_says_who_may_use_it(routes: list[RouteUse]) -> None:
    assert len(routes) > len(TABLE)

    silent = {f"{r.method} {r.path}" for r in routes if r.roles is None}

    assert {entry.partition(" ")[2] for entry in silent} == PLAIN


def test_the_contract_is_for_whom_the_table_says(routes: list[RouteUse]) -> None:
    of_the_contract = {
        f"{route.method} {route.path.removeprefix(API)}": route.roles
        for route in routes
        if route.path.startswith(API) and route.path not in PLAIN
    }

    assert of_the_contract == {k: frozenset(v.split()) for k, v in TABLE.items()}


def test_a_route_that_declares_nobody_is_found() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    router = APIRouter()
    router.add_api_route("/open", _nothing, dependencies=[Anyone])
    router.add_api_route("/forgotten", _nothing)
    router.add_api_websocket_route("/socket", _nothing)
    app.include_router(router)

    found = {route.path: route.roles for route in routes_of(app)}

    assert found == {"/open": {ANYONE}, "/forgotten": None, "/socket": None}


@pytest.mark.parametrize(
    ("route", "roles"), [(r, v) for r, v in TABLE.items() if not r.startswith("WS")]
)
async def test_the_server_keeps_to_the_table(
    server: AppServer, route: str, roles: str
) -> None:
    """Anything but 401 and 403 means: may use it (here: then finds nothing)."""
    nobody = await _status(server.anyone, route)
    assert (nobody == 401) is (roles != ANYONE and route != "DELETE /session")

    for name, role in CALLERS.items():
        status = await _status(getattr(server, name), route)
        allowed = roles == ANYONE or role in roles.split()
        assert (status not in (401, 403)) is allowed, (route, name, status)
        assert status < 500, (route, name, status)


async def _status(caller: Caller, route: str) -> int:
    method, path = route.split()
    # nothing has this id or token, so that what is allowed changes nothing
    path = path.replace("{token}", "nobody-has-this-one")
    path = re.sub(r"{display_id}", "3", path)
    path = re.sub(r"{\w+}", "77", path)
    body: dict[str, str] | None = {} if method == "POST" else None
    if method == "POST" and path == "/session":
        body = {"username": "nobody"}  # is refused by its form
    headers = {"Idempotency-Key": "k"}
    if path == "/config":
        headers["Content-Type"] = "application/yaml"
    sent = await caller.send(method, path, json=body, headers=headers)
    return sent.status_code


async def _nothing() -> None: ...
