"""The printers' page: what is lost, printed again once, a new roll, and for whom."""

import re

import pytest

from app.models.states import PrintState
from tests.admin.conftest import Desk, words
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of
from tests.support.http.live import Screen, refused_upgrade

JOBS = "SELECT count(*) FROM print_job WHERE is_copy"
PAGE = "/admin/printers"


async def lose(server: AppServer, *services: int) -> list[str]:
    """Give numbers whose slips fail: nothing listens at the small mall's printers."""
    numbers = [(await server.kiosk.issue(service))["number"] for service in services]
    await server.until_printed()
    return numbers


def offered(page: str) -> list[str]:
    """Return the jobs that each button of the page would print again."""
    return re.findall(r'name="job_ids" value="([\d,]+)"', page)


async def copies(server: AppServer) -> int:
    await server.until_printed()
    return int(server.disk.one(JOBS))


async def test_lost_slips_are_offered_one_by_one_and_as_a_whole(
    server: AppServer, reception: Desk
) -> None:
    first, second = await lose(server, mall.AKTA, mall.KTP)

    page = (await reception.get(PAGE)).text

    whole, *single = offered(page)
    assert whole == ",".join(single)
    for number in (first, second):
        assert f'<span class="visually-hidden"> {number}</span>' in page
    answer = await reception.post(f"{PAGE}/reprint", job_ids=whole)
    assert answer.status_code == 303
    assert await copies(server) == 2
    done = words(await reception.get(PAGE, notice="reprinted", queued="2"))
    assert "2 copies are being printed." in done


async def test_a_list_that_is_out_of_date_prints_nothing_twice(
    server: AppServer, reception: Desk, supervisor: Desk
) -> None:
    await lose(server, mall.AKTA)
    (job,) = offered((await reception.get(PAGE)).text)

    await reception.post(f"{PAGE}/reprint", job_ids=job)
    await server.until_printed()
    again = await supervisor.post(f"{PAGE}/reprint", job_ids=job)

    assert "queued=0&skipped=1" in again.headers["location"]
    assert await copies(server) == 1


async def test_a_visitor_who_has_come_up_wants_no_slip(
    staffed_server: AppServer,
) -> None:
    desk = Desk(staffed_server, staffed_server.resepsi)
    await lose(staffed_server, mall.AKTA)
    (job,) = offered((await desk.get(PAGE)).text)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    assert offered((await desk.get(PAGE)).text) == []
    await staffed_server.sari.command(mall.LOKET_1, "serve")

    answer = await desk.post(f"{PAGE}/reprint", job_ids=job)

    assert "queued=0&skipped=1" in answer.headers["location"]
    assert await copies(staffed_server) == 0


async def test_a_copy_comes_out_at_the_printer_that_is_chosen(
    server: AppServer, reception: Desk
) -> None:
    await lose(server, mall.AKTA)
    (job,) = offered((await reception.get(PAGE)).text)

    gone = await reception.post(f"{PAGE}/reprint", job_ids=job, printer_id="99")
    assert "notice=no-printer" in gone.headers["location"]
    assert await copies(server) == 0
    await reception.post(f"{PAGE}/reprint", job_ids=job, printer_id="2")

    assert await copies(server) == 1
    assert server.disk.one("SELECT printer_id FROM print_job WHERE is_copy") == 2


@pytest.mark.parametrize("job_ids", ["", "x", "0", "999", "1,,-1", "9" * 40, "²"])
async def test_what_is_no_lost_slip_is_nothing(
    server: AppServer, admin: Desk, job_ids: str
) -> None:
    answer = await admin.post(f"{PAGE}/reprint", job_ids=job_ids)

    assert answer.status_code == 303
    assert "queued=0" in answer.headers["location"]
    assert await copies(server) == 0


async def test_a_supervisor_prints_for_the_own_agency_alone(
    server: AppServer, supervisor: Desk, admin: Desk
) -> None:
    await lose(server, mall.AKTA, mall.PASPOR)
    whole, own, others = offered((await admin.get(PAGE)).text)

    assert offered((await supervisor.get(PAGE)).text) == [own]
    await supervisor.post(f"{PAGE}/reprint", job_ids=whole)

    assert await copies(server) == 1
    assert offered((await admin.get(PAGE)).text)[-1] != own
    assert others in offered((await admin.get(PAGE)).text)


async def test_a_new_roll_is_noted_by_a_button(
    server: AppServer, reception: Desk
) -> None:
    with server.disk.writing() as db:
        db.exec_driver_sql("UPDATE printer SET slips_on_roll = 300 WHERE id = 1")
    assert "300 of about 312" in words(await reception.get(PAGE))

    answer = await reception.post(f"{PAGE}/1/new-roll")

    assert answer.headers["location"] == f"{PAGE}?notice=new-roll&about=1#printer-1"
    assert "0 of about 312 (since 09:00)" in words(await reception.get(PAGE))
    assert (await reception.post(f"{PAGE}/99/new-roll")).status_code == 404


async def test_the_live_list_is_for_those_who_must_act(server: AppServer) -> None:
    assert (await refused_upgrade(server.anyone.watch("printers")))[0] == 401
    assert (await refused_upgrade(server.sari.watch("printers")))[0] == 403
    assert (await refused_upgrade(server.kiosk.watch("printers")))[0] == 403
    assert (await refused_upgrade(server.admin.watch("printers:1")))[0] == 404
    for caller in (server.kepala, server.resepsi, server.admin):
        async with caller.watch("printers") as watching:
            data = (await Screen(watching).snapshot())["data"]
        assert [printer["name"] for printer in data["printers"]] == [
            "Printer 1",
            "Printer 2",
        ]


async def test_what_happens_to_a_slip_or_a_roll_is_told_live(
    server: AppServer,
) -> None:
    async with server.resepsi.watch("printers") as watching:
        screen = Screen(watching)
        assert (await screen.snapshot())["data"]["lost_slips"] == []
        ticket = await server.kiosk.issue(mall.AKTA)

        while not (lost := (await screen.snapshot())["data"]["lost_slips"]):
            pass
        assert [slip["number"] for slip in lost] == [ticket["number"]]
        assert lost[0]["state"] == PrintState.FAILED
        body_of(await server.resepsi.post("/printers/1/new-roll"))
        while not (data := (await screen.snapshot())["data"])["notices"]:
            pass
        assert data["notices"][0]["kind"] == "new-roll"
        path = f"/tickets/by-id/{ticket['id']}/cancel"
        body_of(await server.resepsi.post(path, {"reason": "visitor"}))
        while (await screen.snapshot())["data"]["lost_slips"]:
            pass
