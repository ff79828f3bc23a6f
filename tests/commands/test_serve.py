"""``antrean serve`` and ``antrean demo`` as whoever starts them sees them."""

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.support.process import PLAIN, ROOT


@pytest.mark.parametrize(
    ("command", "line"),
    [("serve", "Antrean serves "), ("demo", "  Start here       ")],
)
def test_an_address_that_is_said_is_answered_at_once(
    site: Path, tmp_path: Path, command: str, line: str
) -> None:
    folder = site if command == "serve" else tmp_path / "demo"
    words = [command, "--host", "127.0.0.1", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            output = next(each for each in process.stdout if each.startswith(line))
            address = output.removeprefix(line).split()[0]
            answer = httpx2.get(f"{address}readyz", **PLAIN)
        finally:
            process.terminate()

    assert answer.status_code == 200
