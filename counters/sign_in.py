"""The form by which all staff sign in, and signing out; both need no script."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.auth.access import STAFF, Anyone, callers
from app.auth.cross_site import has_foreign_origin
from app.errors import (
    AntreanError,
    BadCredentials,
    CrossSite,
    Invalid,
    TooManyAttempts,
)
from app.models import Role
from app.models.states import PasswordState
from app.web.pages import page
from app.web.problems import problem_text
from app.web.staff_sign_in import (
    PASSWORD_PAGE,
    SIGN_IN,
    check_password,
    close_session,
    open_session,
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
    # asked here: the guard asks only of requests that bring a cookie of ours
    if has_foreign_origin(request.headers):
        raise CrossSite
    # blanks of whatever sort around it came with a paste or a keyboard
    username = username.strip()
    if not f"{username}{password}".isprintable():
        raise Invalid
    try:
        staff = await check_password(request, username, password)
    except (BadCredentials, TooManyAttempts) as refusal:
        return _form(request, next, username=username, refusal=refusal)
    target = same_site_path(next) or HOMES[staff.role]
    if staff.password_state == PasswordState.ONE_TIME:
        target = PASSWORD_PAGE
    response = RedirectResponse(target, 303)
    await open_session(request, response, staff)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Sign out, and show the form to whoever comes next."""
    response = RedirectResponse(SIGN_IN, 303)
    await close_session(request, response)
    return response


def _form(
    request: Request,
    next_path: str | None,
    *,
    username: str = "",
    refusal: AntreanError | None = None,
) -> Response:
    response = page(
        request,
        "counters/sign_in.html",
        status_code=refusal.status_code if refusal else 200,
        actor=next((actor for actor in callers(request) if actor.role in STAFF), None),
        next_path=same_site_path(next_path) or "",
        homes=HOMES,
        username=username,
        refusal=refusal.code if refusal else None,
        problem_text=problem_text,
    )
    wait = refusal.details.get("retry_after_seconds") if refusal else None
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
