"""Numbers given by hand, booked in; and their sheets."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reception.desk import Desk, sign_in
from tests.support.database import Disk
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


@pytest.fixture
def roll(demo: DemoServer, page: Page) -> Page:
    sign_in(page, demo)
    page.goto("/reception/roll")
    return page


def test_a_number_of_the_roll_is_booked_in_by_the_keyboard(
    demo: DemoServer, roll: Page
) -> None:
    expect(roll.get_by_label("Nomor pada karcis")).to_be_focused()
    roll.keyboard.type("a-907")
    roll.keyboard.press("Tab")
    roll.keyboard.type("0.00")
    roll.keyboard.press("Enter")

    expect(roll.locator("[data-booked]")).to_contain_text("A-907")
    expect(roll.get_by_label("Nomor pada karcis")).to_be_focused()
    ticket = Desk(demo, roll).ticket("A-907")
    arrived = Disk(demo.database).one(
        "SELECT arrived_at FROM entry WHERE ticket_id = ?", ticket["id"]
    )
    assert " 17:00:00" in arrived  # midnight of the mall, in UTC


def test_a_booked_in_number_may_be_for_several_services(
    demo: DemoServer, roll: Page
) -> None:
    roll.keyboard.type("a-917")
    roll.keyboard.press("Tab")
    roll.keyboard.type("0.00")
    roll.get_by_label("Layanan lain pada nomor ini").focus()
    for text in ("skck", "paspor"):
        before = roll.locator("[data-selected-services] li").count()
        roll.keyboard.type(text)
        roll.keyboard.press("Enter")
        expect(roll.locator("[data-selected-services] li")).to_have_count(before + 1)
    roll.keyboard.press("Backspace")
    expect(roll.locator("[data-selected-services] li")).to_have_count(1)
    roll.get_by_label("Bahasa").select_option("en")
    roll.get_by_label("Layanan lain pada nomor ini").focus()
    roll.keyboard.press("Enter")

    expect(roll.locator("[data-booked]")).to_contain_text("A-917")
    expect(roll.locator("[data-selected-services] li")).to_have_count(0)
    ticket = Desk(demo, roll).ticket("A-917")
    assert [entry["state"] for entry in ticket["entries"]] == ["waiting"] * 2
    assert ticket["entries"][1]["service_id"] in [
        service["id"]
        for agency in demo.agencies()
        if agency["code"] == "POL"
        for service in agency["services"]
    ]
    language = "SELECT language FROM ticket_private WHERE ticket_id = ?"
    assert Disk(demo.database).one(language, ticket["id"]) == "en"


@pytest.mark.parametrize(
    ("number", "time", "text"),
    [("A-7", "0.00", "bukan nomor cadangan"), ("A-908", "25.00", "waktu hari ini")],
)
def test_a_mistake_is_named_and_nothing_is_lost(
    roll: Page, number: str, time: str, text: str
) -> None:
    roll.get_by_label("Nomor pada karcis").fill(number)
    roll.get_by_label("Diberikan pukul").fill(time)
    roll.keyboard.press("Enter")

    expect(roll.locator("[data-notice]")).to_contain_text(text)
    expect(roll.get_by_label("Nomor pada karcis")).to_have_value(number)
    expect(roll.get_by_label("Diberikan pukul")).to_have_value(time)


def test_a_sheet_holds_every_number_and_says_that_it_is_sample_data(
    roll: Page,
) -> None:
    roll.get_by_role("link", name="Lembar A").click()

    slips = roll.locator(".spare-slip")
    expect(slips).to_have_count(50)
    expect(slips.first).to_contain_text("A-901")
    expect(slips.last).to_contain_text("A-950")
    expect(slips.first).to_contain_text("Data contoh")
    roll.emulate_media(media="print")
    expect(roll.locator(".sheet-head")).to_be_hidden()
