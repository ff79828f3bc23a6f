"""Who may see which page of the administration, and where the others are led."""

from app.auth.cookies import DEVICE_COOKIES
from app.models.states import DeviceKind
from tests.admin.conftest import Desk, words
from tests.support.app_server import AppServer
from tests.support.cast import KIOSK
from tests.support.http.callers import Caller
from tests.support.mall import DKC

ADMINS_ONLY = ("/admin/devices", "/admin/devices/tokens/1/revoke")
CLOSERS = (
    "/admin/agencies",
    f"/admin/agencies/{DKC}",
    "/admin/printers",
    "/admin/hall",
)
ELSEWHERE = {"Origin": "http://elsewhere.example"}
PAGES = ("/admin", *ADMINS_ONLY, *CLOSERS)
COMMANDS = (
    "/admin/devices",
    "/admin/devices/tokens/1/revoke",
    f"/admin/agencies/{DKC}/close",
    f"/admin/agencies/{DKC}/reopen",
    f"/admin/agencies/{DKC}/services/1/close",
    f"/admin/agencies/{DKC}/services/1/reopen",
    "/admin/printers/1/new-roll",
    "/admin/printers/reprint",
    "/admin/hall/spaces/1/quiet",
    "/admin/hall/evacuation",
    "/admin/hall/evacuation/end",
)


async def test_who_has_not_signed_in_is_led_to_the_form_and_back(
    anybody: Desk,
) -> None:
    for path in PAGES:
        answer = await anybody.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"] == f"/sign-in?next={path}%3Flang%3Den"


async def test_a_command_without_signing_in_changes_nothing(
    server: AppServer, anybody: Desk
) -> None:
    before = _witness(server)

    for path in COMMANDS:
        answer = await anybody.post(path, code="ABC234", device_id="1")
        assert answer.status_code == 303, path
        assert answer.headers["location"] == "/sign-in?next=/admin"

    assert _witness(server) == before


async def test_a_browser_that_is_a_kiosk_may_still_sign_in(server: AppServer) -> None:
    cookie = f"{DEVICE_COOKIES[DeviceKind.KIOSK]}={KIOSK.secret}"
    screen = Desk(server, Caller(server.anyone._client, {"Cookie": cookie}))

    answer = await screen.get("/admin")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/admin")


async def test_an_officer_is_told_and_may_change_the_account(officer: Desk) -> None:
    for path in PAGES:
        answer = await officer.get(path)
        assert answer.status_code == 403, path
        assert "You are signed in as Sari." in words(answer)
        assert f'href="/sign-in?next={path}"' in answer.text


async def test_an_officers_command_changes_nothing(
    server: AppServer, officer: Desk
) -> None:
    before = _witness(server)

    for path in COMMANDS:
        answer = await officer.post(path, code="ABC234", device_id="1")
        assert answer.status_code == 403, path

    assert _witness(server) == before


async def test_reception_and_supervisors_leave_devices_alone(
    reception: Desk, supervisor: Desk
) -> None:
    for desk in (reception, supervisor):
        for path in ADMINS_ONLY:
            assert (await desk.get(path)).status_code == 403, path


async def test_reception_and_supervisors_begin_with_what_is_open(
    reception: Desk, supervisor: Desk
) -> None:
    for desk in (reception, supervisor):
        answer = await desk.get("/admin")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/admin/agencies"
        page = await desk.get("/admin/agencies")
        assert page.status_code == 200
        assert "/admin/printers" in page.text
        assert "/admin/devices" not in page.text


async def test_another_sites_page_may_command_nothing(
    server: AppServer, admin: Desk
) -> None:
    before = _witness(server)

    for path in COMMANDS:
        for sent in (ELSEWHERE, {"Sec-Fetch-Site": "cross-site"}):
            answer = await admin.post(path, headers=sent, code="AB", device_id="1")
            assert answer.status_code == 403, path

    assert _witness(server) == before


async def test_what_is_not_there_is_not_found(admin: Desk) -> None:
    for path in ("/admin/agencies/999", "/admin/devices/tokens/999/revoke"):
        assert (await admin.get(path)).status_code == 404, path


async def test_an_address_that_makes_no_sense_is_refused(admin: Desk) -> None:
    for path in ("/admin/agencies/0", "/admin/agencies/x", "/admin/devices?about=x"):
        assert (await admin.get(path)).status_code == 422, path


def _witness(server: AppServer) -> list[object]:
    """Return what any of the commands would change."""
    return [
        *server.disk.rows("SELECT * FROM closure"),
        *server.disk.rows("SELECT id, revoked_at FROM device_token"),
        *server.disk.rows("SELECT id, roll_since FROM printer"),
    ]
