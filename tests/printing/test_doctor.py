"""`./antrean doctor` beside a site: its own printers are examined too."""

from pathlib import Path

import pytest
from sqlalchemy import update

from app.cli import main
from app.db.engines import writer_engine
from app.queueing import rows
from app.settings import Settings
from tests.printing.conftest import place_agent
from tests.support.clock import MovableClock


def set_addresses(folder: Path, address: str) -> None:
    engine = writer_engine(Settings(data=folder).database)
    with engine.begin() as db:
        db.execute(update(rows.printer).values(address=address))
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("file:///nonexistent", "There is no such device"),
        ("lpt1", "must begin with tcp://"),
    ],
)
def test_examines_the_sites_printers(
    folder: Path, capsys: pytest.CaptureFixture[str], address: str, sentence: str
) -> None:
    set_addresses(folder, address)

    status = main(["doctor", "--data", str(folder), "--language", "en"])

    output = capsys.readouterr().out
    assert status == 1
    assert sentence in output


def test_makes_no_site_by_looking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["doctor", "--data", str(tmp_path / "none")])

    assert status == 1
    assert "antrean doctor tcp://" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_leaves_a_printer_behind_an_agent_to_that_agents_pc(
    folder: Path, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    set_addresses(folder, "file:///nonexistent")
    place_agent(folder, clock)

    main(["doctor", "--data", str(folder), "--language", "en"])

    whole, first, behind_agent, second = capsys.readouterr().out.splitlines()[:4]
    assert whole == "✓ The database is whole."
    assert (first, second) == ("? Printer 1", "✗ Printer 2 file:///nonexistent")
    assert "on that agent's PC" in behind_agent
