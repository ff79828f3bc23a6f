"""``/password``: choosing one's own password, by a plain form without a script."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.auth.access import PASSWORD_OWNERS, Anyone, callers
from app.auth.accounts.password_rule import WeakPassword
from app.errors import AntreanError, BadCredentials, TooManyAttempts
from app.queueing.change import Actor
from app.web.own_password import replace_password
from app.web.pages import page
from app.web.problems import problem_text
from app.web.staff_sign_in import PASSWORD_PAGE, SIGN_IN, redirect_to_sign_in

router = APIRouter(include_in_schema=False, dependencies=[Anyone])

Old = Annotated[str, Form(max_length=200)]
New = Annotated[str, Form(max_length=1000)]


@router.get(PASSWORD_PAGE)
async def password_page(request: Request) -> Response:
    """Show the form; whoever has not signed in does so first."""
    if _owner(request) is None:
        return redirect_to_sign_in(request)
    return _form(request)


@router.post(PASSWORD_PAGE)
async def choose(request: Request, old: Old, new: New) -> Response:
    """Replace one's password and go on to one's work, or say why not."""
    actor = _owner(request)
    if actor is None:
        return redirect_to_sign_in(request)
    try:
        await replace_password(request, actor, old, new)
    except (BadCredentials, TooManyAttempts, WeakPassword) as refusal:
        return _form(request, refusal)
    # it knows where each role's work is
    return RedirectResponse(SIGN_IN, 303)


def _owner(request: Request) -> Actor | None:
    owners = (actor for actor in callers(request) if actor.role in PASSWORD_OWNERS)
    return next(owners, None)


def _is_same(refusal: AntreanError | None) -> bool:
    """Tell whether the present password was chosen again, however strong it is."""
    return isinstance(refusal, WeakPassword) and refusal.details["reason"] == "same"


def _form(request: Request, refusal: AntreanError | None = None) -> Response:
    response = page(
        request,
        "counters/password.html",
        status_code=refusal.status_code if refusal else 200,
        refusal=refusal.code if refusal else None,
        is_present_password=_is_same(refusal),
        problem_text=problem_text,
    )
    wait = refusal.details.get("retry_after_seconds") if refusal else None
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
