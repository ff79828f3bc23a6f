"""What becomes of a slip when the printer misbehaves: never a false `printed`."""

from dataclasses import replace
from typing import Any

import pytest

from printer.address import TcpAddress
from printer.conversation import known
from printer.delivery import REASONS, Delivery, ask_status, deliver
from printer.emulator import PrinterEmulator
from printer.link import Deadlines
from printer.paper import PAPER_80
from printer.slip import render_slip
from printer.status import PrinterStatus
from tests.printer.conftest import MakeSlip
from tests.printer.odd_printers import (
    babbling_printer,
    deaf_printer,
    quitting_printer,
    scripted_printer,
)


@pytest.fixture
def data(make_slip: MakeSlip) -> bytes:
    return render_slip(make_slip(), PAPER_80)


@pytest.fixture
def watchful() -> Deadlines:
    """Look often at a printer that prints, and wait for it longer than the test."""
    return Deadlines(look=0.05, finish=600, late=1.0)


def break_it(printer: PrinterEmulator, **faults: Any) -> None:
    for name, value in faults.items():
        setattr(printer.faults, name, value)


def blind(printer: PrinterEmulator) -> TcpAddress:
    return replace(printer.address, reports_status=False)


async def test_prints(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert delivery == Delivery(state="printed", status=PrinterStatus())
    assert [slip.data for slip in printer.slips] == [data]


async def test_prints_on_a_roll_near_its_end_and_says_so(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, near_end=True)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert delivery == Delivery(state="printed", status=PrinterStatus(near_end=True))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_end": True}, "paper-end"),
        ({"cover_open": True}, "cover-open"),
        ({"offline": True}, "offline"),
        ({"cutter_error": True}, "cutter"),
        ({"silent": True}, "no-answer"),
        ({"garbage": True}, "garbled"),
        ({"stray_with_reply": True}, "garbled"),
        ({"seconds_per_reply": 1.0}, "no-answer"),
        ({"refuse": True}, "connection-lost"),
    ],
    ids=str,
)
async def test_sends_nothing_to_a_printer_that_is_not_well(
    printer: PrinterEmulator,
    data: bytes,
    deadlines: Deadlines,
    fault: dict[str, Any],
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("failed", reason)
    assert reason in REASONS
    assert delivery.nothing_printed
    assert printer.slips == ()


async def test_frees_a_stuck_knife_before_the_next_slip(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, cutter_jams=True, cutter_stays=False)

    jammed = await deliver(data, printer.address, deadlines=deadlines)
    after = await deliver(data, printer.address, deadlines=deadlines)

    assert (jammed.state, jammed.reason) == ("unknown", "cutter")
    assert after == Delivery(state="printed", status=PrinterStatus())
    assert [slip.whole for slip in printer.slips].count(True) == 1


@pytest.mark.parametrize("fault", ["cover_open", "paper_end"])
async def test_does_not_move_the_knife_of_a_printer_somebody_works_at(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines, fault: str
) -> None:
    break_it(printer, cutter_error=True, cutter_stays=False, **{fault: True})

    await deliver(data, printer.address, deadlines=deadlines)

    assert printer.faults.cutter_error


async def test_asking_how_a_printer_is_does_not_move_its_knife(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    break_it(printer, cutter_error=True, cutter_stays=False)

    status = await ask_status(printer.address, deadlines=deadlines)

    assert status.problem == "cutter"
    assert printer.faults.cutter_error


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"dies_after": 300}, "connection-lost"),
        ({"close_after": 300}, "connection-lost"),
        ({"paper_ends_after": 300}, "paper-end"),
        ({"cutter_jams": True}, "cutter"),
    ],
    ids=str,
)
async def test_leaves_to_a_person_what_may_have_come_out(
    printer: PrinterEmulator,
    data: bytes,
    deadlines: Deadlines,
    fault: dict[str, Any],
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", reason)
    assert reason in REASONS
    assert not delivery.nothing_printed
    assert not any(slip.whole for slip in printer.slips)


async def test_waits_for_the_paper_and_not_only_for_a_good_word(
    printer: PrinterEmulator, data: bytes
) -> None:
    """DLE EOT overtakes the slip: at first all is well, then the roll ends."""
    break_it(printer, seconds_per_kib=0.3, paper_ends_after=len(data) // 2)
    patient = Deadlines(finish=1.0)

    delivery = await deliver(data, printer.address, deadlines=patient)

    assert (delivery.state, delivery.reason) == ("unknown", "paper-end")


async def test_a_printer_that_could_tell_and_does_not_has_not_printed(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    """Slow paper that ends after every deadline: silence is no proof."""
    break_it(printer, seconds_per_kib=3.0, paper_ends_after=len(data) - 50)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "no-answer")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_ends_after": 1}, "paper-end"),
        ({"paper_ends_after": 300}, "paper-end"),
        ({"cover_opens_after": 300}, "cover-open"),
        ({"cutter_jams": True}, "cutter"),
    ],
    ids=str,
)
async def test_does_not_wait_for_a_printer_that_says_it_has_stopped(
    printer: PrinterEmulator,
    data: bytes,
    watchful: Deadlines,
    fault: dict[str, Any],
    reason: str,
) -> None:
    break_it(printer, **fault)

    delivery = await deliver(data, printer.address, deadlines=watchful)

    assert (delivery.state, delivery.reason) == ("unknown", reason)
    assert delivery.status is not None
    assert delivery.status.problem == reason
    assert not delivery.nothing_printed


