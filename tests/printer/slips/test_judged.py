"""Our bytes before a judge who shares no code with us: emupos, read by zbarimg."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator.picture import CUT_FEED, MARGIN
from printer.slips.paper import DOTS_PER_MM, PAPERS
from printer.slips.preview import preview
from printer.slips.sheet import TEAR_BAR_MM
from printer.slips.slip import Slip, render_slip
from tests.printer.conftest import PLAIN_SLIP
from tests.printer.slips.judge import EMUPOS, ZBAR, Judge, Verdict
from tests.printer.slips.test_hostile_texts import ATTACKS, LISTS, TEXTS
from tests.printer.slips.test_logo import png

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        EMUPOS is None,
        reason="emupos needs a Python 3.13 of its own (requirements-judge.txt)",
    ),
]
needs_zbar = pytest.mark.skipif(ZBAR is None, reason="zbarimg is not installed")

CLONE = replace(PAPERS["80mm-plain"], code_pages=(("CP437", 0),))
JUDGED = {**PAPERS, "clone": CLONE}
PROFILES = {
    **{
        name: "epson-tm-t20iii" if paper.width == 576 else "./small.yaml"
        for name, paper in PAPERS.items()
    },
    "clone": "xprinter-xp80t",  # has CP437 alone
    "spare": "epson-tm-t20iii",
    "hostile": "rongta-rp326",
    "small-hostile": "./small.yaml",
}
EVERY_PAPER = pytest.mark.parametrize("name", JUDGED)

SLIP = replace(
    PLAIN_SLIP,
    agency="Café Łódź “Ñandú” ½ ß",
    head=("Jl. Contoh 1, Jambi",),
    documents_label="Dokumen yang dibawa",
    documents=("KTP asli", "Kartu Keluarga"),
    agency_lines=("Fotokopi di lantai 1",),
    copy_label="SALINAN",
    logo=png(Image.linear_gradient("L").resize((300, 120))),
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    judge = Judge(tmp_path_factory.mktemp("emupos"), PROFILES)
    with judge.sitting():
        yield judge


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {}


@pytest.fixture
async def verdict(name: str, judge: Judge, verdicts: dict[str, Verdict]) -> Verdict:
    if name not in verdicts:
        data = render_slip(SLIP, JUDGED[name])
        ended = await deliver(data, DrivenPrinter(judge.address(name)))
        assert (ended.state, ended.reason) == ("printed", None)
        verdicts[name] = judge.verdict(name)
    return verdicts[name]


@EVERY_PAPER
async def test_reads_every_word(name: str, verdict: Verdict) -> None:
    words = " ".join(verdict.text.split())
    for text in (
        SLIP.site, *SLIP.services, SLIP.number, SLIP.issued_at, SLIP.ahead, SLIP.where,
        SLIP.people, SLIP.qr_label, *SLIP.head, SLIP.documents_label, "- KTP asli",
        *SLIP.agency_lines, *SLIP.footer, SLIP.copy_label,
    ):  # fmt: skip
        assert text is not None
        assert text in words


@EVERY_PAPER
async def test_reads_the_letters_of_every_code_page(
    name: str, verdict: Verdict
) -> None:
    agency = 'Café Lódz "Ñandú" ½ ß' if name == "clone" else SLIP.agency

    assert agency in " ".join(verdict.text.split())


@needs_zbar
@EVERY_PAPER
async def test_the_qr_code_leads_to_the_ticket(name: str, verdict: Verdict) -> None:
    assert verdict.symbols == [SLIP.qr_url]
    assert (f"[qr {SLIP.qr_url}]" in verdict.text) is JUDGED[name].native_qr


@EVERY_PAPER
async def test_cuts_where_there_is_a_knife(name: str, verdict: Verdict) -> None:
    assert verdict.has_cut is (JUDGED[name].cutter != "none")


@EVERY_PAPER
async def test_is_as_wide_as_the_paper_and_as_long_as_the_preview(
    name: str, verdict: Verdict
) -> None:
    paper = JUDGED[name]
    seen = preview(render_slip(SLIP, paper), paper)
    with Image.open(io.BytesIO(seen.png)) as drawn:
        end = CUT_FEED if paper.cutter != "none" else TEAR_BAR_MM * DOTS_PER_MM
        ours = drawn.height - 2 * MARGIN - end

    assert verdict.width == paper.width
    assert abs(ours - verdict.height) <= 40  # 5 mm: it trims blank ends


@EVERY_PAPER
async def test_understands_every_byte(
    name: str, judge: Judge, verdict: Verdict
) -> None:
    assert judge.complaints == []


@needs_zbar
@pytest.mark.parametrize("name", ["hostile", "small-hostile"])
async def test_no_attack_gives_a_second_slip_or_a_command(
    judge: Judge, name: str
) -> None:
    paper = PAPERS["80mm" if name == "hostile" else "58mm-cutter"]
    driven = DrivenPrinter(judge.address(name))
    for number, attack in enumerate(ATTACKS, start=1):
        text = f"Akta{attack} Kelahiran"
        fields: dict[str, Any] = {
            **dict.fromkeys(TEXTS, text),
            **dict.fromkeys(LISTS, (text,)),
            "qr_url": f"http://a.id/{attack[:30]}",
        }
        slip = Slip(**fields)
        ended = await deliver(render_slip(slip, paper), driven)
        assert ended.state == "printed"
        assert judge.verdict(name, number).has_cut

    assert judge.count(name) == len(ATTACKS)
    assert judge.complaints == []


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("paper-out", ("failed", "paper-end")),
        ("cover-open", ("failed", "cover-open")),
        ("offline", ("failed", "offline")),
        ("paper-near-end", ("printed", None)),
    ],
)
async def test_its_faults_are_told_and_the_next_slip_comes(
    judge: Judge, fault: str, end: tuple[str, str | None]
) -> None:
    data = render_slip(SLIP, PAPERS["80mm"])
    before = judge.count("spare")

    judge.set_fault("spare", fault, on=True)
    driven = DrivenPrinter(judge.address("spare"))
    broken = await deliver(data, driven)
    judge.set_fault("spare", fault, on=False)
    mended = await deliver(data, driven)

    assert (broken.state, broken.reason) == end
    assert broken.status is not None
    assert broken.status.near_end is (fault in ("paper-near-end", "paper-out"))
    assert mended.state == "printed"
    judge.verdict("spare", before + 1 + (end[0] == "printed"))
    assert judge.count("spare") == before + 1 + (end[0] == "printed")
