"""``/counter``: choose a counter, then work there (contract.md#pages)."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.auth.access import COUNTER_STAFF, Anyone, callers
from app.context import context_of
from app.models import ACTIVE
from app.models.states import MAX_ID
from app.queueing.change import Actor
from app.queueing.views.counters import counters_key
from app.web.pages import page
from app.web.staff_sign_in import redirect_to_sign_in
from counters import button_states
from counters.pause_words import PAUSE_REASONS, PROMPTS
from counters.views import counter_choices, read_console

router = APIRouter(include_in_schema=False, dependencies=[Anyone])

CounterId = Annotated[int | None, Query(ge=1, le=MAX_ID)]


@router.get("/counter")
async def counter_page(request: Request, counter: CounterId = None) -> Response:
    """Show one counter's console, or the counters to choose from.

    Whoever may not work at a counter is sent to sign in; ``NotFound`` for a
    counter that the caller may not know of.
    """
    actor = _counter_staff(request)
    if actor is None:
        return redirect_to_sign_in(request)
    if counter is None:
        return await _choose(request, actor)
    return await _work_at(request, counter, actor)


async def _choose(request: Request, actor: Actor) -> Response:
    context = context_of(request)
    choices = await context.readers.read(
        partial(counter_choices, actor=actor, now=context.clock.now())
    )
    return page(
        request,
        "counters/choose.html",
        theme="dark",
        actor=actor,
        choices=choices,
        topic=f"counters:{counters_key(actor)}",
        pause_reasons=PAUSE_REASONS,
        prompts=PROMPTS,
    )


async def _work_at(request: Request, counter_id: int, actor: Actor) -> Response:
    context = context_of(request)
    console = await context.readers.read(
        partial(
            read_console,
            counter_id=counter_id,
            actor=actor,
            now=context.clock.now(),
        )
    )
    return page(
        request,
        "counters/console.html",
        theme="dark",
        actor=actor,
        supervises=actor.supervises,
        console=console,
        now=context.clock.now(),
        states=button_states.OF_VISITOR,
        row_states=button_states.OF_ROW,
        active_states=ACTIVE,
        pause_reasons=PAUSE_REASONS,
    )


def _counter_staff(request: Request) -> Actor | None:
    return next(
        (actor for actor in callers(request) if actor.role in COUNTER_STAFF), None
    )
