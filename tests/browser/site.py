"""A real site in a process of its own: the small mall, where nobody is a demo."""

import socket
from pathlib import Path

from tests.support.process import ServerProcess


class SiteServer(ServerProcess):
    """``antrean serve`` over a data folder that holds a site."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "serve")
        self.port = _free_port()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
