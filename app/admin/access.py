"""Pages for staff who have signed in; anybody else is led to the sign-in form."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from app.admin.pages import frame_fields
from app.auth.access import STAFF, callers
from app.errors import Forbidden, Unauthenticated
from app.queueing.change import Actor
from app.web.pages import page
from app.web.staff_sign_in import SIGN_IN, redirect_to_sign_in

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

HOME = "/admin"


class StaffPageRoute(APIRoute):
    """A route whose refusals are for people, not for programs."""

    def get_route_handler(self) -> Handler:
        """Wrap the route: who has not signed in goes to the form, others read why."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except (Unauthenticated, Forbidden):
                actor = signed_in_staff(request)
                return _forbidden_page(request, actor) if actor else _sign_in(request)

        return handle


def signed_in_staff(request: Request) -> Actor | None:
    """Return the member of staff of this browser, which may be a kiosk as well.

    Nobody who has yet to choose a password: they are sent to do so.
    """
    return next((actor for actor in callers(request) if actor.role in STAFF), None)


def _sign_in(request: Request) -> Response:
    if request.method == "GET":
        return redirect_to_sign_in(request)
    # back to no form's address: read with GET it shows nothing
    return RedirectResponse(f"{SIGN_IN}?next={HOME}", 303)


def _forbidden_page(request: Request, actor: Actor) -> Response:
    back = request.url.path if request.method == "GET" else HOME
    return page(
        request,
        "admin/forbidden.html",
        status_code=403,
        sign_in=f"{SIGN_IN}?next={quote(back, safe='/')}",
        **frame_fields(actor),
    )
