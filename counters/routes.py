"""``/counter``: choose a counter, then work there (design §5, pages)."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.auth.access import COUNTER_STAFF, Anyone, callers
from app.context import context_of
from app.models.states import LARGEST_ID
from app.queueing.change import Actor
from app.web.pages import page
from app.web.signing_in import to_sign_in
from counters.views import choices, console_for

router = APIRouter(include_in_schema=False, dependencies=[Anyone])

CounterId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


@router.get("/counter")
async def counter_page(request: Request, counter: CounterId = None) -> Response:
    """Show one counter's console, or the counters to choose from.

    Whoever may not work at a counter is sent to sign in; ``NotFound`` for a
    counter that the caller may not know of.
    """
    who = _counter_staff(request)
    if who is None:
        return to_sign_in(request)
    if counter is None:
        return await _choose(request, who)
    return await _work_at(request, counter, who)


async def _choose(request: Request, who: Actor) -> Response:
    offered = await context_of(request).readers.read(partial(choices, who=who))
    return page(request, "counters/choose.html", theme="dark", who=who, choices=offered)


async def _work_at(request: Request, counter_id: int, who: Actor) -> Response:
    context = context_of(request)
    shown = await context.readers.read(
        partial(
            console_for,
            counter_id=counter_id,
            who=who,
            now=context.clock.now(),
        )
    )
    return page(
        request,
        "counters/console.html",
        theme="dark",
        who=who,
        supervises=who.supervises,
        console=shown,
        now=context.clock.now(),
    )


def _counter_staff(request: Request) -> Actor | None:
    return next((a for a in callers(request) if a.role in COUNTER_STAFF), None)
