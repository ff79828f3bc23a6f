"""Screens, printers and zones that were used leave the mall; history keeps them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, update

from app.auth.devices import device_views, kind_of
from app.errors import NotFound
from app.importing.config.stored_mall import config_text
from app.models import DeviceToken, PrintJob
from app.printing.printers import printer_rows
from tests.importing.conftest import NOW, SMALL, Importer, without
from tests.importing.stored import add, refusals, rows

ALONE = "kiosks:\n  - {code: K1, name: Kios 1, printer: P1}\n"
WITHOUT_KIOSK = SMALL.replace(ALONE, "")
WITHOUT_PRINTER = without("- {code: P1").replace("printer: P1", "printer: P2")


@pytest.fixture
def job_id(engine: Engine, run_import: Importer) -> int:
    """Return a slip that the first printer printed, for a paired kiosk."""
    run_import(SMALL)
    [kiosk] = rows(engine, "device", kind="kiosk")
    add(
        engine, "device_token", device_id=kiosk.id, secret_sha256="0", created_at=NOW,  # noqa: S106
    )  # fmt: skip
    ticket_id = add(
        engine, "ticket", service_day=date(2026, 11, 25), series_id=1, drawn=1,
        number="A-001", people=1, channel="kiosk", version=1, issued_at=NOW,
    )  # fmt: skip
    return add(
        engine, "print_job", ticket_id=ticket_id, printer_id=1, is_copy=False,
        attempts=0, state="printed", created_at=NOW,
    )  # fmt: skip


def revoke(engine: Engine) -> None:
    with engine.begin() as db:
        db.execute(update(DeviceToken).values(revoked_at=NOW))


def test_a_kiosk_that_was_paired_goes_once_its_pairing_is_taken_back(
    engine: Engine, run_import: Importer, job_id: int
) -> None:
    assert refusals(run_import, WITHOUT_KIOSK) == [
        "kiosks.K1: is not in the file any more, but cannot be removed: it still has"
        " a paired screen"
    ]
    revoke(engine)

    run_import(WITHOUT_KIOSK)

    [kiosk] = rows(engine, "device", kind="kiosk")
    assert (kiosk.is_retired, kiosk.code) == (True, f"K1#{kiosk.id}")
    with engine.begin() as db:
        assert [view.code for view in device_views(db)] == ["AULA"]
        with pytest.raises(NotFound):
            kind_of(db, kiosk.id)
        assert "K1" not in config_text(db)
    # its code is another's to have, with pairings of its own
    run_import(SMALL)
    _, new = rows(engine, "device", kind="kiosk")
    assert (new.code, new.is_retired) == ("K1", False)
    assert rows(engine, "device_token", device_id=new.id) == []


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_a_printer_stays_while_a_slip_waits_for_it(
    engine: Engine, run_import: Importer, job_id: int, state: str
) -> None:
    with engine.begin() as db:
        db.execute(update(PrintJob).values(state=state))

    assert refusals(run_import, WITHOUT_PRINTER) == [
        "printers.P1: is not in the file any more, but cannot be removed: it still has"
        " slips that wait"
    ]


def test_a_printer_that_has_printed_goes(
    engine: Engine, run_import: Importer, job_id: int
) -> None:
    run_import(WITHOUT_PRINTER)

    with engine.begin() as db:
        assert [printer.name for printer in printer_rows(db)] == ["Printer 2"]
    [job] = rows(engine, "print_job", id=job_id)
    [printer] = rows(engine, "printer", id=job.printer_id)
    assert (printer.name, printer.is_retired) == ("Printer 1", True)
    assert run_import(WITHOUT_PRINTER).rows_removed == 0


def test_a_printer_goes_together_with_its_kiosk(
    engine: Engine, run_import: Importer, job_id: int
) -> None:
    revoke(engine)
    text: Any = WITHOUT_KIOSK.splitlines(keepends=True)

    run_import("".join(line for line in text if "{code: P1" not in line))

    assert [r.is_retired for r in rows(engine, "printer")] == [True, False]
    assert [r.printer_id for r in rows(engine, "device", kind="kiosk")] == [None]
