"""Running the server on a socket that is bound first, so that its port is known."""

import gc
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, cast

import uvicorn
from fastapi import FastAPI

from app.api.http.connections import Connections, max_unaccepted
from app.api.http.http_protocol import LimitedHttpProtocol
from app.api.http.proxies import is_trusted_by
from app.api.http.socket_protocol import MAX_MESSAGE_BYTES, LimitedSocketProtocol
from app.api.http.turns import Turns
from app.api.live.print_agent import AGENT_PATH
from app.commands.shared.local_access import LocalFile
from app.context import Context
from app.errors import AntreanError
from app.process import descriptor_limit
from printer.agent.server_messages import MAX_HELLO_BYTES

STRANGERS_IN_A_TURN = 16
"""Strangers' requests, and anybody's handshakes, that are parsed in one turn of the
event loop; some 0.1 ms each."""
UPGRADES_IN_A_TURN = 2
"""Handshakes of sockets, some 0.3 ms each, in one turn of the event loop."""
SWITCH_SECONDS = 0.001
"""How long a busy thread may keep the event loop from the interpreter; Python's own
5 ms would come on top of each of a request's turns while views are read."""
_MESSAGE_BYTES = {f"/api/v1{AGENT_PATH}": MAX_HELLO_BYTES}
# uvicorn says so of every socket that we refuse with a problem document
_HARMLESS_MESSAGE = "ASGI callable returned without completing handshake."


class PortInUse(AntreanError):
    """Nothing can listen on this address and port."""


class _Server(uvicorn.Server):
    """Tells when it listens: whoever opens the address before that finds nobody."""

    def __init__(self, config: uvicorn.Config, on_listening: Callable[[], None]):
        super().__init__(config)
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does; when that fails it ends the process."""
        await super().startup(sockets)
        self._on_listening()


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that has its port and does not listen yet; may raise PortInUse.

    Port 0 lets the system choose.
    """
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


def serve(
    app: FastAPI,
    listener: socket.socket,
    on_listening: Callable[[], None] = lambda: None,
) -> int:
    """Serve until the process is told to stop; returns the exit status.

    It is 1 when the server could not start; the log has the cause. ``on_listening``
    is called once, when whoever opens the address is answered.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    # the app and all that was imported stay: each full collection would walk through
    # them, 50 to 100 ms in which nobody is answered
    gc.freeze()
    server = server_of(app, on_listening=on_listening)
    with _local_access(app, listener), suppress(KeyboardInterrupt):
        # the way to stop it: uvicorn has shut down
        server.run(sockets=[listener])
    return 0 if server.started else 1


@contextmanager
def _local_access(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    """Let commands beside the server reach it, while it runs."""
    context: Context | None = getattr(app.state, "context", None)
    # the bare app that figures are compared with has no site
    if context is None:
        yield
        return
    local = LocalFile(context.settings.data)
    context.credentials.allow_local(local.write(listener.getsockname()[:2]))
    context.at_end.append(local.remove)
    try:
        yield
    finally:
        local.remove()


def connections_of(app: FastAPI) -> Connections:
    """Return the places for an app's connections, none taken."""
    context: Context | None = getattr(app.state, "context", None)
    proxies = context.settings.proxy_addresses if context else []
    return Connections(is_proxy=is_trusted_by(proxies))


def server_of(
    app: FastAPI,
    places: Connections | None = None,
    on_listening: Callable[[], None] = lambda: None,
) -> uvicorn.Server:
    """Return the server as it is set up everywhere: in use, in tests, in figures."""
    if places is None:
        places = connections_of(app)
    http: Any = partial(
        LimitedHttpProtocol,
        places=places,
        turns=Turns(STRANGERS_IN_A_TURN),
        upgrades=Turns(UPGRADES_IN_A_TURN),
        known_upgrades=Turns(UPGRADES_IN_A_TURN),
    )
    config = uvicorn.Config(
        app,
        http=http,
        ws=cast(
            Any,
            partial(LimitedSocketProtocol, places=places, message_bytes=_MESSAGE_BYTES),
        ),
        # the contract has none (contract.md)
        ws_per_message_deflate=False,
        ws_max_size=MAX_MESSAGE_BYTES,
        access_log=False,  # the guard logs: no query string, no token
        log_config=None,
        server_header=False,
        # uvicorn would believe whoever comes from this machine (app.api.http.proxies)
        proxy_headers=False,
        backlog=max_unaccepted(descriptor_limit()),
        timeout_graceful_shutdown=3,
    )
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: record.getMessage() != _HARMLESS_MESSAGE
    )
    return _Server(config, on_listening)
