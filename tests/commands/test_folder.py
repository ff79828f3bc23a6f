"""A data folder: one program at a time, and its owner's alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands.shared.data_folder import LOCK, FolderInUse, locked_folder
from app.settings import Settings
from tests.commands.conftest import Run
from tests.support.site import SiteServer

HOLDER = """
import sys, time
from pathlib import Path
from app.commands.shared.data_folder import locked_folder
with locked_folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# One program on a folder


def test_a_second_program_on_a_folder_is_refused(site: Path, run: Run) -> None:
    server = SiteServer(site)
    server.start()
    try:
        for words in ("serve", "demo", "migrate"):
            status, _, errors = run(*words.split(), "--data", site)

            assert status == 1
            assert errors == (
                f"Antrean already runs on this folder (pid {server.pid}).\n"
            )
    finally:
        server.stop()

    assert run("migrate", "--data", site)[0] == 0


def test_a_killed_server_leaves_the_folder_free(site: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-c", HOLDER, site],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with (
            pytest.raises(FolderInUse, match=f"pid {process.pid}"),
            locked_folder(site),
        ):
            pass
        process.kill()

    with locked_folder(site):
        assert (site / LOCK).read_text() == f"{os.getpid()}\n"


# A private folder


def test_what_a_command_makes_is_its_owners_alone(
    file: Path, tmp_path: Path, run: Run
) -> None:
    data = tmp_path / "new" / "site"

    run("import", file, "--data", data)

    assert mode(data) == 0o700
    assert {mode(made) for made in data.iterdir()} == {0o600}


def test_a_folder_made_beforehand_is_closed(
    file: Path, tmp_path: Path, run: Run
) -> None:
    data = tmp_path / "made"
    data.mkdir()
    data.chmod(0o755)

    run("import", file, "--data", data)

    assert mode(data) == 0o700


def test_what_was_open_to_others_is_closed(site: Path, run: Run) -> None:
    site.chmod(0o755)
    Settings(data=site).database.chmod(0o644)
    foreign = site / "notes.txt"
    foreign.touch()
    foreign.chmod(0o644)

    run("token", "K1", "--data", site)

    assert mode(site) == 0o700
    assert mode(Settings(data=site).database) == 0o600
    assert mode(foreign) == 0o644


def test_a_folder_that_many_share_stays_open(site: Path, run: Run) -> None:
    site.chmod(0o1777)

    run("token", "K1", "--data", site)

    assert mode(site) == 0o1777
    assert mode(Settings(data=site).database) == 0o600
