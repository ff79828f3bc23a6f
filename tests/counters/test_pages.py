"""The counters to choose from and one counter's console, as the server sends them."""

import html
import json
import re
from typing import Any

import httpx2
import pytest

from app.queueing.states import AT_A_COUNTER, COMMANDS
from tests.counters.conftest import Enter
from tests.support.app_server import AppServer
from tests.support.cast import (
    ADMIN,
    BUDI,
    KEPALA,
    MADE,
    RESEPSI,
    SARI,
    StaffMember,
)
from tests.support.mall import AKTA, LOKET_1, LOKET_3, PASPOR


def buttons(page: str, attribute: str) -> dict[str, set[str]]:
    """Return, by the command that a button sends, the states in an attribute of it."""
    tags = re.findall(r"<button[^>]*>", page)
    attributes = [
        (re.search(r'data-send="([^"]*)"', tag), re.search(attribute, tag))
        for tag in tags
    ]
    return {
        send[1].replace("-", "_"): set(states[1].split())
        for send, states in attributes
        if send and states
    }


async def console(browser: httpx2.AsyncClient, counter_id: int) -> dict[str, Any]:
    answer = await browser.get(f"/counter?counter={counter_id}")
    assert answer.status_code == 200, answer.text
    attribute = re.search(r'data-console="([^"]*)"', answer.text)
    assert attribute is not None
    view: dict[str, Any] = json.loads(html.unescape(attribute[1]))
    return view


def names(answer: httpx2.Response) -> list[str]:
    return re.findall(r'choose__name">([^<]+)<', answer.text)


def links(answer: httpx2.Response) -> list[str]:
    return re.findall(r'href="(/counter\?counter=\d+)"', answer.text)


async def test_nobody_is_sent_to_sign_in(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/counter")

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=/counter",
    )


async def test_reception_has_no_counter(
    browser: httpx2.AsyncClient, enter: Enter
) -> None:
    enter(RESEPSI)

    assert (await browser.get("/counter")).status_code == 303


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (SARI, ["Loket 1", "Loket 2"]),
        (KEPALA, ["Loket 1", "Loket 2"]),
        (MADE, ["Loket 3"]),
        (ADMIN, ["Loket 1", "Loket 2", "Loket 3"]),
    ],
)
async def test_offers_the_counters_of_the_agencies_one_works_for(
    browser: httpx2.AsyncClient, enter: Enter, member: StaffMember, expected: list[str]
) -> None:
    enter(member)

    assert names(await browser.get("/counter")) == expected


async def test_a_counter_that_a_colleague_holds_is_taken(
    browser: httpx2.AsyncClient, enter: Enter, server: AppServer
) -> None:
    await server.sari.command(LOKET_1, "open")
    enter(BUDI)

    offered = await browser.get("/counter")

    assert "Dipegang Sari" in offered.text
    assert links(offered) == ["/counter?counter=2"]


async def test_a_supervisor_may_go_to_a_counter_that_is_taken(
    browser: httpx2.AsyncClient, enter: Enter, server: AppServer
) -> None:
    await server.sari.command(LOKET_1, "open")
    enter(KEPALA)

    offered = await browser.get("/counter")

    assert "Dipegang Sari" in offered.text
    assert "/counter?counter=1" in links(offered)


async def test_ones_own_counter_comes_first(
    browser: httpx2.AsyncClient, enter: Enter, server: AppServer
) -> None:
    await server.sari.command(2, "open")
    enter(SARI)

    offered = await browser.get("/counter")

    assert names(offered) == ["Loket 2", "Loket 1"]
    assert "Loket ini Anda pegang" in offered.text


@pytest.mark.parametrize("counter_id", [LOKET_3, 99])
async def test_another_agencys_counter_is_as_unknown_as_none(
    browser: httpx2.AsyncClient, enter: Enter, counter_id: int
) -> None:
    enter(SARI)

    answer = await browser.get(f"/counter?counter={counter_id}")

    assert answer.status_code == 404
    assert "Loket 3" not in answer.text


@pytest.mark.parametrize("nonsense", ["x", "0", "-1", "1.5", "9" * 30, "1%00"])
async def test_nonsense_in_the_address_is_refused(
    browser: httpx2.AsyncClient, enter: Enter, nonsense: str
) -> None:
    enter(SARI)

    answer = await browser.get(f"/counter?counter={nonsense}")

    assert answer.status_code == 422
    assert "Traceback" not in answer.text


async def test_the_console_holds_its_own_line_and_no_other(
    browser: httpx2.AsyncClient, enter: Enter, server: AppServer
) -> None:
    await server.kiosk.issue(AKTA)
    await server.kiosk.issue(PASPOR)
    enter(SARI)

    view = await console(browser, LOKET_1)

    assert [entry["number"] for entry in view["line"]] == ["A-001"]
    assert {service["name"] for service in view["services"]} == {
        "Akta kelahiran",
        "KTP-el",
    }


async def test_a_button_may_be_pressed_in_the_states_that_its_rule_names(
    browser: httpx2.AsyncClient, enter: Enter
) -> None:
    enter(SARI)
    page = (await browser.get(f"/counter?counter={LOKET_1}")).text

    when = buttons(page, r'data-when="([^"]*)"')
    of_visitor = ("start", "recall", "return", "no_show", "serve", "park")
    assert {name: when[name] for name in of_visitor} == {
        name: COMMANDS[name].from_states & AT_A_COUNTER for name in of_visitor
    }
    of_row = buttons(page, r'data-row-states="([^"]*)"')
    assert of_row.pop("call") == {"waiting", "no_show"}  # who is parked is resumed
    assert of_row == {name: COMMANDS[name].from_states for name in of_row}
    assert set(of_row) == {"resume", "take", "requeue"}


async def test_another_agencys_entry_is_shown_without_its_service(
    browser: httpx2.AsyncClient, enter: Enter, server: AppServer
) -> None:
    await server.kiosk.issue(AKTA, PASPOR)
    await server.made.command(LOKET_3, "open")
    await server.made.command(LOKET_3, "call-next")
    enter(MADE)

    view = await console(browser, LOKET_3)

    entries = view["counter"]["ticket"]["entries"]
    assert [entry["service_id"] for entry in entries] == [None, PASPOR]
    assert "Akta" not in json.dumps(view)


async def test_english_names_stand_on_the_english_page(
    browser: httpx2.AsyncClient, enter: Enter
) -> None:
    enter(SARI)

    answer = await browser.get(f"/counter?counter={LOKET_1}&lang=en")

    assert "Call next" in answer.text
    assert "e-KTP" in answer.text
