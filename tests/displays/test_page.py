"""The display's page as the server gives it, before any script runs."""

import html
import json
import re
from pathlib import Path

import httpx2
import pytest
import yaml

from tests.support import cast, mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of
from tests.support.rules.harness import clock_time

TILE = re.compile(r'data-field="number">([^<]*)<')


async def display_page(
    server: AppServer, device: cast.PairedDevice = cast.HALL_DISPLAY
) -> httpx2.Response:
    return await server.callers.device(device).get(f"{server.url}/display")


def numbers(answer: httpx2.Response) -> list[str]:
    """Return the numbers that the page shows; the script's blanks are empty."""
    return [number for number in TILE.findall(answer.text) if number]


async def called(server: AppServer, counter_id: int, service_id: int) -> str:
    officer = server.sari if counter_id == mall.LOKET_1 else server.budi
    await server.kiosk.issue(service_id)
    await officer.command(counter_id, "open")
    return str((await officer.command(counter_id, "call-next"))["number"])


async def test_a_screen_that_is_no_display_shows_how_to_become_one(
    server: AppServer,
) -> None:
    answer = await server.anyone.get(f"{server.url}/display")

    assert answer.status_code == 200
    assert 'data-kind="display"' in answer.text
    assert "data-topic" not in answer.text


@pytest.mark.parametrize("member", [cast.ADMIN, cast.SARI])
async def test_a_member_of_staff_is_no_display(
    server: AppServer, member: cast.StaffMember
) -> None:
    answer = await server.callers.member(member).get(f"{server.url}/display")

    assert "data-topic" not in answer.text


async def test_a_kiosk_is_no_display(server: AppServer) -> None:
    answer = await display_page(server, cast.KIOSK)

    assert "data-topic" not in answer.text


async def test_only_the_demo_lets_the_address_choose_the_display(
    server: AppServer,
) -> None:
    address = f"{server.url}/display?display={mall.DISPLAY_B}"

    answer = await server.hall.get(address)

    assert f'data-topic="display:{mall.HALL}"' in answer.text
    assert "/demo/become" not in answer.text


@pytest.mark.parametrize("number", ["x", "0", "-1", str(2**60), "1;DROP"])
async def test_an_odd_display_in_the_address_is_refused(
    server: AppServer, number: str
) -> None:
    answer = await server.hall.get(f"{server.url}/display", params={"display": number})

    assert answer.status_code == 422


async def test_the_first_paint_holds_the_whole_board(server: AppServer) -> None:
    first = await called(server, mall.LOKET_1, mall.AKTA)
    second = await called(server, mall.LOKET_2, mall.KTP)
    await server.kiosk.issue(mall.PASPOR)

    answer = await display_page(server)

    assert numbers(answer) == [second, first]
    assert "Loket 1" in answer.text
    assert re.search(r">Imigrasi</span>\s*<b[^>]*>1</b>", answer.text)
    assert 'data-list="large" data-count="2"' in answer.text


async def test_a_display_shows_its_own_zones_only(server: AppServer) -> None:
    number = await called(server, mall.LOKET_1, mall.AKTA)

    assert numbers(await display_page(server, cast.DISPLAY_A)) == [number]
    assert numbers(await display_page(server, cast.DISPLAY_B)) == []


async def test_names_are_compared_with_those_of_the_whole_mall(
    server: AppServer,
) -> None:
    page = (await display_page(server, cast.DISPLAY_A)).text

    (names,) = re.findall(r'data-names="([^"]*)"', page)
    known = json.loads(html.unescape(names))
    assert known["place"] == ["Loket 1", "Loket 2", "Loket 3"]
    assert known["zone"] == ["Zona A", "Zona B"]
    assert {"Dukcapil", "Imigrasi"} <= set(known["agency_short"])
    assert len(known["agency"]) == len(known["agency_short"])


async def laid_out(server: AppServer, **fields: object) -> str:
    """Return zone A's display once the import file lays it out otherwise."""
    mall_file = yaml.safe_load((await server.admin.get("/config")).text)
    for display in mall_file["displays"]:
        if display["code"] == "LAYAR-A":
            display |= fields
    headers = {"Content-Type": "application/yaml"}
    content = yaml.safe_dump(mall_file).encode()
    body_of(
        await server.admin.send("POST", "/config", content=content, headers=headers)
    )
    return (await display_page(server, cast.DISPLAY_A)).text


@pytest.mark.parametrize("layout", ["hall", "text"])
async def test_the_import_file_says_how_a_display_is_laid_out(
    server: AppServer, layout: str
) -> None:
    assert "board--zone" in (await display_page(server, cast.DISPLAY_A)).text

    assert f"board--{layout}" in await laid_out(server, layout=layout)


