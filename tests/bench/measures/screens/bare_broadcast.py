"""The floor of a broadcast: what ``websockets`` offers for it, and nothing else."""

import logging
import socket

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

_SENDER = "/send"


async def serve_broadcast(listening: socket.socket) -> None:
    """Send each text that a sender sends to all who watch, for ever."""
    # whoever only looks whether it listens hangs up without a word
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    watching: set[ServerConnection] = set()

    async def hold(connection: ServerConnection) -> None:
        request = connection.request
        if request is not None and request.path == _SENDER:
            async for text in connection:
                broadcast(watching, text)
            return
        watching.add(connection)
        await connection.wait_closed()
        watching.discard(connection)

    async with serve(hold, sock=listening, compression=None) as server:
        await server.serve_forever()


def sender_to(port: int) -> connect:
    """Return the connection, once entered, whose texts are broadcast."""
    return connect(f"ws://127.0.0.1:{port}{_SENDER}", compression=None, proxy=None)
