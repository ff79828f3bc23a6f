"""A socket to a path that has none is refused like everything else that is unknown."""

from fastapi import APIRouter, WebSocket

from app.api.http.problems import problem_response
from app.auth.access import Anyone
from app.errors import NotFound

router = APIRouter()


@router.websocket("/{path:path}", dependencies=[Anyone])
async def no_socket_here(websocket: WebSocket) -> None:
    """Answer 404 with a problem document, before the upgrade."""
    # Starlette alone would refuse it with a bare 403
    await websocket.send_denial_response(problem_response(websocket, NotFound()))
