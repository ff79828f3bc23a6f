"""The slip: from its plain data to the printer's bytes."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter, process_time

from PIL import Image

from printer.slips.escpos_library import Dummy
from printer.slips.paper import PAPER_58, PAPER_80
from printer.slips.slip import Slip, render_slip
from tests.bench.sample import PROCESS, Sample, Table, figure
from tests.bench.setup.environment import Environment

HEAD = ("measured", "CPU µs", "p50 µs", "p99 µs", "bytes")
SLIP = Slip(
    site="Mal Pelayanan Publik Kota Jambi",
    agency="Dinas Kependudukan dan Pencatatan Sipil",
    services=("Akta kelahiran",),
    number_label="Nomor antrean Anda",
    number="DK-012",
    issued_at="Selasa, 24 November 2026, 08.15",
    ahead="3 nomor di depan Anda",
    where="Silakan tunggu di Zona A, Lantai 1",
    qr_url="http://192.168.1.10:8000/t/J4u0yP8vQx2mWc7nR5tLbd1z",
    qr_label="Pindai untuk mengikuti nomor Anda",
    footer=("Simpan slip ini sampai Anda dipanggil.",),
    sample_label="Data contoh",
)


def _full() -> Slip:
    """Return the slip with a logo, documents and lines of the site's own."""
    logo = io.BytesIO()
    Image.linear_gradient("L").resize((400, 160)).save(logo, "PNG")
    return replace(
        SLIP,
        logo=logo.getvalue(),
        head=("Jl. Contoh 1, Jambi",),
        documents_label="Dokumen yang dibawa",
        documents=("KTP-el asli", "Kartu Keluarga asli", "Surat keterangan lahir"),
        agency_lines=("Fotokopi di lantai 1",),
    )


async def slips(environment: Environment, seconds: float) -> Table:
    """Measure rendering in this process, in turns, after one of each to warm up."""
    full, foreign = _full(), replace(SLIP, agency="تجربة")
    makers: dict[str, Callable[[], bytes]] = {
        "slip on 80 mm, QR drawn by the printer": lambda: render_slip(SLIP, PAPER_80),
        "slip on 58 mm, QR sent as a picture": lambda: render_slip(SLIP, PAPER_58),
        "the same on 80 mm with logo, documents and texts": lambda: render_slip(
            full, PAPER_80
        ),
        "the same on 80 mm with a line drawn as a picture": lambda: render_slip(
            foreign, PAPER_80
        ),
        "python-escpos alone: a text, the printer's QR, a cut": _bare,
    }
    samples = {name: Sample() for name in makers}
    sizes = {name: len(make()) for name, make in makers.items()}
    until = perf_counter() + seconds
    while perf_counter() < until:
        for name, make in makers.items():
            _measure(samples[name], make)
    rows = [_row(name, samples[name], sizes[name]) for name in makers]
    return Table("Slip (render_slip)", HEAD, rows)


def _measure(sample: Sample, make: Callable[[], bytes]) -> None:
    cpu, began = process_time(), perf_counter()
    make()
    sample.took.append(perf_counter() - began)
    sample.spend({PROCESS: process_time() - cpu})


def _row(name: str, sample: Sample, size: int) -> Sequence[str]:
    p50, p99 = (figure(sample.quantile(part) * 1000) for part in (0.5, 0.99))
    return (name, figure(sample.cpu_each()), p50, p99, f"{size:,}")


def _bare() -> bytes:
    printer = Dummy(profile=PAPER_80.profile)
    printer.text(f"{SLIP.site}\n{SLIP.number}\n")
    printer.qr(SLIP.qr_url, native=True)
    printer.cut()
    return bytes(printer.output)
