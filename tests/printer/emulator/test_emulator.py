"""The emulated printer must be trustworthy before it may judge slips."""

import asyncio
import contextlib
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PIL import Image

from printer.delivery import ask_status, deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrintedSlip, PrinterEmulator
from printer.emulator.commands import CommandReader
from printer.emulator.items import Cut, Feed, QrCode, Raster, TextLine
from printer.emulator.mechanism import MAX_SLIP_BYTES
from printer.emulator.reader import read_content
from printer.silence import Deadlines
from printer.slips.paper import PAPER_58, PAPER_80
from printer.slips.slip import render_slip
from tests.printer.conftest import MakeSlip

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
BLACK = 128


def slip_of(data: bytes, width: int = 576) -> PrintedSlip:
    return PrintedSlip(1, NOON, data, width, whole=True)


def picture_of(data: bytes, width: int = 576) -> Image.Image:
    return Image.open(io.BytesIO(slip_of(data, width).png())).convert("L")


def ink_of(data: bytes, width: int = 576) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of everything black."""
    box = picture_of(data, width).point(lambda grey: 255 * (grey < BLACK)).getbbox()
    assert box is not None
    return box


async def test_draws_what_it_received(
    printer: PrinterEmulator, make_slip: MakeSlip, deadlines: Deadlines
) -> None:
    await deliver(
        render_slip(make_slip(), PAPER_80),
        DrivenPrinter(printer.address),
        deadlines=deadlines,
    )

    slip = printer.slips[-1]

    assert slip.id == 1
    assert slip.received_at.tzinfo is UTC
    assert "A-012" in slip.text
    assert slip.qr == make_slip().qr_url
    assert slip.unknown == []
    assert Image.open(io.BytesIO(slip.png())).width > 576


async def test_keeps_only_the_last_slips(
    make_slip: MakeSlip, deadlines: Deadlines
) -> None:
    async with PrinterEmulator(max_slips=2, now=lambda: NOON) as printer:
        driven = DrivenPrinter(printer.address)
        for number in ("A-001", "A-002", "A-003"):
            data = render_slip(make_slip(number=number), PAPER_80)
            await deliver(data, driven, deadlines=deadlines)

        assert [slip.id for slip in printer.slips] == [2, 3]
        assert ["A-003" in slip.text for slip in printer.slips] == [False, True]
        assert printer.slips[0].received_at == NOON


async def test_a_slip_without_a_cut_ends_with_the_connection(
    make_slip: MakeSlip, deadlines: Deadlines
) -> None:
    async with PrinterEmulator(width=384) as printer:
        data = render_slip(make_slip(), PAPER_58)
        await deliver(data, DrivenPrinter(printer.address), deadlines=deadlines)

        slip = await printer.wait_for_slip()

    assert (slip.data, slip.whole) == (data, False)


async def test_serves_one_caller_at_a_time(
    printer: PrinterEmulator, make_slip: MakeSlip, deadlines: Deadlines
) -> None:
    data = render_slip(make_slip(), PAPER_80)
    _, idle = await asyncio.open_connection(printer.address.host, printer.address.port)
    await asyncio.sleep(0)

    driven = DrivenPrinter(printer.address)
    refused = await deliver(data, driven, deadlines=deadlines)
    idle.close()
    served = await deliver(data, driven, deadlines=deadlines)

    assert (refused.reason, served.state) == ("no-answer", "printed")


async def test_hangs_up_on_its_callers_when_it_is_switched_off() -> None:
    async with PrinterEmulator() as printer:
        endpoint = printer.address.host, printer.address.port
        reader, writer = await asyncio.open_connection(*endpoint)
        writer.write(b"\x10\x04\x01")
        assert await reader.read(1) == b"\x12"

    with contextlib.suppress(ConnectionError):  # a reset is as good
        assert await reader.read() == b""
    writer.close()


def test_has_no_address_before_it_runs() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = PrinterEmulator().address


async def test_prints_nothing_while_stopped_but_takes_the_bytes(
    printer: PrinterEmulator, make_slip: MakeSlip, deadlines: Deadlines
) -> None:
    printer.faults.cover_open = True
    blind = replace(printer.address, reports_status=False)
    data = render_slip(make_slip(), PAPER_80)

    delivery = await deliver(data, DrivenPrinter(blind), deadlines=deadlines)
    driven = DrivenPrinter(printer.address)
    await ask_status(driven, deadlines=deadlines)  # in turn: the job is over
    printer.faults.cover_open = False
    await deliver(data, driven, deadlines=deadlines)

    assert delivery.state == "sent"
    assert len(printer.slips) == 1


async def test_tears_off_what_never_ends(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    blind = replace(printer.address, reports_status=False)
    picture = b"\x1dv0\x00\x48\x00\x00\x02" + bytes(0x48 * 0x200)

    await deliver(picture * 30, DrivenPrinter(blind), deadlines=Deadlines())

    await printer.wait_for_slip(2)
    assert [slip.whole for slip in printer.slips] == [False, False]
    assert len(printer.slips[0].data) - MAX_SLIP_BYTES in range(1, len(picture) + 1)


def test_records_what_it_does_not_know_instead_of_skipping_it() -> None:
    content = read_content(
        b"a\x1b\xf9b\x1d(Z\x01\n\x1bt\xfe\x1d!\x0f\x1d!\x9f\x1dkA\x011\x02"
    )

    assert content.unknown == [
        b"\x1b\xf9", b"\x1d(", b"\x01", b"\x1bt\xfe", b"\x1d!\x0f", b"\x1d!\x9f",
        b"\x1dkA\x011", b"\x02",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [b"\x1dv0\x00\x02\x00\x02\x00abcd", b"\x1d(k\x03\x001C\x05",
     b"\x1b*\x21\x01\x00abc", b"\x1b*\x00\x02\x00ab",
     b"\x1bD\x08\x10\x00", b"\x1dVA\x03", b"\x1dV\x01",
     b"\x1dk\x0412\x00", b"\x10\x14\x08abcdefg", b"\x10\x14\x01\x00\x01",
     b"\x1bp\x00\x19\x19"],
)  # fmt: skip
def test_finds_the_end_of_a_command_however_it_is_split(command: bytes) -> None:
    for cut in range(len(command) + 1):
        reader = CommandReader()
        commands = [*reader.feed(command[:cut]), *reader.feed(command[cut:] + b"Z")]
        assert [c.raw for c in commands] == [command, b"Z"]
        assert reader.rest == b""


def test_a_reader_left_in_the_middle_gives_nothing_twice() -> None:
    reader = CommandReader()
    first = next(reader.feed(b"A\nB"))

    assert [first.raw, *(c.raw for c in reader.feed(b"C"))] == [b"A", b"\n", b"BC"]


def test_does_not_wait_for_a_picture_of_gigabytes() -> None:
    content = read_content(b"\x1dv0\x00\xff\xff\xff\xffA\n")

    assert content.unknown[0] == b"\x1dv"
    assert any(isinstance(i, TextLine) and "A" in i.text for i in content.items)


def test_does_not_wait_for_ever_for_the_end_of_a_list() -> None:
    commands = [*CommandReader().feed(b"\x1bD" + b"\x01" * 600)]

    assert commands[0].raw == b"\x1bD"


def test_notes_a_command_that_was_cut_short() -> None:
    assert read_content(b"A\n\x1dv0\x00").unknown == [b"\x1dv0\x00"]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"\x1bt\x00caf\x82\n", ["café"]),
        (b"\x1bt\x10caf\xe9\n", ["café"]),
        (b"\x1bt\x12\x9d\xa2d\xab\n", ["Łódź"]),
        (b"lost\x1b@kept\n", ["kept"]),
        (b"one\x1bJ\x08two\x1dV\x00", ["one", "two"]),
        (b"no end of line", []),
    ],
)
def test_reads_text_in_the_code_page_chosen(data: bytes, texts: list[str]) -> None:
    assert slip_of(data).text == texts


@pytest.mark.parametrize(
    ("data", "item"),
    [
        (b"\x1bJ\x09", Feed(9)),
        (b"\x1bd\x02", Feed(60)),
        (b"\x1b3\x10\x1bd\x02", Feed(32)),
        (b"\x1b3\x10\x1b2\x1bd\x01", Feed(30)),
        (b"\x1di\x1bi", Cut(partial=False)),
        (b"\x1bm", Cut(partial=True)),
        (b"\x1dV\x00", Cut(partial=False)),
    ],
)
def test_feeds_and_cuts(data: bytes, item: Feed | Cut) -> None:
    assert read_content(data).items[-1] == item


def qr(function: bytes, parameters: bytes) -> bytes:
    body = b"1" + function + parameters
    return b"\x1d(k" + len(body).to_bytes(2, "little") + body


def test_stores_a_qr_code_and_prints_it_when_told() -> None:
    stored = (
        qr(b"A", b"2\x00") + qr(b"C", b"\x06") + qr(b"E", b"3") + qr(b"P", b"0hello")
    )

    assert read_content(stored).items == []
    items = read_content(b"text" + stored + qr(b"Q", b"0")).items
    assert isinstance(items[0], TextLine)
    assert isinstance(items[1], QrCode)
    assert items[1].content == "hello"
    assert (items[1].style.qr_module, items[1].style.qr_level) == (6, 51)


@pytest.mark.parametrize(
    "odd",
    [qr(b"Q", b"0"), qr(b"C", b""), qr(b"C", b"\x11"), qr(b"E", b""), qr(b"P", b"0"),
     qr(b"P", b"0" + b"x" * 1300), qr(b"Z", b""), b"\x1d(k\x00\x00",
     b"\x1dv0\x00\x00\x00\x00\x00"],
)  # fmt: skip
def test_draws_no_symbol_or_picture_that_makes_no_sense(odd: bytes) -> None:
    content = read_content(odd)

    assert content.items == []
    assert content.unknown == [odd]


def test_draws_a_picture_dot_for_dot() -> None:
    paper = picture_of(b"\x1dv0\x00\x01\x00\x02\x00\xf0\x0f", 16)

    rows = [[paper.getpixel((24 + x, 24 + y)) for x in range(8)] for y in range(2)]
    assert rows == [[0] * 4 + [255] * 4, [255] * 4 + [0] * 4]


@pytest.mark.parametrize(("mode", "size"), [(0, (8, 1)), (1, (16, 1)), (3, (16, 2))])
def test_stretches_a_picture_as_told(mode: int, size: tuple[int, int]) -> None:
    left, top, right, bottom = ink_of(b"\x1dv0" + bytes((mode, 1, 0, 1, 0, 255)), 64)

    assert (right - left, bottom - top) == size


@pytest.mark.parametrize(
    ("align", "first"), [(0, 24), (1, 24 + 284), (2, 24 + 568), (9, 24 + 568)]
)
def test_places_a_picture_left_in_the_middle_or_right(align: int, first: int) -> None:
    data = b"\x1ba" + bytes((align,)) + b"\x1dv0\x00\x01\x00\x01\x00\xff"

    assert ink_of(data)[0] == first


def test_draws_text_as_large_as_told() -> None:
    small, large = ink_of(b"H\n"), ink_of(b"\x1d!\x77H\n")

    def height(box: tuple[int, int, int, int]) -> int:
        return box[3] - box[1]

    assert height(large) == 8 * height(small)


def test_rounds_large_text_and_only_that() -> None:
    assert picture_of(b"\x1db\x01H\n") == picture_of(b"H\n")
    assert picture_of(b"\x1db\x01\x1d!\x77S\n") != picture_of(b"\x1d!\x77S\n")


@pytest.mark.parametrize(
    "style",
    [b"\x1bE\x01", b"\x1bG\x01", b"\x1b-\x01", b"\x1dB\x01", b"\x1b!\x08", b"\x1b!\x80",
     b"\x1b!\x10", b"\x1b!\x20"],
)  # fmt: skip
def test_shows_each_style(style: bytes) -> None:
    def ink(data: bytes) -> int:
        return picture_of(data).histogram()[0]

    assert ink(style + b"Halo\n") > ink(b"Halo\n")


def test_shows_the_cut() -> None:
    assert picture_of(b"A\n\x1dV\x01").height > picture_of(b"A\n").height


def test_draws_a_qr_code_that_a_reader_would_find() -> None:
    data = qr(b"C", b"\x04") + qr(b"P", b"0hello") + qr(b"Q", b"0")

    left, top, right, bottom = ink_of(data)

    assert (right - left, bottom - top) == (21 * 4, 21 * 4)
    symbol = picture_of(data).crop((left, top, right, bottom))
    corner = [symbol.getpixel((2 + 4 * x, 14)) for x in range(8)]
    assert corner == [0, 255, 0, 0, 0, 255, 0, 255]


def test_draws_no_more_paper_than_a_person_would_look_at() -> None:
    assert picture_of(b"\x1bJ\xff" * 1000, 64).height < 21_000


def test_draws_a_long_blank_slip() -> None:
    items = read_content(b"\n\n").items

    assert [i for i in items if isinstance(i, Raster)] == []
    assert picture_of(b"\n\n").height == 24 + 30 + 30 + 24


@pytest.mark.parametrize(
    ("fault", "replies"),
    [
        ("", "12 12 12 12"),
        ("offline", "1a 12 12 12"),
        ("cover_open", "1a 16 12 12"),
        ("paper_end", "1a 32 12 7e"),
        ("near_end", "12 12 12 1e"),
        ("cutter_error", "1a 52 1a 12"),
    ],
)
async def test_answers_as_the_reference_says(
    printer: PrinterEmulator, fault: str, replies: str
) -> None:
    if fault:
        setattr(printer.faults, fault, True)
    endpoint = printer.address.host, printer.address.port
    reader, writer = await asyncio.open_connection(*endpoint)

    writer.write(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04\x10\x05\x02")
    answer = await reader.readexactly(4)
    writer.close()

    assert answer.hex(" ") == replies
