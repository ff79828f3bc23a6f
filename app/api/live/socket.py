"""The live socket: ``/api/v1/live?topic=…[&after=…]`` (contract.md#live)."""

import logging
from typing import Annotated

from fastapi import Query, WebSocket
from sqlalchemy import Connection
from starlette.websockets import WebSocketDisconnect

from app.api.http.problems import problem_response
from app.api.routing.direct_route import api_router
from app.auth.access import Anyone, callers, secret_of
from app.auth.cross_site import is_cross_site
from app.context import context_of
from app.errors import AntreanError, CrossSite, TooMany
from app.models.states import MAX_ID
from app.queueing.change import Actor
from app.queueing.site.rates import Rate
from app.realtime.frames import transport_of
from app.realtime.socket import Socket
from app.web.staff_sign_in import address_of

logger = logging.getLogger(__name__)
router = api_router()

TOO_MUCH = 1008
MESSAGE_RATE = Rate(burst=20, interval=1.0)
"""Of what a screen says, whatever it is: nobody listens to it."""
After = Annotated[int | None, Query(ge=0, le=MAX_ID)]


@router.websocket("/live", dependencies=[Anyone])
async def live(
    websocket: WebSocket,
    topic: Annotated[str, Query(min_length=1, max_length=100)],
    after: After = None,
) -> None:
    """Watch a topic; refused before the upgrade with a problem document."""
    hub = context_of(websocket).hub
    try:
        actor = await _admit(websocket, topic)
        secret = None if actor is None else secret_of(websocket, actor)
        socket = Socket(
            websocket,
            transport_of(websocket),
            secret=secret,
            after=after,
            actor=actor,
            address=address_of(websocket),
        )
        hub.join(topic, socket)
    except AntreanError as refusal:
        await websocket.send_denial_response(problem_response(websocket, refusal))
        return
    try:
        await websocket.accept()
        hub.ready(topic, socket)
        await _receive(websocket)
    except TooMany:
        logger.warning("a screen says too much topic=%s", topic.partition(":")[0])
        await socket.close(TOO_MUCH)
    # KeyError: bytes came where receive_text() wants text; RuntimeError: it is closed
    except (WebSocketDisconnect, KeyError, RuntimeError):
        logger.debug("socket closed topic=%s", topic.partition(":")[0])
    finally:
        hub.leave(topic, socket)


async def _receive(websocket: WebSocket) -> None:
    """Receive until it goes; a screen has nothing to say."""
    rates, name = context_of(websocket).rates, f"socket {id(websocket)}"
    while True:
        await websocket.receive_text()
        rates.take(name, MESSAGE_RATE)


async def _admit(websocket: WebSocket, topic: str) -> Actor | None:
    """Return the caller on whom the watching rests; None: on the topic's own key."""
    if is_cross_site(websocket.scope):
        raise CrossSite
    context = context_of(websocket)
    view, key = context.hub.view(topic)
    actors = list(callers(websocket))

    def authorise(db: Connection) -> Actor | None:
        return view.authorise(db, key, actors)

    return await context.readers.read(authorise)
