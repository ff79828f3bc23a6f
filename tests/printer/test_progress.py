"""What a printer says while a slip comes out, and when that ends the wait."""

import pytest

from printer.progress import PrintProgress
from printer.status import PrinterStatus
from printer.transports.channel import LinkFailure

WELL = (0x12, 0x12, 0x12, 0x12)
COVER = (0x1A, 0x16, 0x12, 0x12)
PAPER = (0x1A, 0x32, 0x12, 0x7E)
OUT = 0x00


def poll(progress: PrintProgress, replies: tuple[int, ...]) -> None:
    for number, reply in enumerate(replies, 1):
        assert progress.is_question_due(after_pause=number == 1)
        assert progress.next_question() == number
        assert not progress.is_question_due(after_pause=True)
        progress.take_reply(reply)


def test_a_slip_that_is_out_ends_it() -> None:
    progress = PrintProgress()

    progress.take_reply(OUT)

    assert progress.is_over
    assert progress.is_done
    assert not progress.is_question_due(after_pause=True)


def test_a_look_begins_after_a_pause() -> None:
    progress = PrintProgress()

    assert not progress.is_question_due(after_pause=False)
    assert progress.is_question_due(after_pause=True)


def test_two_looks_in_a_row_that_find_a_problem_end_it_with_the_last_word() -> None:
    progress = PrintProgress()

    poll(progress, COVER)
    assert not progress.is_over
    poll(progress, PAPER)

    assert progress.is_over
    assert not progress.is_done
    assert progress.stopped == PrinterStatus(
        offline=True, paper_end=True, near_end=True
    )


def test_a_problem_that_passes_ends_nothing() -> None:
    progress = PrintProgress()

    for replies in (COVER, WELL, COVER, WELL):
        poll(progress, replies)

    assert not progress.is_over


def test_the_answers_are_told_apart_whichever_comes_first() -> None:
    progress = PrintProgress()
    progress.next_question()

    progress.take_reply(OUT)
    assert progress.is_done
    assert progress.is_question_open
    progress.take_reply(WELL[0])

    assert not progress.is_question_open


@pytest.mark.parametrize("reply", [0x12, 0x10, 0xFF, 0x11, 0x13, 0x92])
def test_an_answer_to_nothing_asked_is_a_doubt(reply: int) -> None:
    with pytest.raises(LinkFailure, match="garbled"):
        PrintProgress().take_reply(reply)


@pytest.mark.parametrize("reply", [0x12, 0x00])
def test_a_second_answer_to_one_question_is_a_doubt(reply: int) -> None:
    progress = PrintProgress()
    progress.next_question()
    progress.take_reply(reply)

    with pytest.raises(LinkFailure, match="garbled"):
        progress.take_reply(reply)
