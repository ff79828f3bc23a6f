"""The form by which all staff sign in, and signing out; both need no script."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.auth.access import STAFF, Anyone, callers
from app.auth.crosssite import is_from_elsewhere
from app.errors import (
    AntreanError,
    BadCredentials,
    CrossSite,
    Invalid,
    TooManyAttempts,
)
from app.models import Role
from app.web.pages import page
from app.web.problems import told
from app.web.signing_in import (
    SIGN_IN,
    check_password,
    enter,
    leave,
    same_site_path,
)

router = APIRouter(include_in_schema=False, dependencies=[Anyone])

HOMES: dict[str, str] = {
    Role.OFFICER: "/counter",
    Role.SUPERVISOR: "/counter",
    Role.RECEPTION: "/reception",
    Role.ADMIN: "/admin",
}
"""Where each role begins its work, when it came from nowhere in particular."""

Username = Annotated[str, Form(max_length=100)]
Password = Annotated[str, Form(max_length=200)]
Next = Annotated[str, Form(max_length=2000)]


@router.get(SIGN_IN)
async def sign_in_page(request: Request) -> Response:
    """Show the form; whoever is signed in already is named."""
    return _form(request, request.query_params.get("next"))


@router.post(SIGN_IN)
async def sign_in(
    request: Request, username: Username, password: Password, next: Next = ""
) -> Response:
    """Sign a member of staff in and send them on, or say why not."""
    if is_from_elsewhere(request.headers):
        raise CrossSite
    if not f"{username}{password}".isprintable():
        raise Invalid
    try:
        staff = await check_password(request, username, password)
    except (BadCredentials, TooManyAttempts) as refusal:
        return _form(request, next, username=username, refusal=refusal)
    response = RedirectResponse(same_site_path(next) or HOMES[staff.role], 303)
    await enter(request, response, staff)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Sign out, and show the form to whoever comes next."""
    response = RedirectResponse(SIGN_IN, 303)
    await leave(request, response)
    return response


def _form(
    request: Request,
    wanted: str | None,
    *,
    username: str = "",
    refusal: AntreanError | None = None,
) -> Response:
    response = page(
        request,
        "counters/sign_in.html",
        status_code=refusal.status_code if refusal else 200,
        who=next((a for a in callers(request) if a.role in STAFF), None),
        wanted=same_site_path(wanted) or "",
        homes=HOMES,
        username=username,
        refusal=refusal.code if refusal else None,
        told=told,
    )
    wait = refusal.facts.get("retry_after_seconds") if refusal else None
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
