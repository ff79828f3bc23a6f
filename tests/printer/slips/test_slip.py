from dataclasses import replace

import pytest
from qrcode import QRCode  # type: ignore[import-untyped]
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

from printer.emulator.items import Cut, Feed, QrCode, Raster, Style, TextLine
from printer.emulator.reader import read_content
from printer.slips.escpos_library import Dummy, Encoder
from printer.slips.paper import PAPER_58, PAPER_80, Paper
from printer.slips.sheet import Sheet
from printer.slips.slip import Slip, render_slip
from tests.printer.conftest import MakeSlip

BOTH = pytest.mark.parametrize("paper", [PAPER_80, PAPER_58], ids=["80mm", "58mm"])


def lines_of(slip: Slip, paper: Paper = PAPER_80) -> list[TextLine]:
    items = read_content(render_slip(slip, paper)).items
    return [item for item in items if isinstance(item, TextLine)]


def words_on(slip: Slip, paper: Paper = PAPER_80) -> str:
    return " ".join(" ".join(line.text for line in lines_of(slip, paper)).split())


def style_of(slip: Slip, text: str, paper: Paper = PAPER_80) -> Style:
    return next(
        line.runs[0].style for line in lines_of(slip, paper) if text in line.text
    )


@BOTH
def test_says_everything_the_caller_gave(make_slip: MakeSlip, paper: Paper) -> None:
    slip = make_slip(copy_label="SALINAN", sample_label="data contoh")

    words = words_on(slip, paper)

    for text in (
        slip.copy_label, slip.sample_label, slip.site, slip.agency, *slip.services,
        slip.number_label, slip.number, slip.issued_at, slip.ahead, slip.people,
        slip.where, slip.qr_label, *slip.footer,
    ):  # fmt: skip
        assert text is not None
        assert text in words


def test_leaves_out_what_is_not_there(make_slip: MakeSlip) -> None:
    slip = make_slip(people=None, footer=(), qr_url="", number_label="", qr_label="x")

    assert [line.text for line in lines_of(slip)] == [
        slip.site, slip.agency, *slip.services, slip.number, slip.ahead, slip.where,
        slip.issued_at,
    ]  # fmt: skip
    items = read_content(render_slip(slip, PAPER_80)).items
    assert not [item for item in items if isinstance(item, QrCode)]


@BOTH
@pytest.mark.parametrize("number", ["A-012", "AB-1000", "B-001"])
def test_prints_the_number_at_least_20_mm_high_and_in_one_line(
    make_slip: MakeSlip, paper: Paper, number: str
) -> None:
    slip = make_slip(number=number)
    style = style_of(slip, number, paper)

    assert style.height * 24 >= 160
    assert len(number) * style.width * 12 <= paper.width
    assert len(number) * (style.width + 1) * 12 > paper.width or style.width == 8


@BOTH
def test_never_prints_a_line_wider_than_the_paper(
    make_slip: MakeSlip, paper: Paper
) -> None:
    slip = make_slip(
        agency="Badan Pengelola Pajak dan Retribusi Daerah Kota Jambi, Bidang Pajak",
        services=("Pelayanan" * 12, "Surat keterangan tidak sengketa tanah warisan"),
        number="ABCDEFGHIJKLMNOPQRSTUVWXYZ-123456789",
        copy_label="SALINAN " * 20,
    )

    for line in lines_of(slip, paper):
        assert sum(len(r.text) * r.style.width * 12 for r in line.runs) <= paper.width


def test_breaks_a_long_name_into_lines_of_about_the_same_length(
    make_slip: MakeSlip,
) -> None:
    slip = make_slip(qr_label="Pindai untuk melihat giliran Anda")

    texts = [line.text for line in lines_of(slip, PAPER_58)]

    assert "Pindai untuk melihat" in texts
    assert "giliran Anda" in texts


def test_numbers_the_services_of_a_visit_in_their_order(make_slip: MakeSlip) -> None:
    slip = make_slip(services=("Akta Kelahiran", "Kartu Keluarga"))

    texts = [line.text for line in lines_of(slip)]

    assert texts[2:4] == ["1. Akta Kelahiran", "2. Kartu Keluarga"]


def test_has_the_printer_draw_the_qr_code_where_it_can(make_slip: MakeSlip) -> None:
    slip = make_slip()

    items = read_content(render_slip(slip, PAPER_80)).items

    codes = [item for item in items if isinstance(item, QrCode)]
    assert [code.content for code in codes] == [slip.qr_url]
    assert codes[0].style.align == 1


