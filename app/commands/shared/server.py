"""Running the server on a socket that is bound first, so that its port is known."""

import logging
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from app.api.http.bad_frames import QuietSocketProtocol
from app.api.http.bad_requests import ProblemHttpProtocol
from app.errors import AntreanError

MAX_FRAME_BYTES = 4096
# uvicorn says so of every socket that we refuse with a problem document
_HARMLESS_MESSAGE = "ASGI callable returned without completing handshake."


class PortInUse(AntreanError):
    """Nothing can listen on this address and port."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 lets the system choose. May raise PortInUse."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # else a server that starts again has to wait for its former connections to expire
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortInUse(
            f"Antrean cannot listen on {host}, port {port}: {error.strerror}."
        ) from error
    return listener


def serve(app: FastAPI, listener: socket.socket) -> int:
    """Serve until the process is told to stop; returns the exit status.

    It is 1 when the server could not start; the log has the cause.
    """
    server = server_of(app)
    with suppress(KeyboardInterrupt):  # the way to stop it: uvicorn has shut down
        server.run(sockets=[listener])
    return 0 if server.started else 1


def server_of(app: FastAPI) -> uvicorn.Server:
    """Return the server as it is set up everywhere: in use, in tests, in figures."""
    config = uvicorn.Config(
        app,
        http=ProblemHttpProtocol,
        ws=QuietSocketProtocol,
        # the contract has none (contract.md)
        ws_per_message_deflate=False,
        ws_max_size=MAX_FRAME_BYTES,
        access_log=False,  # the guard logs: no query string, no token
        log_config=None,
        server_header=False,
        # uvicorn would believe whoever comes from this machine (app.api.http.proxies)
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: record.getMessage() != _HARMLESS_MESSAGE
    )
    return uvicorn.Server(config)
