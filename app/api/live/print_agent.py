"""The print agent's line: ``WS /api/v1/print-agent`` (decision 0012)."""

import asyncio
import logging
from functools import partial

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from app.api.http.problems import problem_response
from app.auth.access import Anyone, caller, secret_of
from app.auth.cross_site import is_cross_site
from app.context import context_of
from app.errors import AntreanError, CrossSite, NotFound
from app.models.states import DeviceKind
from app.printing.agents import AgentPrinter, Send
from app.queueing.slips.print_jobs import printer_of
from app.realtime.socket import DISCONNECT_ERRORS, REVOKED
from printer.agent.messages import BadMessage
from printer.agent.server_messages import StatusMessage, read_agent_message

CLOSE_PROTOCOL_ERROR = 1002
CLOSE_ABNORMAL = 1006
MAX_SILENCE_SECONDS = 9.0

logger = logging.getLogger(__name__)
router = APIRouter()


@router.websocket("/print-agent", dependencies=[Anyone])
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
    finally:
        printer.disconnect(send)


async def _receive(
    websocket: WebSocket, send: Send, printer_id: int, secret: str
) -> None:
    """Receive an agent's messages until it goes; it sends one every few seconds."""
    context = context_of(websocket)
    printer = context.printing.agents.of(printer_id)
    while True:
        message = read_agent_message(await _next_message(websocket, printer))
        if context.credentials.of(secret, context.ledger.now()) is None:
            await websocket.close(REVOKED)
            return
        if message is not None:
            await printer.handle_message(message, send)
        if isinstance(message, StatusMessage):
            context.printing.wake_worker(printer_id)


async def _next_message(websocket: WebSocket, printer: AgentPrinter) -> str:
    """Return the agent's next message.

    It sends its status every few seconds but while it prints: an idle one that
    sends nothing for ``MAX_SILENCE_SECONDS`` is gone, as a PC without power is, whose
    line breaks by itself only much later.
    """
    while True:
        try:
            async with asyncio.timeout(MAX_SILENCE_SECONDS):
                return await websocket.receive_text()
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
    return printer_id, secret_of(websocket, actor)