@pytest.mark.parametrize("speed", [0.0, 0.4, 1.5])
async def test_the_rest_of_an_earlier_slip_is_not_taken_for_this_one(
    printer: PrinterEmulator, make_slip: MakeSlip, watchful: Deadlines, speed: float
) -> None:
    first = await left_in_the_middle(slip(make_slip, "A-001"), printer, watchful)
    assert (first.state, first.reason) == ("unknown", "cover-open")
    break_it(printer, seconds_per_kib=speed, seconds_per_reply=0.05)

    second = await delivered_at_last(slip(make_slip, "A-002"), printer, watchful)

    assert second.state == "printed"
    assert [(each.headline, each.whole) for each in printer.slips] == [
        ("A-001", True),
        ("A-002", True),
    ]


async def test_the_rest_of_an_earlier_slip_does_not_hide_the_papers_end(
    printer: PrinterEmulator, make_slip: MakeSlip, watchful: Deadlines
) -> None:
    await left_in_the_middle(slip(make_slip, "A-001"), printer, watchful)
    break_it(printer, paper_ends_after=900, seconds_per_kib=0.4, seconds_per_reply=0.05)

    second = await delivered_at_last(slip(make_slip, "A-002"), printer, watchful)

    assert (second.state, second.reason) == ("unknown", "paper-end")
    assert [each.headline for each in printer.slips if each.whole] == ["A-001"]


async def test_a_picture_that_was_cut_off_takes_nothing_of_the_next_slip(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, keeps_buffer=True)
    picture = b"\x1dv0\x00" + bytes((72, 0, 100, 0)) + bytes(1000)  # of 7,200
    broken = await deliver(picture, printer.address, deadlines=deadlines)
    assert (broken.state, broken.reason) == ("unknown", "no-answer")

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[-1].headline == "A-012"


