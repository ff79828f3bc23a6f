"""The print agent's line: ``WS /api/v1/print-agent`` (decision 0012)."""

import asyncio
import logging
from functools import partial

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from app.api.problems import problem_response
from app.auth.access import Anyone, caller, secret_of
from app.auth.crosssite import is_cross_site
from app.context import context_of
from app.errors import AntreanError, CrossSite, NotFound
from app.models.states import DeviceKind
from app.printing.agents import AgentPrinter, Send
from app.queueing.printing import printer_of
from app.realtime.socket import HUNG_UP, REVOKED
from printer.agent.messages import BadMessage
from printer.agent.server_side import Status, read_from_agent

MISUNDERSTOOD = 1002
SILENT = 1006
SILENCE_SECONDS = 9.0

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
        await _listen(websocket, send, printer_id, secret)
    except HUNG_UP:
        logger.debug("a print agent hung up")
    except BadMessage as error:
        logger.warning("a print agent was not understood: %s", error)
        await websocket.close(MISUNDERSTOOD)
    finally:
        printer.leave(send)


async def _listen(
    websocket: WebSocket, send: Send, printer_id: int, secret: str
) -> None:
    """Hear an agent until it goes; it says something every few seconds."""
    context = context_of(websocket)
    printer = context.printing.agents.of(printer_id)
    while True:
        said = read_from_agent(await _next_word(websocket, printer))
        if context.credentials.of(secret, context.ledger.now()) is None:
            await websocket.close(REVOKED)
            return
        if said is not None:
            await printer.hear(said, send)
        if isinstance(said, Status):
            context.printing.news_of(printer_id)


async def _next_word(websocket: WebSocket, printer: AgentPrinter) -> str:
    """Return what the agent says next.

    It tells its status every few seconds but while it prints: an idle one that
    says nothing for ``SILENCE_SECONDS`` is gone, as a PC without power is, whose
    line breaks by itself only much later.
    """
    while True:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                return await websocket.receive_text()
        except TimeoutError:
            if not printer.is_busy:
                raise WebSocketDisconnect(SILENT) from None


async def _admit(websocket: WebSocket) -> tuple[int, str]:
    """Return the id of the agent's printer and the secret on which its line rests."""
    if is_cross_site(websocket.scope):
        raise CrossSite
    who = caller(websocket, (DeviceKind.PRINT_AGENT,))
    of_agent = partial(printer_of, device_id=who.id)
    printer_id = await context_of(websocket).readers.read(of_agent)
    if printer_id is None:
        raise NotFound
    return printer_id, secret_of(websocket, who)