def test_sends_the_qr_code_as_a_picture_where_it_cannot(make_slip: MakeSlip) -> None:
    items = read_content(render_slip(make_slip(), PAPER_58)).items

    largest = max(
        (i for i in items if isinstance(i, Raster)), key=lambda raster: len(raster.rows)
    )
    assert not [item for item in items if isinstance(item, QrCode)]
    assert len(largest.rows) // largest.across >= 200
    assert largest.across * 8 <= PAPER_58.width


@pytest.mark.parametrize("length", [20, 50, 61, 62, 63, 200, 400])
@BOTH
def test_makes_the_qr_code_at_least_25_mm_and_no_wider_than_the_paper(
    make_slip: MakeSlip, paper: Paper, length: int
) -> None:
    slip = make_slip(qr_url="http://a.id/t/".ljust(length, "x"))
    items = read_content(render_slip(slip, replace(paper, native_qr=True))).items
    code = next(item for item in items if isinstance(item, QrCode))

    modules = _modules_at_level_m(length)

    assert 200 <= modules * code.style.qr_module <= paper.width
    assert code.style.qr_level == 49


def _modules_at_level_m(length: int) -> int:
    """Take the size from the standard by way of the qrcode package."""
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data("http://a.id/t/".ljust(length, "x"), optimize=0)
    code.make()
    return int(code.modules_count)


@pytest.mark.parametrize(
    ("cutter", "end"), [("partial", b"\x1dVB\x00"), ("full", b"\x1dVA\x00")]
)
def test_cuts_at_the_very_end(make_slip: MakeSlip, cutter: str, end: bytes) -> None:
    paper = replace(PAPER_80, cutter=cutter)  # type: ignore[arg-type]

    data = render_slip(make_slip(), paper)

    assert data.endswith(end)
    cuts = [i for i in read_content(data).items if isinstance(i, Cut)]
    assert cuts == [Cut(partial=cutter == "partial")]


def test_feeds_past_the_tear_bar_without_a_cutter(make_slip: MakeSlip) -> None:
    items = read_content(render_slip(make_slip(), PAPER_58)).items

    assert items[-1] == Feed(160)
    assert not [item for item in items if isinstance(item, Cut)]


@BOTH
def test_uses_no_command_a_printer_need_not_know(
    make_slip: MakeSlip, paper: Paper
) -> None:
    assert read_content(render_slip(make_slip(), paper)).unknown == []


def test_begins_with_a_reset_so_that_no_earlier_job_shines_through(
    make_slip: MakeSlip,
) -> None:
    data = render_slip(make_slip(), PAPER_80)
    left_behind = Style(align=2, inverse=True, width=4, code_page=17)

    assert data.startswith(b"\x1b@")
    assert read_content(data, left_behind).items == read_content(data).items


def test_gives_the_same_bytes_for_the_same_slip(make_slip: MakeSlip) -> None:
    slip = make_slip(agency="Café Łódź")

    assert render_slip(slip, PAPER_80) == render_slip(slip, PAPER_80)


def test_prints_accents_from_the_code_pages(make_slip: MakeSlip) -> None:
    assert "Café Łódź" in words_on(make_slip(agency="Café Łódź"))


def test_prints_an_accent_that_was_typed_apart(make_slip: MakeSlip) -> None:
    assert "Café" in words_on(make_slip(agency="Cafe\u0301", footer=("Cafe\u0301",)))


def test_spells_plainly_what_no_code_page_has(make_slip: MakeSlip) -> None:
    paper = replace(PAPER_80, code_pages=(("CP437", 0),))

    words = words_on(make_slip(agency="\u201cŁódź\u201d \u2013 Ça va\u2026"), paper)

    assert '"Lódz" - Ça va...' in words


def test_draws_another_script_as_a_picture_instead_of_question_marks(
    make_slip: MakeSlip,
) -> None:
    slip = make_slip(agency="تجربة")

    items = read_content(render_slip(slip, PAPER_80)).items

    assert "?" not in words_on(slip)
    pictures = [
        i for i in items if isinstance(i, Raster) and len(i.rows) > i.across * 3
    ]
    assert len(pictures) == 1
    assert any(pictures[0].rows)


def test_squeezes_a_picture_of_text_into_the_paper(make_slip: MakeSlip) -> None:
    slip = make_slip(number="日" * 32)

    for item in read_content(render_slip(slip, PAPER_58)).items:
        if isinstance(item, Raster):
            assert item.across * 8 <= PAPER_58.width


