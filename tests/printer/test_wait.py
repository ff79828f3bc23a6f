"""What a printer says while a slip comes out, and when that ends the wait."""

import pytest

from printer.link import LinkFailure
from printer.status import PrinterStatus
from printer.wait import Wait

WELL = (0x12, 0x12, 0x12, 0x12)
COVER = (0x1A, 0x16, 0x12, 0x12)
PAPER = (0x1A, 0x32, 0x12, 0x7E)
OUT = 0x00


def look(wait: Wait, replies: tuple[int, ...]) -> None:
    for number, reply in enumerate(replies, 1):
        assert wait.is_question_due(after_pause=number == 1)
        assert wait.ask() == number
        assert not wait.is_question_due(after_pause=True)
        wait.hear(reply)


def test_a_slip_that_is_out_ends_it() -> None:
    wait = Wait()

    wait.hear(OUT)

    assert wait.is_over
    assert wait.is_done
    assert not wait.is_question_due(after_pause=True)


def test_a_look_begins_after_a_pause() -> None:
    wait = Wait()

    assert not wait.is_question_due(after_pause=False)
    assert wait.is_question_due(after_pause=True)


def test_two_looks_in_a_row_that_find_a_problem_end_it_with_the_last_word() -> None:
    wait = Wait()

    look(wait, COVER)
    assert not wait.is_over
    look(wait, PAPER)

    assert wait.is_over
    assert not wait.is_done
    assert wait.stopped == PrinterStatus(offline=True, paper_end=True, near_end=True)


def test_a_problem_that_passes_ends_nothing() -> None:
    wait = Wait()

    for replies in (COVER, WELL, COVER, WELL):
        look(wait, replies)

    assert not wait.is_over


def test_the_answers_are_told_apart_whichever_comes_first() -> None:
    wait = Wait()
    wait.ask()

    wait.hear(OUT)
    assert wait.is_done
    assert wait.is_asked
    wait.hear(WELL[0])

    assert not wait.is_asked


@pytest.mark.parametrize("reply", [0x12, 0x10, 0xFF, 0x11, 0x13, 0x92])
def test_an_answer_to_nothing_asked_is_a_doubt(reply: int) -> None:
    with pytest.raises(LinkFailure, match="garbled"):
        Wait().hear(reply)


@pytest.mark.parametrize("reply", [0x12, 0x00])
def test_a_second_answer_to_one_question_is_a_doubt(reply: int) -> None:
    wait = Wait()
    wait.ask()
    wait.hear(reply)

    with pytest.raises(LinkFailure, match="garbled"):
        wait.hear(reply)
