"""A real server process over a folder of its own: started, killed, started again."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2

PATIENCE_SECONDS = 30.0
ROOT = Path(__file__).parents[2]
# no TLS here, and reading the machine's certificates costs 50 ms each time
PLAIN: dict[str, Any] = {"verify": False, "timeout": 60}


class ServerProcess:
    """``python -m app.cli …`` on a port of its own, its log in a file."""

    prefix: Sequence[str] = ()
    """A program that starts it, and its arguments."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.folder = folder
        self.port = 0
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Return the process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> float:
        """Start it and wait until it is ready; returns the seconds that took."""
        began = time.perf_counter()
        self.folder.mkdir(parents=True, exist_ok=True)
        arguments = [*self._command, "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own words)
                [
                    *self.prefix,
                    *(sys.executable, "-m", "app.cli", *arguments),
                    *("--data", self.folder),
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait(began)
        return time.perf_counter() - began

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait for that."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def restart(self) -> float:
        """Stop it and start it on the same port and folder."""
        self.stop()
        return self.start()

    def log(self) -> str:
        """Return everything that it has logged."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def _find_port(self) -> int:
        """Return the port that it says it chose; 0 while it has not said."""
        raise NotImplementedError

    def _wait(self, began: float) -> None:
        while time.perf_counter() - began < PATIENCE_SECONDS:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            if self._is_ready():
                return
            time.sleep(0.01)
        self.stop()
        raise AssertionError(f"The server did not start:\n{self.log()}")

    def _is_ready(self) -> bool:
        self.port = self.port or self._find_port()
        if not self.port:
            return False
        try:
            return ask(f"{self.url}/readyz").status_code == 200
        except httpx2.TransportError:
            return False


def ask(url: str, **options: Any) -> httpx2.Response:
    """Send one GET on a connection of its own."""
    return httpx2.get(url, **PLAIN, **options)
