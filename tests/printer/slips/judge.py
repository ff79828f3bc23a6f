"""`emupos`, a printer that nobody here wrote, and `zbarimg`, which reads its paper.

Neither shares any code with us. emupos needs Python 3.13 in an environment of its
own (`requirements-judge.txt`); `ANTREAN_EMUPOS` names its command, else the path is
searched. `zbarimg` is Debian's `zbar-tools`.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from printer.address import TcpAddress

EMUPOS = os.environ.get("ANTREAN_EMUPOS") or shutil.which("emupos")
ZBAR = shutil.which("zbarimg")
PATIENCE_SECONDS = 20.0

# as Epson's reference numbers the pages; emupos brings no 58 mm model
_SMALL = {
    "type": "printer",
    "name": "58 mm",
    "dpi": 203,
    "width_dots": 384,
    "font_a": {"width": 12, "height": 24},
    "font_b": {"width": 9, "height": 17},
    "code_pages": {0: "PC437", 2: "PC850", 16: "WPC1252", 18: "PC852"},
    "default_code_page": 0,
    "drawer_sensor_open_level": "high",
}


@dataclass(frozen=True)
class Verdict:
    """What emupos saw of one slip; `has_cut` is False when the caller hung up."""

    text: str
    png: Path
    width: int
    height: int
    has_cut: bool

    @property
    def symbols(self) -> list[str]:
        """What a reader of bar codes finds on the paper."""
        output = _run(str(ZBAR), "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable",
                     str(self.png))  # fmt: skip
        return output.splitlines()


class Judge:
    """A running emupos with one printer for each name."""

    def __init__(self, folder: Path, printers: dict[str, str]) -> None:
        ports = _free_ports(len(printers) + 1)
        self._folder, self._api = folder, ports[0]
        self._addresses = {
            name: TcpAddress("127.0.0.1", port)
            for name, port in zip(printers, ports[1:], strict=True)
        }
        (folder / "small.yaml").write_text(yaml.safe_dump(_SMALL))
        devices = [
            {
                "id": name,
                "type": "printer",
                "profile": profile,
                "connections": [{"tcp": {"port": self._addresses[name].port}}],
                "receipts_dir": f"./{name}",
            }
            for name, profile in printers.items()
        ]
        settings = {"schema": 1, "api": {"port": self._api}, "devices": devices}
        (folder / "emupos.yaml").write_text(yaml.safe_dump(settings))

    def address(self, name: str) -> TcpAddress:
        return self._addresses[name]

    @property
    def complaints(self) -> list[str]:
        """What it logged about bytes that are no command of its printers."""
        log = (self._folder / "log").read_text()
        return [line for line in log.splitlines() if "unknown" in line]

    def set_fault(self, name: str, fault: str, *, on: bool) -> None:
        """Break a printer by hand, or mend it."""
        url = f"http://127.0.0.1:{self._api}/api/v1/devices/{name}/faults/{fault}"
        request = urllib.request.Request(url, method="PUT" if on else "DELETE")
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310

    def count(self, name: str) -> int:
        """Return how many slips a printer has printed."""
        return len(list((self._folder / name).glob("*.json")))

    def verdict(self, name: str, number: int = 1) -> Verdict:
        """Wait for a printer's slip of this number; the newest is judged."""
        _until(lambda: self.count(name) >= number)
        newest = max((self._folder / name).glob("*.json"), key=os.path.getmtime)
        receipt: dict[str, Any] = json.loads(newest.read_text())
        return Verdict(
            text=newest.with_suffix(".txt").read_text(),
            png=newest.with_suffix(".png"),
            width=receipt["width_dots"],
            height=receipt["height_dots"],
            has_cut=receipt["boundary"] == "cut",
        )

    @contextmanager
    def sitting(self) -> Iterator[None]:
        with (self._folder / "log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603
                [str(EMUPOS), "run"],
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "COLUMNS": "400", "NO_COLOR": "1"},
            )
            try:
                _until(lambda: all(map(_listens, self._addresses.values())))
                yield
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)


def _until(happened: Any) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("emupos did not come to it")
        time.sleep(0.02)


def _listens(address: TcpAddress) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((address.host, address.port)) == 0


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _run(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return done.stdout
