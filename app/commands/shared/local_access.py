"""How a command reaches the server that holds a folder: by a secret in the folder.

The server writes ``server.json`` (0600) with where it listens and a secret of its own,
and takes it away at its end. Whoever can read it owns the folder and all that is in it.
"""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from app.commands.shared.data_folder import SERVER_FILE, holder_pid

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class LocalAccess(NamedTuple):
    """Where the server of a folder is, and the secret that opens it."""

    url: str
    secret: str


class LocalFile:
    """The file of a running server."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / SERVER_FILE

    def write(self, address: tuple[str, int]) -> str:
        """Say where this process listens; returns the secret that it will know."""
        secret = secrets.token_urlsafe(32)
        host = _ANY_ADDRESS.get(address[0], address[0])
        url = f"http://{f'[{host}]' if ':' in host else host}:{address[1]}"
        content = {"pid": os.getpid(), "url": url, "secret": secret}
        self.remove()
        # private from its first byte on
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(content, stream)
        return secret

    def remove(self) -> None:
        """Take it away."""
        self._file.unlink(missing_ok=True)


def server_of_folder(folder: Path) -> LocalAccess | None:
    """Return how to reach the server that holds a folder; None where none says so.

    One that was killed leaves its file: it counts only for the process that holds the
    folder's lock.
    """
    try:
        content = json.loads((folder / SERVER_FILE).read_text(encoding="utf-8"))
        access = LocalAccess(str(content["url"]), str(content["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return access if content["pid"] == holder_pid(folder) else None
