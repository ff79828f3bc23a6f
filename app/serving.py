"""Running the server on a socket that is bound first, so that its port is known."""

import logging
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from app.api.http import ProblemHttpProtocol
from app.errors import AntreanError

LARGEST_FRAME = 4096
# uvicorn says so of every socket that we refuse with a problem document
_NO_FAULT = "ASGI callable returned without completing handshake."


class PortTaken(AntreanError):
    """Nothing can listen on this address and port."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 lets the system choose. May raise PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"Antrean cannot listen on {host}, port {port}: {error.strerror}."
        ) from error
    return listening


def serve(app: FastAPI, listening: socket.socket) -> int:
    """Serve until the process is told to stop; returns the exit status.

    It is 1 when the server could not start; the log has the cause.
    """
    server = server_of(app)
    with suppress(KeyboardInterrupt):  # the way to stop it: uvicorn has shut down
        server.run(sockets=[listening])
    return 0 if server.started else 1


def server_of(app: FastAPI) -> uvicorn.Server:
    """Return the server as it is set up everywhere: in use, in tests, in figures."""
    config = uvicorn.Config(
        app,
        http=ProblemHttpProtocol,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_FRAME,
        access_log=False,  # ours holds no query string and no token (app.api.guard)
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: record.getMessage() != _NO_FAULT
    )
    return uvicorn.Server(config)
