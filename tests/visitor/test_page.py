"""The ticket's page as the server gives it: every state, and who may see it."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.support import mall
from tests.support.clock import MovableClock
from tests.support.house import House

WHEN = re.compile(r'<(?:div|p|b) data-when="([a-z_ ]+)"( hidden)?>')
NOW = re.compile(r'data-ticket data-state="(\w+)"')

Ticket = dict[str, Any]


async def opened(house: House, ticket: Ticket, query: str = "") -> httpx2.Response:
    return await house.anyone.get(f"{house.url}/t/{ticket['token']}{query}")


async def called(house: House) -> Ticket:
    ticket = await house.kiosk.issue(mall.AKTA)
    await house.sari.command(mall.LOKET_1, "open")
    await house.sari.command(mall.LOKET_1, "call-next")
    return ticket


async def waiting(house: House, clock: MovableClock) -> Ticket:
    return await house.kiosk.issue(mall.AKTA)


async def just_called(house: House, clock: MovableClock) -> Ticket:
    return await called(house)


async def serving(house: House, clock: MovableClock) -> Ticket:
    ticket = await called(house)
    await house.sari.command(mall.LOKET_1, "start")
    return ticket


async def served(house: House, clock: MovableClock) -> Ticket:
    ticket = await serving(house, clock)
    await house.sari.command(mall.LOKET_1, "serve")
    return ticket


async def no_show(house: House, clock: MovableClock) -> Ticket:
    ticket = await called(house)
    clock.move(seconds=10)
    await house.sari.command(mall.LOKET_1, "recall")
    clock.move(seconds=10)
    await house.sari.command(mall.LOKET_1, "no-show")
    return ticket


async def cancelled(house: House, clock: MovableClock) -> Ticket:
    ticket = await house.kiosk.issue(mall.AKTA)
    await house.anyone.post(f"/tickets/{ticket['token']}/cancel")
    return ticket


async def expired(house: House, clock: MovableClock) -> Ticket:
    ticket = await house.kiosk.issue(mall.AKTA)
    clock.move(days=1)
    await house.kiosk.issue(mall.AKTA)
    return ticket


STATES: list[tuple[Callable[..., Awaitable[Ticket]], str, str]] = [
    (waiting, "waiting", "Anda berikutnya."),
    (just_called, "called", "Nomor Anda dipanggil. Silakan ke"),
    (serving, "serving", "Anda sedang dilayani"),
    (served, "served", "Kunjungan Anda selesai. Terima kasih."),
    (no_show, "no_show", "Nomor Anda sudah dipanggil, tetapi Anda belum datang"),
    (cancelled, "cancelled", "Nomor ini sudah dibatalkan"),
    (expired, "expired", "Nomor ini sudah tidak berlaku"),
]


@pytest.mark.parametrize(("arrive", "state", "words"), STATES)
async def test_each_state_is_told_in_its_own_words(
    house: House,
    clock: MovableClock,
    arrive: Callable[..., Awaitable[Ticket]],
    state: str,
    words: str,
) -> None:
    ticket = await arrive(house, clock)

    answer = await opened(house, ticket)

    assert NOW.findall(answer.text) == [state]
    assert words in answer.text
    for states, hidden in WHEN.findall(answer.text):
        assert bool(hidden) == (state not in states.split()), states


async def test_a_called_visitor_is_told_counter_and_zone(house: House) -> None:
    ticket = await called(house)

    answer = await opened(house, ticket)

    assert '<p class="now__place" data-place>Loket 1</p>' in answer.text
    assert '<p class="now__zone" data-zone>Zona A</p>' in answer.text


async def test_people_ahead_are_counted(house: House) -> None:
    for _ in range(2):
        await house.kiosk.issue(mall.AKTA)
    ticket = await house.kiosk.issue(mall.AKTA)

    answer = await opened(house, ticket)

    assert "data-count>2</b> nomor di depan Anda" in answer.text


async def test_each_of_several_services_has_its_own_state(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, mall.PASPOR)
    await house.sari.command(mall.LOKET_1, "open")
    await house.sari.command(mall.LOKET_1, "call-next")
    await house.sari.command(mall.LOKET_1, "start")
    await house.sari.command(mall.LOKET_1, "serve")

    answer = await opened(house, ticket)

    legs = re.findall(r'data-entry="\d+" data-state="(\w+)"', answer.text)
    assert legs == ["served", "waiting"]
    assert NOW.findall(answer.text) == ["waiting"]
    assert "Tunggu di: Zona B" in " ".join(answer.text.split())


async def test_the_page_speaks_the_ticket_s_language(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, language="en")

    english = await opened(house, ticket)
    indonesian = await opened(house, ticket, "?lang=id")

    assert "You are next." in english.text
    assert "Birth" in english.text
    assert "Anda berikutnya." in indonesian.text
    assert "set-cookie" not in indonesian.headers


@pytest.mark.parametrize(
    "token", ["abcdefgh", "x", "%00", "a" * 3000, "..%2f..", "%F0%9F%8E%AB", "1'--"]
)
async def test_an_unknown_token_gets_a_friendly_404(house: House, token: str) -> None:
    answer = await house.anyone.get(f"{house.url}/t/{token}")

    assert answer.status_code == 404
    if "%2f" not in token:
        assert "Nomor antrean ini tidak ditemukan" in answer.text
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_address_is_handed_on_to_nobody(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "antrean.access")
    ticket = await house.kiosk.issue(mall.AKTA)

    answer = await opened(house, ticket)

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("antrean", "app"))
    ]
    assert any("/t/{token}" in line for line in ours)
    assert not any(ticket["token"] in line for line in ours)


async def test_neither_class_nor_help_needed_is_shown(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, priority="disabilitas", assistance=True)

    answer = await opened(house, ticket)

    assert "disabilitas" not in answer.text


async def test_a_group_is_named(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, people=4)

    assert "Untuk 4 orang" in (await opened(house, ticket)).text


async def test_looking_changes_nothing(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    before = _visits(house)

    await opened(house, ticket)

    assert _visits(house) == before


def _visits(house: House) -> list[str]:
    """Return everything stored, but for what the print dispatcher does meanwhile."""
    tables = ("print_job", "printer", "ledger_state")
    printing = tuple(f'INSERT INTO "{table}"' for table in tables)
    return [line for line in house.disk.everything() if not line.startswith(printing)]
