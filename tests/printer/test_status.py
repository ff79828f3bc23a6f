import pytest

from printer.status import PrinterStatus, decode_status

GOOD = (0x12, 0x12, 0x12, 0x12)


@pytest.mark.parametrize(
    ("replies", "status", "problem"),
    [
        (GOOD, PrinterStatus(), None),
        ((0x16, 0x12, 0x12, 0x12), PrinterStatus(), None),  # drawer pin
        ((0x1A, 0x12, 0x12, 0x12), PrinterStatus(offline=True), "offline"),
        ((0x1A, 0x16, 0x12, 0x12),
         PrinterStatus(offline=True, cover_open=True), "cover-open"),
        ((0x1A, 0x32, 0x12, 0x12),
         PrinterStatus(offline=True, paper_end=True), "paper-end"),
        ((0x1A, 0x32, 0x12, 0x7E),
         PrinterStatus(offline=True, paper_end=True, near_end=True), "paper-end"),
        ((0x12, 0x12, 0x12, 0x1E), PrinterStatus(near_end=True), None),
        ((0x1A, 0x52, 0x1A, 0x12),
         PrinterStatus(offline=True, error=True, cutter_error=True), "cutter"),
        ((0x1A, 0x52, 0x32, 0x12), PrinterStatus(offline=True, error=True), "error"),
        ((0x12, 0x12, 0x52, 0x12), PrinterStatus(error=True), "error"),
        ((0x1A, 0x36, 0x12, 0x7E),
         PrinterStatus(offline=True, cover_open=True, paper_end=True, near_end=True),
         "cover-open"),
    ],
)  # fmt: skip
def test_reads_the_four_replies(
    replies: tuple[int, ...], status: PrinterStatus, problem: str | None
) -> None:
    assert decode_status(replies) == status
    assert status.problem == problem


@pytest.mark.parametrize("index", range(4))
@pytest.mark.parametrize("noise", [0x00, 0x10, 0x11, 0x13, 0x02, 0x92, 0xFF, 0x0F])
def test_knows_nothing_when_a_reply_is_no_status(index: int, noise: int) -> None:
    replies = [*GOOD]
    replies[index] = noise

    status = decode_status(replies)

    assert status == PrinterStatus(doubt="garbled")
    assert status.problem == "garbled"


@pytest.mark.parametrize("replies", [(), GOOD[:3], (*GOOD, 0x12)])
def test_knows_nothing_from_too_few_or_too_many(replies: tuple[int, ...]) -> None:
    assert decode_status(replies).doubt == "garbled"