async def test_the_screen_of_a_counter_shows_no_other_counter(
    server: AppServer,
) -> None:
    await called(server, mall.LOKET_1, mall.AKTA)
    number = await called(server, mall.LOKET_2, mall.KTP)

    page = await laid_out(server, layout="counter", counter="L2")

    assert [each for each in TILE.findall(page) if each] == [number]
    assert f'data-counter-id="{mall.LOKET_2}"' in page


async def test_a_text_screen_says_when_a_number_was_called(
    server: AppServer, clock: MovableClock
) -> None:
    clock.set(clock_time("09:05"))
    await called(server, mall.LOKET_1, mall.AKTA)

    page = await laid_out(server, layout="text")

    assert 'data-field="time">09.05<' in page
    assert 'data-list="large" data-count="0"' in page


async def test_of_a_screen_that_is_small_for_its_distance_one_call_is_large(
    server: AppServer,
) -> None:
    await called(server, mall.LOKET_1, mall.AKTA)
    await called(server, mall.LOKET_2, mall.KTP)

    page = await laid_out(server, screen_inches=43, viewing_metres=10)

    assert 'data-list="large" data-count="1"' in page


async def test_the_zone_is_told_only_where_there_are_several(server: AppServer) -> None:
    assert "board--one-zone" not in (await display_page(server)).text
    assert "board--one-zone" in (await display_page(server, cast.DISPLAY_A)).text


async def test_a_visitor_who_came_stands_among_the_earlier_calls(
    server: AppServer,
) -> None:
    number = await called(server, mall.LOKET_1, mall.AKTA)
    await server.sari.command(mall.LOKET_1, "start")

    answer = await display_page(server)

    assert numbers(answer) == [number]
    assert 'data-list="large" data-count="0"' in answer.text
    assert 'data-state="before"' in answer.text


async def test_neither_priority_nor_service_is_shown(server: AppServer) -> None:
    await server.kiosk.issue(mall.AKTA, priority="hamil")
    await server.sari.command(mall.LOKET_1, "open")
    await server.sari.command(mall.LOKET_1, "call-next")

    answer = await display_page(server)

    assert not re.search(r"hamil|pregnant|Akta|Birth", answer.text, re.IGNORECASE)


async def test_after_closing_time_nobody_is_sent_to_the_kiosk(
    server: AppServer, clock: MovableClock
) -> None:
    await server.kiosk.issue(mall.PASPOR)
    clock.set(clock_time("15:31"))

    answer = (await display_page(server)).text

    assert "Mal tutup. Dibuka lagi besok pukul 08.00" in answer
    assert "Silakan ambil nomor antrean di kios" not in answer
    assert re.search(r"data-given>Nomor yang sudah diberikan dipanggil", answer)


async def test_one_closed_agency_is_named_below(server: AppServer) -> None:
    body_of(await server.admin.post(f"/agencies/{mall.IMI}/close", json={}))

    answer = (await display_page(server)).text

    assert "Silakan ambil nomor antrean di kios" in answer
    assert re.search(
        r'data-state="closed">.*Imigrasi.*Tutup sementara', answer, re.DOTALL
    )


async def test_the_setting_says_after_how_long_a_page_is_stale(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTREAN_STALE_AFTER_SECONDS", "9")

    async with running(folder, clock) as server:
        display = await display_page(server)
        manual = await server.anyone.get(f"{server.url}/help")

    assert 'data-stale-after="9"' in display.text
    assert 'data-stale-after="9"' in manual.text


async def test_agencies_that_open_at_another_time_than_the_first_are_named(
    server: AppServer,
) -> None:
    for agency_id, until in ((mall.DKC, "2026-11-24T04:00:00Z"), (mall.IMI, None)):
        path = f"/agencies/{agency_id}/close"
        body_of(await server.admin.post(path, json={"until": until}))

    answer = (await display_page(server)).text

    closed = re.findall(r'<li data-agency="\d+">([^<]*)</li>', answer)
    assert "Tutup sampai 11.00" in answer  # the stage, of the other
    assert closed == ["Tutup sementara"]


async def test_a_revoked_display_is_paired_anew(server: AppServer) -> None:
    devices = (await server.admin.get("/devices")).json()
    hall = next(device for device in devices if device["id"] == mall.HALL)
    await server.admin.post(f"/device-tokens/{hall['token_ids'][0]}/revoke")

    answer = await display_page(server)

    assert 'data-kind="display"' in answer.text


async def test_the_page_is_not_kept_and_guards_itself(server: AppServer) -> None:
    answer = await display_page(server)

    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_it_speaks_english_when_asked(server: AppServer) -> None:
    answer = await server.hall.get(f"{server.url}/display?lang=en")

    assert "Please take a number at the kiosk" in answer.text
    assert 'data-locale="en-GB"' in answer.text
