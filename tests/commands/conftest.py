"""A technician at a data folder: commands run in this process."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from app import cli
from app.settings import Settings
from tests.support import mall

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run a command in this process; returns status, output and complaints."""
    mask = os.umask(0)
    os.umask(mask)

    def run_command(*words: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        status = cli.main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    yield run_command
    os.umask(mask)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mall.yaml"
    path.write_text(mall.SMALL_MALL, encoding="utf-8")
    return path


@pytest.fixture
def site(small_mall: Path, tmp_path: Path) -> Path:
    """Return a data folder of its own that holds the small mall."""
    folder = tmp_path / "site"
    folder.mkdir()
    shutil.copy(small_mall, Settings(data=folder).database)
    return folder
