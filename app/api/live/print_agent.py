"""The print agent's line: ``WS /api/v1/print-agent`` (decision 0012)."""

import asyncio
import logging
from functools import partial

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from app.api.http.problems import problem_response
from app.api.routing.direct_route import api_router
from app.auth.access import Anyone, caller, secret_of
from app.auth.cross_site import is_cross_site
from app.context import context_of
from app.errors import AntreanError, CrossSite, NotFound, TooMany
from app.models.states import DeviceKind
from app.printing.agents import AgentPrinter, Send
from app.queueing.site.rates import Rate
from app.queueing.slips.print_jobs import printer_of
from app.realtime.socket import DISCONNECT_ERRORS, REVOKED
from printer.agent.messages import BadMessage
from printer.agent.server_messages import StatusMessage, read_agent_message

AGENT_PATH = "/print-agent"
CLOSE_PROTOCOL_ERROR = 1002
CLOSE_ABNORMAL = 1006
CLOSE_POLICY = 1008
MAX_SILENCE_SECONDS = 9.0
MESSAGE_RATE = Rate(burst=200, interval=0.1)
"""Of one agent, on all its lines; it says some two things each two seconds, and a few
more with each slip."""

logger = logging.getLogger(__name__)
router = api_router()


@router.websocket(AGENT_PATH, dependencies=[Anyone])
async def print_agent(websocket: WebSocket) -> None:
    """Speak with an agent; refused before the upgrade with a problem document."""
    try:
        printer_id, secret = await _admit(websocket)
    except AntreanError as refusal:
        await websocket.send_denial_response(problem_response(websocket, refusal))
        return
    await websocket.accept()

    async def send(text: str) -> None:
        try:
            await websocket.send_text(text)
        except WebSocketDisconnect as gone:  # as Starlette calls a broken line
            raise OSError from gone

    printer = context_of(websocket).printing.agents.of(printer_id)
    try:
        await _receive(websocket, send, printer_id, secret)
    except DISCONNECT_ERRORS:
        logger.debug("a print agent hung up")
    except BadMessage as error:
        logger.warning("a print agent was not understood: %s", error)
        await websocket.close(CLOSE_PROTOCOL_ERROR)
    except TooMany:
        logger.warning("a print agent says too much printer=%d", printer_id)
        await websocket.close(CLOSE_POLICY)
    finally:
        printer.disconnect(send)


async def _receive(
    websocket: WebSocket, send: Send, printer_id: int, secret: str
) -> None:
    """Receive an agent's messages until it goes; it sends one every few seconds."""
    context = context_of(websocket)
    printer = context.printing.agents.of(printer_id)
    while True:
        text = await _next_message(websocket, printer)
        context.rates.take(_rate_name(printer_id), MESSAGE_RATE)
        message = read_agent_message(text)
        if context.credentials.of(secret, context.ledger) is None:
            await websocket.close(REVOKED)
            return
        if message is not None:
            await printer.handle_message(message, send)
        if isinstance(message, StatusMessage):
            context.printing.wake_worker(printer_id)


async def _next_message(websocket: WebSocket, printer: AgentPrinter) -> str:
    """Return the agent's next message; raises ``BadMessage`` for bytes.

    It sends its status every few seconds but while it prints: an idle one that
    sends nothing for ``MAX_SILENCE_SECONDS`` is gone, as a PC without power is, whose
    line breaks by itself only much later.
    """
    while True:
        try:
            async with asyncio.timeout(MAX_SILENCE_SECONDS):
                return await websocket.receive_text()
        except KeyError:  # Starlette's, for a frame that is no text
            raise BadMessage("bytes instead of a text") from None
        except TimeoutError:
            if not printer.is_busy:
                raise WebSocketDisconnect(CLOSE_ABNORMAL) from None


async def _admit(websocket: WebSocket) -> tuple[int, str]:
    """Return the id of the agent's printer and the secret on which its line rests."""
    if is_cross_site(websocket.scope):
        raise CrossSite
    actor = caller(websocket, (DeviceKind.PRINT_AGENT,))
    of_agent = partial(printer_of, device_id=actor.id)
    printer_id = await context_of(websocket).readers.read(of_agent)
    if printer_id is None:
        raise NotFound
    # who was hung up on for it comes back no sooner
    context_of(websocket).rates.require(_rate_name(printer_id), MESSAGE_RATE)
    return printer_id, secret_of(websocket, actor)


def _rate_name(printer_id: int) -> str:
    return f"print agent of {printer_id}"
