"""A lost slip is printed again by staff, as a copy."""

import asyncio

import pytest

from tests.printing.conftest import PrintShop
from tests.printing.test_dispatching import held_by
from tests.support import mall
from tests.support.http.callers import body_of, problem_of


async def test_prints_the_same_number_again_and_says_that_it_is_a_copy(
    shop: PrintShop,
) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)

    again = body_of(await shop.server.resepsi.post(reprint_of(ticket)))
    ended = await shop.job_of(ticket)

    assert ended == ("printed", None)
    assert again["print_job"]["id"] != ticket["print_job"]["id"]
    first, copy = shop.first.slips
    assert first.headline == copy.headline == ticket["number"]
    assert "SALINAN" in "\n".join(copy.text).upper()
    assert "SALINAN" not in "\n".join(first.text).upper()
    assert shop.second.slips == ()


async def test_a_copy_comes_out_at_the_printer_that_staff_name(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)

    body = {"printer_id": mall.PRINTER_2}
    body_of(await shop.server.sari.post(reprint_of(ticket), body))
    await shop.job_of(ticket)

    assert [slip.headline for slip in shop.second.slips] == [ticket["number"]]


async def test_a_copy_says_how_many_were_ahead_when_the_number_was_given(
    shop: PrintShop,
) -> None:
    await shop.server.other_kiosk.issue(mall.AKTA)
    ticket = await shop.server.kiosk.issue(mall.AKTA, language="en")
    await shop.job_of(ticket)
    await shop.server.sari.command(mall.LOKET_1, "open")
    await shop.server.sari.command(mall.LOKET_1, "call-next")

    body_of(await shop.server.resepsi.post(reprint_of(ticket)))
    await shop.job_of(ticket)

    assert "1 number ahead of you" in "\n".join(shop.first.slips[-1].text)


async def test_a_repeat_with_its_key_prints_nothing_more(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)

    first = await shop.server.resepsi.post(reprint_of(ticket), key="twice")
    await shop.job_of(ticket)
    second = await shop.server.resepsi.post(reprint_of(ticket), key="twice")

    assert first.text == second.text
    assert len(shop.jobs()) == 2


async def test_two_at_once_print_one_copy(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)
    gate = asyncio.Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.printing.dispatcher.deliver", held_by(gate))
        answers = await asyncio.gather(
            shop.server.resepsi.post(reprint_of(ticket)),
            shop.server.sari.post(reprint_of(ticket)),
        )
        gate.set()
        await shop.job_of(ticket)

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200
    problem_of(lost, 409, "still-printing")


async def test_a_ticket_from_reception_has_no_printer_unless_one_is_named(
    shop: PrintShop,
) -> None:
    ticket = await shop.server.resepsi.issue(mall.AKTA)

    problem = problem_of(
        await shop.server.resepsi.post(reprint_of(ticket)), 409, "no-printer"
    )
    assert problem["ticket"]["id"] == ticket["id"]
    body_of(await shop.server.resepsi.post(reprint_of(ticket), {"printer_id": 2}))
    assert await shop.job_of(ticket) == ("printed", None)


async def test_a_printer_that_does_not_exist_prints_no_copy(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)

    answer = await shop.server.resepsi.post(reprint_of(ticket), {"printer_id": 77})

    problem_of(answer, 409, "no-printer")


async def test_another_agencys_officer_sees_no_ticket_to_print(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)

    problem_of(await shop.server.made.post(reprint_of(ticket)), 404, "not-found")
    assert len(shop.jobs()) == 1


async def test_a_visit_that_is_over_has_no_slip_any_more(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)
    path = f"/tickets/by-id/{ticket['id']}"
    body_of(await shop.server.resepsi.post(f"{path}/cancel", {"reason": "unprinted"}))

    problem = problem_of(
        await shop.server.resepsi.post(reprint_of(ticket)), 409, "wrong-state"
    )
    assert problem["ticket"]["state"] == problem["state"] == "cancelled"
    problem_of(await shop.server.made.post(reprint_of(ticket)), 404, "not-found")
    assert len(shop.jobs()) == 1

    body_of(await shop.server.resepsi.post(f"{path}/undo"))
    body_of(await shop.server.resepsi.post(reprint_of(ticket)))
    assert len(shop.jobs()) == 2


async def test_one_line_that_waits_keeps_the_slip(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await shop.job_of(ticket)
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    body_of(await shop.server.sari.post(path, {"reason": "wrong_service"}))

    # the officer sees only the entry that has ended; the visit goes on elsewhere
    body_of(await shop.server.sari.post(reprint_of(ticket)))


async def test_a_no_show_of_today_may_come_back_and_so_may_the_slip(
    shop: PrintShop,
) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)
    for command in ("open", "call-next"):
        await shop.server.sari.command(mall.LOKET_1, command)
    await shop.server.sari.command(mall.LOKET_1, "no-show", reason="left")

    body_of(await shop.server.resepsi.post(reprint_of(ticket)))


async def test_who_asked_for_a_copy_is_kept(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.job_of(ticket)

    await shop.server.sari.post(reprint_of(ticket))

    query = "SELECT is_copy, staff_id FROM print_job ORDER BY id"
    assert shop.server.disk.rows(query) == [(0, None), (1, 1)]


def reprint_of(ticket: dict[str, object]) -> str:
    return f"/tickets/by-id/{ticket['id']}/reprint"
