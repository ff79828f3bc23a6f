"""A printer on a real socket, slips to print on it, deadlines short enough."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from printer.slips.paper import PAPER_80
from printer.slips.slip import Slip, render_slip

MakeSlip = Callable[..., Slip]

PLAIN_SLIP = Slip(
    site="Mal Pelayanan Publik Kota Jambi",
    agency="Dinas Kependudukan dan Pencatatan Sipil",
    services=("Akta Kelahiran",),
    number_label="Nomor antrean",
    number="A-012",
    issued_at="Selasa, 24 November 2026, 09.40",
    ahead="3 nomor di depan Anda",
    people="Untuk 4 orang",
    where="Tunggu di Zona A, Lantai 1",
    qr_url="http://192.168.1.10:8000/t/3v9Qe1Yk0mZxP2rTs8uWaw",
    qr_label="Pindai untuk melihat giliran",
    footer=("Simpan slip ini.",),
)


@pytest.fixture
def make_slip() -> MakeSlip:
    def make(**changes: Any) -> Slip:
        return replace(PLAIN_SLIP, **changes)

    return make


@pytest.fixture
async def printer() -> AsyncIterator[PrinterEmulator]:
    async with PrinterEmulator() as emulator:
        yield emulator


@pytest.fixture
def deadlines() -> Deadlines:
    """Short, as every wait for a broken printer is waited out in full."""
    return Deadlines(
        connect=2,
        write=0.5,
        read=0.3,
        gs_r_reply=0.1,
        finish=0.3,
        settle=0.3,
        quiet=0.01,
        late_reply=0.6,
    )


@pytest.fixture
def data(make_slip: MakeSlip) -> bytes:
    return render_slip(make_slip(), PAPER_80)


@pytest.fixture
def watchful() -> Deadlines:
    """Look often at a printer that prints, and wait for it longer than the test."""
    return Deadlines(poll=0.05, finish=600, late_reply=1.0)


def break_it(printer: PrinterEmulator, **faults: Any) -> None:
    for name, value in faults.items():
        setattr(printer.faults, name, value)