def test_rounds_the_number_only_where_the_printer_can(make_slip: MakeSlip) -> None:
    rough = replace(PAPER_80, smooth=False)

    assert style_of(make_slip(), "A-012").smooth
    assert not style_of(make_slip(), "Simpan").smooth
    assert not style_of(make_slip(), "A-012", rough).smooth


def test_leaves_the_chinese_mode_of_clones_that_start_in_it(
    make_slip: MakeSlip,
) -> None:
    assert render_slip(make_slip(), PAPER_58).startswith(b"\x1b@\x1c.")
    assert b"\x1c." not in render_slip(make_slip(), PAPER_80)


def test_comes_from_python_escpos(
    make_slip: MakeSlip, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[bytes] = []
    monkeypatch.setattr(Dummy, "_raw", lambda _, part: parts.append(part))
    monkeypatch.setattr(Dummy, "output", property(lambda _: b"".join(parts)))

    data = render_slip(make_slip(), PAPER_80)

    assert data == b"".join(parts)
    assert b"A-012\n" in parts


@BOTH
def test_lists_documents_from_the_left_edge_with_hanging_lines(
    make_slip: MakeSlip, paper: Paper
) -> None:
    slip = make_slip(
        documents_label="Dokumen yang dibawa",
        documents=("KTP asli", "Surat keterangan lahir dari rumah sakit " * 2),
        agency_lines=("Fotokopi di lantai 1",),
    )

    lines = lines_of(slip, paper)
    texts = [line.text for line in lines]
    first = texts.index("- KTP asli")

    assert texts[first - 1] == "Dokumen yang dibawa"
    assert texts[first + 1].startswith("- Surat")
    assert texts[first + 2].startswith("  ")
    assert lines[first].runs[0].style.align == 0
    assert style_of(slip, "Fotokopi", paper).align == 1


def test_says_so_when_a_list_of_documents_is_cut_short(make_slip: MakeSlip) -> None:
    documents = tuple(f"berkas {n}" for n in range(30))

    texts = [line.text for line in lines_of(make_slip(documents=documents))]

    assert [text for text in texts if text.startswith("- ")][-2:] == [
        "- berkas 11",
        "- ...",
    ]


def test_a_name_gone_wrong_costs_a_few_lines_only(make_slip: MakeSlip) -> None:
    lines = lines_of(make_slip(agency="Dinas " * 2000))

    assert len(lines) < 20
    assert any(line.text.endswith("...") for line in lines)


@BOTH
def test_leaves_out_a_qr_code_nobody_could_read(
    make_slip: MakeSlip, paper: Paper
) -> None:
    long, longer = ("http://a.id/" + "x" * (size - 12) for size in (666, 667))

    assert len(render_slip(make_slip(qr_url=long), paper)) > len(
        render_slip(make_slip(qr_url=longer), paper)
    )
    assert "A-012" in words_on(make_slip(qr_url=longer), paper)


def test_draws_a_badge_in_another_script_white_on_black(make_slip: MakeSlip) -> None:
    slip = make_slip(copy_label="نسخة")

    pictures = [
        item
        for item in read_content(render_slip(slip, PAPER_80)).items
        if isinstance(item, Raster) and len(item.rows) // item.across == 24
    ]

    assert len(pictures) == 1
    black = sum(byte.bit_count() for byte in pictures[0].rows)
    assert black > len(pictures[0].rows) * 8 / 2
    assert "?" not in words_on(slip)


@BOTH
@pytest.mark.parametrize("agency", ["Dinas", "Café €5", "Łódź", "تجربة"])
def test_plain_text_is_the_bytes_that_the_library_makes(
    make_slip: MakeSlip, paper: Paper, agency: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = make_slip(agency=agency, copy_label="SALINAN", sample_label="é")
    data = render_slip(slip, paper)

    monkeypatch.setattr(Sheet, "_text", lambda self, text: self._printer.text(text))

    assert render_slip(slip, paper) == data


def test_a_slip_makes_no_table_of_characters_anew(
    make_slip: MakeSlip, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = make_slip(agency="Café €5")
    data = render_slip(slip, PAPER_80)
    made: list[str] = []
    make = Encoder._get_codepage_char_list

    def noted(name: str) -> object:
        made.append(name)
        return make(name)

    monkeypatch.setattr(Encoder, "_get_codepage_char_list", staticmethod(noted))

    assert render_slip(slip, PAPER_80) == data
    assert made == []