async def test_a_printer_that_could_tell_is_never_believed_blindly(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    await deliver(data, printer.address, deadlines=deadlines)
    break_it(printer, knows_turn=False)

    for _ in range(3):
        delivery = await deliver(data, printer.address, deadlines=deadlines)
        assert (delivery.state, delivery.reason) == ("failed", "no-answer")
        assert delivery.nothing_printed

    assert len(printer.slips) == 1


async def test_a_printer_that_was_away_may_be_another_model(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    await deliver(data, printer.address, deadlines=deadlines)
    assert known[printer.address].tells
    nobody = replace(printer.address, port=1)
    known[nobody].tells = True

    await ask_status(nobody, deadlines=deadlines)

    assert known[nobody].tells is None
    assert known[printer.address].tells


async def left_in_the_middle(
    data: bytes, printer: PrinterEmulator, deadlines: Deadlines
) -> Delivery:
    """Open the cover in the middle of a slip; once shut, its rest is printed."""
    break_it(printer, cover_opens_after=300, keeps_buffer=True)
    delivery = await deliver(data, printer.address, deadlines=deadlines)
    await ask_status(printer.address, deadlines=deadlines)
    await printer.until_alone()
    break_it(printer, cover_open=False)
    return delivery


async def delivered_at_last(
    data: bytes, printer: PrinterEmulator, deadlines: Deadlines
) -> Delivery:
    """Bring a slip as a dispatcher would: again where nothing can have come out."""
    for _ in range(5):
        delivery = await deliver(data, printer.address, deadlines=deadlines)
        if not delivery.nothing_printed:
            break
    return delivery


def slip(make_slip: MakeSlip, number: str) -> bytes:
    return render_slip(make_slip(number=number), PAPER_80)


async def test_waits_for_a_slow_printer_that_is_well(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines
) -> None:
    break_it(printer, seconds_per_kib=0.6)

    delivery = await deliver(data, printer.address, deadlines=watchful)

    assert delivery == Delivery(state="printed", status=PrinterStatus())


@pytest.mark.parametrize("habit", ["deaf_while_printing", "status_in_turn"])
async def test_waits_for_a_printer_that_tells_nothing_while_it_prints(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines, habit: str
) -> None:
    """Its silence ends nothing; what it says late is not taken for a later answer."""
    break_it(printer, seconds_per_kib=0.6, **{habit: True})

    delivery = await deliver(data, printer.address, deadlines=watchful)

    assert delivery == Delivery(state="printed", status=PrinterStatus())
    assert printer.slips[0].whole


@pytest.mark.parametrize("habit", ["deaf_while_printing", "status_in_turn"])
async def test_finds_what_such_a_printer_has_to_say_when_it_is_done(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines, habit: str
) -> None:
    hasty = replace(watchful, finish=2.0)
    opens = len(data) - 50
    break_it(printer, seconds_per_kib=0.6, cover_opens_after=opens, **{habit: True})

    delivery = await deliver(data, printer.address, deadlines=hasty)

    assert (delivery.state, delivery.reason) == ("unknown", "cover-open")


async def test_nonsense_while_a_slip_prints_is_a_doubt(
    printer: PrinterEmulator, data: bytes, watchful: Deadlines
) -> None:
    ready, done, automatic = b"\x12", b"\x00", b"\x10\x00\x00\x0f"

    async with scripted_printer([*[ready] * 4, done, b"", automatic]) as address:
        delivery = await deliver(data, address, deadlines=watchful)

    assert (delivery.state, delivery.reason) == ("unknown", "garbled")


async def test_believes_the_status_of_a_clone_that_cannot_say_when_it_is_done(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, knows_turn=False)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[0].whole


async def test_waits_longer_for_a_long_slip_of_such_a_clone(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, knows_turn=False, seconds_per_kib=0.6)
    patient = replace(deadlines, pace=len(data))  # one second more

    delivery = await deliver(data, printer.address, deadlines=patient)

    assert delivery.state == "printed"
    assert printer.slips[0].whole


async def test_throws_away_status_nobody_asked_for(
    printer: PrinterEmulator, data: bytes
) -> None:
    """A busy machine may bring it late: short deadlines would call that a doubt."""
    break_it(printer, stray_on_connect=True)

    delivery = await deliver(data, printer.address, deadlines=Deadlines(quiet=0.2))

    assert delivery.state == "printed"


async def test_never_takes_a_late_reply_for_the_answer_to_the_next_job(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, seconds_per_reply=0.5)
    late = await deliver(data, printer.address, deadlines=deadlines)
    break_it(printer, seconds_per_reply=0.0, cover_open=True)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert late.reason == "no-answer"
    assert delivery.reason == "cover-open"


async def test_says_sent_and_no_more_of_a_printer_that_cannot_tell(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, silent=True)

    delivery = await deliver(data, blind(printer), deadlines=deadlines)

    assert delivery == Delivery(state="sent")
    assert (await printer.wait_for_slip()).data == data


async def test_says_unreachable_where_nothing_listens(
    data: bytes, deadlines: Deadlines
) -> None:
    async with PrinterEmulator() as gone:
        address = gone.address

    delivery = await deliver(data, address, deadlines=deadlines)
    status = await ask_status(address, deadlines=deadlines)

    assert delivery == Delivery(
        state="failed", reason="unreachable", nothing_printed=True
    )
    assert status == PrinterStatus(doubt="unreachable")


@pytest.mark.parametrize("host", ["printer..lobi", "a" * 70])
async def test_says_unreachable_of_a_name_that_cannot_be(
    data: bytes, deadlines: Deadlines, host: str
) -> None:
    delivery = await deliver(data, TcpAddress(host), deadlines=deadlines)

    assert delivery.reason == "unreachable"


async def test_serves_the_next_visitor_after_a_fault(
    printer: PrinterEmulator, data: bytes, deadlines: Deadlines
) -> None:
    break_it(printer, dies_after=300)
    await deliver(data, printer.address, deadlines=deadlines)
    break_it(printer, dies_after=None)

    delivery = await deliver(data, printer.address, deadlines=deadlines)

    assert delivery.state == "printed"
    assert printer.slips[-1].data == data


async def test_asks_how_a_printer_is_without_printing(
    printer: PrinterEmulator, deadlines: Deadlines
) -> None:
    break_it(printer, paper_end=True)

    status = await ask_status(printer.address, deadlines=deadlines)

    assert status == PrinterStatus(offline=True, paper_end=True, near_end=True)
    assert printer.slips == ()


async def test_gives_up_on_a_printer_that_takes_no_more_bytes(
    deadlines: Deadlines,
) -> None:
    megabytes = bytes(64 << 20)  # more than the kernel's buffers hold

    async with deaf_printer(questions=4) as address:
        delivery = await deliver(megabytes, address, deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "stalled")


@pytest.mark.parametrize(
    ("reports_status", "questions"), [(True, 4), (False, 0)], ids=["asked", "blind"]
)
async def test_notices_that_the_printer_hung_up_while_it_was_sent(
    reports_status: bool, questions: int, deadlines: Deadlines
) -> None:
    megabytes = bytes(64 << 20)

    async with quitting_printer(questions) as address:
        address = replace(address, reports_status=reports_status)
        delivery = await deliver(megabytes, address, deadlines=deadlines)

    assert (delivery.state, delivery.reason) == ("unknown", "connection-lost")


@pytest.mark.parametrize(
    ("script", "state", "reason"),
    [
        ([b"\x12", b"\x12", b"\x12", b"\x12\x12"], "failed", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\xff"], "failed", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\xff"],
         "unknown", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\x00\x00"],
         "unknown", "garbled"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\x00", b"\x12"],
         "unknown", "no-answer"),
        ([b"\x12", b"\x12", b"\x12", b"\x12", b"\x00", b"\x00", b"\x12", None],
         "unknown", "connection-lost"),
    ],
    ids=str,
)  # fmt: skip
async def test_takes_only_one_fitting_reply_to_each_question(
    script: list[bytes | None],
    state: str,
    reason: str,
    data: bytes,
    deadlines: Deadlines,
) -> None:
    async with scripted_printer(script) as address:
        delivery = await deliver(data, address, deadlines=deadlines)

    assert (delivery.state, delivery.reason) == (state, reason)


async def test_finds_a_reply_too_many_that_comes_after_the_last(
    data: bytes, deadlines: Deadlines
) -> None:
    """Five replies to four questions: nobody can tell which is which."""
    patient = replace(deadlines, quiet=0.1)

    async with scripted_printer([b"\x12"] * 4, b"\x12") as address:
        delivery = await deliver(data, address, deadlines=patient)

    assert (delivery.state, delivery.reason) == ("failed", "garbled")


async def test_gives_up_on_a_line_that_never_falls_silent(
    data: bytes, deadlines: Deadlines
) -> None:
    async with babbling_printer() as address:
        delivery = await deliver(data, address, deadlines=replace(deadlines, quiet=0.2))

    assert (delivery.state, delivery.reason) == ("failed", "garbled")


async def test_a_blind_job_that_breaks_off_is_not_called_sent(
    deadlines: Deadlines,
) -> None:
    megabytes = bytes(64 << 20)

    async with deaf_printer(questions=0) as address:
        delivery = await deliver(
            megabytes, replace(address, reports_status=False), deadlines=deadlines
        )

    assert (delivery.state, delivery.reason) == ("unknown", "stalled")
