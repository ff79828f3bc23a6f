"""A site's logo and texts on its slips, and what wrong files do: nothing."""

import io
import logging
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update

from app.printing.letterhead import Letterhead, letterhead_in
from app.queueing import rows
from printer.emulator import PrinterEmulator
from printer.emulator.items import Raster
from tests.printing.conftest import PrintShop
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.database import Disk

TEXTS = """\
head: {id: ["Jl. Contoh 1, Jambi"]}
foot: {id: ["Pengaduan: 0800-1"], en: ["Complaints: 0800-1"]}
agencies:
  DKC: {id: ["Fotokopi di lantai 1"]}
  IMI: {id: ["Foto tanpa kacamata"]}
"""


def png(width: int = 200, height: int = 80) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def letterhead_folder(tmp_path: Path) -> Path:
    (tmp_path / "slip").mkdir()
    return tmp_path / "slip"


async def test_logo_texts_and_documents_are_on_the_slip(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    (folder / "slip").mkdir()
    (folder / "slip" / "logo.png").write_bytes(png())
    (folder / "slip" / "texts.yaml").write_text(TEXTS)
    with disk.writing() as db:
        documents = ["KTP asli", "Kartu Keluarga"]
        db.execute(
            update(rows.service)
            .where(rows.service.c.id == mall.AKTA)
            .values(documents=documents)
        )
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        ticket = await server.kiosk.issue(mall.AKTA)
        assert await shop.job_of(ticket) == ("printed", None)

    (slip,) = printers[0].slips
    text = "\n".join(slip.text)
    for line in (
        "Jl. Contoh 1, Jambi", "Dokumen yang dibawa", "- KTP asli",
        "- Kartu Keluarga", "Fotokopi di lantai 1", "Pengaduan: 0800-1",
    ):  # fmt: skip
        assert line in text
    assert "kacamata" not in text  # the other agency's
    first = next(item for item in slip.content.items if isinstance(item, Raster))
    assert (first.across * 8, len(first.rows) // first.across) == (200, 80)


def test_english_stands_where_there_is_some(letterhead_folder: Path) -> None:
    (letterhead_folder / "texts.yaml").write_text(TEXTS)

    texts = letterhead_in(letterhead_folder.parent).texts

    assert texts.foot.in_language("en") == (("Complaints: 0800-1", False),)
    assert texts.head.in_language("en") == (("Jl. Contoh 1, Jambi", True),)
    assert texts.of_agencies(("IMI", "XYZ"), "en") == (("Foto tanpa kacamata", True),)


async def test_an_english_slip_says_what_of_it_is_indonesian(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    (folder / "slip").mkdir()
    (folder / "slip" / "texts.yaml").write_text(TEXTS)
    service, zone = rows.service, rows.zone
    with disk.writing() as db:
        texts = {"documents": ["KTP asli", "KK"], "documents_en": None}
        db.execute(update(service).where(service.c.id == mall.AKTA).values(texts))
        texts = {"documents": ["Paspor lama"], "documents_en": ["Old passport"]}
        db.execute(update(service).where(service.c.id == mall.PASPOR).values(texts))
        named = update(zone).where(zone.c.id == mall.ZONE_B)
        db.execute(named.values(name_en="Zone B"))
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        ticket = await server.kiosk.issue(mall.AKTA, language="en")
        await shop.job_of(ticket)
        ticket = await server.kiosk.issue(mall.PASPOR, language="en")
        await shop.job_of(ticket)

    first, second = (
        " ".join(" ".join(slip.text).split()) for slip in printers[0].slips
    )
    assert "Jl. Contoh 1, Jambi (Indonesian)" in first
    assert "Please wait in Zona A (Indonesian)" in first
    assert "- KTP asli - KK (Indonesian)" in first
    assert "Fotokopi di lantai 1 (Indonesian)" in first
    assert "Complaints: 0800-1" in first
    assert "Please wait in Zone B" in second
    assert "- Old passport" in second
    assert "Zone B (Indonesian)" not in second


def test_no_files_are_no_letterhead(tmp_path: Path) -> None:
    assert letterhead_in(tmp_path) == Letterhead()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("logo.png", b"GIF89a", "not a PNG"),
        ("logo.png", png()[:60], "broken PNG"),
        ("logo.png", b"\0" * ((1 << 20) + 1), "more than"),
        ("texts.yaml", b"head: [", "while parsing"),
        ("texts.yaml", b"heads: {}", "heads: Extra inputs"),
        ("texts.yaml", b"foot: {id: [1]}", "foot.id.0"),
        ("texts.yaml", b"\xff\xfe\xff", "texts.yaml"),
        ("texts.yaml", b"[1, 2]", "valid dictionary"),
    ],
)
def test_a_wrong_file_is_named_and_left_out(
    letterhead_folder: Path,
    name: str,
    content: bytes,
    complaint: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (letterhead_folder / name).write_bytes(content)

    with caplog.at_level(logging.WARNING):
        letterhead = letterhead_in(letterhead_folder.parent)

    assert letterhead[:2] == Letterhead()[:2]
    (problem,) = letterhead.problems
    assert name in problem
    assert complaint in problem
    assert complaint in caplog.text


def test_a_line_that_the_slips_font_cannot_show_is_told_and_printed(
    letterhead_folder: Path,
) -> None:
    texts = 'head: {id: ["日本 Jambi"]}\nagencies: {A: {en: ["日"]}}'
    (letterhead_folder / "texts.yaml").write_text(texts, encoding="utf-8")

    letterhead = letterhead_in(letterhead_folder.parent)

    assert letterhead.texts.head.id == ["日本 Jambi"]
    (problem,) = letterhead.problems
    assert problem.endswith("the slip's font lacks 日本: each prints as a box.")


def test_a_changed_file_is_read_anew(letterhead_folder: Path) -> None:
    before = letterhead_in(letterhead_folder.parent)
    (letterhead_folder / "logo.png").write_bytes(png())

    assert before.logo is None
    assert letterhead_in(letterhead_folder.parent).logo == png()


def test_a_folder_in_place_of_the_logo_is_named(letterhead_folder: Path) -> None:
    (letterhead_folder / "logo.png").mkdir()

    assert "directory" in letterhead_in(letterhead_folder.parent).problems[0]
