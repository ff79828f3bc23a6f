"""Slips and copies from reception: where they come out, and what became of them."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Route, expect

from tests.browser.reception.desk import Desk
from tests.browser.reception.test_looks import is_well
from tests.support.database import Disk
from tests.support.process import PLAIN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

FIRST, SECOND = "Printer Kios 1", "Printer Kios 2"


@pytest.fixture
def no_paper(desk: Desk) -> Iterator[None]:
    """Let the first printer have no paper."""
    fault(desk, on=True)
    yield
    fault(desk, on=False)


def test_a_number_is_printed_where_this_pc_prints(desk: Desk) -> None:
    prints_at(desk, SECOND)
    number = desk.give("ktp")
    says(desk, f"Karcis sudah dicetak di {SECOND}.")

    assert jobs_of(desk, number) == [(2, 0, "printed")]
    desk.page.reload()
    expect(desk.page.locator("[data-printer] option:checked")).to_have_text(SECOND)
    assert jobs_of(desk, desk.give("ktp"))[0][:2] == (2, 0)
    prints_at(desk, "Tidak dicetak")
    assert jobs_of(desk, desk.give_next("ktp")) == []
    says(desk, "tuliskan nomornya")


def test_a_copy_comes_out_at_the_printer_chosen_by_name(desk: Desk) -> None:
    number = desk.give("ktp")
    desk.press("/", "Enter", "r")
    expect(desk.page.locator("[data-printers] li")).to_have_text(
        [f"{FIRST} 1", f"{SECOND} 2"]
    )
    desk.press("2")
    says(desk, f"Salinan sudah dicetak di {SECOND}.")

    assert jobs_of(desk, number) == [(2, 1, "printed")]
    desk.page.reload()
    desk.press("/")
    desk.type(number)
    desk.press("Enter")
    expect(desk.number).to_have_text(number)
    desk.press("r")
    expect(desk.page.locator("[data-printers] li button").nth(1)).to_be_focused()
    desk.press("Enter")
    expect(desk.notice).to_contain_text("Salinan")
    assert len(jobs_of(desk, number)) == 2


def test_escape_prints_no_copy(desk: Desk) -> None:
    number = desk.give("ktp")
    desk.press("/", "Enter", "r", "Escape")

    expect(desk.page.locator(".actions--chooser:visible")).to_have_count(0)
    assert jobs_of(desk, number) == []


def test_a_printer_without_paper_is_named_and_the_other_takes_the_copy(
    desk: Desk, no_paper: None
) -> None:
    number = desk.give("ktp")
    desk.press("/", "Enter", "r", "1")
    says(desk, f"Salinan tidak tercetak di {FIRST}.")
    says(desk, "Gulungan kertas habis.")
    fits(desk)
    desk.press("r", "2")
    says(desk, f"Salinan sudah dicetak di {SECOND}.")

    assert [job[::2] for job in jobs_of(desk, number)] == [
        (1, "failed"),
        (2, "printed"),
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "Karcis menunggu"),
        ("sending", "Karcis sedang dicetak"),
        ("sent", "tidak dapat memastikannya"),
        ("unknown", "Belum pasti apakah karcis keluar"),
    ],
)
def test_each_state_of_a_slip_has_its_words(desk: Desk, state: str, words: str) -> None:
    def answer(route: Route) -> None:
        answer = route.fetch()
        job = {"id": 1, "state": state, "reason": None, "printer_id": 1}
        job |= {"is_copy": False, "location": None}
        route.fulfill(response=answer, json=answer.json() | {"print_job": job})

    desk.page.route(re.compile(r"/api/v1/tickets(/by-id/\d+)?$"), answer)
    desk.give("ktp")

    says(desk, words)
    says(desk, FIRST)
    fits(desk)
    # the desk looks at its ticket again and again
    desk.page.unroute_all(behavior="wait")


def test_a_copy_that_is_refused_says_why(desk: Desk) -> None:
    refusal = {"code": "wrong-state", "title": "Printer mati", "advice": "Nyalakan."}
    desk.page.route(
        re.compile("/reprint$"), lambda route: route.fulfill(status=409, json=refusal)
    )
    desk.give("ktp")
    desk.press("/", "Enter", "r", "1")

    expect(desk.notice).to_contain_text("Printer mati")


def prints_at(desk: Desk, printer: str) -> None:
    desk.page.get_by_label("Nomor baru dicetak di").select_option(label=printer)
    desk.field.focus()


def says(desk: Desk, words: str) -> None:
    expect(desk.page.locator("[data-slip]")).to_contain_text(words)


def jobs_of(desk: Desk, number: str) -> list[tuple[int, int, str]]:
    """Return printer, whether a copy, and state of a ticket's jobs."""
    statement = (
        "SELECT printer_id, is_copy, state FROM print_job"
        " WHERE ticket_id = ? ORDER BY id"
    )
    return Disk(desk.demo.database).rows(statement, desk.ticket(number)["id"])


def fault(desk: Desk, *, on: bool) -> None:
    form = {"fault": "paper", "on": str(on).lower()}
    answer = httpx2.post(
        f"{desk.demo.url}/demo/printers/1/faults",
        data=form,
        headers={"Origin": desk.demo.url},
        **PLAIN,
    )
    assert answer.is_redirect or answer.is_success, answer.text


def fits(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    is_well(desk.page)
