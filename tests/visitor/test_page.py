"""The ticket's page as the server gives it: every state, and who may see it."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock

WHEN = re.compile(r'<(?:div|p|b) data-when="([a-z_ ]+)"( hidden)?>')
NOW = re.compile(r'data-ticket data-state="(\w+)"')

Ticket = dict[str, Any]


async def opened(server: AppServer, ticket: Ticket, query: str = "") -> httpx2.Response:
    return await server.anyone.get(f"{server.url}/t/{ticket['token']}{query}")


async def called(server: AppServer) -> Ticket:
    ticket = await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "open")
    await server.sari.command(mall.LOKET_1, "call-next")
    return ticket


async def waiting(server: AppServer, clock: MovableClock) -> Ticket:
    return await server.kiosk.issue(mall.AKTA)


async def just_called(server: AppServer, clock: MovableClock) -> Ticket:
    return await called(server)


async def serving(server: AppServer, clock: MovableClock) -> Ticket:
    ticket = await called(server)
    await server.sari.command(mall.LOKET_1, "start")
    return ticket


async def served(server: AppServer, clock: MovableClock) -> Ticket:
    ticket = await serving(server, clock)
    await server.sari.command(mall.LOKET_1, "serve")
    return ticket


async def no_show(server: AppServer, clock: MovableClock) -> Ticket:
    ticket = await called(server)
    clock.move(seconds=10)
    await server.sari.command(mall.LOKET_1, "recall")
    clock.move(seconds=10)
    await server.sari.command(mall.LOKET_1, "no-show")
    return ticket


async def cancelled(server: AppServer, clock: MovableClock) -> Ticket:
    ticket = await server.kiosk.issue(mall.AKTA)
    await server.anyone.post(f"/tickets/{ticket['token']}/cancel")
    return ticket


async def expired(server: AppServer, clock: MovableClock) -> Ticket:
    ticket = await server.kiosk.issue(mall.AKTA)
    clock.move(days=1)
    await server.kiosk.issue(mall.AKTA)
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
    server: AppServer,
    clock: MovableClock,
    arrive: Callable[..., Awaitable[Ticket]],
    state: str,
    words: str,
) -> None:
    ticket = await arrive(server, clock)

    answer = await opened(server, ticket)

    assert NOW.findall(answer.text) == [state]
    assert words in answer.text
    for states, hidden in WHEN.findall(answer.text):
        assert bool(hidden) == (state not in states.split()), states


async def test_a_called_visitor_is_told_counter_and_zone(server: AppServer) -> None:
    ticket = await called(server)

    answer = await opened(server, ticket)

    assert '<p class="now__place" data-place>Loket 1</p>' in answer.text
    assert '<p class="now__zone" data-zone>Zona A</p>' in answer.text


async def test_people_ahead_are_counted(server: AppServer) -> None:
    for _ in range(2):
        await server.kiosk.issue(mall.AKTA)
    ticket = await server.kiosk.issue(mall.AKTA)

    answer = await opened(server, ticket)

    assert "data-count>2</b> nomor di depan Anda" in answer.text


async def test_each_of_several_services_has_its_own_state(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await server.sari.command(mall.LOKET_1, "open")
    await server.sari.command(mall.LOKET_1, "call-next")
    await server.sari.command(mall.LOKET_1, "start")
    await server.sari.command(mall.LOKET_1, "serve")

    answer = await opened(server, ticket)

    states = re.findall(r'data-entry="\d+" data-state="(\w+)"', answer.text)
    assert states == ["served", "waiting"]
    assert NOW.findall(answer.text) == ["waiting"]
    assert "Tunggu di: Zona B" in " ".join(answer.text.split())


async def test_the_page_speaks_the_ticket_s_language(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, language="en")

    english = await opened(server, ticket)
    indonesian = await opened(server, ticket, "?lang=id")

    assert "You are next." in english.text
    assert "Birth" in english.text
    assert "Anda berikutnya." in indonesian.text
    assert "set-cookie" not in indonesian.headers


@pytest.mark.parametrize(
    "token", ["abcdefgh", "x", "%00", "a" * 3000, "..%2f..", "%F0%9F%8E%AB", "1'--"]
)
async def test_an_unknown_token_gets_a_friendly_404(
    server: AppServer, token: str
) -> None:
    answer = await server.anyone.get(f"{server.url}/t/{token}")

    assert answer.status_code == 404
    if "%2f" not in token:
        assert "Nomor antrean ini tidak ditemukan" in answer.text
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_address_is_handed_on_to_nobody(
    server: AppServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "antrean.access")
    ticket = await server.kiosk.issue(mall.AKTA)

    answer = await opened(server, ticket)

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("antrean", "app"))
    ]
    assert any("/t/{token}" in line for line in ours)
    assert not any(ticket["token"] in line for line in ours)


async def test_neither_class_nor_help_needed_is_shown(server: AppServer) -> None:
    ticket = await server.kiosk.issue(
        mall.AKTA, priority="disabilitas", assistance=True
    )

    answer = await opened(server, ticket)

    assert "disabilitas" not in answer.text


async def test_a_group_is_named(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, people=4)

    assert "Untuk 4 orang" in (await opened(server, ticket)).text


async def test_looking_changes_nothing(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    before = _visits(server)

    await opened(server, ticket)

    assert _visits(server) == before


def _visits(server: AppServer) -> list[str]:
    """Return everything stored, but for what the print dispatcher does meanwhile."""
    tables = ("print_job", "printer", "ledger_state")
    printing = tuple(f'INSERT INTO "{table}"' for table in tables)
    return [line for line in server.disk.everything() if not line.startswith(printing)]


async def test_an_english_page_says_that_a_zone_is_named_in_indonesian(
    server: AppServer,
) -> None:
    ticket = await called(server)

    english = (await opened(server, ticket, "?lang=en")).text
    indonesian = (await opened(server, ticket, "?lang=id")).text

    mark = '<span class="substitute">(Indonesian)</span>'
    # the line of this entry, the zone of the call, and where each counter stands
    assert english.count(f'<span lang="id">Zona A</span> {mark}') >= 3
    # what is on the sign above the counter is not translated, and said to be so
    assert '<p class="now__place" lang="id" data-place>Loket 1</p>' in english
    assert "substitute" not in indonesian
