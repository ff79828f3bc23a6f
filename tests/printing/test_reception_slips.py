"""A number issued at reception is printed where reception says, or nowhere."""

from tests.printing.conftest import PrintShop
from tests.support import mall
from tests.support.http.callers import body_of, problem_of


async def test_the_slip_comes_out_at_the_printer_that_reception_names(
    shop: PrintShop,
) -> None:
    ticket = await shop.server.resepsi.issue(mall.AKTA, printer_id=mall.PRINTER_2)

    assert ticket["print_job"]["printer_id"] == mall.PRINTER_2
    assert await shop.job_of(ticket) == ("printed", None)
    (slip,) = shop.second.slips
    assert slip.headline == ticket["number"]
    assert "SALINAN" not in "\n".join(slip.text).upper()
    assert shop.first.slips == ()


async def test_its_copy_comes_out_there_too(shop: PrintShop) -> None:
    ticket = await shop.server.resepsi.issue(mall.AKTA, printer_id=mall.PRINTER_2)
    await shop.job_of(ticket)

    again = body_of(await shop.server.resepsi.post(reprint_of(ticket)))

    assert again["print_job"]["printer_id"] == mall.PRINTER_2
    assert again["print_job"]["is_copy"]


async def test_without_a_printer_named_nothing_is_printed(shop: PrintShop) -> None:
    ticket = await shop.server.resepsi.issue(mall.AKTA)

    assert ticket["print_job"] is None
    assert shop.jobs() == []


async def test_a_printer_that_does_not_exist_gives_no_number(shop: PrintShop) -> None:
    ticket_request = {"service_ids": [mall.AKTA], "printer_id": 77}

    problem_of(
        await shop.server.resepsi.post("/tickets", ticket_request), 409, "no-printer"
    )

    assert shop.server.disk.one("SELECT count(*) FROM ticket") == 0


async def test_a_kiosk_prints_at_its_own_printer_only(shop: PrintShop) -> None:
    ticket_request = {"service_ids": [mall.AKTA], "printer_id": mall.PRINTER_2}

    problem = problem_of(
        await shop.server.kiosk.post("/tickets", ticket_request), 422, "invalid"
    )

    assert problem["field"] == "printer_id"


def reprint_of(ticket: dict[str, object]) -> str:
    return f"/tickets/by-id/{ticket['id']}/reprint"
